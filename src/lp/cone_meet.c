#include "lp/cone_meet.h"

#include "base/clock.h"
#include "base/interrupt.h"
#include "exact/filter.h"
#include "lp/cone_shadow.h"
#include "lp/cone_state.h"

#include <assert.h>
#include <math.h>
#include <string.h>

/* Shares of lp/nearest.h: the next one is tried where the one before leaves a doubt. */
static const double shares[] = {1e-3, 1e-6, 1e-9};
/* Multipliers below this part of the largest one count as 0. */
static const double small_multiplier = 1e-12;

/* The value of row i at v, and a bound of its error. */
static double value_at(const crease_cone *cone, size_t i, const double *v, double one, double *err)
{
    *err = crease_filter_bound(cone->d, 1, cone->err[i], one);
    return crease_basis_dot(cone->row + i * cone->d, v, cone->d);
}

/* Chooses as many columns of the rows as there are rows, by elimination: those where pivots are
 * large.  False if they look dependent. */
static bool choose_columns(crease_cone *cone, const size_t *row, size_t count, size_t *column)
{
    size_t d = cone->d;
    double *entry = cone->span_entry;
    for (size_t k = 0; k < count; k++)
        memcpy(entry + k * d, cone->row + row[k] * d, d * sizeof *entry);
    for (size_t k = 0; k < count; k++) {
        const double *restrict own = entry + k * d;
        size_t best = 0;
        for (size_t j = 1; j < d; j++)
            best = fabs(own[j]) > fabs(own[best]) ? j : best;
        if (!(fabs(own[best]) > 1e-12) || crease_interrupted_after(count * d))
            return false;
        column[k] = best;
        for (size_t l = k + 1; l < count; l++) {
            double *restrict other = entry + l * d, factor = other[best] / own[best];
            for (size_t j = 0; j < d; j++)
                other[j] -= factor * own[j];
            other[best] = 0;
        }
    }
    return true;
}

/* Sets *sum >= o of step 1; false if A_TS is not proved to be regular.  row: the k rows of T. */
static bool bound_move(crease_cone *cone, const size_t *row, size_t k, const double *v, double one,
                       double *sum)
{
    size_t d = cone->d, *column = cone->span_column, *place = column + d;
    if (!choose_columns(cone, row, k, column))
        return false;
    double *entry = cone->span_entry, *err = entry + k * k, *value = err + k, worst = 0, top = 0;
    double reach[CREASE_MEET_ROWS];
    for (size_t t = 0; t < k; t++) {
        double own;
        for (size_t p = 0; p < k; p++)
            entry[p * k + t] = cone->row[row[t] * d + column[p]];
        value[t] = -value_at(cone, row[t], v, one, &own);
        if (!(fabs(value[t]) <= 1))
            return false;
        worst = own > worst ? own : worst;
        top = cone->err[row[t]] > top ? cone->err[row[t]] : top;
        place[t] = t;
    }
    for (size_t p = 0; p < k; p++)
        err[p] = top;
    if (!crease_basis_make(&cone->span_basis, k, entry, err, place))
        return false;
    double wrong = crease_basis_coefficients(&cone->span_basis, k, value, worst, reach);
    *sum = 0;
    for (size_t p = 0; p < k; p++)
        *sum += (fabs(reach[p]) + wrong) * (1 + 0x1p-40);
    return *sum < INFINITY;
}

/* Step 1 of the header. */
static bool prove_meets(const crease_cone_meeting *meeting, const size_t *row, size_t k,
                        uint64_t set, const double *v)
{
    crease_cone *cone = meeting->cone;
    double sum, err, one = crease_filter_one_norm(v, cone->d) * (1 + 0x1p-40);
    if (k > cone->d || !(one < INFINITY) || !bound_move(cone, row, k, v, one, &sum))
        return false;
    for (size_t i = 0; i < cone->m; i++) {
        bool of_cell = i < meeting->rows;
        if (!of_cell && (k < meeting->rank || set >> (i - meeting->rows) & 1))
            continue;
        double value = value_at(cone, i, v, one, &err);
        if (!((of_cell ? value : fabs(value)) > (err + (1 + cone->err[i]) * sum) * (1 + 0x1p-20)))
            return false;
    }
    if (CREASE_SHADOW)
        crease_shadow_cone_meets(meeting, set, cone->span_column, v);
    return true;
}

