#include "model/faces.h"

#include "base/interrupt.h"
#include "base/memory.h"
#include "model/layer.h"
#include "model/shadow.h"
#include "exact/integer.h"

#include <math.h>
#include <stdlib.h>

long crease_faces_magnitude(const crease_domain *domain, size_t j)
{
    long lo = crease_layer_magnitude(mpq_numref(domain->lo[j]), mpq_denref(domain->lo[j]));
    long hi = crease_layer_magnitude(mpq_numref(domain->hi[j]), mpq_denref(domain->hi[j]));
    return lo > hi ? lo : hi;
}

/* ---- The origin ---- */

/* For a narrow box far from 0, a point near its middle with few bits; otherwise 0. */
static void choose_centre(const crease_domain *domain, size_t j, mpq_t centre)
{
    mpq_t width, middle;
    mpz_t steps;
    mpq_inits(width, middle, NULL);
    mpz_init(steps);
    mpq_sub(width, domain->hi[j], domain->lo[j]);
    mpq_add(middle, domain->hi[j], domain->lo[j]);
    mpq_div_2exp(middle, middle, 1);
    mpq_set_ui(centre, 0, 1);
    mpq_abs(centre, middle);
    bool far = mpq_cmp(centre, width) > 0;
    mpq_set_ui(centre, 0, 1);
    if (far) {
        /* Round to a multiple of 2^e, about an eighth of the width. */
        long e = crease_layer_magnitude(mpq_numref(width), mpq_denref(width)) - 4;
        if (e < 0)
            mpq_mul_2exp(middle, middle, (mp_bitcnt_t)-e);
        else
            mpq_div_2exp(middle, middle, (mp_bitcnt_t)e);
        mpz_tdiv_q(steps, mpq_numref(middle), mpq_denref(middle));
        mpq_set_z(centre, steps);
        if (e < 0)
            mpq_div_2exp(centre, centre, (mp_bitcnt_t)-e);
        else
            mpq_mul_2exp(centre, centre, (mp_bitcnt_t)e);
    }
    mpq_clears(width, middle, NULL);
    mpz_clear(steps);
}

static void move_layer(crease_model_layer *layer, mpq_t *centre)
{
    size_t n = layer->inputs;
    crease_rows *map = &layer->map;
    mpz_t common, part;
    mpz_init_set_ui(common, 1);
    mpz_init(part);
    for (size_t j = 0; j < n; j++)
        mpz_lcm(common, common, mpq_denref(centre[j]));
    mpz_mul(layer->den, layer->den, common);
    for (size_t u = 0; u < layer->width && !crease_interrupted(); u++) {
        mpz_mul(map->bias[u], map->bias[u], common);
        for (size_t i = map->begin[u]; i < map->begin[u + 1]; i++) {
            size_t j = map->input[i];
            mpz_mul(map->weight[i], map->weight[i], common);
            mpz_divexact(part, map->weight[i], mpq_denref(centre[j]));
            mpz_addmul(map->bias[u], part, mpq_numref(centre[j]));
        }
    }
    mpz_clears(common, part, NULL);
}

/* a.(centre + x') <= b is a.x' <= b - a.centre. */
static void move_halves(crease_domain *moved, const crease_domain *domain, const size_t *kept,
                        size_t inputs, mpq_t *centre)
{
    size_t n = domain->inputs;
    mpq_t term;
    mpq_init(term);
    for (size_t i = 0; i < domain->halves * (n + 1); i++)
        mpq_set(moved->half[i], domain->half[i]);
    for (size_t i = 0; i < domain->halves; i++) {
        mpq_t *half = moved->half + i * (n + 1);
        for (size_t j = 0; j < inputs; j++) {
            mpq_mul(term, half[kept[j]], centre[j]);
            mpq_sub(half[n], half[n], term);
        }
    }
    mpq_clear(term);
}

crease_domain *crease_faces_move(const crease_domain *domain, const size_t *kept, size_t inputs,
                                 crease_model_layer *layer, mpq_t *centre)
{
    bool boxed = crease_domain_boxed(domain);
    crease_domain *moved = crease_domain_new(domain->inputs, boxed, domain->halves);
    for (size_t j = 0; j < inputs && boxed; j++) {
        choose_centre(domain, kept[j], centre[j]);
        mpq_sub(moved->lo[kept[j]], domain->lo[kept[j]], centre[j]);
        mpq_sub(moved->hi[kept[j]], domain->hi[kept[j]], centre[j]);
    }
    if (layer && boxed)
        move_layer(layer, centre);
    move_halves(moved, domain, kept, inputs, centre);
    return moved;
}

/* ---- The faces ---- */

