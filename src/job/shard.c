#include "job/shard.h"

#include "base/memory.h"
#include "base/status.h"
#include "api/run_search.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* PIECES: cells per job, so that jobs have similar sizes.  DIVES: dives per cell.  A region costs
 * region_cost times as much as a cell (measured). */
enum { PIECES = 8, DIVES = 16, ROUNDS = 200 };
static const double region_cost = 0.2;

/* Open cells and their estimated cost. */
typedef struct {
    crease_stacks open;
    double *cost, *regions, *variance;
} pool;

typedef struct {
    const crease_network *network;
    const crease_domain *domain;
    const crease_options *options;
    crease_state sums; /* nothing open */
    pool pool;
    crease_stacks fresh; /* found in the current round */
    unsigned searches;   /* so that no two take the same dives */
    crease_error *error;
} shard;

/* ---- The tree ---- */

static bool take_over(void *context, crease_state *now, bool end)
{
    shard *s = context;
    if (!end)
        return true;
    s->fresh = now->open;
    s->sums = *now;
    memset(&s->sums.open, 0, sizeof s->sums.open);
    memset(&now->open, 0, sizeof now->open);
    return true;
}

static crease_status search(shard *s, crease_keeper *keeper, bool *stopped)
{
    crease_result result;
    crease_options options = *s->options;
    options.engine = CREASE_ENGINE_SPLIT;
    options.progress = NULL;
    options.seed += (uint64_t)s->searches++ << 32;
    if (keeper->from)
        options.cell = keeper->from->rays ? CREASE_CELL_RAYS : CREASE_CELL_LP;
    crease_status status =
        crease_search(s->network, s->domain, &options, NULL, keeper, &result, s->error);
    *stopped = !status && !result.complete;
    return status;
}

/* Splits the cells, or the whole domain, by one level each; the parts are in fresh. */
static crease_status expand(shard *s, crease_stacks *cells, bool *stopped)
{
    crease_state from = s->sums;
    if (cells)
        from.open = *cells;
    crease_keeper keeper = {
        .from = cells ? &from : NULL, .every = 1e9, .save = take_over, .context = s, .levels = 1};
    return search(s, &keeper, stopped);
}

static int by_path(const void *a, const void *b)
{
    return crease_stack_order(a, b);
}

/* Estimates the fresh cells and moves them to the pool.  First sorts them, since the threads found
 * them in any order. */
static crease_status estimate(shard *s, bool *stopped)
{
    if (s->fresh.count)
        qsort(s->fresh.stack, s->fresh.count, sizeof *s->fresh.stack, by_path);
    size_t count = s->fresh.count, had = s->pool.open.count;
    crease_state from = s->sums;
    crease_probe *probe = crease_alloc(count, sizeof *probe);
    from.open = s->fresh;
    crease_keeper keeper = {.from = &from, .every = 1e9, .probe = probe, .dives = DIVES};
    crease_status status = search(s, &keeper, stopped);
    s->pool.cost = crease_realloc(s->pool.cost, had + count, sizeof *s->pool.cost);
    s->pool.regions = crease_realloc(s->pool.regions, had + count, sizeof *s->pool.regions);
    s->pool.variance = crease_realloc(s->pool.variance, had + count, sizeof *s->pool.variance);
    for (size_t i = 0; i < count; i++) {
        crease_stacks_add(&s->pool.open, s->fresh.stack[i].step, s->fresh.stack[i].steps);
        double mean = s->pool.regions[had + i] = probe[i].regions / DIVES;
        s->pool.variance[had + i] = fmax(probe[i].squares / DIVES - mean * mean, 0) / (DIVES - 1);
        s->pool.cost[had + i] = 1 + probe[i].cells / DIVES + region_cost * probe[i].regions / DIVES;
    }
    crease_stacks_clear(&s->fresh);
    free(probe);
    return status;
}

/* Takes the cells that cost more than most out of the pool. */
static crease_stacks take_large(pool *p, double most)
{
    crease_stacks large = {NULL, 0, 0};
    size_t kept = 0;
    for (size_t i = 0; i < p->open.count; i++) {
        crease_stack stack = p->open.stack[i];
        if (p->cost[i] > most) {
            crease_stacks_add(&large, stack.step, stack.steps);
            free(stack.step);
            continue;
        }
        p->cost[kept] = p->cost[i];
        p->regions[kept] = p->regions[i];
        p->variance[kept] = p->variance[i];
        p->open.stack[kept++] = stack;
    }
    p->open.count = kept;
    return large;
}

static double total(const double *value, size_t count)
{
    double sum = 0;
    for (size_t i = 0; i < count; i++)
        sum += value[i];
    return sum;
}

/* Splits large cells until every cell costs only a small part of a job, where the jobs share all the
 * work, that which was done on the way included. */
static crease_status split_top(shard *s, size_t jobs, bool *stopped)
{
    crease_status status = expand(s, NULL, stopped);
    for (int round = 0; !status && !*stopped; round++) {
        status = estimate(s, stopped);
        if (status || *stopped || round == ROUNDS)
            break;
        double work = (double)s->sums.cells + region_cost * crease_whole_double(&s->sums.regions) +
                      total(s->pool.cost, s->pool.open.count);
        crease_stacks large = take_large(&s->pool, work / (double)(PIECES * jobs));
        if (!large.count)
            break;
        status = expand(s, &large, stopped);
        crease_stacks_clear(&large);
    }
    /* The old dives decided which cells were split, so only new dives give an unbiased estimate. */
    if (!status && !*stopped) {
        s->fresh = s->pool.open;
        s->pool.open = (crease_stacks){NULL, 0, 0};
        status = estimate(s, stopped);
    }
    return status;
}

