#include "search/search.h"

#include "base/memory.h"
#include "base/random.h"
#include "base/status.h"
#include "cell/groups.h"
#include "cell/map.h"
#include "cell/pattern.h"
#include "exact/integer.h"
#include "lp/cone.h"
#include "search/frontier.h"
#include "search/visited.h"

#include <math.h>
#include <omp.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>

enum { RECENT = 256 };

/* The unit's row is zero on the region, or compares two losers. */
#define ROW_ZERO SIZE_MAX
#define ROW_MOOT (SIZE_MAX - 1)

/* What is known about a row of the region at hand. */
typedef enum {
    ROW_OPEN,
    ROW_KNOWN,   /* the region across it, if there is one, has been visited */
    ROW_FACET,
    ROW_IMPLIED, /* proved to follow from the rows still enabled */
    ROW_FACE     /* bounds the domain */
} row_state;

typedef struct {
    const crease_task *task;
    crease_visited *visited;
    crease_frontier *frontier;
} walk;

typedef struct {
    walk *walk;
    const crease_model *model;
    int number;
    uint64_t seed;
    crease_tally tally;
    crease_cone *cone;
    size_t d;
    uint8_t *pattern, *neighbour, *packed;
    crease_map **map, **other; /* per layer: on the region, on its neighbour */
    uint8_t **gate, **other_gate; /* room per layer, see crease_groups_gates */
    size_t *unit_row;          /* unit -> row of the cone, ROW_ZERO or ROW_MOOT */
    row_state *state;          /* per row */
    double *at, *slope;        /* per row, for ray shooting */
    double *inside, *point, *direction;
    /* interior points of regions found lately */
    uint64_t recent[RECENT];
    bool recent_used[RECENT];
    double *recent_point;
} walker;

static const mpz_t *fetch(void *context, size_t id)
{
    walker *w = context;
    if (id >= w->model->units)
        return (const mpz_t *)w->model->face + (id - w->model->units) * w->d;
    size_t l = crease_pattern_layer(w->model, id);
    return crease_map_exact(w->map[l], id - w->model->layer[l].first);
}

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
    w->cone = crease_cone_new(shared->task->proposer, &w->tally);
    w->pattern = crease_alloc(model->units, 1);
    w->neighbour = crease_alloc(model->units, 1);
    w->packed = crease_alloc(crease_pattern_bytes(model), 1);
    w->map = crease_alloc(model->layers, sizeof *w->map);
    w->other = crease_alloc(model->layers, sizeof *w->other);
    w->gate = crease_alloc(model->layers, sizeof *w->gate);
    w->other_gate = crease_alloc(model->layers, sizeof *w->other_gate);
    for (size_t l = 0; l < model->layers; l++) {
        w->map[l] = crease_map_new(model, l, w->d);
        w->other[l] = crease_map_new(model, l, w->d);
        w->gate[l] = crease_alloc(model->layer[l].width, 1);
        w->other_gate[l] = crease_alloc(model->layer[l].width, 1);
    }
    w->unit_row = crease_alloc(model->units, sizeof *w->unit_row);
    w->state = crease_alloc(rows, sizeof *w->state);
    w->at = crease_alloc(rows, sizeof(double));
    w->slope = crease_alloc(rows, sizeof(double));
    w->inside = crease_alloc(w->d, sizeof(double));
    w->point = crease_alloc(w->d, sizeof(double));
    w->direction = crease_alloc(w->d, sizeof(double));
    w->recent_point = crease_alloc(RECENT * w->d, sizeof(double));
}

static void close_walker(walker *w)
{
    crease_cone_free(w->cone);
    for (size_t l = 0; l < w->model->layers; l++) {
        crease_map_free(w->map[l]);
        crease_map_free(w->other[l]);
        free(w->gate[l]);
        free(w->other_gate[l]);
    }
    free(w->gate);
    free(w->other_gate);
    free(w->map);
    free(w->other);
    free(w->pattern);
    free(w->neighbour);
    free(w->packed);
    free(w->unit_row);
    free(w->state);
    free(w->at);
    free(w->slope);
    free(w->inside);
    free(w->point);
    free(w->direction);
    free(w->recent_point);
}

static void set_map(const walker *w, crease_map **map, uint8_t **gate, const uint8_t *pattern,
                    size_t l)
{
    if (!l) {
        crease_map_first(map[0]);
        return;
    }
    const crease_model_layer *below = &w->model->layer[l - 1];
    crease_map_next(map[l], map[l - 1],
                    crease_groups_gates(below, pattern + below->first, gate[l - 1]));
}