static void set_side(crease_model *model, size_t f, size_t j, const mpq_t bound, int sign)
{
    /* sign (x_j - p/q) >= 0  <=>  sign (q 2^c_j v_j - p 2^c_n v_n) >= 0 */
    size_t d = model->inputs + 1;
    mpz_t *row = model->face + f * d;
    mpz_mul_2exp(row[j], mpq_denref(bound), (mp_bitcnt_t)model->column[j]);
    mpz_mul_2exp(row[d - 1], mpq_numref(bound), (mp_bitcnt_t)model->column[d - 1]);
    mpz_neg(row[d - 1], row[d - 1]);
    if (sign < 0) {
        mpz_neg(row[j], row[j]);
        mpz_neg(row[d - 1], row[d - 1]);
    }
}

/* b - sum_j a_j x_j >= 0  <=>  b 2^c_n v_n - sum_j a_j 2^c_j v_j >= 0 */
static void set_wall(crease_model *model, size_t f, const crease_domain *domain, size_t i)
{
    size_t n = model->inputs;
    mpz_t *row = model->face + f * (n + 1), *all = crease_integer_new(domain->inputs + 1);
    crease_domain_half(domain, i, all);
    for (size_t j = 0; j <= n; j++)
        mpz_mul_2exp(row[j], all[j < n ? model->kept[j] : domain->inputs],
                     (mp_bitcnt_t)model->column[j]);
    crease_integer_reduce(row, n + 1);
    crease_integer_free(all, domain->inputs + 1);
}

/* |x_j| <= max(|lo|, |hi|), rounded up. */
static void set_reach(crease_model *model, const crease_domain *domain)
{
    model->reach = crease_alloc(model->inputs, sizeof(double));
    for (size_t j = 0; j < model->inputs; j++) {
        size_t input = model->kept[j];
        double lo = fabs(mpq_get_d(domain->lo[input])), hi = fabs(mpq_get_d(domain->hi[input]));
        model->reach[j] = ldexp((lo > hi ? lo : hi) * (1 + 0x1p-40) + 0x1p-1000,
                                (int)(model->column[model->inputs] - model->column[j]));
    }
}

/* A model whose only layer has the walls as its rows. */
static crease_model *model_of_walls(const crease_model *model)
{
    size_t d = model->inputs + 1, halves = model->halves;
    const mpz_t *wall = (const mpz_t *)model->face + (model->faces - halves) * d;
    crease_model *walls = crease_alloc(1, sizeof *walls);
    crease_model_layer *layer = crease_alloc(1, sizeof *layer);
    *layer = (crease_model_layer){.width = halves,
                                  .inputs = model->inputs,
                                  .stride = (halves + 7) / 8 * 8,
                                  .decisions = halves,
                                  .pieces = 1};
    crease_rows_open(&layer->map, model->inputs);
    for (size_t i = 0; i < halves; i++)
        crease_rows_take(&layer->map, wall + i * d);
    mpz_init_set_ui(layer->den, 1);
    crease_layer_set_doubles(layer);
    *walls = (crease_model){
        .inputs = model->inputs, .layers = 1, .units = halves, .layer = layer, .constant_value = 1};
    mpz_init_set_ui(walls->constant, 1);
    return walls;
}

void crease_faces_set(crease_model *model, const crease_domain *domain)
{
    size_t d = model->inputs + 1, sides;
    model->boxed = crease_domain_boxed(domain) && model->inputs > 0;
    model->halves = domain ? domain->halves : 0;
    sides = model->boxed ? 2 * model->inputs : 0;
    model->faces = sides + model->halves;
    model->face = crease_integer_new((model->faces + 1) * d);
    model->face_value = crease_alloc((model->faces + 1) * d, sizeof(double));
    model->face_error = crease_alloc(model->faces + 1, sizeof(double));
    mpz_set_ui(model->face[model->faces * d + d - 1], 1);
    for (size_t j = 0; j < sides / 2; j++) {
        set_side(model, 2 * j, j, domain->lo[model->kept[j]], 1);
        set_side(model, 2 * j + 1, j, domain->hi[model->kept[j]], -1);
    }
    for (size_t i = 0; i < model->halves; i++)
        set_wall(model, sides + i, domain, i);
    for (size_t f = 0; f <= model->faces; f++) {
        crease_integer_to_doubles(model->face_value + f * d, (const mpz_t *)model->face + f * d, d);
        model->face_error[f] = 0x1p-52;
    }
    model->face_value[model->faces * d + d - 1] = 1;
    model->face_error[model->faces] = 0;
    if (model->boxed)
        set_reach(model, domain);
    if (CREASE_SHADOW)
        crease_shadow_faces(model, domain);
    if (model->halves)
        model->walls = model_of_walls(model);
}
