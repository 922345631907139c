#include "search/search.h"

#include "base/clock.h"
#include "base/limits.h"
#include "base/memory.h"
#include "base/random.h"
#include "base/rounding.h"
#include "base/status.h"
#include "model/pattern.h"
#include "walk/affine_classes.h"
#include "walk/frontier.h"
#include "walk/walk_region.h"
#include "walk/visited.h"

#include <assert.h>
#include <math.h>
#include <omp.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>

enum { RECENT = CREASE_LIMIT_RECENT };

typedef struct {
    const crease_task *task;
    crease_visited *visited;
    crease_frontier *frontier;
    crease_affine_classes *classes; /* or NULL */
    crease_state first;             /* the sums that the walk began with */
    double next_save;               /* for worker 0 */
} walk;

typedef struct {
    walk *walk;
    const crease_model *model;
    int number;
    uint64_t seed;
    crease_tally tally;
    crease_walk_region region;
    crease_class_view *view; /* NULL if there are no classes */
    size_t d;
    uint8_t *neighbour, *packed;
    double *at, *slope; /* per row, for ray shooting */
    double *interior, *point, *direction;
    /* interior points of recently found regions */
    uint64_t recent[RECENT];
    bool recent_used[RECENT];
    double *recent_point;
    bool cut_short; /* a neighbour of the current region was left out */
} walker;

static void open_walker(walker *w, walk *shared, int number)
{
    const crease_model *model = shared->task->model;
    size_t rows = model->units + model->faces + 1;
    memset(w, 0, sizeof *w);
    w->walk = shared;
    w->model = model;
    w->number = number;
    w->seed = shared->task->options->seed + (uint64_t)number;
    w->d = model->inputs + 1;
    crease_walk_region_open(&w->region, model, shared->task->proposer, &w->tally);
    w->neighbour = crease_alloc(model->units, 1);
    w->packed = crease_alloc(crease_pattern_bytes(model), 1);
    w->at = crease_alloc(rows, sizeof(double));
    w->slope = crease_alloc(rows, sizeof(double));
    w->interior = crease_alloc(w->d, sizeof(double));
    w->point = crease_alloc(w->d, sizeof(double));
    w->direction = crease_alloc(w->d, sizeof(double));
    w->recent_point = crease_alloc(RECENT * w->d, sizeof(double));
    w->view = crease_class_view_new(shared->classes, &w->tally);
}

static void close_walker(walker *w)
{
    crease_walk_region_close(&w->region);
    crease_class_view_free(w->view);
    free(w->neighbour);
    free(w->packed);
    free(w->at);
    free(w->slope);
    free(w->interior);
    free(w->point);
    free(w->direction);
    free(w->recent_point);
}

static void mark_known(walker *w)
{
    uint64_t handle;
    memcpy(w->neighbour, w->region.pattern, w->model->units);
    for (size_t id = 0; id < w->model->units; id++) {
        if (w->region.unit_row[id] >= CREASE_ROW_MOOT)
            continue;
        crease_walk_region_flip(&w->region, w->neighbour, id);
        crease_pattern_pack(w->model, w->neighbour, w->packed);
        /* If the pattern that differs in this state alone is a region, then no other region
         * lies across this unit's facet: see crease_walk_run. */
        if (crease_visited_find(w->walk->visited, w->packed, &handle) &&
            !crease_class_view_may_merge(w->view, handle, w->neighbour))
            w->region.state[w->region.unit_row[id]] = CREASE_ROW_KNOWN;
        crease_walk_region_flip(&w->region, w->neighbour, id);
    }
}

/* Stops if the limit on regions is reached and another region has been found. */
static bool enough(walker *w)
{
    crease_monitor *monitor = w->walk->task->monitor;
    uint64_t handle;
    const crease_whole count = crease_whole_of(crease_visited_count(w->walk->visited));
    if (!crease_monitor_enough(monitor, &count) ||
        crease_visited_find(w->walk->visited, w->packed, &handle))
        return false;
    crease_monitor_stop(monitor, CREASE_STOP_REGIONS);
    w->cut_short = true;
    return true;
}

