#include "lp/nearest.h"

#include "base/interrupt.h"
#include "base/memory.h"
#include "exact/basis.h"
#include "exact/filter.h"

#include <assert.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#if defined(__x86_64__) && !defined(CREASE_NO_CLONES)
#define KERNEL __attribute__((target_clones("avx2", "default")))
#else
#define KERNEL
#endif

/* s of the header.  A constraint counts as violated where less than half of it is left. */
static const double usual_share = 0.001;
/* A gradient depends on the active ones if less than this part of its square is left; rounding
 * errors are large where less than the other one is. */
static const double dependent = 1e-10, doubtful = 1e-3;
/* With equations in a cone, where what is left is computed from the gradients themselves: the part,
 * of the lengths of what it is the difference of, that may come from rounding errors. */
static const double noise = 1e-11;

/* The most rows; one less than a power of two. */
enum { MOST_ROWS = 4095 };

/* A row, or from number m on a bound: m + 2 j is the lower, m + 2 j + 1 the upper one of column
 * j. */
typedef struct {
    size_t number;
    double square; /* of its gradient */
} constraint;

/* A bound that x violates, by its number. */
typedef struct {
    size_t number;
    double excess;
} violation;

struct crease_nearest {
    const crease_nearest_task *task;
    size_t k, columns, room;
    size_t equations; /* the first so many active constraints */
    double share;
    constraint *active;
    double *u;       /* k */
    double *gram;    /* k x k, stride room: products of active gradients */
    double *inverse; /* its inverse, nearly */
    double *product; /* k x m, stride room: of active gradients with rows */
    double *excess;  /* m: a_i.x - s |a_i.c| */
    double *limit;   /* m: below it, the row is violated */
    double *weight;  /* m: 1 / the square of its gradient */
    double *own;     /* m: products of the entering gradient with rows */
    double *change;  /* m: of the rows along the direction */
    double *r, *g;   /* k */
    double *rest;    /* k */
    double *y;       /* m */
    double *x, *z;   /* n */
    violation *list; /* 2 n */
    size_t listed;
};

crease_nearest *crease_nearest_new(void)
{
    return crease_alloc(1, sizeof(crease_nearest));
}

void crease_nearest_free(crease_nearest *s)
{
    if (!s)
        return;
    free(s->active);
    free(s->u);
    free(s->gram);
    free(s->inverse);
    free(s->product);
    free(s->excess);
    free(s->limit);
    free(s->weight);
    free(s->own);
    free(s->change);
    free(s->r);
    free(s->g);
    free(s->rest);
    free(s->y);
    free(s->x);
    free(s->z);
    free(s->list);
    free(s);
}

/* Active gradients are independent: there are n at most, and no more than rows and bounds. */
static void reserve(crease_nearest *s, size_t n, size_t m)
{
    size_t room = m + (n < 64 ? n : 64) + 1;
    if (n > s->columns) {
        s->x = crease_realloc(s->x, n, sizeof(double));
        s->z = crease_realloc(s->z, n, sizeof(double));
        s->list = crease_realloc(s->list, 2 * n, sizeof *s->list);
        s->columns = n;
    }
    if (room <= s->room)
        return;
    room = s->room = (room + room / 2 + 15) / 8 * 8;
    s->active = crease_realloc(s->active, room, sizeof *s->active);
    s->u = crease_realloc(s->u, room, sizeof(double));
    s->gram = crease_realloc(s->gram, room * room, sizeof(double));
    s->inverse = crease_realloc(s->inverse, room * room, sizeof(double));
    s->product = crease_realloc(s->product, room * room, sizeof(double));
    s->excess = crease_realloc(s->excess, room, sizeof(double));
    s->limit = crease_realloc(s->limit, room, sizeof(double));
    s->weight = crease_realloc(s->weight, room, sizeof(double));
    s->own = crease_realloc(s->own, room, sizeof(double));
    s->change = crease_realloc(s->change, room, sizeof(double));
    s->r = crease_realloc(s->r, room, sizeof(double));
    s->g = crease_realloc(s->g, room, sizeof(double));
    s->rest = crease_realloc(s->rest, room, sizeof(double));
    s->y = crease_realloc(s->y, room, sizeof(double));
}

static double square(const crease_nearest_row *row)
{
    return row->product[row->number];
}

/* Column and sign of a bound. */
static size_t bound_of(const crease_nearest_task *task, size_t number, double *sign)
{
    *sign = (number - task->m) % 2 ? -1 : 1;
    return (number - task->m) / 2;
}

