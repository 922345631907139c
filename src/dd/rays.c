#include "dd/rays.h"

#include "base/bits.h"
#include "base/interrupt.h"
#include "base/limits.h"
#include "base/memory.h"
#include "base/status.h"
#include "exact/filter.h"
#include "exact/integer.h"
#include "exact/signs.h"
#include "dd/shadow.h"
#include "dd/values.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* A refined ray is closer to its line than this, or not worth refining again. */
static const double narrow_error = 1e-13;
/* In fewer dimensions a value costs no more than its passing on. */
static const size_t least_valued = 5;
/* Of values in bytes, for vector instructions. */
enum { VALUE_ALIGNMENT = 64 };

/* Rays keep signs of all later layers if the layers have no more words together. */
enum { AHEAD_WORDS = CREASE_LIMIT_AHEAD };

enum { LONG_BITS = 1024 };

size_t crease_rays_unit_slot(const crease_rays *rays, const crease_frame *frame)
{
    if (rays->unit_slot == CREASE_RAY_SLOTS)
        return CREASE_RAY_SLOTS;
    const crease_row *row = crease_frame_row(frame, rays->unit_slot);
    return crease_rays_is_unit(rays, rays->unit_slot, row) ? rays->unit_slot : CREASE_RAY_SLOTS;
}

/* What a ray keeps: first a word that says for which layers, then signs by layers. */
static void set_ahead(crease_rays *rays)
{
    const crease_model *model = rays->map->model;
    size_t next = rays->map->layer + 1, all = rays->all_words;
    rays->ahead_all = all <= AHEAD_WORDS;
    rays->ahead = 0;
    if (next < model->layers)
        rays->ahead = 1 + 2 * (rays->ahead_all ? all : crease_rays_words(&model->layer[next]));
}

void crease_rays_set_map(crease_rays *rays, crease_map *map)
{
    const crease_model *model = map->model;
    if (!rays->map || rays->map->model != model) {
        rays->all_words = 0;
        for (size_t l = 0; l < model->layers; l++)
            rays->all_words += crease_rays_words(&model->layer[l]);
    }
    rays->map = map;
    rays->words = crease_rays_words(&model->layer[map->layer]);
    size_t stride = model->layer[map->layer].stride;
    bool keep = map->d >= least_valued && map->d <= CREASE_RAY_SLOTS && stride <= CREASE_RAY_VALUES;
    rays->values = keep ? stride : 0;
    set_ahead(rays);
}

const crease_rays *crease_rays_with_map(const crease_rays *rays, crease_map *map)
{
    crease_rays *other = crease_arena_take(rays->arena, sizeof *other);
    *other = *rays;
    assert(map->d == rays->d);
    crease_rays_set_map(other, map);
    return other;
}

crease_ray_cell crease_rays_take_cell(const crease_rays *rays, const crease_frame *frame,
                                      size_t room)
{
    return (crease_ray_cell){
        frame, 0, crease_arena_take(rays->arena, (room ? room : 1) * sizeof(crease_ray *))};
}

/* ahead: what another ray keeps, or NULL. */
static crease_ray *take(const crease_rays *rays, uint64_t *ahead)
{
    size_t own = ahead ? 0 : rays->ahead;
    size_t body = rays->d * sizeof(double) + (2 * rays->words + own) * sizeof(uint64_t);
    size_t kept = rays->values ? 2 * rays->values * sizeof(double) + VALUE_ALIGNMENT : 0;
    size_t list = rays->lists && rays->d <= CREASE_RAY_LISTED ? 1 + rays->d * CREASE_RAY_LIST : 0;
    crease_ray *ray = crease_arena_take(rays->arena, sizeof *ray + body + kept + list);
    void *tail = ray + 1;
    ray->v = tail;
    tail = ray->v + rays->d;
    ray->positive = tail;
    ray->negative = ray->positive + rays->words;
    tail = ray->negative + rays->words;
    ray->ahead = ahead ? ahead : tail;
    if (own)
        ray->ahead[0] = 0;
    ray->valued = 0;
    ray->value = ray->error = NULL;
    if (rays->values) {
        tail = (uint64_t *)tail + own;
        uintptr_t end = (uintptr_t)tail;
        ray->value = (double *)((char *)tail + (VALUE_ALIGNMENT - end % VALUE_ALIGNMENT));
        ray->error = ray->value + rays->values;
    }
    ray->list = NULL;
    if (list) {
        ray->list = (uint8_t *)(ray + 1) + body + kept;
        ray->list[0] = 0;
    }
    ray->kernel = false;
    ray->exact = NULL;
    rays->tally->rays++;
    return ray;
}

crease_ray *crease_rays_take(const crease_rays *rays)
{
    return take(rays, NULL);
}