/* ---- The jobs ---- */

typedef struct {
    double cost;
    size_t cell;
} ranked;

static int by_cost(const void *a, const void *b)
{
    const ranked *x = a, *y = b;
    return x->cost != y->cost ? (x->cost < y->cost ? 1 : -1) : x->cell < y->cell ? -1 : 1;
}

/* Each cell, the largest first, goes to the job with the lowest cost so far. */
static void distribute(const pool *p, crease_state *job, double *load, size_t jobs)
{
    ranked *order = crease_alloc(p->open.count, sizeof *order);
    for (size_t i = 0; i < p->open.count; i++)
        order[i] = (ranked){p->cost[i], i};
    qsort(order, p->open.count, sizeof *order, by_cost);
    for (size_t i = 0; i < p->open.count; i++) {
        const crease_stack *stack = &p->open.stack[order[i].cell];
        size_t least = 0;
        for (size_t j = 1; j < jobs; j++)
            if (load[j] < load[least])
                least = j;
        load[least] += order[i].cost;
        crease_stacks_add(&job[least].open, stack->step, stack->steps);
    }
    free(order);
}

static crease_status write_all(shard *s, crease_trunk *trunk, const char *directory,
                               crease_shards *shards)
{
    size_t jobs = trunk->jobs;
    crease_state *job = crease_alloc(jobs, sizeof *job);
    double *load = crease_alloc(jobs, sizeof *load);
    crease_status status = CREASE_OK;
    distribute(&s->pool, job, load, jobs);
    double mean = jobs ? total(load, jobs) / (double)jobs : 1;
    shards->smallest = jobs ? INFINITY : 0;
    for (size_t i = 0; i < jobs; i++) {
        shards->smallest = fmin(shards->smallest, load[i] / mean);
        shards->largest = fmax(shards->largest, load[i] / mean);
        job[i].rays = s->sums.rays;
        if (!status)
            status = crease_shard_write_job(trunk, directory, i, &job[i], s->error);
        crease_stacks_clear(&job[i].open);
    }
    free(job);
    free(load);
    char *path = crease_shard_path(directory, 0, "job");
    char *network = crease_shard_network(path), *domain = crease_shard_domain(path);
    if (!status)
        status = crease_network_write(s->network, network, s->error);
    if (!status && s->domain)
        status = crease_domain_write(s->domain, domain, s->error);
    free(path);
    free(network);
    free(domain);
    /* Last, so that a directory with a trunk has everything. */
    return status ? status : crease_trunk_write(trunk, directory, s->error);
}

/* One line. */
static char *copy_text(const char *text)
{
    crease_text copy = {NULL, 0, 0};
    crease_text_add(&copy, "%.*s", (int)strcspn(text, "\n"), text);
    return copy.text;
}

static void free_shard(shard *s)
{
    crease_stacks_clear(&s->pool.open);
    crease_stacks_clear(&s->fresh);
    free(s->pool.cost);
    free(s->pool.regions);
    free(s->pool.variance);
}

crease_status crease_shard(const crease_network *network, const crease_domain *domain,
                           const crease_options *options, const char *source, const char *place,
                           size_t jobs, const char *directory, crease_shards *shards,
                           crease_error *error)
{
    shard s = {.network = network, .domain = domain, .options = options, .error = error};
    bool stopped = false;
    memset(shards, 0, sizeof *shards);
    crease_trunk trunk;
    crease_status status =
        crease_shard_enter(directory, network, domain, jobs, &shards->found, &trunk, error);
    if (status)
        return status;
    if (shards->found) {
        shards->jobs = trunk.jobs;
        shards->regions = crease_whole_word(&trunk.regions);
        shards->estimate = shards->standard_error = shards->smallest = shards->largest = -1;
        crease_trunk_free(&trunk);
        return CREASE_OK;
    }
    status = split_top(&s, jobs, &stopped);
    if (!status && stopped)
        status =
            crease_fail(error, CREASE_INPUT, "%s: stopped before the jobs were made", directory);
    trunk = (crease_trunk){.regions = s.sums.regions,
                           .jobs = s.pool.open.count < jobs ? s.pool.open.count : jobs,
                           .asked = jobs};
    crease_job_subject_of(&trunk.head.subject, network, domain);
    trunk.head.source = copy_text(source);
    trunk.head.place = domain ? copy_text(place ? place : "") : NULL;
    trunk.digest = crease_alloc(trunk.jobs, sizeof *trunk.digest);
    if (!status)
        status = write_all(&s, &trunk, directory, shards);
    shards->jobs = trunk.jobs;
    shards->regions = crease_whole_word(&s.sums.regions);
    shards->estimate =
        crease_whole_double(&s.sums.regions) + total(s.pool.regions, s.pool.open.count);
    crease_trunk_free(&trunk);
    shards->standard_error = sqrt(total(s.pool.variance, s.pool.open.count));
    free_shard(&s);
    return status;
}
