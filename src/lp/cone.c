#include "lp/cone_state.h"

#include "base/interrupt.h"
#include "base/memory.h"
#include "exact/filter.h"
#include "exact/integer.h"
#include "lp/shadow.h"

#include <assert.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

crease_cone *crease_cone_new(const crease_proposer *proposer, crease_tally *tally)
{
    crease_cone *cone = crease_alloc(1, sizeof *cone);
    cone->proposer = proposer;
    cone->solver = proposer->open();
    cone->tally = tally;
    if (proposer == &crease_lp_dense)
        cone->nearest = crease_nearest_new();
    return cone;
}

void crease_cone_free(crease_cone *cone)
{
    if (!cone)
        return;
    cone->proposer->close(cone->solver);
    free(cone->row);
    free(cone->err);
    free(cone->sign);
    free(cone->id);
    free(cone->enabled);
    free(cone->level);
    free(cone->dimensions);
    free(cone->span_entry);
    free(cone->span_column);
    crease_basis_release(&cone->span_basis);
    for (size_t b = 0; b < BASES; b++)
        crease_basis_release(&cone->base[b]);
    free(cone->support);
    free(cone->work);
    crease_nearest_free(cone->nearest);
    free(cone->product);
    free(cone->multiplied);
    free(cone->near_row);
    free(cone->near_value);
    free(cone->near_product);
    free(cone->meet_row);
    free(cone->meet_point);
    crease_meet_points_free(&cone->met);
    free(cone);
}

void crease_cone_clear(crease_cone *cone, size_t d, const double *reach, crease_cone_fetch fetch,
                       void *context)
{
    cone->d = d;
    cone->m = 0;
    cone->reach = reach;
    cone->fetch = fetch;
    cone->context = context;
    cone->bases = 0;
    cone->next_base = 0;
    cone->subspaces = 0;
    if (d > cone->room_d) {
        cone->room_d = d;
        cone->rooms = 0;
        for (size_t b = 0; b < BASES; b++)
            crease_basis_reserve(&cone->base[b], d);
        cone->support = crease_realloc(cone->support, d, sizeof(size_t));
        cone->work = crease_realloc(cone->work, 5 * d, sizeof(double));
        crease_basis_reserve(&cone->span_basis, d);
        cone->span_entry = crease_realloc(cone->span_entry, d * (d + 2), sizeof(double));
        cone->span_column = crease_realloc(cone->span_column, 3 * d, sizeof(size_t));
        cone->meet_point = crease_realloc(cone->meet_point, d, sizeof(double));
    }
}

static void reserve(crease_cone *cone)
{
    if (cone->m < cone->rooms)
        return;
    cone->rooms = cone->rooms ? 2 * cone->rooms : 64;
    cone->row = crease_realloc(cone->row, cone->rooms * cone->room_d, sizeof(double));
    cone->err = crease_realloc(cone->err, cone->rooms, sizeof(double));
    cone->sign = crease_realloc(cone->sign, cone->rooms, sizeof(int));
    cone->id = crease_realloc(cone->id, cone->rooms, sizeof(size_t));
    cone->enabled = crease_realloc(cone->enabled, cone->rooms, sizeof(bool));
    cone->level = crease_realloc(cone->level, cone->rooms, sizeof(size_t));
    if (!cone->nearest || cone->rooms > MOST_NEAR)
        return;
    cone->product = crease_realloc(cone->product, cone->rooms * cone->rooms, sizeof(double));
    cone->multiplied = crease_realloc(cone->multiplied, cone->rooms, sizeof(bool));
    memset(cone->multiplied, 0, cone->rooms * sizeof(bool));
    cone->near_row = crease_realloc(cone->near_row, cone->rooms + 1, sizeof *cone->near_row);
    cone->near_value = crease_realloc(cone->near_value, cone->rooms + 1, sizeof(double));
    cone->near_product = crease_realloc(cone->near_product, cone->rooms + 1, sizeof(double));
    cone->meet_row = crease_realloc(cone->meet_row, cone->rooms + 1, sizeof *cone->meet_row);
}