/* own: the products of a constraint's gradient with all rows. */
static void set_own(crease_nearest *s, size_t number)
{
    const crease_nearest_task *task = s->task;
    const crease_nearest_row *row = task->row;
    double sign;
    if (number >= task->m) {
        size_t j = bound_of(task, number, &sign);
        for (size_t i = 0; i < task->m; i++)
            s->own[i] = sign * row[i].value[j];
        return;
    }
    for (size_t i = 0; i <= number; i++)
        s->own[i] = row[number].product[row[i].number];
    for (size_t i = number + 1; i < task->m; i++)
        s->own[i] = row[i].product[row[number].number];
}

/* Entry j of the gradient of active constraint q. */
static double gradient_entry(const crease_nearest *s, size_t q, size_t j)
{
    size_t number = s->active[q].number;
    double sign;
    if (number < s->task->m)
        return s->task->row[number].value[j];
    return bound_of(s->task, number, &sign) == j ? sign : 0;
}

/* g: the products of a constraint's gradient with the active ones. */
static void set_products(crease_nearest *s, size_t number)
{
    double sign = 0;
    size_t j = number < s->task->m ? 0 : bound_of(s->task, number, &sign);
    for (size_t q = 0; q < s->k; q++)
        s->g[q] =
            number < s->task->m ? s->product[q * s->room + number] : sign * gradient_entry(s, q, j);
}

/* to += the symmetric matrix, k x k with this stride, times factor times from. */
static KERNEL void add_product(double *restrict to, const double *matrix, size_t k, size_t stride,
                               double factor, const double *restrict from)
{
    for (size_t p = 0; p < k; p++) {
        const double *restrict row = matrix + p * stride;
        double own = factor * from[p];
        for (size_t q = 0; q < k; q++)
            to[q] += own * row[q];
    }
}

static void add_gradients(const crease_nearest *s, const double *factor, double *restrict out);

/* The same after set_direction for row `number`, by z, which becomes orthogonal to the active
 * gradients up to rounding errors.  0 if those may be all of it. */
static double set_direction_exactly(crease_nearest *s, size_t number, double square)
{
    const crease_nearest_task *task = s->task;
    size_t k = s->k, n = task->n;
    memcpy(s->z, task->row[number].value, n * sizeof *s->z);
    for (size_t q = 0; q < k; q++)
        s->rest[q] = -s->r[q];
    for (size_t step = 0;; step++) {
        add_gradients(s, s->rest, s->z);
        if (step == 2)
            break;
        for (size_t q = 0; q < k; q++)
            s->change[q] = crease_basis_dot(task->row[s->active[q].number].value, s->z, n);
        memset(s->rest, 0, k * sizeof *s->rest);
        add_product(s->rest, s->inverse, k, s->room, -1, s->change);
        for (size_t q = 0; q < k; q++)
            s->r[q] -= s->rest[q];
    }
    double length = sqrt(square), left = crease_basis_dot(s->z, s->z, n);
    for (size_t q = 0; q < k; q++)
        length += fabs(s->r[q]) * sqrt(s->active[q].square);
    for (size_t i = 0; i < task->m; i++)
        s->change[i] = crease_basis_dot(task->row[i].value, s->z, n);
    return left > noise * noise * length * length ? left : 0;
}

/* r solves: the matrix of products of active gradients, times r, = g.  Returns what is left of the
 * square of the entering gradient, without its part in their span: square - g.r.  If that is
 * little, one step of refinement takes away what the inverse lost in its updates. */
static double set_direction(crease_nearest *s, double square)
{
    size_t k = s->k;
    memset(s->r, 0, k * sizeof *s->r);
    add_product(s->r, s->inverse, k, s->room, 1, s->g);
    double left = square - crease_basis_dot(s->r, s->g, k);
    if (left > doubtful * square)
        return left;
    memcpy(s->rest, s->g, k * sizeof *s->rest);
    add_product(s->rest, s->gram, k, s->room, -1, s->r);
    add_product(s->r, s->inverse, k, s->room, 1, s->rest);
    return square - crease_basis_dot(s->r, s->g, k);
}

/* change: of the rows along the part of the entering gradient that is orthogonal to the active
 * ones. */
static KERNEL void set_change(crease_nearest *s)
{
    size_t m = s->task->m;
    double *restrict change = s->change;
    memcpy(change, s->own, m * sizeof *change);
    for (size_t q = 0; q < s->k; q++) {
        const double *restrict product = s->product + q * s->room;
        double r = s->r[q];
        for (size_t i = 0; i < m; i++)
            change[i] -= r * product[i];
    }
}

