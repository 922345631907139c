#include "job/shard.h"

#include "base/memory.h"
#include "base/status.h"
#include "cells/most.h"
#include "api/run_search.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* PIECES: cells per job, so that jobs have similar sizes.  DIVES: dives per cell.  DEEPEST: levels
 * by which a cell is split at once.  KIND: cells for which the mean over all of a kind stands,
 * beside the dives from a cell itself; NEAR: of one kind are numbers of units that differ by no
 * more than this part, and one.  LEAVES, PATIENCE: of the estimate of the whole, and seconds for
 * it.  A region costs region_cost times as much as a cell (measured). */
enum { PIECES = 8, DIVES = 8, ROUNDS = 200, DEEPEST = 6, KIND = 6, NEAR = 10 };
enum { LEAVES = 1000, PATIENCE = 10 };
static const double region_cost = 0.2;

/* An open cell. */
typedef struct {
    crease_stack path;
    size_t layer, cuts; /* as in crease_probe */
    double found;       /* its cost by dives */
    double prior;       /* in proportion to this its cost grows with cuts */
    double cost;
} piece;

typedef struct {
    const crease_network *network;
    const crease_domain *domain;
    const crease_options *options;
    crease_state sums; /* nothing open */
    piece *piece;
    size_t pieces;
    crease_stacks fresh;       /* cells without an estimate */
    unsigned searches;         /* so that no two take the same dives */
    double begin, next_report; /* of progress, by the clock */
    crease_error *error;
} shard;

/* ---- Progress ---- */

/* One search after the other: of each the monitor begins anew. */
static void report(void *context, const crease_progress *unused)
{
    shard *s = context;
    const crease_options *options = s->options;
    double now = crease_clock_seconds();
    (void)unused;
    if (!options->progress || now < s->next_report)
        return;
    s->next_report = now + options->progress_interval;
    char digits[CREASE_WHOLE_TEXT];
    crease_whole_text(&s->sums.regions, digits);
    options->progress(options->progress_context,
                      &(crease_progress){.regions = crease_whole_word(&s->sums.regions),
                                         .open = s->pieces + s->fresh.count,
                                         .seconds = now - s->begin,
                                         .closed = -1,
                                         .memory = crease_clock_memory(),
                                         .digits = digits});
}

static void report_replicate(void *context, size_t finished, size_t of, double seconds_left)
{
    (void)finished, (void)of, (void)seconds_left;
    report(context, NULL);
}

/* ---- The tree ---- */

static bool take_over(void *context, crease_state *now, bool end)
{
    shard *s = context;
    if (!end)
        return true;
    for (size_t i = 0; i < now->open.count; i++)
        crease_stacks_add(&s->fresh, now->open.stack[i].step, now->open.stack[i].steps);
    crease_stacks_clear(&now->open);
    s->sums = *now;
    memset(&s->sums.open, 0, sizeof s->sums.open);
    return true;
}

static crease_status search(shard *s, crease_keeper *keeper, bool *stopped)
{
    crease_result result;
    crease_options options = *s->options;
    options.engine = CREASE_ENGINE_SPLIT;
    options.progress = options.progress ? report : NULL;
    options.progress_context = s;
    options.seed += (uint64_t)s->searches++ << 32;
    if (keeper->from)
        options.cell = keeper->from->rays ? CREASE_CELL_RAYS : CREASE_CELL_LP;
    crease_status status =
        crease_search(s->network, s->domain, &options, NULL, keeper, &result, s->error);
    *stopped = !status && !result.complete;
    report(s, NULL);
    return status;
}

/* Splits the cells, or the whole domain, by so many levels; the parts are fresh. */
static crease_status expand(shard *s, crease_stacks *cells, size_t levels, bool *stopped)
{
    crease_state from = s->sums;
    if (cells)
        from.open = *cells;
    crease_keeper keeper = {.from = cells ? &from : NULL,
                            .every = 1e9,
                            .save = take_over,
                            .context = s,
                            .levels = levels};
    return search(s, &keeper, stopped);
}

/* Dives from each of the pieces. */
static crease_status probe(shard *s, piece *first, size_t count, bool *stopped)
{
    crease_state from = s->sums;
    from.open = (crease_stacks){crease_alloc(count, sizeof(crease_stack)), count, count};
    for (size_t i = 0; i < count; i++)
        from.open.stack[i] = first[i].path;
    crease_probe *probe = crease_alloc(count, sizeof *probe);
    crease_keeper keeper = {.from = &from, .every = 1e9, .probe = probe, .dives = DIVES};
    crease_status status = search(s, &keeper, stopped);
    for (size_t i = 0; i < count; i++) {
        piece *p = &first[i];
        p->found = 1 + (probe[i].cells + region_cost * probe[i].regions) / DIVES;
        p->layer = probe[i].layer;
        p->cuts = probe[i].cuts;
        p->prior = pow(crease_most_regions(p->cuts, s->network->inputs), 0.7);
    }
    free(probe);
    free(from.open.stack);
    return status;
}