bool crease_cone_add(crease_cone *cone, const double *row, size_t stride, double mag, double err,
                     int sign, size_t id)
{
    assert(sign == 1 || sign == -1);
    const double coarse = 1e-6;
    reserve(cone);
    double *out = cone->row + cone->m * cone->d;
    int exponent;
    if (err < mag * coarse && mag < 0x1p500 && mag > 0x1p-500) {
        frexp(mag, &exponent);
        double factor = ldexp(sign, -exponent);
        for (size_t j = 0; j < cone->d; j++)
            out[j] = row[j * stride] * factor;
        cone->err[cone->m] = err * fabs(factor);
    } else {
        const mpz_t *exact = cone->fetch(cone->context, id);
        if (crease_integer_is_zero(exact, cone->d))
            return false;
        crease_integer_to_doubles(out, exact, cone->d);
        for (size_t j = 0; sign < 0 && j < cone->d; j++)
            out[j] = -out[j];
        cone->err[cone->m] = 0x1p-52;
    }
    if (cone->nearest && cone->rooms <= MOST_NEAR)
        cone->multiplied[cone->m] = false;
    cone->sign[cone->m] = sign;
    cone->id[cone->m] = id;
    cone->enabled[cone->m] = true;
    cone->level[cone->m] = 0;
    cone->m++;
    if (CREASE_SHADOW)
        crease_shadow_cone_row(cone, cone->m - 1);
    return true;
}

void crease_cone_load(crease_cone *cone)
{
    for (size_t j = 0; j + 1 < cone->d; j++)
        assert(cone->row[j] == 0);
    assert(cone->m > 0 && cone->row[cone->d - 1] > 0);
    cone->proposer->load(cone->solver, cone->d, cone->m, cone->row);
}

size_t crease_cone_rows(const crease_cone *cone)
{
    return cone->m;
}

const double *crease_cone_row(const crease_cone *cone, size_t i)
{
    return cone->row + i * cone->d;
}

void crease_cone_enable(crease_cone *cone, size_t i, bool enabled)
{
    assert(i < cone->m);
    if (cone->enabled[i] == enabled)
        return;
    cone->enabled[i] = enabled;
    cone->proposer->enable(cone->solver, i, enabled);
}

static bool positive(const crease_cone *cone, size_t i, const double *v, double one_norm, int sign)
{
    double bound = crease_filter_bound(cone->d, 1, cone->err[i], one_norm);
    return crease_filter_sign(crease_basis_dot(cone->row + i * cone->d, v, cone->d), bound) == sign;
}

bool crease_cone_contains(crease_cone *cone, const double *v, size_t except)
{
    double one_norm = crease_filter_one_norm(v, cone->d);
    for (size_t i = 0; i < cone->m; i++)
        if (cone->enabled[i] && i != except && !positive(cone, i, v, one_norm, 1))
            return false;
    if (CREASE_SHADOW)
        crease_shadow_cone_contains(cone, v, except);
    return true;
}

bool crease_cone_interior(crease_cone *cone, double *v)
{
    cone->tally->lp++;
    if (cone->proposer->interior(cone->solver, v) != CREASE_PROPOSE_POINT)
        return false;
    if (!crease_cone_contains(cone, v, SIZE_MAX))
        return false;
    cone->tally->filter++;
    return true;
}

crease_exact_row crease_cone_exact_row(crease_cone *cone, size_t i)
{
    return (crease_exact_row){cone->fetch(cone->context, cone->id[i]), cone->sign[i]};
}

