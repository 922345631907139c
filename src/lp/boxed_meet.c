#include "lp/boxed_meet.h"

#include "base/clock.h"
#include "base/interrupt.h"
#include "exact/filter.h"
#include "lp/boxed_shadow.h"
#include "lp/boxed_state.h"

#include <math.h>
#include <string.h>

/* Shares of lp/nearest.h: the next one is tried where the one before leaves a doubt. */
static const double shares[] = {1e-3, 1e-6, 1e-9};
/* Multipliers below this part of the largest one count as 0. */
static const double small_multiplier = 1e-12;

/* Writes the numbers of the rows of a set; returns how many. */
static size_t list(uint64_t set, size_t *number)
{
    size_t k = 0;
    for (; set; set &= set - 1)
        number[k++] = (size_t)__builtin_ctzll(set);
    return k;
}

static double value_at(const crease_boxed *b, const crease_boxed_row *row, const double *x,
                       double one, double *err)
{
    *err = crease_filter_bound(b->n + 1, 1, row->err, one);
    return crease_boxed_value(b, row, x);
}

/* Sets reach[p] >= |w_j| for column j = column[p] of step 1; false if A_TS is not proved to be
 * regular. */
static bool bound_move(const crease_boxed_meeting *meeting, const size_t *number, size_t k,
                       const double *x, double one, const size_t *column, double *reach)
{
    crease_boxed *b = meeting->boxed;
    double *entry = b->entry, *err = entry + k * k, *value = err + k, worst = 0, top = 0;
    for (size_t t = 0; t < k; t++) {
        const crease_boxed_row *row = meeting->row[number[t]];
        double own;
        for (size_t p = 0; p < k; p++)
            entry[p * k + t] = row->value[column[p]];
        value[t] = -value_at(b, row, x, one, &own);
        if (!(fabs(value[t]) <= 1)) /* as crease_basis_coefficients asks for */
            return false;
        worst = own > worst ? own : worst;
        top = row->err > top ? row->err : top;
    }
    for (size_t p = 0; p < k; p++)
        err[p] = top;
    if (!crease_basis_make(&b->basis, k, entry, err, b->place))
        return false;
    double wrong = crease_basis_coefficients(&b->basis, k, value, worst, reach);
    for (size_t p = 0; p < k; p++)
        reach[p] = (fabs(reach[p]) + wrong) * (1 + 0x1p-40);
    return wrong < INFINITY;
}

/* Step 1 of the header. */
static bool prove_meets(const crease_boxed_meeting *meeting, uint64_t set, const double *x)
{
    crease_boxed *b = meeting->boxed;
    size_t number[CREASE_MEET_ROWS], k = list(set, number), n = b->n, column[CREASE_MEET_ROWS];
    double reach[CREASE_MEET_ROWS], one = (crease_filter_one_norm(x, n) + 1) * (1 + 0x1p-40);
    double sum = 0, err;
    if (k > n)
        return false;
    crease_boxed_reserve_basis(b, k);
    for (size_t t = 0; t < k; t++)
        memcpy(b->matrix + t * n, meeting->row[number[t]]->value, n * sizeof *b->matrix);
    if (!crease_boxed_choose_columns(b->matrix, k, n, column) ||
        !bound_move(meeting, number, k, x, one, column, reach))
        return false;
    for (size_t j = 0; j < n; j++)
        if (!(b->low[1][j] < x[j] && x[j] < b->high[1][j]))
            return false;
    for (size_t p = 0; p < k; p++) {
        size_t j = column[p];
        sum += reach[p];
        if (!(x[j] - b->low[1][j] > reach[p] && b->high[1][j] - x[j] > reach[p]))
            return false;
    }
    for (size_t i = 0; i < meeting->cell->m; i++) {
        const crease_boxed_row *a = meeting->cell->row[i];
        double value = value_at(b, a, x, one, &err);
        if (!(value > (err + (1 + a->err) * sum) * (1 + 0x1p-20)))
            return false;
    }
    for (size_t i = 0; i < meeting->count && k == meeting->rank; i++) {
        if (set >> i & 1)
            continue;
        double value = value_at(b, meeting->row[i], x, one, &err);
        if (!(fabs(value) > (err + (1 + meeting->row[i]->err) * sum) * (1 + 0x1p-20)))
            return false;
    }
    if (CREASE_SHADOW)
        crease_shadow_boxed_meets(meeting, set, column, x);
    return true;
}

/* A sum of rows. */
typedef struct {
    double *value, err, size; /* n + 1; size: 1 + the sum of the factors */
} total;

