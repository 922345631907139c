#include "lp/bounded_state.h"

#include "base/interrupt.h"
#include "base/memory.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Violations below this are ignored. */
static const double small_violation = 1e-11;

crease_bounded *crease_bounded_new(size_t n, const double *low, const double *high)
{
    crease_bounded *s = crease_alloc(1, sizeof *s);
    s->n = n;
    s->low = low;
    s->high = high;
    s->range = crease_alloc(n, sizeof(double));
    for (size_t j = 0; j < n; j++)
        s->range[j] = high[j] - low[j];
    s->reduced = crease_alloc(n, sizeof(double));
    s->beta = crease_alloc(n, sizeof(double));
    s->x = crease_alloc(n, sizeof(double));
    s->point = crease_alloc(n, sizeof(double));
    s->side = crease_alloc(n, sizeof(double));
    s->step = crease_alloc(n, sizeof(double));
    return s;
}

void crease_bounded_moved(crease_bounded *s, size_t j)
{
    s->range[j] = s->high[j] - s->low[j];
}

void crease_bounded_free(crease_bounded *s)
{
    if (!s)
        return;
    free(s->range);
    free(s->reduced);
    free(s->beta);
    free(s->x);
    free(s->point);
    free(s->side);
    free(s->step);
    free(s->theta);
    free(s->drop);
    free(s->list);
    free(s->less);
    free(s->more);
    free(s->derivative);
    free(s->basic);
    free(s->tight);
    free(s->column);
    free(s->y);
    free(s->coef);
    free(s->entry);
    free(s->fixed);
    free(s->value);
    free(s->used);
    free(s);
}

static void reserve(crease_bounded *s, size_t m)
{
    if (m + 1 <= s->rooms)
        return;
    size_t r = s->rooms = (2 * m + 16) / 8 * 8, all = s->n + r;
    s->theta = crease_realloc(s->theta, all, sizeof(double));
    s->drop = crease_realloc(s->drop, all, sizeof(double));
    s->list = crease_realloc(s->list, all + 1, sizeof *s->list);
    s->less = crease_realloc(s->less, all + 1, sizeof *s->less);
    s->more = crease_realloc(s->more, all + 1, sizeof *s->more);
    s->derivative = crease_realloc(s->derivative, r * r, sizeof(double));
    s->basic = crease_realloc(s->basic, r, sizeof *s->basic);
    s->tight = crease_realloc(s->tight, r, sizeof *s->tight);
    s->column = crease_realloc(s->column, r, sizeof *s->column);
    s->y = crease_realloc(s->y, r, sizeof(double));
    s->coef = crease_realloc(s->coef, r, sizeof(double));
    s->entry = crease_realloc(s->entry, r, sizeof(double));
    s->fixed = crease_realloc(s->fixed, r, sizeof(double));
    s->value = crease_realloc(s->value, r, sizeof(double));
    s->used = crease_realloc(s->used, r, sizeof *s->used);
}

/* out = base + sum coef_t row_t; base NULL: 0. */
static KERNEL void combine(double *restrict out, const double *base, size_t n, const double *coef,
                           const double *const *row, size_t count)
{
    size_t t = 0;
    if (base)
        memcpy(out, base, n * sizeof *out);
    else
        memset(out, 0, n * sizeof *out);
    for (; t + 4 <= count; t += 4) {
        const double *restrict a = row[t], *restrict b = row[t + 1], *restrict c = row[t + 2],
                               *restrict d = row[t + 3];
        double p = coef[t], q = coef[t + 1], r = coef[t + 2], s = coef[t + 3];
        for (size_t j = 0; j < n; j++)
            out[j] += (p * a[j] + q * b[j]) + (r * c[j] + s * d[j]);
    }
    for (; t < count; t++) {
        const double *restrict a = row[t];
        double p = coef[t];
        for (size_t j = 0; j < n; j++)
            out[j] += p * a[j];
    }
}