int crease_cone_sign(crease_cone *cone, size_t i, const double *v)
{
    double bound =
        crease_filter_bound(cone->d, 1, cone->err[i], crease_filter_one_norm(v, cone->d));
    int sign = crease_filter_sign(crease_basis_dot(cone->row + i * cone->d, v, cone->d), bound);
    if (CREASE_SHADOW && sign)
        crease_shadow_cone_sign(cone, i, v, sign);
    if (sign)
        return sign;
    mpz_t *point = crease_integer_new(cone->d);
    crease_integer_from_doubles(point, v, cone->d);
    crease_exact_row row = crease_cone_exact_row(cone, i);
    sign = row.sign * crease_integer_dot_sign(row.row, (const mpz_t *)point, cone->d);
    crease_integer_free(point, cone->d);
    return sign;
}

int crease_cone_parallel(crease_cone *cone, size_t i, size_t k)
{
    const double *a = cone->row + i * cone->d, *b = cone->row + k * cone->d;
    size_t pivot = 0;
    for (size_t j = 1; j < cone->d; j++)
        if (fabs(a[j]) > fabs(a[pivot]))
            pivot = j;
    /* Any minor a_p b_j - a_j b_p that is provably not zero settles it. */
    double bound = 4 * (cone->err[i] + cone->err[k]) + 0x1p-48;
    for (size_t j = 0; j < cone->d; j++)
        if (fabs(a[pivot] * b[j] - a[j] * b[pivot]) > bound) {
            if (CREASE_SHADOW)
                crease_shadow_cone_parallel(cone, i, k);
            return 0;
        }
    cone->tally->exact++;
    crease_exact_row x = crease_cone_exact_row(cone, i), y = crease_cone_exact_row(cone, k);
    return x.sign * y.sign * crease_integer_parallel(x.row, y.row, cone->d);
}

/* Are all rows of the basis enabled rows other than row own? */
static bool basis_usable(const crease_cone *cone, const crease_basis *base, size_t own)
{
    for (size_t k = 0; k < cone->d; k++)
        if (base->index[k] == own || !cone->enabled[base->index[k]])
            return false;
    return true;
}

/* Does the proposer's support, count rows in cone->support, consist of enabled rows other than row
 * own?  Only those prove anything about it. */
static bool support_allowed(const crease_cone *cone, size_t own, size_t count)
{
    bool allowed = count <= cone->d;
    for (size_t k = 0; k < count && allowed; k++) {
        size_t s = cone->support[k];
        allowed = s < cone->m && s != own && cone->enabled[s];
    }
    return allowed;
}

/* Does the basis prove that row own is implied? */
static bool basis_implied(crease_cone *cone, const crease_basis *base, size_t own)
{
    bool implied = crease_basis_implies(base, cone->d, cone->row + own * cone->d, cone->err[own]);
    if (CREASE_SHADOW && implied)
        crease_shadow_cone_basis(cone, base, own);
    return implied;
}

/* Proof for a support of fewer rows in a box: with r = g - sum y_i a_i, rows (0, ..., 0, 1)
 * left out, r.v >= (r_d - sum |r_j| reach_j) v_d. */
static bool box_implies(crease_cone *cone, size_t own, const double *y, size_t count)
{
    size_t d = cone->d;
    double *r = cone->work, spread = cone->err[own], size = 1;
    if (!cone->reach)
        return false;
    memcpy(r, cone->row + own * d, d * sizeof *r);
    for (size_t k = 0; k < count; k++) {
        size_t s = cone->support[k];
        if (s == 0)
            continue;
        if (!(y[k] >= 0))
            return false;
        for (size_t j = 0; j < d; j++)
            r[j] -= y[k] * cone->row[s * d + j];
        spread += y[k] * cone->err[s];
        size += y[k];
    }
    spread = (spread + crease_filter_gamma(2 * count + 2) * size) * (1 + 0x1p-20);
    double rest = r[d - 1] - spread, total = fabs(r[d - 1]) + spread;
    for (size_t j = 0; j + 1 < d; j++) {
        rest -= (fabs(r[j]) + spread) * cone->reach[j];
        total += (fabs(r[j]) + spread) * cone->reach[j];
    }
    return rest > total * crease_filter_gamma(4 * d);
}