static void add_row(total *r, const crease_boxed_row *row, double factor, size_t n)
{
    crease_boxed_subtract(r->value, factor, row->value, n + 1);
    r->err += fabs(factor) * row->err;
    r->size += fabs(factor);
}

/* Step 2 of the header for -r; multipliers of the rows of the cell and then of those of the set,
 * with these numbers.  *part becomes the rows of the set that are used. */
static bool prove_apart(const crease_boxed_meeting *meeting, const size_t *number, size_t k,
                        const double *y, uint64_t *part)
{
    crease_boxed *b = meeting->boxed;
    size_t n = b->n, m = meeting->cell->m;
    double top = crease_filter_max_norm(y, m + k);
    total r = {b->residual, 0, 1};
    *part = 0;
    if (!(top > 0 && top < INFINITY))
        return false;
    memset(r.value, 0, (n + 1) * sizeof *r.value);
    for (size_t i = 0; i < m; i++)
        if (y[i] > 0)
            add_row(&r, meeting->cell->row[i], y[i] / top, n);
    for (size_t t = 0; t < k; t++)
        if (fabs(y[m + t]) > small_multiplier * top) {
            add_row(&r, meeting->row[number[t]], y[m + t] / top, n);
            *part |= (uint64_t)1 << number[t];
        }
    r.value[n] = nextafter(r.value[n], -INFINITY); /* so that what is proved is > 0 */
    if (!crease_boxed_above(b, r.value, r.err + crease_filter_gamma(m + k + 2) * r.size))
        return false;
    if (CREASE_SHADOW)
        crease_shadow_boxed_apart(meeting, *part);
    return true;
}

/* The values of the rows of the cell, and of those with k numbers, at a point. */
static void set_values(const crease_boxed_meeting *meeting, const size_t *number, size_t k,
                       const double *point)
{
    crease_boxed *b = meeting->boxed;
    size_t m = meeting->cell->m;
    for (size_t i = 0; i < m; i++)
        b->inside_value[i] = crease_boxed_value(b, meeting->cell->row[i], point);
    for (size_t t = 0; t < k; t++)
        b->inside_value[m + t] = crease_boxed_value(b, meeting->row[number[t]], point);
}

/* The task of lp/nearest.h for the rows of the set, once for each share. */
static crease_meet ask_nearest(const crease_boxed_meeting *meeting, uint64_t set, double *point,
                               uint64_t *part, uint64_t *solving)
{
    crease_boxed *b = meeting->boxed;
    const crease_boxed_cell *cell = meeting->cell;
    size_t number[CREASE_MEET_ROWS], k = list(set, number), m = cell->m;
    /* Points where others meet may be near the faces of the cell. */
    for (size_t j = 0; j < b->n; j++)
        point[j] = 0.5 * b->point[j] + 0.5 * cell->inside[j];
    set_values(meeting, number, k, point);
    for (size_t i = 0; i < m; i++)
        b->row[i] = (crease_nearest_row){cell->row[i]->value, cell->row[i]->product, i};
    for (size_t t = 0; t < k; t++) {
        const crease_boxed_row *row = meeting->row[number[t]];
        b->row[m + t] = (crease_nearest_row){row->value, row->product, m + number[t]};
    }
    for (size_t s = 0; s < sizeof shares / sizeof *shares && !crease_interrupted(); s++) {
        crease_nearest_task task = {.n = b->n,
                                    .m = m + k,
                                    .equations = k,
                                    .share = shares[s],
                                    .low = b->low[1],
                                    .high = b->high[1],
                                    .row = b->row,
                                    .centre = point,
                                    .at_centre = b->inside_value};
        uint64_t begin = crease_clock_ticks();
        crease_nearest_end end = crease_nearest_run(b->nearest, &task);
        *solving += crease_clock_ticks() - begin;
        b->tally->lp++;
        if (end == CREASE_NEAREST_FAILED)
            return CREASE_MEET_DOUBT;
        if (end == CREASE_NEAREST_FOUND &&
            prove_meets(meeting, set, crease_nearest_x(b->nearest))) {
            memcpy(point, crease_nearest_x(b->nearest), b->n * sizeof *point);
            return CREASE_MEET_YES;
        }
        if (end == CREASE_NEAREST_NONE &&
            prove_apart(meeting, number, k, crease_nearest_multipliers(b->nearest), part))
            return CREASE_MEET_NO;
    }
    return CREASE_MEET_DOUBT;
}

