#include "split/flats.h"

#include "base/limits.h"
#include "base/memory.h"
#include "base/status.h"
#include "cells/most.h"
#include "exact/integer.h"
#include "model/map.h"
#include "split/flat.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Below so many regions by the bound for general position it does not pay.  The work, in entries of
 * rows, that may be in vain for each region of that bound: with `auto` about a hundredth of what
 * the cell tree takes for them, and no more than 20 seconds or a tenth of the limit on time, as a
 * second is some 2^28.6 entries. */
static const double least_regions = 0x1p20, work_auto = 1, work_on = 100, least_work_on = 0x1p24;
static const double most_work_auto = 0x1p33, work_limited = 0x1p25;
enum { SLOTS = 1 << 14, MOST_ROWS = 4096 };

typedef struct entry {
    struct entry *next;
    uint64_t hash;
    crease_flat flat;
    mpq_t weight;
    struct entry *form; /* in the table of quick forms: of what flat it is one */
} entry;

/* Chains by the lowest bits of the hash. */
typedef struct {
    entry *slot[SLOTS];
    size_t entries, bytes;
} table;

typedef struct {
    table *now, *next; /* flats of one dimension, and of one less */
    table *quick;      /* quick normal forms of the latter */
    mpq_t total;
    double work, budget;
    uint64_t seen, alike;
    bool good; /* no number was too large, and the work is within the budget */
} run;

static uint64_t hash_of(const crease_flat *flat)
{
    return crease_flat_hash(flat) >> (64 - CREASE_LIMIT_HASH_BITS);
}

static entry *put(table *t, uint64_t hash, crease_flat *flat)
{
    entry *e = crease_alloc(1, sizeof *e);
    *e = (entry){.next = t->slot[hash % SLOTS], .hash = hash, .flat = *flat};
    mpq_init(e->weight);
    t->slot[hash % SLOTS] = e;
    t->entries++;
    t->bytes += sizeof *e + flat->rows * (flat->d + 2) * sizeof(int32_t);
    return e;
}

static entry *find(const table *t, uint64_t hash, const crease_flat *flat)
{
    entry *e = t->slot[hash % SLOTS];
    while (e && (e->hash != hash || !crease_flat_equal(&e->flat, flat)))
        e = e->next;
    return e;
}

static void clear(table *t)
{
    for (size_t i = 0; i < SLOTS; i++)
        for (entry *e = t->slot[i], *next; e; e = next) {
            next = e->next;
            crease_flat_free(&e->flat);
            mpq_clear(e->weight);
            free(e);
        }
    memset(t, 0, sizeof *t);
}

static void add_work(run *r, double work)
{
    r->work += work;
    r->good = r->good && r->work <= r->budget;
}

static bool normalise(run *r, crease_flat *flat, bool careful)
{
    size_t each = careful ? 4 * flat->rows : flat->d + 1;
    add_work(r, (double)(flat->rows * (flat->d + 1)) * (double)each);
    r->good = r->good && crease_flat_normalise(flat, careful);
    return r->good;
}

static crease_flat copy_of(const crease_flat *flat)
{
    crease_flat copy = *flat;
    copy.count = crease_alloc(flat->rows, sizeof *copy.count);
    copy.row = crease_alloc(flat->rows * (flat->d + 1), sizeof *copy.row);
    memcpy(copy.count, flat->count, flat->rows * sizeof *copy.count);
    memcpy(copy.row, flat->row, flat->rows * (flat->d + 1) * sizeof *copy.row);
    return copy;
}

/* Adds the weight to those of the flats that look like this one, which it takes over. */
static void enter(run *r, crease_flat *flat, mpq_t weight)
{
    crease_flat form = copy_of(flat);
    if (!normalise(r, &form, false)) {
        crease_flat_free(&form);
        crease_flat_free(flat);
        return;
    }
    uint64_t hash = hash_of(&form);
    entry *quick = find(r->quick, hash, &form);
    r->seen++;
    if (quick) {
        crease_flat_free(&form);
        crease_flat_free(flat);
        r->alike++;
    } else {
        if (r->quick->bytes > CREASE_LIMIT_FLATS)
            clear(r->quick);
        quick = put(r->quick, hash, &form);
        if (!normalise(r, flat, true)) {
            crease_flat_free(flat);
            return;
        }
        hash = hash_of(flat);
        quick->form = find(r->next, hash, flat);
        if (quick->form) {
            crease_flat_free(flat);
            r->alike++;
        } else {
            quick->form = put(r->next, hash, flat);
        }
    }
    mpq_add(quick->form->weight, quick->form->weight, weight);
}