static void add_layer_rows(walker *w, size_t l)
{
    const crease_model_layer *layer = &w->model->layer[l];
    const crease_map *map = w->map[l];
    for (size_t u = 0; u < layer->decisions; u++) {
        size_t id = layer->first + u;
        w->unit_row[id] = ROW_ZERO;
        if (crease_group_is_moot(layer, u, w->pattern + layer->first))
            w->unit_row[id] = ROW_MOOT;
        else if (crease_cone_add(w->cone, map->row + u, layer->stride, map->mag[u], map->err[u],
                            w->pattern[id] ? 1 : -1, id))
            w->unit_row[id] = crease_cone_rows(w->cone) - 1;
    }
}

static void add_face(walker *w, const double *row, double err, size_t f)
{
    crease_cone_add(w->cone, row, 1, 1, err, 1, w->model->units + f);
    w->state[crease_cone_rows(w->cone) - 1] = ROW_FACE;
}

/* v_d > 0 as the first row, the rows of all units, and the faces of a box. */
static void build_region(walker *w)
{
    const crease_model *model = w->model;
    size_t unit_face = model->boxed ? model->faces : 0;
    crease_cone_clear(w->cone, w->d, model->reach, fetch, w);
    memset(w->direction, 0, w->d * sizeof(double));
    w->direction[w->d - 1] = 1;
    add_face(w, w->direction, 0, unit_face);
    for (size_t l = 0; l < model->layers; l++) {
        set_map(w, w->map, w->gate, w->pattern, l);
        add_layer_rows(w, l);
    }
    for (size_t r = 1; r < crease_cone_rows(w->cone); r++)
        w->state[r] = ROW_OPEN;
    for (size_t f = 0; f < unit_face; f++)
        add_face(w, model->face_value + f * w->d, model->face_error[f], f);
    crease_cone_load(w->cone);
}

/* Changes the pattern to that beyond unit id's hyperplane, if no other unit changes its state. */
static void flip(const walker *w, uint8_t *pattern, size_t id)
{
    const crease_model_layer *layer = &w->model->layer[crease_pattern_layer(w->model, id)];
    size_t u = id - layer->first, g, s, t;
    if (layer->pieces < 2) {
        pattern[id] ^= 1;
        return;
    }
    crease_group_pieces(layer, u, &g, &s, &t);
    crease_group_let_win(layer, g, pattern[id] ? s : t, pattern + layer->first, 0);
}

static void mark_known(walker *w)
{
    for (size_t id = 0; id < w->model->units; id++) {
        if (w->unit_row[id] >= ROW_MOOT)
            continue;
        flip(w, w->pattern, id);
        crease_pattern_pack(w->model, w->pattern, w->packed);
        flip(w, w->pattern, id);
        /* If the pattern that differs in this state alone is a region, then no other region
         * lies across this unit's facet: see crease_walk_run. */
        if (crease_visited_contains(w->walk->visited, w->packed))
            w->state[w->unit_row[id]] = ROW_KNOWN;
    }
}

/* A facet: units that vanish on it, its row on the region and the sign there. */
typedef struct {
    bool *vanishing;
    const mpz_t *row;
    int sign;
} facet;

/* The state, beyond the facet, of a unit that vanishes on it: its row there is a multiple of the
 * facet's. */
static uint8_t state_beyond(walker *w, const facet *f, size_t l, size_t u)
{
    const mpz_t *row = crease_map_exact(w->other[l], u);
    int factor = crease_integer_parallel(row, f->row, w->d) * f->sign;
    if (!factor && !crease_integer_is_zero(row, w->d))
        crease_fatal("walk: a unit that vanishes on a facet does not beyond it");
    return factor < 0;
}

/* The winner beyond the facet, among the pieces that are equal to the winner there. */
static void settle_group(walker *w, const facet *f, size_t l, size_t g)
{
    const crease_model_layer *layer = &w->model->layer[l];
    uint8_t *state = w->neighbour + layer->first;
    const bool *vanishing = f->vanishing + layer->first;
    size_t winner = crease_group_winner(layer, g, state), best = SIZE_MAX;
    for (size_t t = 0; t < layer->pieces; t++) {
        if (t != winner && !vanishing[crease_group_compare(layer, g, winner, t)])
            continue;
        if (best == SIZE_MAX || state_beyond(w, f, l, crease_group_compare(layer, g, best, t)))
            best = t;
    }
    crease_group_let_win(layer, g, best, state, 0);
}