static KERNEL double long_product(const double *a, const double *x, size_t n)
{
    double sum[8] = {0}, rest = 0;
    size_t j = 0;
    for (; j + 8 <= n; j += 8)
        for (size_t i = 0; i < 8; i++)
            sum[i] += a[j + i] * x[j + i];
    for (; j < n; j++)
        rest += a[j] * x[j];
    for (size_t i = 0; i < 8; i++)
        rest += sum[i];
    return rest;
}

double crease_bounded_long_product(const double *a, const double *x, size_t n)
{
    return long_product(a, x, n);
}

/* ---- The basis ---- */

/* One Gauss-Jordan step on both matrices with stride w. */
static KERNEL void eliminate(double *a, double *b, size_t k, size_t w, size_t c, double pivot)
{
    for (size_t j = 0; j < k; j++) {
        a[c * w + j] *= pivot;
        b[c * w + j] *= pivot;
    }
    for (size_t r = 0; r < k; r++) {
        double factor = a[r * w + c];
        if (r == c || factor == 0)
            continue;
        for (size_t j = 0; j < k; j++) {
            a[r * w + j] -= factor * a[c * w + j];
            b[r * w + j] -= factor * b[c * w + j];
        }
    }
}

/* inverse = A_TS^-1, k x k with stride rooms; false if it is near singular. */
static bool invert(const crease_bounded *s, double *a, double *inverse)
{
    size_t k = s->k, w = s->rooms;
    for (size_t q = 0; q < k; q++)
        for (size_t p = 0; p < k; p++) {
            a[q * w + p] = s->row[s->tight[q]][s->column[p]];
            inverse[q * w + p] = q == p;
        }
    for (size_t c = 0; c < k; c++) {
        size_t p = c;
        for (size_t r = c + 1; r < k; r++)
            p = fabs(a[r * w + c]) > fabs(a[p * w + c]) ? r : p;
        if (!(fabs(a[p * w + c]) > 1e-11))
            return false;
        for (size_t j = 0; j < k && p != c; j++) {
            double x = a[p * w + j], y = inverse[p * w + j];
            a[p * w + j] = a[c * w + j];
            inverse[p * w + j] = inverse[c * w + j];
            a[c * w + j] = x;
            inverse[c * w + j] = y;
        }
        eliminate(a, inverse, k, w, c, 1 / a[c * w + c]);
    }
    return true;
}

static KERNEL void add_multiple(double *restrict to, double factor, const double *restrict from,
                                size_t count)
{
    for (size_t t = 0; t < count; t++)
        to[t] += factor * from[t];
}

/* From the basis in tight and column: y, the derivatives of all basic variables.  False if there is
 * no inverse or y has negative entries. */
static bool install(crease_bounded *s)
{
    size_t k = s->k, w = s->rooms, last = k;
    double *matrix = crease_alloc(k * w + 1, sizeof *matrix);
    bool good = invert(s, matrix, s->derivative);
    free(matrix);
    memset(s->y, 0, k * sizeof *s->y);
    for (size_t p = 0; p < k && good; p++)
        add_multiple(s->y, s->f[s->column[p]], s->derivative + p * w, k);
    for (size_t t = 0; t < k && good; t++)
        good = s->y[t] >= -1e-9 || s->tight[t] >= s->rows;
    if (!good)
        return false;
    for (size_t i = 0; i < s->m; i++)
        s->basic[i] = 0;
    for (size_t t = 0; t < k; t++)
        s->basic[s->tight[t]] = 1;
    /* Rows outside of the basis go behind its columns: from the back, as basic is still in use. */
    for (size_t i = s->m, to = s->m; i-- > 0;)
        if (!s->basic[i])
            s->value[--to] = (double)i;
    for (size_t p = 0; p < k; p++)
        s->basic[p] = s->column[p];
    for (; last < s->m; last++) {
        size_t i = (size_t)s->value[last];
        double *out = s->derivative + last * w;
        s->basic[last] = s->n + i;
        memset(out, 0, k * sizeof *out);
        for (size_t p = 0; p < k; p++)
            add_multiple(out, s->row[i][s->column[p]], s->derivative + p * w, k);
    }
    return true;
}