/* Sets y to the coefficients of row own for a basis of a space of `count` dimensions that these
 * rows are proved to be; none is wrong by more than the result, which is infinite if nothing is
 * proved. */
static double combine(crease_cone *cone, size_t own, const size_t *row, size_t count, double *y)
{
    size_t d = cone->d, *column = cone->span_column, *place = column + d;
    for (size_t j = 0; j < d && count == d; j++)
        column[j] = j;
    if (count < d && !choose_columns(cone, row, count, column))
        return INFINITY;
    double *entry = cone->span_entry, *err = entry + count * count, *part = err + count;
    for (size_t k = 0; k < count; k++) {
        for (size_t j = 0; j < count; j++)
            entry[k * count + j] = cone->row[row[k] * d + column[j]];
        err[k] = cone->err[row[k]];
        part[k] = cone->row[own * d + column[k]];
        place[k] = k;
    }
    if (!crease_basis_make(&cone->span_basis, count, entry, err, place))
        return INFINITY;
    return crease_basis_coefficients(&cone->span_basis, count, part, cone->err[own], y);
}

/* Have all coefficients of rows of the cell the sign that step 2 of the header asks for? */
static bool contradicts(const crease_cone_meeting *meeting, size_t own, const size_t *row,
                        size_t count, const double *y, double wrong)
{
    size_t positive = 0, negative = 0;
    for (size_t k = 0; k < count; k++) {
        if (row[k] >= meeting->rows)
            continue;
        positive += y[k] > wrong;
        negative += y[k] < -wrong;
        if (!(fabs(y[k]) > wrong) || (positive && negative))
            return false;
    }
    return own < meeting->rows ? !positive : positive + negative > 0;
}

/* Moves the row with the largest multiplier to the end. */
static void set_apart(size_t *row, size_t count, const double *y)
{
    size_t best = 0;
    for (size_t k = 1; k < count; k++)
        if (fabs(y[row[k]]) > fabs(y[row[best]]))
            best = k;
    size_t own = row[best];
    row[best] = row[count - 1];
    row[count - 1] = own;
}

/* Step 2 of the header, by the rows whose multipliers y are not 0; *part becomes those of the set
 * among them. */
static bool prove_apart(const crease_cone_meeting *meeting, const double *y, uint64_t *part)
{
    crease_cone *cone = meeting->cone;
    double top = crease_filter_max_norm(y, cone->m), *own_y = cone->meet_point;
    size_t *kept = cone->meet_row, lowest = cone->level[cone->m - 1];
    if (!(top > 0 && top < INFINITY))
        return false;
    lowest = lowest < cone->subspaces ? lowest : cone->subspaces;
    for (size_t level = lowest + 1; level-- > 0;) {
        size_t count = 0, dimensions = level ? cone->dimensions[level - 1] : cone->d;
        for (size_t i = 0; i < cone->m; i++)
            if (cone->level[i] >= level && fabs(y[i]) > small_multiplier * top)
                kept[count++] = i;
        if (count != dimensions + 1 || dimensions > cone->d)
            continue;
        set_apart(kept, count, y);
        size_t own = kept[--count];
        double wrong = combine(cone, own, kept, count, own_y);
        if (!(wrong < INFINITY) || !contradicts(meeting, own, kept, count, own_y, wrong))
            continue;
        if (CREASE_SHADOW)
            crease_shadow_cone_apart(meeting, own, kept, count);
        *part = 0;
        for (size_t k = 0; k <= count; k++)
            if (kept[k] >= meeting->rows)
                *part |= (uint64_t)1 << (kept[k] - meeting->rows);
        return true;
    }
    return false;
}