/* 1 and the shares of the points on a line. */
static void add_line(mpq_t total, const crease_flat *line, const mpq_t weight)
{
    mpq_t sum, share;
    mpq_inits(sum, share, NULL);
    mpq_set_ui(sum, 1, 1);
    for (size_t k = 0; k < line->rows; k++) {
        mpq_set_ui(share, line->count[k], line->within + line->count[k]);
        mpq_canonicalize(share);
        mpq_add(sum, sum, share);
    }
    mpq_mul(sum, sum, weight);
    mpq_add(total, total, sum);
    mpq_clears(sum, share, NULL);
}

/* Passes the weight of a flat of two dimensions or more on to the flats in it; it becomes 0. */
static void pass_on(run *r, entry *e)
{
    const crease_flat *flat = &e->flat;
    mpq_t own, weight;
    mpq_inits(own, weight, NULL);
    mpq_swap(own, e->weight);
    mpq_add(r->total, r->total, own);
    for (size_t k = 0; k < flat->rows && r->good; k++) {
        crease_flat below;
        size_t work = flat->rows * (flat->d + 1);
        add_work(r, (double)work);
        if (crease_interrupted_after(work * (flat->d > 2 ? flat->rows : 1)))
            break;
        r->good = r->good && crease_flat_restrict(flat, k, &below);
        if (!r->good)
            break;
        mpq_set_ui(weight, flat->count[k], below.within);
        mpq_canonicalize(weight);
        mpq_mul(weight, weight, own);
        if (below.d > 1) {
            enter(r, &below, weight);
            continue;
        }
        add_line(r->total, &below, weight);
        crease_flat_free(&below);
    }
    mpq_clears(own, weight, NULL);
}

/* The arrangement of the model's only layer. */
static bool read_rows(const crease_model *model, crease_flat *flat)
{
    size_t d = model->inputs, n = d + 1, m = model->layer[0].decisions;
    mpz_t *matrix = crease_integer_new(m * n), *common = crease_integer_new(n);
    crease_map *map = crease_map_new(model, 0, n);
    crease_map_first(map);
    for (size_t k = 0; k < m; k++)
        for (size_t j = 0; j < n; j++) {
            mpz_set(matrix[k * n + j], crease_map_exact(map, k)[j]);
            mpz_gcd(common[j], common[j], matrix[k * n + j]);
        }
    crease_map_free(map);
    int64_t *v = crease_alloc(n, sizeof *v);
    *flat = (crease_flat){.d = d,
                          .count = crease_alloc(m, sizeof *flat->count),
                          .row = crease_alloc(m * n, sizeof *flat->row)};
    bool good = true;
    for (size_t k = 0; k < m && good; k++) {
        bool plane = false;
        for (size_t j = 0; j < n && good; j++) {
            if (mpz_sgn(common[j]))
                mpz_divexact(matrix[k * n + j], matrix[k * n + j], common[j]);
            plane = plane || (j < d && mpz_sgn(matrix[k * n + j]));
            good = mpz_sizeinbase(matrix[k * n + j], 2) <= 30;
            v[j] = good ? mpz_get_si(matrix[k * n + j]) : 0;
        }
        if (plane && good)
            good = crease_flat_primitive(v, n, flat->row + flat->rows++ * n);
    }
    crease_integer_free(matrix, m * n);
    crease_integer_free(common, n);
    free(v);
    return good;
}

/* Rows that are equal, which stand together, become one. */
static void drop_repeated(crease_flat *flat)
{
    size_t n = flat->d + 1, kept = 0;
    for (size_t k = 0; k < flat->rows; k++) {
        const int32_t *row = flat->row + k * n;
        if (kept && !memcmp(row, flat->row + (kept - 1) * n, n * sizeof *row))
            continue;
        memmove(flat->row + kept * n, row, n * sizeof *row);
        flat->count[kept++] = 1;
    }
    flat->rows = kept;
}