static void take_basis(crease_bounded *s, const crease_bounded_basis *start)
{
    s->k = 0;
    if (start && start->count <= s->m && start->count <= s->n) {
        s->k = start->count;
        memcpy(s->column, start->column, s->k * sizeof *s->column);
        memcpy(s->tight, start->row, s->k * sizeof *s->tight);
    }
    if (!install(s)) {
        s->k = 0;
        install(s);
    }
}

static const double **tight_rows(crease_bounded *s)
{
    for (size_t t = 0; t < s->k; t++)
        s->used[t] = s->row[s->tight[t]];
    return s->used;
}

/* Reduced costs, bounds and sums of the columns outside the basis. */
static void begin(crease_bounded *s, const crease_bounded_basis *start)
{
    size_t n = s->n;
    take_basis(s, start);
    for (size_t t = 0; t < s->k; t++)
        s->coef[t] = -s->y[t];
    combine(s->reduced, s->f, n, s->coef, tight_rows(s), s->k);
    for (size_t j = 0; j < n; j++) {
        bool low = s->reduced[j] >= 0;
        s->side[j] = low ? 1 : -1;
        s->x[j] = low ? s->low[j] : s->high[j];
    }
    for (size_t i = 0; i < s->m; i++)
        if (s->basic[i] < n)
            s->reduced[s->basic[i]] = s->side[s->basic[i]] = s->x[s->basic[i]] = 0;
    for (size_t i = 0; i < s->m; i++)
        s->fixed[i] = crease_bounded_product(s->row[i], s->x, n) + s->row[i][n];
    s->fixed[s->m] = crease_bounded_product(s->f, s->x, n) + s->f[n];
}

/* The basic solution. */
static void solve_primal(crease_bounded *s)
{
    size_t k = s->k, w = s->rooms, n = s->n;
    s->objective = s->fixed[s->m];
    for (size_t t = 0; t < k; t++) {
        s->coef[t] = s->fixed[s->tight[t]];
        s->objective -= s->y[t] * s->coef[t];
    }
    for (size_t i = 0; i < s->m; i++) {
        size_t v = s->basic[i];
        s->value[i] = (v < n ? 0 : s->fixed[v - n]) -
                      crease_bounded_product(s->derivative + i * w, s->coef, k);
    }
    for (size_t i = 0; i < s->m; i++)
        if (s->basic[i] < n)
            s->x[s->basic[i]] = s->value[i];
}

/* ---- A step ---- */

/* The largest violation beside the norm of its row of the inverse (dual steepest edge). */
static bool choose_leaving(const crease_bounded *s, crease_bounded_leaving *out)
{
    double best = 0;
    for (size_t i = 0; i < s->m; i++) {
        size_t v = s->basic[i];
        double x = s->value[i], low = -x, high = v < s->n + s->rows ? 0 : x, norm = 1;
        if (v < s->n) {
            low = s->low[v] - x;
            high = x - s->high[v];
            norm = 0;
        }
        double far = low > high ? low : high;
        if (!(far > small_violation * (1 + fabs(x))))
            continue;
        const double *row = s->derivative + i * s->rooms;
        norm += crease_bounded_product(row, row, s->k);
        if (far * far > best * norm) {
            best = far * far / norm;
            *out = (crease_bounded_leaving){i, low > high ? 1 : -1, far};
        }
    }
    return best > 0;
}

/* coef and beta: how the leaving variable changes with the others, beta_j for column j and -coef_t
 * for the value of row t. */
static void tableau_row(crease_bounded *s, const crease_bounded_leaving *out)
{
    size_t v = s->basic[out->place];
    const double *row = s->derivative + out->place * s->rooms;
    for (size_t t = 0; t < s->k; t++)
        s->coef[t] = -row[t];
    combine(s->beta, v < s->n ? NULL : s->row[v - s->n], s->n, s->coef, tight_rows(s), s->k);
}