static void set_one(const crease_rays *rays, crease_ray *ray)
{
    ray->one = crease_filter_one_norm(ray->v, rays->d) * (1 + 0x1p-40);
}

int64_t crease_rays_divisor(int64_t a, int64_t b)
{
    while (b) {
        int64_t rest = a % b;
        a = b;
        b = rest;
    }
    return a < 0 ? -a : a;
}

void crease_rays_set_integers(const crease_rays *rays, crease_ray *ray)
{
    int64_t divisor = 0;
    for (size_t j = 0; j < rays->d && divisor != 1; j++)
        if (ray->v[j] != 0)
            divisor = crease_rays_divisor((int64_t)ray->v[j], divisor);
    for (size_t j = 0; j < rays->d && divisor > 1; j++)
        ray->v[j] /= (double)divisor;
    ray->integer = true;
    ray->valued = 0;
    ray->err = 0;
    set_one(rays, ray);
}

double crease_rays_set_doubles(const crease_rays *rays, crease_ray *ray, double err)
{
    double top = crease_filter_max_norm(ray->v, rays->d);
    double factor = crease_filter_unit_scale(top);
    for (size_t j = 0; j < rays->d && factor != 1; j++)
        ray->v[j] *= factor;
    ray->integer = false;
    ray->valued = 0;
    ray->err = top * factor >= 0.5 && top * factor <= 1 ? err * factor : INFINITY;
    set_one(rays, ray);
    return factor;
}

static size_t most_bits(const mpz_t *V, size_t d)
{
    size_t bits = 0;
    for (size_t j = 0; j < d; j++)
        bits = mpz_sizeinbase(V[j], 2) > bits ? mpz_sizeinbase(V[j], 2) : bits;
    return bits;
}

/* Coordinates and error, which may become known of a ray that is older than what the arena holds
 * last. */
static void set_coordinates(const crease_rays *rays, crease_ray *ray, mpz_t *V)
{
    size_t bits = most_bits((const mpz_t *)V, rays->d);
    assert(crease_interrupt_raised() || !crease_integer_is_zero((const mpz_t *)V, rays->d));
    ray->integer = bits <= 50;
    if (ray->integer)
        for (size_t j = 0; j < rays->d; j++)
            ray->v[j] = mpz_get_d(V[j]);
    else
        crease_integer_to_doubles(ray->v, (const mpz_t *)V, rays->d);
    ray->valued = 0;
    ray->err = ray->integer ? 0 : 0x1p-52;
    set_one(rays, ray);
}

void crease_rays_set_exact(const crease_rays *rays, crease_ray *ray, mpz_t *V)
{
    set_coordinates(rays, ray, V);
    if (ray->integer || most_bits((const mpz_t *)V, rays->d) < LONG_BITS)
        return;
    mpz_t *own = crease_arena_take(rays->arena, rays->d * sizeof *own);
    for (size_t j = 0; j < rays->d; j++) {
        size_t bytes = mpz_size(V[j]) * sizeof(mp_limb_t);
        mp_limb_t *limbs = crease_arena_take(rays->arena, bytes + sizeof *limbs);
        memcpy(limbs, mpz_limbs_read(V[j]), bytes);
        mpz_roinit_n(own[j], limbs, mpz_sgn(V[j]) * (mp_size_t)mpz_size(V[j]));
    }
    ray->exact = (const mpz_t *)own;
}

const mpz_t *crease_rays_row(const crease_rays *rays, const crease_row *row)
{
    return row->map ? crease_map_exact(row->map, row->unit)
                    : rays->face + (ptrdiff_t)row->unit * rays->face_step;
}

void crease_rays_exact(const crease_rays *rays, const crease_ray *ray, mpz_t *V)
{
    const mpz_t *row[CREASE_RAY_SLOTS];
    size_t rows = 0;
    if (ray->integer) {
        for (size_t j = 0; j < rays->d; j++)
            mpz_set_d(V[j], ray->v[j]);
        return;
    }
    for (size_t j = 0; ray->exact && j < rays->d; j++)
        mpz_set(V[j], ray->exact[j]);
    if (ray->exact)
        return;
    crease_active_set left = ray->active;
    for (size_t s; (s = crease_active_next(&left)) < CREASE_RAY_SLOTS;)
        row[rows++] = crease_rays_row(rays, crease_frame_row(ray->frame, s));
    assert(rows == ray->active_count);
    if (!crease_integer_kernel(V, row, rows, rays->d) && !crease_interrupt_raised())
        crease_fatal("rays: the active rows of a ray do not determine it");
    /* The sign is that of the coordinates known so far, which are far closer than 1/2. */
    size_t pivot = 0;
    for (size_t j = 1; j < rays->d; j++)
        if (fabs(ray->v[j]) > fabs(ray->v[pivot]))
            pivot = j;
    if (mpz_sgn(V[pivot]) * ray->v[pivot] < 0)
        for (size_t j = 0; j < rays->d; j++)
            mpz_neg(V[j], V[j]);
}

