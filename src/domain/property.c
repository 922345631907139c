#include "domain/property.h"

#include "base/memory.h"
#include "base/status.h"
#include "domain/slice.h"

#include <stdlib.h>
#include <string.h>

/* ---- A part as bounds and half-spaces ---- */

typedef struct {
    size_t inputs;
    mpq_t *lo, *hi;
    bool *has_lo, *has_hi;
    bool *open_lo, *open_hi; /* the bound is strict */
    size_t halves;
    const crease_constraint **half; /* the constraints on more than one input */
} bounds;

static bounds bounds_of(const crease_property *property, const crease_part *part)
{
    size_t n = property->inputs;
    bounds b = {.inputs = n,
                .lo = crease_alloc(n, sizeof(mpq_t)),
                .hi = crease_alloc(n, sizeof(mpq_t)),
                .has_lo = crease_alloc(n, sizeof(bool)),
                .has_hi = crease_alloc(n, sizeof(bool)),
                .open_lo = crease_alloc(n, sizeof(bool)),
                .open_hi = crease_alloc(n, sizeof(bool)),
                .half = crease_alloc(part->count, sizeof(crease_constraint *))};
    mpq_t limit;
    mpq_init(limit);
    for (size_t j = 0; j < n; j++)
        mpq_inits(b.lo[j], b.hi[j], NULL);
    for (size_t c = 0; c < part->count; c++) {
        const crease_constraint *own = part->constraint[c];
        if (own->count > 1) {
            b.half[b.halves++] = own;
            continue;
        }
        size_t j = own->index[0];
        bool upper = mpq_sgn(own->value[0]) > 0, *has = upper ? &b.has_hi[j] : &b.has_lo[j];
        bool *open = upper ? &b.open_hi[j] : &b.open_lo[j];
        mpq_t *end = upper ? &b.hi[j] : &b.lo[j];
        mpq_div(limit, own->bound, own->value[0]);
        int order = *has ? mpq_cmp(limit, *end) : upper ? -1 : 1;
        if (order == 0)
            *open = *open || own->strict;
        if (upper ? order < 0 : order > 0) {
            mpq_set(*end, limit);
            *open = own->strict;
        }
        *has = true;
    }
    mpq_clear(limit);
    return b;
}

static void free_bounds(bounds *b)
{
    for (size_t j = 0; j < b->inputs; j++)
        mpq_clears(b->lo[j], b->hi[j], NULL);
    free(b->lo);
    free(b->hi);
    free(b->has_lo);
    free(b->has_hi);
    free(b->open_lo);
    free(b->open_hi);
    free(b->half);
}

static bool same_end(bool has, bool other, const mpq_t end, const mpq_t value)
{
    return has == other && (!has || mpq_equal(end, value));
}

static bool same_half(const crease_constraint *a, const crease_constraint *b)
{
    bool same = a->count == b->count && mpq_equal(a->bound, b->bound);
    for (size_t k = 0; k < a->count && same; k++)
        same = a->index[k] == b->index[k] && mpq_equal(a->value[k], b->value[k]);
    return same;
}

/* The same bounds and the same half-spaces in the same order?  Strict ones have the same
 * interior. */
static bool same_bounds(const bounds *a, const bounds *b)
{
    bool same = a->halves == b->halves;
    for (size_t j = 0; j < a->inputs && same; j++)
        same = same_end(a->has_lo[j], b->has_lo[j], a->lo[j], b->lo[j]) &&
               same_end(a->has_hi[j], b->has_hi[j], a->hi[j], b->hi[j]);
    for (size_t i = 0; i < a->halves && same; i++)
        same = same_half(a->half[i], b->half[i]);
    return same;
}

void crease_property_drop_repeated(crease_property *property)
{
    bounds *seen = crease_alloc(property->parts, sizeof *seen);
    size_t kept = 0;
    for (size_t i = 0; i < property->parts; i++) {
        bounds own = bounds_of(property, &property->part[i]);
        size_t k = 0;
        while (k < kept && !same_bounds(&seen[k], &own))
            k++;
        if (k < kept) {
            free_bounds(&own);
            free(property->part[i].constraint);
            continue;
        }
        seen[kept] = own;
        property->part[kept++] = property->part[i];
    }
    for (size_t k = 0; k < kept; k++)
        free_bounds(&seen[k]);
    free(seen);
    property->parts = kept;
}