/* The task of lp/nearest.h for the k rows of the set. */
static crease_nearest_task make_task(const crease_cone_meeting *meeting, const size_t *row,
                                     size_t k, const double *centre)
{
    crease_cone *cone = meeting->cone;
    size_t m = meeting->rows;
    for (size_t i = 0; i < m + k; i++) {
        size_t r = i < m ? i : row[i - m];
        const double *value = cone->row + r * cone->d;
        cone->near_row[i] = (crease_nearest_row){value, crease_cone_products(cone, r), r};
        cone->near_value[i] = crease_basis_dot(value, centre, cone->d);
    }
    return (crease_nearest_task){.n = cone->d,
                                 .m = m + k,
                                 .equations = k,
                                 .row = cone->near_row,
                                 .centre = centre,
                                 .at_centre = cone->near_value};
}

/* Multipliers of the rows of the task, as those of the rows of the cone. */
static const double *spread(crease_cone *cone, const crease_nearest_task *task, const double *y)
{
    double *all = cone->near_product;
    memset(all, 0, cone->m * sizeof *all);
    for (size_t i = 0; i < task->m; i++)
        all[task->row[i].number] = y[i];
    return all;
}

static crease_meet ask(const crease_cone_meeting *meeting, uint64_t set, uint64_t *part,
                       uint64_t *solving)
{
    crease_cone *cone = meeting->cone;
    size_t row[CREASE_MEET_ROWS], k = 0, d = cone->d;
    double *point = cone->meet_point, *centre = cone->work;
    for (uint64_t left = set; left; left &= left - 1)
        row[k++] = meeting->rows + (size_t)__builtin_ctzll(left);
    crease_meet_points_mean(&cone->met, set, meeting->inside, centre);
    /* Points where others meet may be near the faces of the cell. */
    for (size_t j = 0; j < d; j++)
        centre[j] = 0.5 * centre[j] + 0.5 * meeting->inside[j];
    crease_nearest_task task = make_task(meeting, row, k, centre);
    for (size_t s = 0; s < sizeof shares / sizeof *shares && !crease_interrupted(); s++) {
        uint64_t begin = crease_clock_ticks();
        task.share = shares[s];
        crease_nearest_end end = crease_nearest_run(cone->nearest, &task);
        *solving += crease_clock_ticks() - begin;
        cone->tally->lp++;
        if (end == CREASE_NEAREST_FAILED)
            return CREASE_MEET_DOUBT;
        if (end == CREASE_NEAREST_NONE) {
            const double *y = spread(cone, &task, crease_nearest_multipliers(cone->nearest));
            if (prove_apart(meeting, y, part))
                return CREASE_MEET_NO;
            continue;
        }
        const double *x = crease_nearest_x(cone->nearest);
        double scale = crease_filter_unit_scale(crease_filter_max_norm(x, d));
        for (size_t j = 0; j < d; j++)
            point[j] = scale * x[j];
        if (prove_meets(meeting, row, k, set, point)) {
            crease_meet_points_add(&cone->met, set, point);
            return CREASE_MEET_YES;
        }
    }
    return CREASE_MEET_DOUBT;
}

bool crease_cone_meet_begin(crease_cone_meeting *meeting)
{
    crease_cone *cone = meeting->cone;
    size_t functions = cone->m - meeting->rows;
    if (!cone->nearest || cone->rooms > MOST_NEAR || !functions || functions > CREASE_MEET_ROWS)
        return false;
    size_t level = cone->level[cone->m - 1];
    level = level < cone->subspaces ? level : cone->subspaces;
    for (size_t i = meeting->rows; i < cone->m; i++)
        assert(cone->level[i] == cone->level[meeting->rows]);
    size_t dimensions = level ? cone->dimensions[level - 1] : cone->d;
    meeting->rank = (dimensions < cone->d ? dimensions : cone->d) - 1;
    crease_meet_points_begin(&cone->met, cone->d);
    if (CREASE_SHADOW)
        crease_shadow_cone_rank(meeting);
    return meeting->rank > 0;
}

crease_meet crease_cone_meet(const crease_cone_meeting *meeting, uint64_t set, uint64_t *part)
{
    crease_cone *cone = meeting->cone;
    uint64_t begin = crease_clock_ticks(), solving = 0;
    crease_meet answer = ask(meeting, set, part, &solving);
    cone->tally->filter += answer != CREASE_MEET_DOUBT;
    cone->tally->proof_ticks += crease_clock_ticks() - begin - solving;
    return answer;
}
