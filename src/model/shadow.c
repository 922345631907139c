#include "model/shadow.h"

#include "base/memory.h"
#include "base/random.h"
#include "exact/fractions.h"
#include "exact/integer.h"
#include "model/enclose.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

bool crease_shadow_map_scale(const crease_map *map, mpq_t f)
{
    mpz_t one;
    if (!isfinite(map->scale) || !(map->scale > 0))
        return false;
    mpz_init(one);
    mpz_mul(one, map->constant, map->model->layer[map->layer].den);
    mpq_set_d(f, map->scale);
    mpz_mul(mpq_denref(f), mpq_denref(f), one);
    mpq_canonicalize(f);
    mpz_clear(one);
    return true;
}

static void fail(const crease_map *map, size_t u, const char *why)
{
    char row[600];
    size_t stride = map->model->layer[map->layer].stride;
    crease_shadow_fail(
        CREASE_FILTER_MAPS,
        "layer %zu, row %zu: %s; mag %a, err %a, bound %a, slope %a, quantum %a, row %s",
        map->layer, u, why, map->mag[u], map->err[u], map->bound[u], map->slope[u], map->quantum,
        crease_shadow_doubles(map->row + u, stride, map->d, row));
}

/* The entries of row u beside the exact ones; sum receives their absolute values. */
static void check_entries(crease_map *map, size_t u, const mpq_t f, mpq_t sum)
{
    size_t stride = map->model->layer[map->layer].stride;
    const mpz_t *exact = crease_map_exact(map, u);
    mpq_t entry, meant, most;
    mpq_inits(entry, meant, most, NULL);
    mpq_set_d(most, map->err[u]);
    mpq_set_ui(sum, 0, 1);
    for (size_t j = 0; j < map->d; j++) {
        double x = map->row[j * stride + u];
        if (!isfinite(x) || !(fabs(x) <= map->mag[u]))
            fail(map, u, "an entry is larger than mag");
        if (map->quantum > 0 && (map->err[u] != 0 || rint(x / map->quantum) != x / map->quantum))
            fail(map, u, "an entry is no multiple of the quantum");
        mpq_set_d(entry, x);
        mpq_set_z(meant, exact[j]);
        mpq_mul(meant, meant, f);
        mpq_sub(meant, meant, entry);
        mpq_abs(meant, meant);
        mpq_abs(entry, entry);
        mpq_add(sum, sum, entry);
        if (mpq_cmp(meant, most) > 0)
            fail(map, u, "an entry is not within err");
    }
    mpq_clears(entry, meant, most, NULL);
}

/* d u / (1 - d u) mag + err <= bound and sum |row| + d err <= slope. */
static void check_bounds(const crease_map *map, size_t u, const mpq_t sum)
{
    mpq_t need, part, have;
    mpq_inits(need, part, have, NULL);
    mpq_set_ui(part, map->d, 1);
    mpz_ui_pow_ui(mpq_denref(part), 2, 53);
    mpz_sub_ui(mpq_denref(part), mpq_denref(part), map->d);
    mpq_canonicalize(part);
    mpq_set_d(need, map->mag[u]);
    mpq_mul(need, need, part);
    mpq_set_d(part, map->err[u]);
    mpq_add(need, need, part);
    mpq_set_d(have, map->bound[u]);
    if (mpq_cmp(need, have) > 0)
        fail(map, u, "bound is too small");
    mpq_set_ui(need, map->d, 1);
    mpq_mul(need, need, part);
    mpq_add(need, need, sum);
    mpq_set_d(have, map->slope[u]);
    if (mpq_cmp(need, have) > 0)
        fail(map, u, "slope is too small");
    mpq_clears(need, part, have, NULL);
}