void crease_property_free(crease_property *property)
{
    if (!property)
        return;
    for (size_t i = 0; i < property->parts; i++)
        free(property->part[i].constraint);
    for (size_t c = 0; c < property->constraints; c++) {
        crease_constraint *own = property->constraint[c];
        for (size_t k = 0; k < own->count; k++)
            mpq_clear(own->value[k]);
        mpq_clear(own->bound);
        free(own->index);
        free(own->value);
        free(own);
    }
    free(property->constraint);
    free(property->part);
    free(property->name);
    free(property);
}

size_t crease_property_parts(const crease_property *property)
{
    return property->parts;
}

size_t crease_property_ignored(const crease_property *property)
{
    return property->ignored;
}

/* ---- A part as a domain ---- */

/* place[j]: which input of the domain input j is, or SIZE_MAX if it is fixed. */
static crease_status place_inputs(const crease_property *property, size_t i, const bounds *b,
                                  size_t *place, size_t *left, crease_error *error)
{
    *left = 0;
    for (size_t j = 0; j < b->inputs; j++) {
        int order = b->has_lo[j] && b->has_hi[j] ? mpq_cmp(b->lo[j], b->hi[j]) : -1;
        if (order > 0)
            return crease_fail(
                error, CREASE_INPUT,
                "%s: X_%zu: the lower bound is greater than the upper one (part %zu)",
                property->name, j, i + 1);
        if (order == 0 && (b->open_lo[j] || b->open_hi[j]))
            return crease_fail(error, CREASE_INPUT,
                               "%s: X_%zu: no number satisfies its strict bounds (part %zu)",
                               property->name, j, i + 1);
        place[j] = order < 0 ? (*left)++ : SIZE_MAX;
    }
    if (!*left)
        return crease_fail(error, CREASE_INPUT, "%s: every input is fixed (part %zu)",
                           property->name, i + 1);
    return CREASE_OK;
}

/* The network with the fixed inputs put in. */
static crease_network *put_in(const crease_network *network, const bounds *b, const size_t *place,
                              size_t left)
{
    crease_rows map;
    mpz_t den;
    mpz_init_set_ui(den, 1);
    for (size_t j = 0; j < b->inputs; j++)
        if (place[j] == SIZE_MAX)
            mpz_lcm(den, den, mpq_denref(b->lo[j]));
    crease_rows_open(&map, left);
    for (size_t j = 0; j < b->inputs; j++) {
        mpz_ptr bias = crease_rows_begin(&map);
        if (place[j] == SIZE_MAX) {
            mpz_divexact(bias, den, mpq_denref(b->lo[j]));
            mpz_mul(bias, bias, mpq_numref(b->lo[j]));
        } else {
            mpz_set(crease_rows_add(&map, place[j]), den);
        }
    }
    crease_network *sliced = crease_network_substitute(network, &map, den);
    crease_network_set_origin(sliced, "%s; with fixed inputs", crease_network_origin(network));
    crease_rows_free(&map);
    mpz_clear(den);
    return sliced;
}

/* Row of the constraint in the domain's inputs; false if these do not matter. */
static bool set_half(mpq_t *row, const crease_constraint *c, const bounds *b, const size_t *place,
                     size_t left)
{
    bool matters = false;
    mpq_t term;
    mpq_init(term);
    for (size_t j = 0; j < left; j++)
        mpq_set_ui(row[j], 0, 1);
    mpq_set(row[left], c->bound);
    for (size_t k = 0; k < c->count; k++) {
        size_t j = c->index[k];
        if (place[j] == SIZE_MAX) {
            mpq_mul(term, c->value[k], b->lo[j]);
            mpq_sub(row[left], row[left], term);
        } else {
            mpq_set(row[place[j]], c->value[k]);
            matters = true;
        }
    }
    mpq_clear(term);
    return matters;
}