/* Proof in doubles by the d rows in cone->support, which become a basis. */
static bool prove_basis(crease_cone *cone, size_t own)
{
    crease_basis *base = &cone->base[cone->next_base];
    if (!crease_basis_make(base, cone->d, cone->row, cone->err, cone->support)) {
        cone->bases = cone->next_base; /* the slot was overwritten */
        return false;
    }
    cone->next_base = (cone->next_base + 1) % BASES;
    cone->bases += cone->bases < BASES;
    cone->tally->filter++;
    return basis_implied(cone, base, own);
}

/* Proof in doubles by the *count rows in cone->support, or by some of them, which then replace
 * them. */
static bool prove_rows(crease_cone *cone, size_t own, size_t *count)
{
    if (*count == cone->d && prove_basis(cone, own))
        return true;
    size_t kept = crease_cone_span_implies(cone, own, cone->support, *count);
    if (CREASE_SHADOW && kept)
        crease_shadow_cone_span(cone, cone->support, kept, own);
    if (!kept)
        return false;
    *count = kept;
    cone->tally->filter++;
    return true;
}

/* Proof in integers by the count rows in cone->support. */
static bool prove_combination(crease_cone *cone, size_t own, size_t count)
{
    crease_exact_row *rows = crease_alloc(count, sizeof *rows);
    size_t *index = crease_alloc(count, sizeof *index);
    uint64_t start = crease_clock_ticks();
    for (size_t k = 0; k < count; k++) {
        rows[k] = crease_cone_exact_row(cone, cone->support[k]);
        index[k] = k;
    }
    bool good = crease_simplex_combination(cone->d, rows, index, count, count,
                                           crease_cone_exact_row(cone, own));
    cone->tally->exact += good;
    cone->tally->exact_ticks += crease_clock_ticks() - start;
    free(rows);
    free(index);
    return good;
}

static bool prove_support(crease_cone *cone, size_t own, const double *y, size_t count)
{
    if (cone->reach && box_implies(cone, own, y, count)) {
        cone->tally->filter++;
        return true;
    }
    return prove_rows(cone, own, &count) || prove_combination(cone, own, count);
}

/* Looks for a point between v (g.v < 0, in the closure) and inside that is strictly
 * positive on all rows but own, and negative on own, proved in doubles. */
static bool strict_point(crease_cone *cone, size_t own, const double *inside, const double *v,
                         double *point)
{
    size_t d = cone->d;
    double size_v = 0, size_w = 0;
    if (!inside)
        return false;
    for (size_t j = 0; j < d; j++) {
        size_v = fabs(v[j]) <= size_v ? size_v : fabs(v[j]);
        size_w = fabs(inside[j]) <= size_w ? size_w : fabs(inside[j]);
    }
    /* Where the segment from v to inside meets row own. */
    double low = crease_basis_dot(cone->row + own * d, v, d) / size_v;
    double high = crease_basis_dot(cone->row + own * d, inside, d) / size_w;
    double crossing = low < 0 && high > 0 ? -low / (high - low) : 0;
    for (double share = 0.5; share > 1e-12; share *= 0.0625) {
        double theta = crossing * share;
        for (size_t j = 0; j < d; j++)
            point[j] = (1 - theta) * v[j] / size_v + theta * inside[j] / size_w;
        if (positive(cone, own, point, crease_filter_one_norm(point, d), -1) &&
            crease_cone_contains(cone, point, own))
            return true;
    }
    return false;
}

/* Exact signs at the double point v: all others >= 0 and own < 0? */
static bool exact_point(crease_cone *cone, size_t own, const double *v)
{
    uint64_t start = crease_clock_ticks();
    bool good = true;
    for (size_t j = 0; j < cone->d; j++)
        good = good && isfinite(v[j]);
    good = good && crease_cone_sign(cone, own, v) < 0;
    for (size_t i = 0; i < cone->m && good && !crease_interrupted(); i++)
        if (cone->enabled[i] && i != own)
            good = crease_cone_sign(cone, i, v) >= 0;
    cone->tally->exact += good;
    cone->tally->exact_ticks += crease_clock_ticks() - start;
    return good;
}