/* From point, which is inside and where t rows, whose values are in b->value, are 0, to one where
 * another row is 0 as well, or multipliers y of the rows of the cell, of these and of the other. */
static crease_meet go_to_row(const crease_boxed_meeting *meeting, const crease_boxed_row *row,
                             size_t t, double *point, double *y)
{
    crease_boxed *b = meeting->boxed;
    size_t n = b->n, m = meeting->cell->m;
    double at = crease_boxed_value(b, row, point), value = fabs(at);
    for (size_t j = 0; j <= n; j++)
        b->minus[j] = at < 0 ? -row->value[j] : row->value[j];
    crease_bounded_task task = {.m = m + t,
                                .equations = t,
                                .row = b->value,
                                .f = b->minus,
                                .target = crease_boxed_margin,
                                .inside = point,
                                .inside_row = b->inside_value,
                                .inside_f = value};
    crease_bounded_end end = crease_bounded_run(b->solver, &task);
    b->tally->lp++;
    if (end == CREASE_BOUNDED_ABOVE) {
        crease_bounded_basis last = crease_bounded_last(b->solver);
        const double *own = crease_bounded_multipliers(b->solver);
        memset(y, 0, (m + t) * sizeof *y);
        for (size_t q = 0; q < last.count; q++)
            y[last.row[q]] = own[q];
        y[m + t] = at < 0 ? 1 : -1; /* times the row: -f */
        return CREASE_MEET_NO;
    }
    const double *to = end == CREASE_BOUNDED_BELOW   ? crease_bounded_point(b->solver)
                       : end == CREASE_BOUNDED_LEAST ? crease_bounded_x(b->solver)
                                                     : NULL;
    double below = to ? crease_bounded_product(b->minus, to, n) + b->minus[n] : 0;
    if (!(below < 0))
        return CREASE_MEET_DOUBT;
    double share = value / (value - below);
    for (size_t j = 0; j < n; j++)
        point[j] += share * (to[j] - point[j]);
    return CREASE_MEET_YES;
}

/* One row after the other, by lp/bounded.h; first those that are 0 at the start. */
static crease_meet ask_simplex(const crease_boxed_meeting *meeting, uint64_t set, uint64_t zero,
                               double *point, uint64_t *part, uint64_t *solving)
{
    crease_boxed *b = meeting->boxed;
    size_t number[CREASE_MEET_ROWS], t = list(zero, number), k = t + list(set & ~zero, number + t);
    size_t m = meeting->cell->m;
    memcpy(point, b->point, b->n * sizeof *point);
    for (size_t i = 0; i < m; i++)
        b->value[i] = meeting->cell->row[i]->value;
    for (size_t q = 0; q < k; q++)
        b->value[m + q] = meeting->row[number[q]]->value;
    for (; t < k && !crease_interrupted(); t++) {
        set_values(meeting, number, t, point);
        uint64_t begin = crease_clock_ticks();
        crease_meet answer = go_to_row(meeting, meeting->row[number[t]], t, point, b->product);
        *solving += crease_clock_ticks() - begin;
        if (answer == CREASE_MEET_NO && prove_apart(meeting, number, t + 1, b->product, part))
            return CREASE_MEET_NO;
        if (answer != CREASE_MEET_YES)
            return CREASE_MEET_DOUBT;
    }
    return prove_meets(meeting, set, point) ? CREASE_MEET_YES : CREASE_MEET_DOUBT;
}

void crease_boxed_meet_begin(const crease_boxed_meeting *meeting)
{
    crease_meet_points_begin(&meeting->boxed->met, meeting->boxed->n);
}

crease_meet crease_boxed_meet(const crease_boxed_meeting *meeting, uint64_t set, double *point,
                              uint64_t *part)
{
    crease_boxed *b = meeting->boxed;
    uint64_t begin = crease_clock_ticks(), solving = 0;
    crease_boxed_reserve(b, meeting->cell->m + CREASE_MEET_ROWS);
    uint64_t zero = crease_meet_points_mean(&b->met, set, meeting->cell->inside, b->point);
    crease_meet answer = ask_nearest(meeting, set, point, part, &solving);
    if (answer == CREASE_MEET_DOUBT)
        answer = ask_simplex(meeting, set, zero, point, part, &solving);
    if (answer == CREASE_MEET_YES)
        crease_meet_points_add(&b->met, set, point);
    b->tally->filter += answer != CREASE_MEET_DOUBT;
    b->tally->proof_ticks += crease_clock_ticks() - begin - solving;
    return answer;
}