/* Sets the state of the units that vanish on the facet. */
static void settle_units(walker *w, const facet *f)
{
    for (size_t l = 0; l < w->model->layers; l++) {
        const crease_model_layer *layer = &w->model->layer[l];
        set_map(w, w->other, w->other_gate, w->neighbour, l);
        for (size_t g = 0; g < crease_groups_count(layer); g++)
            settle_group(w, f, l, g);
        for (size_t u = 0; layer->pieces < 2 && u < layer->decisions; u++)
            if (f->vanishing[layer->first + u])
                w->neighbour[layer->first + u] = state_beyond(w, f, l, u);
    }
}

/* Puts the region across the facet of row r into the frontier. */
static void cross(walker *w, size_t r, const double *point)
{
    const crease_model *model = w->model;
    bool *vanishing = NULL;
    size_t own = 0;
    uint64_t handle;
    memcpy(w->neighbour, w->pattern, model->units);
    for (size_t id = 0; id < model->units; id++) {
        size_t row = w->unit_row[id];
        if (row == r)
            own = id;
        if (row == r || row == ROW_MOOT ||
            (row != ROW_ZERO &&
             (w->state[row] != ROW_IMPLIED || !crease_cone_parallel(w->cone, r, row))))
            continue;
        if (!vanishing)
            vanishing = crease_alloc(model->units, sizeof *vanishing);
        vanishing[id] = true;
    }
    if (vanishing) {
        vanishing[own] = true;
        settle_units(w, &(facet){vanishing, fetch(w, own), w->pattern[own] ? 1 : -1});
        free(vanishing);
    } else {
        flip(w, w->neighbour, own);
    }
    crease_pattern_pack(model, w->neighbour, w->packed);
    if (!crease_visited_insert(w->walk->visited, w->packed, &handle))
        return;
    if (point) {
        size_t slot = handle % RECENT;
        w->recent[slot] = handle;
        w->recent_used[slot] = true;
        memcpy(w->recent_point + slot * w->d, point, w->d * sizeof(double));
    }
    crease_frontier_push(w->walk->frontier, w->number, handle);
}

/* Shoots from inside along direction. True if the first row hit is open and hit strictly
 * first: then it is a facet, proved by point beyond it. */