static int by_path(const void *a, const void *b)
{
    return crease_stack_order(a, b);
}

/* Makes pieces of the fresh cells, in the order of the tree: threads found them in any order. */
static crease_status estimate(shard *s, bool *stopped)
{
    size_t count = s->fresh.count;
    if (count)
        qsort(s->fresh.stack, count, sizeof *s->fresh.stack, by_path);
    s->piece = crease_realloc(s->piece, s->pieces + count, sizeof *s->piece);
    piece *first = s->piece + s->pieces;
    for (size_t i = 0; i < count; i++)
        first[i] = (piece){.path = s->fresh.stack[i]};
    s->pieces += count;
    free(s->fresh.stack);
    s->fresh = (crease_stacks){NULL, 0, 0};
    return probe(s, first, count, stopped);
}

static int by_kind(const void *a, const void *b)
{
    const piece *x = a, *y = b;
    if (x->layer != y->layer)
        return x->layer < y->layer ? -1 : 1;
    if (x->cuts != y->cuts)
        return x->cuts < y->cuts ? -1 : 1;
    return crease_stack_order(&x->path, &y->path);
}

/* Cells that are alike: their sums. */
typedef struct {
    size_t layer, cuts;
    double found, prior;
} kind;

/* Of pieces by kind; the caller frees them. */
static kind *kinds_of(const shard *s, size_t *count)
{
    kind *all = crease_alloc(s->pieces, sizeof *all);
    *count = 0;
    for (size_t i = 0; i < s->pieces; i++) {
        const piece *p = &s->piece[i];
        kind *last = *count ? &all[*count - 1] : NULL;
        if (!last || last->layer != p->layer || last->cuts != p->cuts) {
            last = &all[(*count)++];
            *last = (kind){p->layer, p->cuts, 0, 0};
        }
        last->found += p->found;
        last->prior += p->prior;
    }
    return all;
}

/* What a cell of kind k costs over its prior, by all of about as many cuts. */
static double scale_of(const kind *all, size_t count, size_t k)
{
    size_t near = 1 + all[k].cuts / NEAR;
    double found = 0, prior = 0;
    for (size_t i = k;
         i < count && all[i].layer == all[k].layer && all[i].cuts <= all[k].cuts + near; i++) {
        found += all[i].found;
        prior += all[i].prior;
    }
    for (size_t i = k;
         i > 0 && all[i - 1].layer == all[k].layer && all[i - 1].cuts + near >= all[k].cuts; i--) {
        found += all[i - 1].found;
        prior += all[i - 1].prior;
    }
    return found / prior;
}

/* Few dives from a cell often miss where most of its regions are.  Cells of one layer that about as
 * many units cut have similar costs, so each is drawn towards the mean over these, which grows with
 * the number of units as guesses do (sample/guesses.h).  It is rounded, so that no machine's pow
 * makes other jobs. */
static void set_costs(shard *s)
{
    size_t count, k = 0;
    if (s->pieces)
        qsort(s->piece, s->pieces, sizeof *s->piece, by_kind);
    kind *all = kinds_of(s, &count);
    double scale = count ? scale_of(all, count, 0) : 0;
    for (size_t i = 0; i < s->pieces; i++) {
        piece *p = &s->piece[i];
        if (all[k].layer != p->layer || all[k].cuts != p->cuts)
            scale = scale_of(all, count, ++k);
        p->cost = rint(64 * (p->found + KIND * p->prior * scale) / (1 + KIND)) / 64;
    }
    free(all);
}

/* What it costs to count all, what was done on the way included. */
static double work_of(const shard *s)
{
    double work = (double)s->sums.cells + region_cost * crease_whole_double(&s->sums.regions);
    for (size_t i = 0; i < s->pieces; i++)
        work += s->piece[i].cost;
    return work;
}

/* By how many levels a piece is to be split, where its parts are to cost `most`. */
static size_t levels_of(const piece *p, double most)
{
    return p->cost > most ? (size_t)fmin(fmax(floor(log2(p->cost / most)), 1), DEEPEST) : 0;
}

/* Takes the pieces to be split by so many levels. */
static crease_stacks take_large(shard *s, double most, size_t levels)
{
    crease_stacks large = {NULL, 0, 0};
    size_t kept = 0;
    for (size_t i = 0; i < s->pieces; i++) {
        piece p = s->piece[i];
        if (levels_of(&p, most) == levels) {
            crease_stacks_add(&large, p.path.step, p.path.steps);
            free(p.path.step);
        } else {
            s->piece[kept++] = p;
        }
    }
    s->pieces = kept;
    return large;
}