/* Puts the region across the facet of row r into the frontier, if it is certain that there is
 * one. */
static void cross(walker *w, size_t r, const double *point)
{
    uint64_t handle;
    size_t unit = crease_walk_region_across(&w->region, r, w->neighbour);
    if (crease_interrupt_raised())
        return;
    crease_pattern_pack(w->model, w->neighbour, w->packed);
    if (enough(w))
        return;
    bool added = crease_visited_insert(w->walk->visited, w->packed, &handle);
    crease_class_view_merge(w->view, handle, w->neighbour, unit);
    if (!added)
        return;
    if (point) {
        size_t slot = handle % RECENT;
        w->recent[slot] = handle;
        w->recent_used[slot] = true;
        memcpy(w->recent_point + slot * w->d, point, w->d * sizeof(double));
    }
    crease_frontier_push(w->walk->frontier, w->number, handle);
}

/* Shoots from the interior point along direction.  True if the first row hit is open and hit
 * strictly first: then it is a facet, proved by point beyond it. */
static bool shoot(walker *w, size_t *hit)
{
    size_t m = crease_cone_rows(w->region.cone), first = m;
    double nearest = INFINITY, second = INFINITY;
    for (size_t r = 0; r < m; r++) {
        if (w->region.state[r] == CREASE_ROW_IMPLIED)
            continue;
        const double *row = crease_cone_row(w->region.cone, r);
        double slope = 0;
        for (size_t j = 0; j < w->d; j++)
            slope += row[j] * w->direction[j];
        if (!(slope < 0))
            continue;
        double t = w->at[r] / -slope;
        if (t < nearest) {
            second = nearest;
            nearest = t;
            first = r;
        } else if (t < second) {
            second = t;
        }
    }
    assert(nearest <= second);
    if (first == m || w->region.state[first] != CREASE_ROW_OPEN)
        return false;
    double t = isfinite(second) ? 0.5 * (nearest + second) : 2 * nearest + 1;
    for (size_t j = 0; j < w->d; j++) {
        w->point[j] = w->interior[j] + t * w->direction[j];
        if (!isfinite(w->point[j]))
            return false;
    }
    *hit = first;
    if (crease_cone_sign(w->region.cone, first, w->point) >= 0 ||
        !crease_cone_contains(w->region.cone, w->point, first))
        return false;
    w->tally.filter++;
    return true;
}

static void found_facet(walker *w, size_t r, const double *point)
{
    w->region.state[r] = CREASE_ROW_FACET;
    cross(w, r, point);
}

static void shoot_facets(walker *w)
{
    size_t m = crease_cone_rows(w->region.cone), hit;
    for (size_t r = 0; r < m; r++) {
        const double *row = crease_cone_row(w->region.cone, r);
        w->at[r] = 0;
        for (size_t j = 0; j < w->d; j++)
            w->at[r] += row[j] * w->interior[j];
    }
    for (size_t r = 0; r < m && !crease_interrupted_after(m * w->d); r++) {
        if (w->region.state[r] != CREASE_ROW_OPEN)
            continue;
        const double *row = crease_cone_row(w->region.cone, r);
        for (size_t j = 0; j < w->d; j++)
            w->direction[j] = -row[j];
        if (shoot(w, &hit))
            found_facet(w, hit, w->point);
    }
    for (size_t misses = 0; misses < 2 * w->d && !crease_interrupted_after(m * w->d);) {
        for (size_t j = 0; j < w->d; j++)
            w->direction[j] = crease_random_signed(&w->seed);
        if (shoot(w, &hit))
            found_facet(w, hit, w->point);
        else
            misses++;
    }
}

/* A proved interior point of the current region, or NULL. */
static const double *interior(walker *w, uint64_t handle)
{
    size_t slot = handle % RECENT;
    if (w->recent_used[slot] && w->recent[slot] == handle) {
        memcpy(w->interior, w->recent_point + slot * w->d, w->d * sizeof(double));
        if (crease_cone_contains(w->region.cone, w->interior, SIZE_MAX))
            return w->interior;
    }
    return crease_cone_interior(w->region.cone, w->interior) ? w->interior : NULL;
}

