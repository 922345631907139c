#include "regions/region.h"

#include "base/memory.h"
#include "exact/integer.h"
#include "exact/simplex.h"
#include "regions/affine.h"
#include "regions/in_box.h"
#include "regions/units.h"

#include <stdlib.h>
#include <string.h>

static crease_region_side *add_side(crease_region *r, crease_facet facet)
{
    if (r->sides == r->room) {
        size_t room = r->room ? 2 * r->room : 16;
        r->side = r->side ? crease_realloc(r->side, room, sizeof *r->side)
                          : crease_alloc(room, sizeof *r->side);
        for (size_t i = r->room; i < room; i++)
            r->side[i].neighbour = crease_alloc(r->units, 1);
        r->room = room;
    }
    crease_region_side *side = &r->side[r->sides++];
    side->facet = facet;
    side->crossed = false;
    return side;
}

crease_facet crease_region_facet_of(const crease_region *r, size_t id)
{
    const crease_model *model = r->model;
    size_t layer, row, f = id - model->units, sides = model->faces - model->halves;
    if (id < model->units)
        return (crease_facet){CREASE_FACET_UNIT,
                              crease_units_of_decision(r->network, id, &layer, &row), 0};
    if (f < sides)
        return (crease_facet){f % 2 ? CREASE_FACET_HIGH : CREASE_FACET_LOW, 0, model->kept[f / 2]};
    return (crease_facet){CREASE_FACET_HALF, 0, f - sides};
}

static void add_row(crease_region *r, size_t id)
{
    add_side(r, crease_region_facet_of(r, id))->decision = id;
}

/* The sides of the box in the inputs that the model has dropped. */
static void add_dropped_inputs(crease_region *r)
{
    for (size_t j = 0, k = 0; crease_domain_boxed(r->domain) && j < r->inputs; j++) {
        if (k < r->model->inputs && r->model->kept[k] == j) {
            k++;
            continue;
        }
        add_side(r, (crease_facet){CREASE_FACET_LOW, 0, j});
        add_side(r, (crease_facet){CREASE_FACET_HIGH, 0, j});
    }
}

/* ---- From extreme rays ---- */

size_t crease_region_row_id(const crease_region *r, const crease_row *row)
{
    const crease_model *model = r->model;
    if (!row->map)
        return model->units + row->unit;
    if (row->map->model != model)
        return model->units + model->faces - model->halves + row->unit;
    return model->layer[row->map->layer].first + row->unit;
}

/* Is set a a subset of b? */
static bool within(const uint64_t *a, const uint64_t *b, size_t words)
{
    for (size_t w = 0; w < words; w++)
        if (a[w] & ~b[w])
            return false;
    return true;
}

/* A face of a cone is spanned by the extreme rays in it.  Every facet is where some row that bounds
 * the cell vanishes, so the facets are the largest of the sets of rays at which one row vanishes.
 * Of equal sets the row with the smallest number is taken. */
static void find_by_rays(crease_region *r)
{
    const crease_ray_cell *cell = &r->cell->rays;
    size_t words = (cell->count + 63) / 64, rows = 0, infinity = r->model->units + r->model->faces;
    const crease_row *row[CREASE_RAY_SLOTS];
    size_t id[CREASE_RAY_SLOTS];
    uint64_t *set = crease_alloc(CREASE_RAY_SLOTS * words, sizeof *set);
    crease_active_set active = crease_rays_active(cell);
    crease_frame_rows(cell->frame, row);
    for (size_t slot; (slot = crease_active_next(&active)) < CREASE_RAY_SLOTS; rows++) {
        id[rows] = crease_region_row_id(r, row[slot]);
        for (size_t i = 0; i < cell->count; i++)
            if (crease_bit(cell->ray[i]->active.word, slot))
                set[rows * words + i / 64] |= (uint64_t)1 << i % 64;
    }
    r->bounded = true;
    for (size_t a = 0; a < rows; a++) {
        bool largest = id[a] != infinity;
        r->bounded = r->bounded && id[a] != infinity;
        for (size_t b = 0; b < rows && largest; b++)
            largest = a == b || !within(set + a * words, set + b * words, words) ||
                      (id[a] < id[b] && within(set + b * words, set + a * words, words));
        if (largest)
            add_row(r, id[a]);
    }
    free(set);
}