double crease_rays_value(const crease_rays *rays, const crease_ray *ray, size_t u, double *bound)
{
    const crease_map *map = rays->map;
    size_t stride = map->model->layer[map->layer].stride;
    double value = 0;
    assert(u < stride);
    if (u < CREASE_RAY_VALUES && ray->valued >> u / 8 & 1) {
        *bound = ray->error[u];
        if (CREASE_SHADOW)
            crease_shadow_kept(rays, ray);
        return ray->value[u];
    }
    for (size_t j = 0; j < rays->d; j++)
        value += map->row[j * stride + u] * ray->v[j];
    *bound = crease_rays_products_exact(rays, ray)
                 ? 0
                 : map->bound[u] * ray->one + map->slope[u] * ray->err + 0x1p-1000;
    if (CREASE_SHADOW)
        crease_shadow_value(rays, ray, u, value, *bound);
    return value;
}

bool crease_rays_refine(const crease_rays *rays, crease_ray *ray)
{
    size_t d = rays->d, k = 0;
    double err;
    assert(d <= CREASE_RAY_SLOTS);
    /* The largest coordinate is 1/2 or more: closer than that, v tells the ray from its
     * opposite on the line. */
    if (ray->active_count + 1 != d || !(ray->err < 0.25))
        return false;
    crease_refiner_begin(rays->refiner, d);
    crease_active_set left = ray->active;
    for (size_t s; (s = crease_active_next(&left)) < CREASE_RAY_SLOTS;) {
        const crease_row *slot = crease_frame_row(ray->frame, s);
        double *row = crease_refiner_row(rays->refiner, k);
        double *error = crease_refiner_error(rays->refiner, k++);
        if (slot->map) {
            size_t stride = slot->map->model->layer[slot->map->layer].stride;
            double factor = crease_filter_unit_scale(slot->map->mag[slot->unit]);
            for (size_t j = 0; j < d; j++)
                row[j] = slot->map->row[j * stride + slot->unit] * factor;
            *error = slot->map->err[slot->unit] * factor;
            if (!(slot->map->mag[slot->unit] * factor <= 1))
                return false;
        } else if (rays->face_value) {
            memcpy(row, rays->face_value + slot->unit * d, d * sizeof *row);
            *error = rays->face_error[slot->unit];
        } else {
            memset(row, 0, d * sizeof *row);
            row[slot->unit] = 1;
            *error = 0;
        }
    }
    assert(k + 1 == d);
    double before[CREASE_RAY_SLOTS];
    memcpy(before, ray->v, d * sizeof *before);
    if (!crease_refiner_run(rays->refiner, ray->v, &err))
        return false;
    if (!(err < ray->err)) { /* the rows nearly depend on one another */
        memcpy(ray->v, before, d * sizeof *before);
        return ray->err < narrow_error;
    }
    rays->tally->refined++;
    crease_rays_set_doubles(rays, ray, err);
    return ray->err < narrow_error;
}

bool crease_rays_is_wide(const crease_ray *ray)
{
    return ray->err > narrow_error;
}

bool crease_rays_refine_all(const crease_rays *rays, const crease_ray_cell *cell)
{
    bool refined = false;
    for (size_t i = 0; i < cell->count && !crease_interrupted_after(rays->d * rays->d); i++)
        refined = (crease_rays_is_wide(cell->ray[i]) && crease_rays_refine(rays, cell->ray[i])) ||
                  refined;
    return refined;
}

static bool undecided(const crease_rays *rays, const crease_ray *ray, const uint64_t *wanted)
{
    for (size_t w = 0; w < rays->words; w++)
        if (wanted[w] & ~(ray->positive[w] | ray->negative[w]))
            return true;
    return false;
}

/* The signs of the wanted rows that the error bound decides. */
static void filter_signs(const crease_rays *rays, crease_ray *ray, const uint64_t *wanted,
                         bool exact)
{
    if (rays->values) {
        crease_values_fill(rays, ray, wanted);
        crease_values_signs(rays, ray, wanted);
        return;
    }
    const crease_map *map = rays->map;
    const crease_sign_rows rows = {rays->d, map->model->layer[map->layer].stride, map->row,
                                   map->bound, map->slope};
    crease_signs(&rows, ray->v, exact ? 0 : ray->one, exact ? 0 : ray->err, wanted, ray->positive,
                 ray->negative);
}