/* Finds the neighbours of a region; false if some may be missing. */
static bool visit(walker *w, uint64_t handle)
{
    w->cut_short = false;
    crease_visited_get(w->walk->visited, handle, w->packed);
    crease_pattern_unpack(w->model, w->packed, w->region.pattern);
    crease_walk_region_set(&w->region);
    crease_class_view_visit(w->view, handle, w->region.pattern);
    mark_known(w);
    const double *from = interior(w, handle);
    if (from)
        shoot_facets(w);
    for (size_t r = 0; r < crease_cone_rows(w->region.cone) && !crease_interrupted(); r++) {
        bool found;
        if (w->region.state[r] != CREASE_ROW_OPEN)
            continue;
        if (crease_cone_cuts(w->region.cone, r, from, w->point, &found)) {
            found_facet(w, r, found ? w->point : NULL);
        } else {
            w->region.state[r] = CREASE_ROW_IMPLIED;
            crease_cone_enable(w->region.cone, r, false);
        }
    }
    return !w->cut_short && !crease_interrupt_raised();
}

/* A complete state has no patterns. */
static uint64_t regions(const walk *shared)
{
    const crease_keeper *keeper = shared->task->keeper;
    return keeper && keeper->from && !keeper->from->patterns
               ? keeper->from->regions.word[0]
               : crease_visited_count(shared->visited);
}

/* Passes the current state, complete or not, to the keeper. */
static void save(walk *shared, const crease_tally *tally, bool end)
{
    const crease_keeper *keeper = shared->task->keeper;
    crease_state state = shared->first;
    crease_tally_add(&state.tally, tally);
    bool complete = end && !crease_frontier_open(shared->frontier);
    crease_patterns cut = {.count = 0};
    if (!complete)
        cut = crease_visited_cut(shared->visited);
    state.regions = crease_whole_of(complete ? regions(shared) : cut.count);
    state.patterns = complete ? NULL : &cut;
    if (!keeper->save(keeper->context, &state, end))
        crease_monitor_stop(shared->task->monitor, CREASE_STOP_ASKED);
    crease_visited_cut_free(&cut);
}

static void save_sometimes(walk *shared, const crease_tally *tally)
{
    const crease_keeper *keeper = shared->task->keeper;
    double begin = keeper ? crease_clock_seconds() : 0;
    if (!keeper || begin < shared->next_save)
        return;
    save(shared, tally, false);
    double end = crease_clock_seconds();
    shared->next_save = end + fmax(keeper->every, keeper->pause * (end - begin));
}

static void work(walker *w)
{
    walk *shared = w->walk;
    crease_monitor *monitor = shared->task->monitor;
    uint64_t handle;
    unsigned idle = 0;
    while (!crease_interrupt_due() && !crease_monitor_stopped(monitor)) {
        if (w->number == 0) {
            const crease_whole count = crease_whole_of(crease_visited_count(shared->visited));
            crease_monitor_check(monitor, &count, crease_frontier_open(shared->frontier), -1);
            save_sometimes(shared, &w->tally);
        }
        if (crease_frontier_pop(shared->frontier, w->number, &handle)) {
            if (!visit(w, handle))
                break;
            crease_visited_finish(shared->visited, handle);
            crease_frontier_done(shared->frontier);
            idle = 0;
        } else if (!crease_frontier_open(shared->frontier)) {
            break;
        } else if (++idle > 64) {
            sched_yield();
        }
    }
}

/* Writes the certificate; false if it was stopped. */
static bool prove(const crease_task *task, const walk *shared, crease_outcome *outcome)
{
    size_t count = (size_t)outcome->regions.word[0];
    uint8_t *all = crease_alloc(count, crease_pattern_bytes(task->model));
    crease_visited_all(shared->visited, all);
    bool whole = crease_walk_prove(task, all, count, &outcome->tally);
    free(all);
    return whole;
}