/* The sum so far, rounded down; false if it is too large. */
static bool read_total(const run *r, crease_whole *regions)
{
    mpz_t sum;
    mpz_init(sum);
    mpz_fdiv_q(sum, mpq_numref(r->total), mpq_denref(r->total));
    char *digits = mpz_get_str(NULL, 10, sum);
    bool good = crease_whole_read(digits, regions);
    free(digits);
    mpz_clear(sum);
    return good;
}

static void report(const run *r, crease_monitor *monitor)
{
    crease_whole regions;
    if (read_total(r, &regions))
        crease_monitor_check(monitor, &regions, r->next->entries, -1);
}

/* From the whole space down to the points. */
static void go_down(run *r, crease_flat *space, crease_monitor *monitor)
{
    entry *first = put(r->now, 0, space);
    mpq_set_ui(first->weight, 1, 1);
    while (r->now->entries && r->good) {
        for (size_t i = 0; i < SLOTS && r->good; i++)
            for (entry *e = r->now->slot[i]; e && r->good && !crease_interrupt_due(); e = e->next) {
                pass_on(r, e);
                report(r, monitor);
            }
        if (crease_interrupt_raised())
            return;
        clear(r->now);
        clear(r->quick);
        table *done = r->now;
        r->now = r->next;
        r->next = done;
    }
}

/* Adds the weights that have not been passed on. */
static void add_rest(mpq_t total, const table *t)
{
    for (size_t i = 0; i < SLOTS; i++)
        for (const entry *e = t->slot[i]; e; e = e->next)
            mpq_add(total, total, e->weight);
}

static bool is_arrangement(const crease_task *task)
{
    const crease_model *model = task->model;
    return task->options->merge != CREASE_MERGE_OFF && task->options->cell != CREASE_CELL_LP &&
           !task->keeper && !task->tape && model->layers == 1 && !model->faces &&
           model->layer[0].pieces <= 2 && model->layer[0].decisions <= MOST_ROWS &&
           model->inputs > 2 && model->inputs < CREASE_FLAT_INPUTS;
}

/* How much work may be in vain; 0: it is not tried.  A count that is to stop at a number is not one
 * of flats, whose sum grows in other steps. */
static double choose_budget(const crease_task *task)
{
    const crease_options *options = task->options;
    double most = crease_most_regions(task->model->layer[0].decisions, task->model->inputs);
    if (options->merge == CREASE_MERGE_ON)
        return work_on * most + least_work_on;
    if (most < least_regions || options->limit_regions || options->gap > 0)
        return 0;
    double budget = fmin(work_auto * most, most_work_auto);
    return options->limit_seconds > 0 ? fmin(budget, work_limited * options->limit_seconds)
                                      : budget;
}

bool crease_flats_run(const crease_task *task, crease_outcome *outcome)
{
    double budget = is_arrangement(task) ? choose_budget(task) : 0;
    crease_flat space;
    if (!(budget > 0))
        return false;
    bool good = read_rows(task->model, &space) && crease_flat_normalise(&space, false);
    if (!good) {
        crease_flat_free(&space);
        return false;
    }
    drop_repeated(&space);
    run r = {.now = crease_alloc(1, sizeof *r.now),
             .next = crease_alloc(1, sizeof *r.next),
             .quick = crease_alloc(1, sizeof *r.quick),
             .budget = budget,
             .good = true};
    mpq_init(r.total);
    go_down(&r, &space, task->monitor);
    add_rest(r.total, r.now);
    add_rest(r.total, r.next);
    bool stopped = crease_interrupt_raised();
    *outcome = (crease_outcome){.unfinished = stopped};
    outcome->merged[0] = (crease_layer_images){.compared = r.seen, .known = r.alike};
    if (r.good && !stopped && mpz_cmp_ui(mpq_denref(r.total), 1))
        crease_fatal("the flats of an arrangement add up to a fraction");
    outcome->tally.too_many = r.good && !read_total(&r, &outcome->regions);
    clear(r.now);
    clear(r.next);
    clear(r.quick);
    free(r.now);
    free(r.next);
    free(r.quick);
    mpq_clear(r.total);
    return r.good;
}