static bool decide_exactly(crease_cone *cone, size_t own, const double *inside, double *point,
                           bool *found)
{
    size_t m = 0, d = cone->d, supports;
    crease_exact_row *rows = crease_alloc(cone->m, sizeof *rows);
    mpz_t *witness = crease_integer_new(d);
    uint64_t start = crease_clock_ticks();
    for (size_t i = 0; i < cone->m && !crease_interrupted(); i++)
        if (cone->enabled[i] && i != own)
            rows[m++] = crease_cone_exact_row(cone, i);
    bool cuts = !crease_simplex_in_cone(d, m, rows, crease_cone_exact_row(cone, own), cone->support,
                                        &supports, witness);
    cone->tally->exact++;
    cone->tally->exact_ticks += crease_clock_ticks() - start;
    if (cuts) {
        double *v = cone->work;
        crease_integer_to_doubles(v, (const mpz_t *)witness, d);
        *found = strict_point(cone, own, inside, v, point);
    }
    crease_integer_free(witness, d);
    free(rows);
    return cuts;
}

/* One proposal for row own less margin times (0, ..., 0, 1), and its proof for row own.
 * True if proved; *cuts is then the answer. */
static bool propose(crease_cone *cone, size_t own, double margin, const double *inside,
                    double *point, bool *found, bool *cuts, uint64_t *solving)
{
    size_t count = 0, d = cone->d;
    double *v = cone->work + d, *y = v + d, *g = y + d;
    memcpy(g, cone->row + own * d, d * sizeof *g);
    g[d - 1] -= margin;
    uint64_t start = crease_clock_ticks();
    crease_proposal answer = cone->proposer->separate(cone->solver, g, cone->support, &count, y, v);
    *solving += crease_clock_ticks() - start;
    cone->tally->lp++;
    if (answer == CREASE_PROPOSE_INSIDE) {
        assert(count <= d);
        *cuts = false;
        return support_allowed(cone, own, count) && prove_support(cone, own, y, count);
    }
    if (answer != CREASE_PROPOSE_OUTSIDE)
        return false;
    *cuts = true;
    if (strict_point(cone, own, inside, v, point)) {
        *found = true;
        cone->tally->filter++;
        return true;
    }
    return margin == 0 && exact_point(cone, own, v);
}

/* From the point inside to the nearest one where row own is negative; true if that is proved.  Or a
 * support, and true if that is proved: *cuts is the answer. */
static bool propose_nearest(crease_cone *cone, size_t own, const double *inside, double *point,
                            bool *found, bool *cuts, uint64_t *solving)
{
    size_t d = cone->d, count = 0;
    crease_nearest_task task;
    uint64_t start = crease_clock_ticks();
    if (!crease_cone_near_task(cone, own, inside, &task))
        return false;
    crease_nearest_end end = crease_nearest_run(cone->nearest, &task);
    *solving += crease_clock_ticks() - start;
    cone->tally->lp++;
    if (end == CREASE_NEAREST_FOUND) {
        const double *x = crease_nearest_x(cone->nearest);
        double scale = crease_filter_unit_scale(crease_filter_max_norm(x, d));
        for (size_t j = 0; j < d; j++)
            point[j] = scale * x[j];
        *found = *cuts = positive(cone, own, point, crease_filter_one_norm(point, d), -1) &&
                         crease_cone_contains(cone, point, own);
        cone->tally->filter += *found;
        return *found;
    }
    const double *y = crease_nearest_multipliers(cone->nearest);
    for (size_t i = 0; i + 1 < task.m && end == CREASE_NEAREST_NONE; i++)
        if (y[i] > 0 && count < d)
            cone->support[count++] = task.row[i].number;
    *cuts = false;
    return end == CREASE_NEAREST_NONE && prove_rows(cone, own, &count);
}