/* Moves the columns whose breakpoints were passed to their other bounds. */
static void flip(crease_bounded *s, double theta)
{
    size_t count = 0, n = s->n;
    uint32_t *flipped = s->less;
    for (size_t j = 0; j < n; j++) {
        flipped[count] = (uint32_t)j;
        count += s->theta[j] < theta;
    }
    for (size_t c = 0; c < count; c++) {
        size_t j = flipped[c];
        double to = s->side[j] > 0 ? s->high[j] : s->low[j];
        s->step[c] = to - s->x[j];
        s->x[j] = to;
        s->side[j] = -s->side[j];
    }
    for (size_t i = 0; i <= s->m && count; i++) {
        const double *a = i < s->m ? s->row[i] : s->f;
        double sum = 0;
        for (size_t c = 0; c < count; c++)
            sum += a[flipped[c]] * s->step[c];
        s->fixed[i] += sum;
    }
}

static void add_column(crease_bounded *s, size_t j, double x)
{
    for (size_t i = 0; i < s->m; i++)
        s->fixed[i] += s->row[i][j] * x;
    s->fixed[s->m] += s->f[j] * x;
}

/* entry: the derivatives of the basic variables by column j, or by the value of tight row j - n. */
static void set_entry(crease_bounded *s, size_t j)
{
    size_t k = s->k, w = s->rooms, n = s->n;
    double *column = s->value; /* not needed any more */
    for (size_t t = 0; t < k && j < n; t++)
        column[t] = s->row[s->tight[t]][j];
    for (size_t i = 0; i < s->m; i++) {
        const double *row = s->derivative + i * w;
        if (j < n)
            s->entry[i] = (s->basic[i] < n ? 0 : s->row[s->basic[i] - n][j]) -
                          crease_bounded_product(row, column, k);
        else
            s->entry[i] = row[j - n];
    }
}

/* Removes column t from the derivatives. */
static void drop_column(crease_bounded *s, size_t t)
{
    size_t last = --s->k;
    for (size_t i = 0; i < s->m; i++)
        s->derivative[i * s->rooms + t] = s->derivative[i * s->rooms + last];
    s->tight[t] = s->tight[last];
    s->y[t] = s->y[last];
}

/* leave = sum of derivatives times what is not basic, solved for what enters and put into the
 * other rows. */
static bool pivot(crease_bounded *s, size_t place, size_t enter, double expected, double step)
{
    size_t w = s->rooms, n = s->n, leave = s->basic[place];
    double *row = s->derivative + place * w;
    if (!(fabs(s->entry[place] - expected) <= 1e-6 * fabs(expected)))
        return false;
    if (enter >= n)
        drop_column(s, enter - n);
    size_t k = s->k;
    double inverse = 1 / s->entry[place];
    for (size_t t = 0; t < k; t++)
        row[t] *= -inverse;
    for (size_t i = 0; i < s->m; i++)
        if (i != place)
            add_multiple(s->derivative + i * w, s->entry[i], row, k);
    if (leave >= n) {
        for (size_t i = 0; i < s->m; i++)
            s->derivative[i * w + k] = s->entry[i] * inverse;
        row[k] = inverse;
        s->tight[k] = (uint32_t)(leave - n);
        s->y[k] = step;
        s->k++;
    }
    return true;
}

static KERNEL void move_reduced(double *restrict reduced, const double *restrict beta, double step,
                                size_t n)
{
    for (size_t j = 0; j < n; j++)
        reduced[j] -= step * beta[j];
}

/* The dual moves to the breakpoint of what enters. */
static bool move(crease_bounded *s, const crease_bounded_leaving *out, size_t enter)
{
    size_t n = s->n, leave = s->basic[out->place];
    double step = out->sign * s->theta[enter];
    double expected = enter < n ? s->beta[enter] : -s->coef[enter - n];
    s->first = s->theta[enter];
    flip(s, s->theta[enter]);
    move_reduced(s->reduced, s->beta, step, n);
    for (size_t t = 0; t < s->k; t++)
        s->y[t] += step * s->coef[t];
    set_entry(s, enter);
    if (enter < n) {
        add_column(s, enter, -s->x[enter]);
        s->side[enter] = s->reduced[enter] = 0;
    }
    if (leave < n) {
        s->x[leave] = out->sign > 0 ? s->low[leave] : s->high[leave];
        s->side[leave] = out->sign;
        s->reduced[leave] = step;
        add_column(s, leave, s->x[leave]);
    }
    size_t row = enter < n ? 0 : s->tight[enter - n];
    if (!pivot(s, out->place, enter, expected, step))
        return false;
    s->basic[out->place] = enter < n ? enter : n + row;
    return true;
}