static void begin(walk *shared)
{
    const crease_task *task = shared->task;
    uint8_t *packed = crease_alloc(crease_pattern_bytes(task->model), 1);
    uint64_t handle;
    crease_pattern_pack(task->model, task->start, packed);
    crease_visited_insert(shared->visited, packed, &handle);
    crease_frontier_push(shared->frontier, 0, handle);
    free(packed);
}

/* False if these cannot be patterns of the network. */
static bool take_up(walk *shared, const crease_patterns *from)
{
    size_t at = 0;
    uint64_t handle;
    if (from->bytes != crease_pattern_bytes(shared->task->model))
        return false;
    for (size_t r = 0; r < from->runs; r++)
        for (size_t i = 0; i < from->run[r].count; i++, at++) {
            if (!crease_visited_insert(shared->visited, from->run[r].pattern + i * from->bytes,
                                       &handle))
                return false;
            if (from->done[at / 8] >> at % 8 & 1)
                crease_visited_finish(shared->visited, handle);
            else
                crease_frontier_push(shared->frontier, 0, handle);
        }
    return true;
}

/* Why the walk finds every region.  The regions are the cells of a polyhedral subdivision
 * of a convex domain, so any two are joined by a chain of regions in which neighbours
 * share a facet.  Across a facet F of a region R lies exactly one region: a unit whose
 * row on R does not vanish on F keeps its state, and one whose row does has a multiple of
 * F's row beyond F, whose sign gives the state.  If the pattern that differs from R's in
 * unit i alone is a region S, then every unit that vanishes on R's facet in row i has the
 * same row beyond F as on S and thus the same state: S is that neighbour.  The same goes for the
 * winner of a group, which beyond F is one of the pieces that are largest on F. */
void crease_walk_run(const crease_task *task, crease_outcome *outcome)
{
    walk shared = {.task = task,
                   .visited = crease_visited_new(crease_pattern_bytes(task->model)),
                   .frontier = crease_frontier_new(task->threads),
                   .classes = crease_affine_classes_new(task)};
    const crease_state *from = task->keeper ? task->keeper->from : NULL;
    memset(outcome, 0, sizeof *outcome);
    if (from) {
        shared.first = *from;
        task->monitor->earlier = from->regions;
        outcome->path_mismatch = from->patterns && !take_up(&shared, from->patterns);
    } else {
        begin(&shared);
    }
    if (task->keeper && !outcome->path_mismatch)
        save_sometimes(&shared, &(crease_tally){0});
    if (outcome->path_mismatch)
        crease_monitor_stop(task->monitor, CREASE_STOP_ASKED);
    crease_tally *tally = crease_alloc((size_t)task->threads, sizeof *tally);
#pragma omp parallel num_threads(task->threads)
    {
        walker w;
        crease_rounding mode;
        crease_interrupt token;
        crease_rounding_enter(&mode);
        crease_interrupt_enter(&token, crease_monitor_interrupt, task->monitor);
        open_walker(&w, &shared, omp_get_thread_num());
        work(&w);
        tally[omp_get_thread_num()] = w.tally;
        close_walker(&w);
        crease_interrupt_leave(&token);
        crease_rounding_leave(&mode);
    }
    for (int t = 0; t < task->threads; t++)
        crease_tally_add(&outcome->tally, &tally[t]);
    free(tally);
    if (task->keeper && !outcome->path_mismatch)
        save(&shared, &outcome->tally, true);
    crease_tally_add(&outcome->tally, &shared.first.tally);
    outcome->regions = crease_whole_of(regions(&shared));
    outcome->unfinished = outcome->path_mismatch || crease_frontier_open(shared.frontier) > 0;
    if (task->tape && !outcome->unfinished)
        outcome->unfinished = !prove(task, &shared, outcome);
    outcome->store_bytes =
        crease_visited_memory(shared.visited) + crease_frontier_memory(shared.frontier);
    crease_affine_classes_finish(shared.classes, shared.visited, outcome);
    crease_visited_free(shared.visited);
    crease_frontier_free(shared.frontier);
    crease_affine_classes_free(shared.classes);
}