/* x moves by t times that part. */
static KERNEL void advance(crease_nearest *s, double t)
{
    size_t m = s->task->m;
    const double *restrict change = s->change;
    double *restrict excess = s->excess;
    for (size_t i = 0; i < m; i++)
        excess[i] += t * change[i];
}

/* Sets r and change for row or bound `enters`; returns what is left of its square, or 0 if it looks
 * dependent. */
static double choose_direction(crease_nearest *s, constraint enters)
{
    const crease_nearest_task *task = s->task;
    set_products(s, enters.number);
    double left = set_direction(s, enters.square);
    if (s->k == task->n)
        return 0;
    if (task->equations && !task->low && left <= doubtful * enters.square)
        return set_direction_exactly(s, enters.number, enters.square);
    set_change(s);
    return left > dependent * enters.square ? left : 0;
}

/* left: what is left of the square.  The inverse of a bordered matrix. */
static KERNEL void add_active(crease_nearest *s, constraint enters, double u, double left)
{
    size_t k = s->k, w = s->room;
    double *restrict last = s->inverse + k * w;
    for (size_t q = 0; q < k; q++) {
        double *restrict row = s->inverse + q * w, factor = s->r[q] / left;
        const double *restrict r = s->r;
        for (size_t p = 0; p < k; p++)
            row[p] += factor * r[p];
        row[k] = last[q] = -factor;
    }
    last[k] = 1 / left;
    for (size_t q = 0; q < k; q++)
        s->gram[q * w + k] = s->gram[k * w + q] = s->g[q];
    s->gram[k * w + k] = enters.square;
    memcpy(s->product + k * w, s->own, s->task->m * sizeof *s->product);
    s->active[k] = enters;
    s->u[k] = u;
    s->k++;
}

/* Exchanges rows and columns l and k of a matrix of k + 1 rows with this stride. */
static void exchange(double *a, size_t k, size_t l, size_t stride)
{
    for (size_t p = 0; p <= k; p++) {
        double swap = a[l * stride + p];
        a[l * stride + p] = a[k * stride + p];
        a[k * stride + p] = swap;
    }
    for (size_t p = 0; p <= k; p++) {
        double swap = a[p * stride + l];
        a[p * stride + l] = a[p * stride + k];
        a[p * stride + k] = swap;
    }
}

static KERNEL void drop_active(crease_nearest *s, size_t l)
{
    assert(l < s->k);
    size_t k = --s->k, w = s->room;
    double *a = s->inverse;
    /* The last one replaces it. */
    if (l != k) {
        exchange(a, k, l, w);
        exchange(s->gram, k, l, w);
    }
    for (size_t q = 0; q < k; q++) {
        double factor = a[q * w + k] / a[k * w + k], *restrict row = a + q * w;
        const double *restrict last = a + k * w;
        for (size_t p = 0; p < k; p++)
            row[p] -= factor * last[p];
    }
    if (l != k) {
        memcpy(s->product + l * w, s->product + k * w, s->task->m * sizeof *s->product);
        s->active[l] = s->active[k];
        s->u[l] = s->u[k];
    }
}

/* The row that is violated most, or m.  Numbers >= 0 are in the order of their bits, of which the
 * last are replaced by those of the row. */
static KERNEL size_t worst_row(crease_nearest *s)
{
    size_t m = s->task->m;
    const double *restrict excess = s->excess, *restrict limit = s->limit;
    const double *restrict weight = s->weight;
    double *restrict score = s->change;
    int64_t most = 0;
    for (size_t i = 0; i < m; i++) {
        double beyond = excess[i] < limit[i] ? excess[i] : 0;
        score[i] = beyond * beyond * weight[i];
    }
    for (size_t i = 0; i < m; i++) {
        int64_t bits;
        memcpy(&bits, &score[i], sizeof bits);
        bits = (bits & ~(int64_t)MOST_ROWS) + (int64_t)i;
        most = bits > most ? bits : most;
    }
    return most > MOST_ROWS ? (size_t)(most & MOST_ROWS) : m;
}

/* out += the sum of factor_k times gradient k. */
static void add_gradients(const crease_nearest *s, const double *factor, double *restrict out)
{
    const crease_nearest_task *task = s->task;
    double sign;
    for (size_t q = 0; q < s->k; q++)
        if (s->active[q].number < task->m) {
            const double *restrict row = task->row[s->active[q].number].value;
            for (size_t j = 0; j < task->n; j++)
                out[j] += factor[q] * row[j];
        } else {
            size_t j = bound_of(task, s->active[q].number, &sign);
            out[j] += sign * factor[q];
        }
}