void crease_shadow_map(crease_map *map)
{
    mpq_t f, sum;
    mpq_inits(f, sum, NULL);
    bool scaled = crease_shadow_map_scale(map, f);
    for (size_t u = 0; u < map->model->layer[map->layer].width; u++) {
        /* Nothing is decided by a row without a bound. */
        if (!isfinite(map->bound[u]))
            continue;
        if (!scaled)
            fail(map, u, "a bound in spite of the scale");
        check_entries(map, u, f, sum);
        check_bounds(map, u, sum);
        crease_shadow_count(CREASE_FILTER_MAPS);
    }
    mpq_clears(f, sum, NULL);
}

/* The doubles of row u, whose rows are taken in their order: the next entry of each column is at
 * next[j]. */
static void take_row(const crease_model_layer *layer, size_t u, size_t *next, double *row)
{
    const crease_columns *c = &layer->columns;
    for (size_t j = 0; j < layer->inputs; j++) {
        row[j] = layer->weight ? layer->weight[j * layer->stride + u] : 0;
        if (!layer->weight && next[j] < c->begin[j + 1] && c->unit[next[j]] == u)
            row[j] = c->weight[next[j]++];
    }
    row[layer->inputs] = layer->bias[u];
}

void crease_shadow_weights(const crease_model_layer *layer)
{
    mpq_t meant, have, most;
    size_t n = layer->inputs, *next = crease_alloc(n, sizeof *next);
    double *row = crease_alloc(n + 1, sizeof *row);
    mpz_t *exact = crease_integer_new(n + 1);
    mpq_inits(meant, have, most, NULL);
    if (!layer->weight)
        memcpy(next, layer->columns.begin, n * sizeof *next);
    for (size_t u = 0; u < layer->width; u++) {
        take_row(layer, u, next, row);
        crease_rows_expand(&layer->map, u, exact);
        for (size_t j = 0; j <= n; j++) {
            double weight = row[j];
            if (!isfinite(weight) && layer->error > 0)
                continue;
            mpz_set(mpq_numref(meant), exact[j]);
            mpz_set(mpq_denref(meant), layer->den);
            mpq_canonicalize(meant);
            mpq_set_d(have, weight);
            mpq_set_d(most, layer->error * fabs(weight));
            mpq_sub(meant, meant, have);
            mpq_abs(meant, meant);
            if (mpq_cmp(meant, most) > 0)
                crease_shadow_fail(CREASE_FILTER_WEIGHTS, "row %zu, entry %zu: %a", u, j, weight);
            if (layer->quantum > 0 && rint(weight / layer->quantum) != weight / layer->quantum)
                crease_shadow_fail(CREASE_FILTER_WEIGHTS,
                                   "row %zu, entry %zu: %a has not quantum %a", u, j, weight,
                                   layer->quantum);
            crease_shadow_count(CREASE_FILTER_WEIGHTS);
        }
    }
    free(next);
    free(row);
    crease_integer_free(exact, n + 1);
    mpq_clears(meant, have, most, NULL);
}

static void shift(mpq_t x, long exponent)
{
    (exponent < 0 ? mpq_div_2exp
                  : mpq_mul_2exp)(x, x, (mp_bitcnt_t)(exponent < 0 ? -exponent : exponent));
}

static void check_reach(const crease_model *model, const crease_domain *domain)
{
    mpq_t end, reach;
    mpq_inits(end, reach, NULL);
    for (size_t j = 0; j < model->inputs; j++)
        for (int side = 0; side < 2 && isfinite(model->reach[j]); side++) {
            mpq_abs(end, (side ? domain->hi : domain->lo)[model->kept[j]]);
            shift(end, model->column[model->inputs] - model->column[j]);
            mpq_set_d(reach, model->reach[j]);
            if (mpq_cmp(end, reach) > 0)
                crease_shadow_fail(CREASE_FILTER_FACES, "input %zu reaches beyond %a", j,
                                   model->reach[j]);
        }
    mpq_clears(end, reach, NULL);
}