static void decide_in_integers(const crease_rays *rays, crease_ray *ray, const uint64_t *wanted,
                               bool fresh)
{
    uint64_t start = crease_clock_ticks();
    mpz_t *found = ray->exact ? NULL : crease_integer_new(rays->d);
    if (found)
        crease_rays_exact(rays, ray, found);
    const mpz_t *V = found ? (const mpz_t *)found : ray->exact;
    for (size_t w = 0; w < rays->words; w++) {
        uint64_t left = wanted[w] & ~(ray->positive[w] | ray->negative[w]);
        for (; left; left &= left - 1) {
            size_t u = 64 * w + (size_t)__builtin_ctzll(left);
            int sign = crease_integer_dot_sign(crease_map_exact(rays->map, u), V, rays->d);
            ray->positive[w] |= (uint64_t)(sign > 0) << u % 64;
            ray->negative[w] |= (uint64_t)(sign < 0) << u % 64;
            rays->tally->exact++;
        }
    }
    if (found)
        (fresh ? crease_rays_set_exact : set_coordinates)(rays, ray, found);
    crease_integer_free(found, rays->d);
    uint64_t spent = crease_clock_ticks() - start;
    rays->tally->exact_ticks += spent;
    rays->tally->proof_ticks += spent;
}

/* fresh: the ray is new, so that all its memory is released with it. */
static void resolve(const crease_rays *rays, crease_ray *ray, const uint64_t *wanted, bool fresh)
{
    if (ray->kernel || !undecided(rays, ray, wanted))
        return;
    bool exact = crease_rays_products_exact(rays, ray), passed_on = ray->valued;
    filter_signs(rays, ray, wanted, exact);
    if (passed_on && undecided(rays, ray, wanted)) {
        ray->valued = 0;
        filter_signs(rays, ray, wanted, exact);
    }
    if (!exact && crease_rays_is_wide(ray) && undecided(rays, ray, wanted) &&
        crease_rays_refine(rays, ray))
        filter_signs(rays, ray, wanted, false);
    for (size_t w = 0; w < rays->words; w++)
        rays->tally->filter += crease_bits_count(
            wanted[w] & (exact ? ~(uint64_t)0 : ray->positive[w] | ray->negative[w]));
    if (!exact && undecided(rays, ray, wanted))
        decide_in_integers(rays, ray, wanted, fresh);
    if (CREASE_SHADOW)
        crease_shadow_ray(rays, ray, wanted);
}

void crease_rays_resolve(const crease_rays *rays, crease_ray *ray, const uint64_t *wanted)
{
    resolve(rays, ray, wanted, false);
}

void crease_rays_sign(const crease_rays *rays, crease_ray *ray, const uint64_t *relevant)
{
    for (size_t w = 0; w < rays->words; w++)
        ray->positive[w] = ray->negative[w] = 0;
    resolve(rays, ray, relevant, true);
}

crease_ray *crease_rays_copy_line(const crease_rays *rays, const crease_ray *from, uint64_t *ahead)
{
    crease_ray *ray = take(rays, ahead);
    ray->frame = from->frame;
    ray->active = from->active;
    ray->active_count = from->active_count;
    ray->err = from->err;
    ray->one = from->one;
    ray->integer = from->integer;
    ray->kernel = from->kernel;
    ray->exact = from->exact;
    memcpy(ray->v, from->v, rays->d * sizeof *ray->v);
    return ray;
}

crease_ray_cell crease_rays_carry(const crease_rays *rays, const crease_ray_cell *cell,
                                  const crease_frame *frame, const uint64_t *relevant)
{
    crease_ray_cell next = crease_rays_take_cell(rays, frame, cell->count);
    for (size_t i = 0; i < cell->count && !crease_interrupted_after(rays->d * rays->words); i++) {
        crease_ray *to = crease_rays_copy_line(rays, cell->ray[i], NULL);
        to->frame = frame;
        crease_rays_sign(rays, to, relevant);
        next.ray[next.count++] = to;
    }
    return next;
}

size_t crease_rays_fewer(const crease_ray_cell *cell, size_t u)
{
    size_t positive = 0, negative = 0;
    for (size_t i = 0; i < cell->count; i++) {
        positive += crease_bit(cell->ray[i]->positive, u);
        negative += crease_bit(cell->ray[i]->negative, u);
    }
    return positive < negative ? positive : negative;
}

crease_ray *crease_rays_copy(const crease_rays *rays, const crease_ray *from)
{
    crease_ray *ray = crease_rays_copy_line(rays, from, NULL);
    memcpy(ray->positive, from->positive, rays->words * sizeof *ray->positive);
    memcpy(ray->negative, from->negative, rays->words * sizeof *ray->negative);
    return ray;
}