static void set_x(crease_nearest *s)
{
    memcpy(s->x, s->task->centre, s->task->n * sizeof *s->x);
    add_gradients(s, s->u, s->x);
}

/* Moves x away from all active constraints at equal rates, half as far as the others allow.  In a
 * cone there may be no limit. */
static void leave_active(crease_nearest *s)
{
    const crease_nearest_task *task = s->task;
    size_t n = task->n, m = task->m;
    if (s->k == s->equations)
        return;
    for (size_t q = 0; q < s->k; q++)
        s->g[q] = q < s->equations ? 0 : sqrt(s->active[q].square);
    set_direction(s, 0);
    memset(s->z, 0, n * sizeof *s->z);
    memset(s->change, 0, m * sizeof *s->change);
    add_gradients(s, s->r, s->z);
    double far = 2 * crease_filter_max_norm(s->x, n) / crease_filter_max_norm(s->z, n);
    for (size_t q = 0; q < s->k; q++)
        for (size_t i = 0; i < m; i++)
            s->change[i] += s->r[q] * s->product[q * s->room + i];
    for (size_t i = 0; i < m - s->equations; i++) {
        double value = s->excess[i] + s->share * fabs(task->at_centre[i]);
        if (s->change[i] < 0 && value < -far * s->change[i])
            far = -value / s->change[i];
    }
    for (size_t j = 0; j < n && task->low; j++) {
        double room = s->z[j] < 0 ? s->x[j] - task->low[j] : task->high[j] - s->x[j];
        if (room < far * fabs(s->z[j]))
            far = room / fabs(s->z[j]);
    }
    for (size_t j = 0; j < n; j++)
        s->x[j] += 0.5 * far * s->z[j];
}

/* How far x_j is inside of a bound that keeps its share of the distance from the centre; negative,
 * if more than half of that is gone, otherwise 0. */
static double bound_excess(const crease_nearest *s, size_t j, bool upper, double x)
{
    const crease_nearest_task *task = s->task;
    double c = task->centre[j];
    double margin = s->share * (upper ? task->high[j] - c : c - task->low[j]);
    double excess = (upper ? task->high[j] - x : x - task->low[j]) - margin;
    return excess < -0.5 * margin ? excess : 0;
}

/* Lists the bounds that x violates. */
static void list_bounds(crease_nearest *s)
{
    const crease_nearest_task *task = s->task;
    s->listed = 0;
    for (size_t j = 0; j < task->n && task->low; j++)
        for (size_t upper = 0; upper < 2; upper++) {
            double excess = bound_excess(s, j, upper, s->x[j]);
            if (excess < 0)
                s->list[s->listed++] = (violation){task->m + 2 * j + upper, excess};
        }
}

/* Takes the bound that was violated most from the list.  False if the list is empty. */
static bool take_bound(crease_nearest *s, size_t *number)
{
    size_t worst = 0;
    if (!s->listed)
        return false;
    for (size_t i = 1; i < s->listed; i++)
        worst = s->list[i].excess < s->list[worst].excess ? i : worst;
    *number = s->list[worst].number;
    s->list[worst] = s->list[--s->listed];
    return true;
}

/* The next bound that is violated where the active constraints now are, and by how much; SIZE_MAX
 * if there is none. */
static size_t next_bound(crease_nearest *s, double *excess)
{
    const crease_nearest_task *task = s->task;
    size_t number;
    double sign;
    while (take_bound(s, &number)) {
        size_t j = bound_of(task, number, &sign);
        double x = task->centre[j];
        for (size_t q = 0; q < s->k; q++)
            x += s->u[q] * gradient_entry(s, q, j);
        *excess = bound_excess(s, j, sign < 0, x);
        if (*excess < 0)
            return number;
    }
    set_x(s);
    list_bounds(s);
    if (!take_bound(s, &number))
        return SIZE_MAX;
    size_t j = bound_of(task, number, &sign);
    *excess = bound_excess(s, j, sign < 0, s->x[j]);
    return number;
}