static bool decide(crease_cone *cone, size_t own, const double *inside, double *point, bool *found)
{
    assert(own < cone->m);
    *found = false;
    for (size_t b = 0; b < cone->bases; b++)
        if (basis_usable(cone, &cone->base[b], own) && basis_implied(cone, &cone->base[b], own)) {
            cone->tally->filter++;
            return false;
        }
    bool enabled = cone->enabled[own], cuts = false, proved = false;
    crease_cone_enable(cone, own, false);
    uint64_t start = crease_clock_ticks(), solving = 0;
    proved = propose_nearest(cone, own, inside, point, found, &cuts, &solving);
    /* In a box, first ask for slightly more than g >= 0: the margin absorbs rounding. */
    for (int attempt = cone->reach ? 0 : 1; attempt < 2 && !proved; attempt++)
        proved = propose(cone, own, attempt ? 0 : 0x1p-24, inside, point, found, &cuts, &solving);
    if (!proved)
        cuts = decide_exactly(cone, own, inside, point, found);
    cone->tally->proof_ticks += crease_clock_ticks() - start - solving;
    crease_cone_enable(cone, own, enabled);
    return cuts;
}

bool crease_cone_cuts(crease_cone *cone, size_t own, const double *inside, double *point,
                      bool *found)
{
    bool cuts = decide(cone, own, inside, point, found);
    if (CREASE_SHADOW)
        crease_shadow_cone_cuts(cone, own, cuts, cuts && *found ? point : NULL);
    return cuts;
}

/* ---- Supports with row 0 ---- */

static bool has_first_row(const size_t *support, size_t count)
{
    for (size_t k = 0; k < count; k++)
        if (support[k] == 0)
            return true;
    return false;
}

/* Exchanges a row of a support of d rows, without row 0, for row 0.  With y and z the coefficients
 * of row own and row 0, own = sum (y_k - t z_k) a_k + t a_0; t grows until one vanishes. */
static bool take_first_row(crease_cone *cone, size_t own)
{
    size_t d = cone->d, out = d;
    double least = INFINITY;
    crease_basis *base = &cone->base[cone->next_base];
    bool good = crease_basis_make(base, d, cone->row, cone->err, cone->support);
    cone->bases = cone->next_base; /* the slot is overwritten */
    for (size_t k = 0; good && k < d; k++) {
        double y = crease_basis_dot(base->inverse + k * d, cone->row + own * d, d);
        double z = crease_basis_dot(base->inverse + k * d, cone->row, d);
        if (z > 0 && y / z < least) {
            least = y / z;
            out = k;
        }
    }
    if (out == d)
        return false;
    cone->support[out] = 0;
    return true;
}

bool crease_cone_support(crease_cone *cone, size_t own, size_t *support, size_t *count)
{
    size_t d = cone->d;
    for (size_t b = 0; b < cone->bases; b++) {
        const crease_basis *base = &cone->base[b];
        if (has_first_row(base->index, d) && basis_usable(cone, base, own) &&
            basis_implied(cone, base, own)) {
            memcpy(support, base->index, d * sizeof *support);
            *count = d;
            return true;
        }
    }
    bool enabled = cone->enabled[own];
    double *v = cone->work + d, *y = v + d;
    crease_cone_enable(cone, own, false);
    cone->tally->lp++;
    crease_proposal answer =
        cone->proposer->separate(cone->solver, cone->row + own * d, cone->support, count, y, v);
    bool good = answer == CREASE_PROPOSE_INSIDE && support_allowed(cone, own, *count);
    /* a_0 is (0, ..., 0, 1): a_0 and rows a_s are independent iff the a_s without their last
     * entries are. */
    if (good && !has_first_row(cone->support, *count)) {
        if (*count < d)
            cone->support[(*count)++] = 0;
        else
            good = take_first_row(cone, own);
    }
    good = good && (prove_rows(cone, own, count) || prove_combination(cone, own, *count));
    assert(!good || (*count <= d && has_first_row(cone->support, *count)));
    if (good)
        memcpy(support, cone->support, *count * sizeof *support);
    crease_cone_enable(cone, own, enabled);
    return good;
}