/* Splits pieces until each costs only a small part of a job. */
static crease_status split_large(shard *s, size_t jobs, bool *stopped)
{
    crease_status status = CREASE_OK;
    bool found = true;
    for (int round = 0; round < ROUNDS && found && !status && !*stopped; round++) {
        set_costs(s);
        double most = work_of(s) / (double)(PIECES * jobs);
        found = false;
        for (size_t levels = 1; levels <= DEEPEST && !status && !*stopped; levels++) {
            crease_stacks large = take_large(s, most, levels);
            found = found || large.count;
            if (large.count)
                status = expand(s, &large, levels, stopped);
            crease_stacks_clear(&large);
        }
        if (found && !status && !*stopped)
            status = estimate(s, stopped);
    }
    return status;
}

static crease_status split_top(shard *s, size_t jobs, bool *stopped)
{
    crease_status status = expand(s, NULL, 1, stopped);
    if (!status && !*stopped)
        status = estimate(s, stopped);
    return status || *stopped ? status : split_large(s, jobs, stopped);
}

/* The regions of the whole network, if that is soon known. */
static crease_status estimate_whole(shard *s, crease_shards *shards, bool *stopped)
{
    crease_options options = *s->options;
    crease_estimate_plan plan;
    crease_estimation found;
    double limit = options.limit_seconds;
    crease_estimate_plan_default(&plan);
    plan.leaves = LEAVES;
    plan.replicated = report_replicate;
    plan.context = s;
    options.engine = CREASE_ENGINE_SPLIT;
    options.limit_seconds = limit > 0 && limit < PATIENCE ? limit : PATIENCE;
    crease_status status =
        crease_estimate(s->network, s->domain, &options, &plan, &found, s->error);
    if (status)
        return status;
    bool known = found.complete && found.standard_error >= 0;
    *stopped = !found.complete && found.stopped != CREASE_STOP_SECONDS;
    shards->estimate = known ? found.estimate : -1;
    shards->standard_error = known ? found.standard_error : -1;
    return CREASE_OK;
}

/* ---- The jobs ---- */

static int by_cost(const void *a, const void *b)
{
    const piece *x = a, *y = b;
    return x->cost != y->cost ? (x->cost < y->cost ? 1 : -1)
                              : crease_stack_order(&x->path, &y->path);
}

/* Each piece, the largest first, goes to the job with the lowest cost so far. */
static void distribute(shard *s, crease_state *job, double *load, size_t jobs)
{
    if (s->pieces)
        qsort(s->piece, s->pieces, sizeof *s->piece, by_cost);
    for (size_t i = 0; i < s->pieces; i++) {
        const piece *p = &s->piece[i];
        size_t least = 0;
        for (size_t j = 1; j < jobs; j++)
            if (load[j] < load[least])
                least = j;
        load[least] += p->cost;
        crease_stacks_add(&job[least].open, p->path.step, p->path.steps);
    }
}

static crease_status write_all(shard *s, crease_trunk *trunk, const char *directory,
                               crease_shards *shards)
{
    size_t jobs = trunk->jobs;
    crease_state *job = crease_alloc(jobs, sizeof *job);
    double *load = crease_alloc(jobs, sizeof *load);
    crease_status status = CREASE_OK;
    double mean = 0;
    distribute(s, job, load, jobs);
    for (size_t i = 0; i < jobs; i++)
        mean += load[i] / (double)jobs;
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
    for (size_t i = 0; i < s->pieces; i++)
        free(s->piece[i].path.step);
    free(s->piece);
    crease_stacks_clear(&s->fresh);
}

crease_status crease_shard(const crease_network *network, const crease_domain *domain,
                           const crease_options *options, const char *source, const char *place,
                           size_t jobs, const char *directory, crease_shards *shards,
                           crease_error *error)
{
    shard s = {.network = network,
               .domain = domain,
               .options = options,
               .begin = crease_clock_seconds(),
               .error = error};
    s.next_report = s.begin + options->progress_interval;
    bool stopped = false;
    memset(shards, 0, sizeof *shards);
    crease_trunk trunk;
    struct stat there;
    bool made = lstat(directory, &there) != 0;
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
    if (!status && !stopped)
        status = estimate_whole(&s, shards, &stopped);
    if (!status && stopped)
        status =
            crease_fail(error, CREASE_INPUT, "%s: stopped before the jobs were made", directory);
    trunk = (crease_trunk){
        .regions = s.sums.regions, .jobs = s.pieces < jobs ? s.pieces : jobs, .asked = jobs};
    crease_job_subject_of(&trunk.head.subject, network, domain);
    trunk.head.source = copy_text(source);
    trunk.head.place = domain ? copy_text(place ? place : "") : NULL;
    trunk.digest = crease_alloc(trunk.jobs, sizeof *trunk.digest);
    if (!status)
        status = write_all(&s, &trunk, directory, shards);
    shards->jobs = trunk.jobs;
    shards->regions = crease_whole_word(&s.sums.regions);
    crease_trunk_free(&trunk);
    free_shard(&s);
    if (status && made)
        rmdir(directory); /* unless there is something in it */
    return status;
}