/* The entering gradient is a combination of active ones with coefficients r <= 0. */
static crease_nearest_end none(crease_nearest *s, constraint enters)
{
    size_t m = s->task->m;
    memset(s->y, 0, m * sizeof *s->y);
    if (enters.number < m)
        s->y[enters.number] = 1;
    for (size_t q = 0; q < s->k; q++)
        if (s->active[q].number < m)
            s->y[s->active[q].number] = s->r[q] < 0 || q < s->equations ? -s->r[q] : 0;
    return CREASE_NEAREST_NONE;
}

/* Makes a violated constraint active.  FOUND if it is. */
static crease_nearest_end enter(crease_nearest *s, constraint enters, double excess, size_t *steps)
{
    double u = 0;
    set_own(s, enters.number);
    for (;;) {
        size_t leaves = s->k;
        double least = INFINITY, full = INFINITY;
        if ((*steps)-- == 0 || s->k + 1 >= s->room)
            return CREASE_NEAREST_FAILED;
        double left = choose_direction(s, enters);
        for (size_t q = s->equations; q < s->k; q++)
            if (s->r[q] > 0 && s->u[q] < least * s->r[q]) {
                least = s->u[q] / s->r[q];
                leaves = q;
            }
        bool moves = left > 0;
        if (moves)
            full = -excess / left;
        double t = full < least ? full : least;
        if (!(t < INFINITY))
            return isnan(t) ? CREASE_NEAREST_FAILED : none(s, enters);
        if (moves)
            advance(s, t);
        for (size_t q = 0; q < s->k; q++)
            s->u[q] -= t * s->r[q];
        u += t;
        if (full <= least) {
            add_active(s, enters, u, left);
            return CREASE_NEAREST_FOUND;
        }
        excess += moves ? t * left : 0;
        drop_active(s, leaves);
    }
}

/* Makes the equations active.  FOUND if that is possible: then no other constraint is active. */
static crease_nearest_end enter_equations(crease_nearest *s)
{
    const crease_nearest_task *task = s->task;
    for (size_t i = task->m - task->equations; i < task->m; i++) {
        constraint enters = {i, square(&task->row[i])};
        double excess = s->excess[i];
        s->limit[i] = -INFINITY;
        set_own(s, i);
        double left = choose_direction(s, enters);
        if (left > 0) {
            advance(s, -excess / left);
            for (size_t q = 0; q < s->k; q++)
                s->u[q] += excess / left * s->r[q];
            add_active(s, enters, -excess / left, left);
            s->equations++;
            continue;
        }
        if (!(excess * excess > dependent * enters.square))
            return CREASE_NEAREST_FAILED;
        crease_nearest_end end = none(s, enters);
        for (size_t k = 0; k < task->m && excess > 0; k++)
            s->y[k] = -s->y[k];
        return end;
    }
    return CREASE_NEAREST_FOUND;
}

crease_nearest_end crease_nearest_run(crease_nearest *s, const crease_nearest_task *task)
{
    size_t m = task->m, rows = m - task->equations, steps = 50 + 4 * m;
    if (m > MOST_ROWS)
        return CREASE_NEAREST_FAILED;
    reserve(s, task->n, m);
    s->task = task;
    s->k = s->listed = s->equations = 0;
    s->share = task->share > 0 ? task->share : usual_share;
    for (size_t i = 0; i < m; i++) {
        assert(i == 0 || task->row[i - 1].number < task->row[i].number);
        double margin = i < rows ? s->share * fabs(task->at_centre[i]) : 0;
        s->excess[i] = task->at_centre[i] - margin;
        s->limit[i] = -0.5 * margin;
        double size = square(&task->row[i]);
        s->weight[i] = size > 0 ? 1 / size : 0;
    }
    crease_nearest_end begun = enter_equations(s);
    if (begun != CREASE_NEAREST_FOUND)
        return begun;
    for (;;) {
        if (crease_interrupted_after(task->n + m * (s->k + 1)))
            return CREASE_NEAREST_FAILED;
        constraint enters = {worst_row(s), 1};
        double excess;
        if (enters.number < m) {
            excess = s->excess[enters.number];
            enters.square = square(&task->row[enters.number]);
        } else {
            enters.number = next_bound(s, &excess);
            if (enters.number == SIZE_MAX) {
                leave_active(s);
                return CREASE_NEAREST_FOUND;
            }
        }
        crease_nearest_end end = enter(s, enters, excess, &steps);
        if (end != CREASE_NEAREST_FOUND)
            return end;
    }
}

const double *crease_nearest_x(const crease_nearest *s)
{
    return s->x;
}

const double *crease_nearest_multipliers(const crease_nearest *s)
{
    return s->y;
}