void crease_shadow_faces(const crease_model *model, const crease_domain *domain)
{
    size_t d = model->inputs + 1;
    char text[600];
    for (size_t f = 0; f <= model->faces; f++) {
        const mpz_t *row = (const mpz_t *)model->face + f * d;
        crease_shadow_count(CREASE_FILTER_FACES);
        if (!crease_shadow_factor(model->face_value + f * d, 1, model->face_error[f], row, 1, d,
                                  NULL))
            crease_shadow_fail(CREASE_FILTER_FACES, "face %zu: %s", f,
                               crease_shadow_doubles(model->face_value + f * d, 1, d, text));
    }
    if (model->reach)
        check_reach(model, domain);
}

void crease_shadow_prints(crease_output_work *work, const uint8_t *a, const uint8_t *b)
{
    crease_shadow_count(CREASE_FILTER_PRINTS);
    if (crease_output_same(work, a, b))
        crease_shadow_fail(CREASE_FILTER_PRINTS, "two regions of one map have different prints");
}

/* Row r at h, a vector of fractions. */
static void row_at(const crease_layer *layer, size_t r, mpq_t *h, mpq_t z)
{
    const crease_rows *map = &layer->map;
    mpq_t term;
    mpq_init(term);
    mpq_set_z(z, map->bias[r]);
    for (size_t i = map->begin[r]; i < map->begin[r + 1]; i++) {
        mpq_set_z(term, map->weight[i]);
        mpq_mul(term, term, h[map->input[i]]);
        mpq_add(z, z, term);
    }
    mpq_set_z(term, layer->den);
    mpq_div(z, z, term);
    mpq_clear(term);
}

static void unit_at(const crease_layer *layer, size_t u, mpq_t *h, mpq_t out)
{
    size_t switching = layer->width - layer->carry;
    size_t row = u < switching ? u * layer->rank : switching * layer->rank + u - switching;
    mpq_t z;
    mpq_init(z);
    row_at(layer, row, h, z);
    mpq_set(out, z);
    for (size_t k = 1; u < switching && k < layer->rank; k++) {
        row_at(layer, row + k, h, z);
        if (mpq_cmp(z, out) > 0)
            mpq_set(out, z);
    }
    if (u < switching && layer->rank == 1)
        crease_enclosure_activate(layer, z, out);
    mpq_clear(z);
}

/* The outputs at x. */
static mpq_t *outputs_at(const crease_network *network, mpq_t *x)
{
    mpq_t *h = x;
    for (size_t l = 0; l < network->layers; l++) {
        const crease_layer *layer = &network->layer[l];
        mpq_t *next = crease_fractions_new(layer->width);
        for (size_t u = 0; u < layer->width; u++)
            unit_at(layer, u, h, next[u]);
        if (l)
            crease_fractions_free(h, layer->inputs);
        h = next;
    }
    return h;
}

void crease_shadow_settled(const crease_network *given, const crease_network *settled,
                           const crease_domain *box)
{
    enum { POINTS = 8, STEPS = 4 };
    uint64_t state = 0x736574746c6564u;
    size_t outputs = given->layer[given->layers - 1].width;
    mpq_t *x = crease_fractions_new(box->inputs), step;
    mpq_init(step);
    for (int p = 0; p < POINTS; p++) {
        for (size_t j = 0; j < box->inputs; j++) {
            mpq_set_ui(step, crease_random_next(&state) % (STEPS + 1), STEPS);
            mpq_canonicalize(step);
            mpq_sub(x[j], box->hi[j], box->lo[j]);
            mpq_mul(x[j], x[j], step);
            mpq_add(x[j], x[j], box->lo[j]);
        }
        mpq_t *a = outputs_at(given, x), *b = outputs_at(settled, x);
        for (size_t i = 0; i < outputs; i++)
            if (!mpq_equal(a[i], b[i]))
                crease_shadow_fail(CREASE_FILTER_SETTLED, "point %d: output %zu differs", p, i);
        crease_shadow_count(CREASE_FILTER_SETTLED);
        crease_fractions_free(a, outputs);
        crease_fractions_free(b, outputs);
    }
    crease_fractions_free(x, box->inputs);
    mpq_clear(step);
}