/* Bounds become half-spaces if some are missing. */
static void set_bounds(crease_domain *domain, const bounds *b, const size_t *place)
{
    size_t n = domain->inputs;
    for (size_t j = 0; j < b->inputs; j++) {
        size_t to = place[j];
        if (to == SIZE_MAX)
            continue;
        if (domain->lo) {
            mpq_set(domain->lo[to], b->lo[j]);
            mpq_set(domain->hi[to], b->hi[j]);
            continue;
        }
        for (int upper = 0; upper < 2; upper++) {
            if (upper ? !b->has_hi[j] : !b->has_lo[j])
                continue;
            mpq_t *row = domain->half + domain->halves++ * (n + 1);
            mpq_set_si(row[to], upper ? 1 : -1, 1);
            mpq_set(row[n], upper ? b->hi[j] : b->lo[j]);
            if (!upper)
                mpq_neg(row[n], row[n]);
        }
    }
}

static crease_status set_halves(const crease_property *property, size_t i, crease_domain *domain,
                                const bounds *b, const size_t *place, crease_error *error)
{
    size_t n = domain->inputs;
    for (size_t k = 0; k < b->halves; k++) {
        mpq_t *row = domain->half + domain->halves * (n + 1);
        if (set_half(row, b->half[k], b, place, n))
            domain->halves++;
        else if (mpq_sgn(row[n]) < 0 || (b->half[k]->strict && !mpq_sgn(row[n])))
            return crease_fail(error, CREASE_INPUT,
                               "%s: line %d: the fixed inputs do not satisfy this (part %zu)",
                               property->name, b->half[k]->line, i + 1);
        else
            mpq_set_ui(row[n], 0, 1);
    }
    return CREASE_OK;
}

/* How many of the half-spaces have an input that is not fixed. */
static size_t count_halves(const bounds *b, const size_t *place)
{
    size_t count = 0;
    for (size_t i = 0; i < b->halves; i++) {
        bool free_input = false;
        for (size_t k = 0; k < b->half[i]->count; k++)
            free_input = free_input || place[b->half[i]->index[k]] != SIZE_MAX;
        count += free_input;
    }
    return count;
}

static crease_status make_domain(const crease_property *property, size_t i, const bounds *b,
                                 const size_t *place, size_t left, crease_domain **out,
                                 crease_error *error)
{
    size_t some = 0;
    bool box = true;
    for (size_t j = 0; j < b->inputs; j++)
        if (place[j] != SIZE_MAX) {
            box = box && b->has_lo[j] && b->has_hi[j];
            some += (size_t)b->has_lo[j] + b->has_hi[j];
        }
    size_t room = count_halves(b, place) + (box ? 0 : some);
    if (crease_domain_check_size(property->name, room, left, error))
        return CREASE_INPUT;
    room++; /* for a half-space that turns out not to matter */
    crease_domain *domain = crease_domain_new(left, box, room);
    domain->halves = 0;
    set_bounds(domain, b, place);
    crease_status status = set_halves(property, i, domain, b, place, error);
    for (size_t k = domain->halves * (left + 1); k < room * (left + 1); k++)
        mpq_clear(domain->half[k]);
    if (status)
        crease_domain_free(domain);
    else
        *out = domain;
    return status;
}

crease_status crease_property_part(const crease_property *property, size_t i,
                                   const crease_network *network, crease_network **sliced,
                                   crease_domain **domain, crease_error *error)
{
    *sliced = NULL;
    *domain = NULL;
    crease_status status = crease_network_complete(network, error);
    if (status)
        return status;
    size_t n = property->inputs, left, *place = crease_alloc(n, sizeof *place);
    bounds b = bounds_of(property, &property->part[i]);
    status = place_inputs(property, i, &b, place, &left, error);
    if (!status)
        status = make_domain(property, i, &b, place, left, domain, error);
    if (!status && left < n)
        *sliced = put_in(network, &b, place, left);
    free_bounds(&b);
    free(place);
    return status;
}