static bool shoot(walker *w, size_t *hit)
{
    size_t m = crease_cone_rows(w->cone), first = m;
    double nearest = INFINITY, second = INFINITY;
    for (size_t r = 0; r < m; r++) {
        if (w->state[r] == ROW_IMPLIED)
            continue;
        const double *row = crease_cone_row(w->cone, r);
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
    if (first == m || w->state[first] != ROW_OPEN)
        return false;
    double t = isfinite(second) ? 0.5 * (nearest + second) : 2 * nearest + 1;
    if (!isfinite(t))
        return false;
    for (size_t j = 0; j < w->d; j++)
        w->point[j] = w->inside[j] + t * w->direction[j];
    *hit = first;
    if (crease_cone_sign(w->cone, first, w->point) >= 0 ||
        !crease_cone_contains(w->cone, w->point, first))
        return false;
    w->tally.filter++;
    return true;
}

static void found_facet(walker *w, size_t r, const double *point)
{
    w->state[r] = ROW_FACET;
    cross(w, r, point);
}

static void shoot_facets(walker *w)
{
    size_t m = crease_cone_rows(w->cone), hit;
    for (size_t r = 0; r < m; r++) {
        const double *row = crease_cone_row(w->cone, r);
        w->at[r] = 0;
        for (size_t j = 0; j < w->d; j++)
            w->at[r] += row[j] * w->inside[j];
    }
    for (size_t r = 0; r < m; r++) {
        if (w->state[r] != ROW_OPEN)
            continue;
        const double *row = crease_cone_row(w->cone, r);
        for (size_t j = 0; j < w->d; j++)
            w->direction[j] = -row[j];
        if (shoot(w, &hit))
            found_facet(w, hit, w->point);
    }
    for (size_t misses = 0; misses < 2 * w->d;) {
        for (size_t j = 0; j < w->d; j++)
            w->direction[j] = crease_random_signed(&w->seed);
        if (shoot(w, &hit))
            found_facet(w, hit, w->point);
        else
            misses++;
    }
}

/* A proved interior point of the region at hand, or NULL. */
static const double *interior(walker *w, uint64_t handle)
{
    size_t slot = handle % RECENT;
    if (w->recent_used[slot] && w->recent[slot] == handle) {
        memcpy(w->inside, w->recent_point + slot * w->d, w->d * sizeof(double));
        if (crease_cone_contains(w->cone, w->inside, SIZE_MAX))
            return w->inside;
    }
    return crease_cone_interior(w->cone, w->inside) ? w->inside : NULL;
}

static void visit(walker *w, uint64_t handle)
{
    crease_visited_get(w->walk->visited, handle, w->packed);
    crease_pattern_unpack(w->model, w->packed, w->pattern);
    build_region(w);
    mark_known(w);
    const double *inside = interior(w, handle);
    if (inside)
        shoot_facets(w);
    for (size_t r = 0; r < crease_cone_rows(w->cone); r++) {
        bool found;
        if (w->state[r] != ROW_OPEN)
            continue;
        if (crease_cone_cuts(w->cone, r, inside, w->point, &found)) {
            found_facet(w, r, found ? w->point : NULL);
        } else {
            w->state[r] = ROW_IMPLIED;
            crease_cone_enable(w->cone, r, false);
        }
    }
}

static void work(walker *w)
{
    walk *shared = w->walk;
    crease_monitor *monitor = shared->task->monitor;
    uint64_t handle;
    unsigned idle = 0;
    while (!crease_monitor_stopped(monitor)) {
        if (w->number == 0)
            crease_monitor_check(monitor, crease_visited_count(shared->visited),
                                 crease_frontier_open(shared->frontier), -1);
        if (crease_frontier_pop(shared->frontier, w->number, &handle)) {
            visit(w, handle);
            crease_frontier_done(shared->frontier);
            crease_monitor_regions(monitor, crease_visited_count(shared->visited));
            idle = 0;
        } else if (!crease_frontier_open(shared->frontier)) {
            break;
        } else if (++idle > 64) {
            sched_yield();
        }
    }
}

/* The certificate.  Where a group has more than two pieces, a cell of the tree is cut by pieces that win
 * nowhere in it as well, which patterns do not tell: there the split engine writes it. */
static void prove(const crease_task *task, const walk *shared, crease_outcome *outcome)
{
    size_t count = (size_t)outcome->regions;
    for (size_t l = 0; l < task->model->layers; l++)
        if (task->model->layer[l].pieces > 2) {
            crease_outcome again;
            crease_split_run(task, &again);
            crease_tally_add(&outcome->tally, &again.tally);
            if (again.regions != count && !crease_monitor_stopped(task->monitor))
                crease_fatal("walk: the split engine counts another number of regions");
            return;
        }
    uint8_t *all = crease_alloc(count, crease_pattern_bytes(task->model));
    crease_visited_all(shared->visited, all);
    crease_walk_prove(task, all, count, &outcome->tally);
    free(all);
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
    walk shared = {task, crease_visited_new(crease_pattern_bytes(task->model)),
                   crease_frontier_new(task->threads)};
    uint8_t *packed = crease_alloc(crease_pattern_bytes(task->model), 1);
    uint64_t handle;
    crease_pattern_pack(task->model, task->start, packed);
    crease_visited_insert(shared.visited, packed, &handle);
    crease_frontier_push(shared.frontier, 0, handle);
    free(packed);
    memset(outcome, 0, sizeof *outcome);
    crease_tally *tally = crease_alloc((size_t)task->threads, sizeof *tally);
#pragma omp parallel num_threads(task->threads)
    {
        walker w;
        open_walker(&w, &shared, omp_get_thread_num());
        work(&w);
        tally[omp_get_thread_num()] = w.tally;
        close_walker(&w);
    }
    for (int t = 0; t < task->threads; t++)
        crease_tally_add(&outcome->tally, &tally[t]);
    free(tally);
    outcome->regions = crease_visited_count(shared.visited);
    if (task->tape && !crease_monitor_stopped(task->monitor))
        prove(task, &shared, outcome);
    outcome->store_bytes =
        crease_visited_memory(shared.visited) + crease_frontier_memory(shared.frontier);
    crease_visited_free(shared.visited);
    crease_frontier_free(shared.frontier);
}