/* ---- From inequalities ---- */

/* Row i of the cone stays enabled if it is a facet. */
static bool is_facet(crease_region *r, size_t i)
{
    bool found;
    if (crease_cone_cuts(r->walk.cone, i, r->has_inside ? r->inside : NULL, r->outside, &found))
        return true;
    crease_cone_enable(r->walk.cone, i, false);
    return false;
}

/* The region is bounded iff no v other than 0 has v_n = 0 and a_i.v >= 0 for all its rows a_i.
 * With a' for a without its last entry, this holds iff the a'_i have rank n and some sum of
 * y_i a'_i with all y_i > 0 is 0 (Stiemke 1915): iff -(sum of the a'_i) lies in the cone of the
 * a'_i. */
static bool find_bounded(crease_region *r, const size_t *kept, size_t count)
{
    size_t n = r->model->inputs, supports;
    mpz_t *flat = crease_integer_new((count + 1) * n), *sum = flat + count * n;
    crease_exact_row *row = crease_alloc(count, sizeof *row);
    size_t *support = crease_alloc(n > count ? n : count, sizeof *support);
    for (size_t k = 0; k < count; k++) {
        crease_exact_row own = crease_cone_exact_row(r->walk.cone, kept[k]);
        for (size_t j = 0; j < n; j++) {
            (own.sign > 0 ? mpz_set : mpz_neg)(flat[k * n + j], own.row[j]);
            mpz_add(sum[j], sum[j], flat[k * n + j]);
        }
        row[k] = (crease_exact_row){(const mpz_t *)flat + k * n, 1};
    }
    bool bounded = count > n &&
                   crease_integer_rank((const mpz_t *)flat, count, n, n, support) == n &&
                   crease_simplex_in_cone(n, count, row, (crease_exact_row){(const mpz_t *)sum, -1},
                                          support, &supports, NULL);
    crease_integer_free(flat, (count + 1) * n);
    free(row);
    free(support);
    return bounded;
}

/* Rows are tested one after the other, those of units first: of equal rows, the last one stays.  If
 * it is stopped, there are none. */
static void find_by_rows(crease_region *r)
{
    const crease_model *model = r->model;
    crease_region_load_rows(r);
    crease_region_find_inside(r);
    size_t m = crease_cone_rows(r->walk.cone), count = 0;
    size_t *kept = crease_alloc(m, sizeof *kept);
    for (size_t id = model->units; id-- > 0 && !crease_region_late(r);)
        if (r->walk.unit_row[id] < CREASE_ROW_MOOT && is_facet(r, r->walk.unit_row[id])) {
            kept[count++] = r->walk.unit_row[id];
            add_row(r, id);
        }
    for (size_t f = model->faces; f-- > 0 && !crease_region_late(r);)
        if (is_facet(r, m - model->faces + f)) {
            kept[count++] = m - model->faces + f;
            add_row(r, model->units + f);
        }
    r->bounded = crease_domain_boxed(r->domain) || (!r->stopped && find_bounded(r, kept, count));
    r->sides = r->stopped ? 0 : r->sides;
    for (size_t i = 0; i < m; i++)
        crease_cone_enable(r->walk.cone, i, true);
    free(kept);
}

/* The same without the sides of a box as rows; false if that cannot be done. */
static bool find_in_box(crease_region *r)
{
    size_t ids = r->model->units + r->model->faces;
    bool *facet = crease_alloc(ids, sizeof *facet);
    crease_interrupt token;
    crease_region_enter(r, &token);
    bool found = crease_region_find_facets_in_box(r, facet);
    crease_region_leave(r, &token);
    for (size_t id = 0; id < ids && found && !r->stopped; id++)
        if (facet[id])
            add_row(r, id);
    free(facet);
    return found;
}

static int by_kind_and_place(const void *a, const void *b)
{
    const crease_region_side *x = a, *y = b;
    if (x->facet.kind != y->facet.kind)
        return x->facet.kind < y->facet.kind ? -1 : 1;
    if (x->facet.kind == CREASE_FACET_UNIT)
        return x->decision < y->decision ? -1 : x->decision > y->decision;
    return x->facet.index < y->facet.index ? -1 : x->facet.index > y->facet.index;
}