/* ---- The run ---- */

/* How far one may go from the point inside towards x within all rows and bounds; 0 if f does not
 * become negative on the way. */
static double reach(const crease_bounded *s, const crease_bounded_task *task, double crossing)
{
    double far = 1;
    for (size_t i = 0; i < s->m && far > crossing; i++) {
        size_t v = s->basic[i];
        double x = s->value[i], to = 1;
        if (v >= s->n + s->rows) {
            to = fabs(x) > 1e-9 ? 0 : 1;
        } else if (v >= s->n) {
            double in = task->inside_row[v - s->n];
            to = x < 0 ? in / (in - x) : 1;
        } else {
            double in = task->inside[v], high = s->high[v], low = s->low[v];
            to = x > high ? (high - in) / (x - in) : x < low ? (low - in) / (x - in) : 1;
        }
        far = to < far ? to : far;
    }
    return far > crossing * (1 + 1e-9) ? far : 0;
}

/* Then point becomes the middle between the place where f is 0 and the end of the cell. */
static bool reach_below(crease_bounded *s, const crease_bounded_task *task)
{
    double f = task->inside_f, end = s->objective;
    if (!task->inside || !(end < 0) || !(f > end))
        return false;
    double crossing = f > 0 ? f / (f - end) : 0, far = reach(s, task, crossing);
    double share = 0.5 * (crossing + far);
    for (size_t j = 0; j < s->n && far > 0; j++)
        s->point[j] = task->inside[j] + share * (s->x[j] - task->inside[j]);
    return far > 0;
}

crease_bounded_end crease_bounded_run(crease_bounded *s, const crease_bounded_task *task)
{
    size_t most = 200 + 20 * task->m;
    reserve(s, task->m);
    s->m = task->m;
    s->rows = task->m - task->equations;
    s->row = task->row;
    s->f = task->f;
    s->first = 0;
    begin(s, task->start);
    for (size_t count = 0; count < most; count++) {
        crease_bounded_leaving out = {0, 0, 0};
        solve_primal(s);
        if (!isfinite(s->objective) || crease_interrupted_after(s->n * (s->k + 1)))
            return CREASE_BOUNDED_FAILED;
        if (!task->whole && s->objective > task->target)
            return CREASE_BOUNDED_ABOVE;
        if (!task->whole && reach_below(s, task))
            return CREASE_BOUNDED_BELOW;
        if (!choose_leaving(s, &out))
            return s->objective > task->target ? CREASE_BOUNDED_ABOVE : CREASE_BOUNDED_LEAST;
        tableau_row(s, &out);
        size_t enter = crease_bounded_line_search(s, &out);
        if (enter == SIZE_MAX || !move(s, &out, enter))
            return CREASE_BOUNDED_FAILED;
    }
    return CREASE_BOUNDED_FAILED;
}

const double *crease_bounded_x(const crease_bounded *s)
{
    return s->x;
}

const double *crease_bounded_point(const crease_bounded *s)
{
    return s->point;
}

double crease_bounded_value(const crease_bounded *s)
{
    return s->objective;
}

const double *crease_bounded_multipliers(const crease_bounded *s)
{
    return s->y;
}

crease_bounded_basis crease_bounded_last(crease_bounded *s)
{
    size_t count = 0;
    for (size_t i = 0; i < s->m; i++)
        if (s->basic[i] < s->n)
            s->column[count++] = (uint32_t)s->basic[i];
    assert(count == s->k);
    return (crease_bounded_basis){(uint32_t)s->k, s->tight, s->column};
}