static void find_facets(crease_region *r)
{
    r->sides = 0;
    r->faceted = true;
    r->bounded = crease_domain_boxed(r->domain);
    if (r->model->inputs && r->cell)
        find_by_rays(r);
    else if (r->model->inputs && !find_in_box(r))
        find_by_rows(r);
    /* Without a box, nothing bounds the inputs that the model has dropped. */
    r->bounded = r->bounded && (r->model->inputs == r->inputs || crease_domain_boxed(r->domain));
    add_dropped_inputs(r);
    if (r->sides)
        qsort(r->side, r->sides, sizeof *r->side, by_kind_and_place);
}

bool crease_region_bounded(crease_region *r)
{
    if (!r->faceted)
        find_facets(r);
    return r->bounded;
}

size_t crease_region_facets(crease_region *r)
{
    if (!r->faceted)
        find_facets(r);
    return r->sides;
}

crease_facet crease_region_facet(crease_region *r, size_t i)
{
    return crease_region_facets(r) > i ? r->side[i].facet : (crease_facet){0};
}

/* ---- Inequalities ---- */

/* row / den is the unit's row, times -1 where that is negative in the region. */
static void set_unit_row(crease_region *r, size_t decision)
{
    size_t layer, row;
    crease_units_of_decision(r->network, decision, &layer, &row);
    crease_region_set_gates(r);
    crease_affine_row(r->lowered, r->gate, layer, row, r->row, r->den);
    for (size_t j = 0; !r->walk.pattern[decision] && j <= r->inputs; j++)
        mpz_neg(r->row[j], r->row[j]);
}

/* x_j - lo > 0 or hi - x_j > 0 */
static void set_box_row(crease_region *r, const crease_facet *facet)
{
    bool high = facet->kind == CREASE_FACET_HIGH;
    mpq_t *bound = high ? &r->domain->hi[facet->index] : &r->domain->lo[facet->index];
    for (size_t j = 0; j < r->inputs; j++)
        mpz_set_ui(r->row[j], 0);
    mpz_set(r->den, mpq_denref(*bound));
    mpz_set(r->row[facet->index], r->den);
    mpz_set(r->row[r->inputs], mpq_numref(*bound));
    mpz_neg(r->row[high ? facet->index : r->inputs], r->row[high ? facet->index : r->inputs]);
}

void crease_region_set_facet_row(crease_region *r, size_t i)
{
    const crease_region_side *side = &r->side[i];
    if (side->facet.kind == CREASE_FACET_UNIT) {
        set_unit_row(r, side->decision);
    } else if (side->facet.kind == CREASE_FACET_HALF) {
        crease_domain_half(r->domain, side->facet.index, r->row);
        mpz_set_ui(r->den, 1);
    } else {
        set_box_row(r, &side->facet);
    }
}

void crease_region_facet_row(crease_region *r, size_t i, double *row)
{
    if (i >= crease_region_facets(r))
        return;
    crease_region_set_facet_row(r, i);
    for (size_t j = 0; j <= r->inputs; j++)
        row[j] = crease_region_entry_double(r, j);
}

char *crease_region_facet_text(crease_region *r, size_t i, size_t j)
{
    if (i >= crease_region_facets(r))
        return NULL;
    crease_region_set_facet_row(r, i);
    return crease_region_entry_text(r, j);
}

/* ---- Neighbours ---- */

/* All rows but the facet's may be parallel to it. */
void crease_region_cross(crease_region *r, size_t decision, uint8_t *neighbour)
{
    crease_walk_region *walk = &r->walk;
    crease_region_add_rows(r);
    size_t row = walk->unit_row[decision];
    for (size_t id = 0; id < r->model->units; id++)
        if (walk->unit_row[id] < CREASE_ROW_MOOT)
            walk->state[walk->unit_row[id]] = CREASE_ROW_IMPLIED;
    walk->state[row] = CREASE_ROW_FACET;
    crease_walk_region_across(walk, row, r->across);
    crease_units_states(r->network, r->across, neighbour);
}

const uint8_t *crease_region_neighbour(crease_region *r, size_t i)
{
    if (i >= crease_region_facets(r) || r->side[i].facet.kind != CREASE_FACET_UNIT)
        return NULL;
    if (!r->side[i].crossed)
        crease_region_cross(r, r->side[i].decision, r->side[i].neighbour);
    r->side[i].crossed = true;
    return r->side[i].neighbour;
}
