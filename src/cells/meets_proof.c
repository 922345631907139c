#include "cells/meets_proof.h"

#include "base/interrupt.h"
#include "base/memory.h"
#include "cells/cells.h"
#include "cells/lp_cell.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* The checker counts the regions of flats of so few dimensions itself. */
enum { FEW_DIMENSIONS = 2 };

typedef struct {
    crease_cells *cells;
    const crease_rays *chart;
    const crease_meets_task *task;
    crease_walls walls;
    size_t n, first;   /* inputs; number of the layer's first unit */
    size_t sets, room; /* that were found to meet, with n + 1 coordinates of a point each */
    uint64_t *set;
    double *point;
} prover;

static size_t size_of(uint64_t set)
{
    return (size_t)__builtin_popcountll(set);
}

static crease_meet ask(void *context, uint64_t set, uint64_t *part)
{
    prover *p = context;
    size_t d = p->n + 1;
    crease_meet answer = p->task->meets.ask(p->task->meets.context, set, part);
    if (answer != CREASE_MEET_YES)
        return answer;
    if (p->sets == p->room) {
        p->room = 2 * p->room + 64;
        p->set = crease_realloc(p->set, p->room, sizeof *p->set);
        p->point = crease_realloc(p->point, p->room * d, sizeof *p->point);
    }
    memcpy(p->point + p->sets * d, p->task->point, d * sizeof *p->point);
    p->set[p->sets++] = set;
    return answer;
}

static bool meets(const prover *p, uint64_t set)
{
    bool found = size_of(set) <= 1;
    for (size_t i = p->sets; i-- > 0 && !found;)
        found = !(set & ~p->set[i]);
    return found;
}

/* A set that meets and holds the given one, which does, with as many of the others as possible;
 * SIZE_MAX if its point cannot be found. */
static size_t find_set(prover *p, uint64_t set, uint64_t others)
{
    size_t best = SIZE_MAX, most = 0;
    uint64_t part;
    for (size_t i = 0; i < p->sets; i++) {
        size_t own = size_of(p->set[i] & others);
        if (set & ~p->set[i] || (best < SIZE_MAX && own <= most))
            continue;
        best = i;
        most = own;
    }
    if (best < SIZE_MAX)
        return best;
    set = set ? set : others & -others;
    return ask(p, set, &part) == CREASE_MEET_YES ? p->sets - 1 : SIZE_MAX;
}

/* Regions where the functions of a set, which meets, are 0, under the others. */
static uint64_t count_regions(const prover *p, uint64_t set, uint64_t others)
{
    uint64_t sum = 1;
    for (; others; others &= others - 1) {
        uint64_t own = set | (others & -others);
        if (meets(p, own))
            sum += count_regions(p, own, others & (others - 1));
    }
    return sum;
}

/* Of the functions in `others`, the one that meets, with the set, the fewest of those that are
 * pending. */
static uint64_t choose(const prover *p, uint64_t set, uint64_t others, uint64_t pending)
{
    uint64_t best = 0;
    size_t fewest = SIZE_MAX;
    for (; others; others &= others - 1) {
        uint64_t own = others & -others;
        size_t met = 0;
        for (uint64_t left = pending & ~own; left; left &= left - 1)
            met += meets(p, set | own | (left & -left));
        best = met < fewest ? own : best;
        fewest = met < fewest ? met : fewest;
    }
    return best;
}

static size_t cross(prover *p, uint64_t function)
{
    size_t u = p->task->unit[__builtin_ctzll(function)];
    return crease_subspace_cross(&p->cells->proof->subspace, p->chart, u, CREASE_RAY_SLOTS);
}

/* Writes that the functions of `forced` have one sign where those of the set are 0. */
static bool force(prover *p, uint64_t set, uint64_t forced)
{
    crease_arena *arena = p->cells->arena;
    crease_arena_mark mark = crease_arena_here(arena);
    crease_support *list = crease_arena_take(arena, size_of(forced) * sizeof *list);
    size_t count = 0, at = forced ? find_set(p, set, 0) : 0;
    bool good = at < SIZE_MAX;
    for (; forced && good; forced &= forced - 1) {
        size_t c = (size_t)__builtin_ctzll(forced);
        good = p->task->support(p->task->meets.context, set, c, p->point + at * (p->n + 1),
                                &list[count]) &&
               !crease_interrupted();
        list[count].forced.unit = p->first + p->task->unit[c];
        list[count++].written = false;
    }
    if (good)
        crease_supports_write(&p->cells->proof->trace, arena, list, count);
    crease_arena_release(arena, mark);
    return good;
}

/* Writes that the functions of `zero` meet where those of the set are 0, near a point; if it is
 * empty, that a point is there. */
static bool write_meeting(prover *p, uint64_t zero, size_t at)
{
    crease_proof *proof = p->cells->proof;
    size_t pivot[CREASE_MEET_ROWS], count = 0;
    for (; zero; zero &= zero - 1) {
        size_t own = cross(p, zero), k = count++;
        for (; k > 0 && pivot[k - 1] > own; k--)
            pivot[k] = pivot[k - 1];
        pivot[k] = own;
    }
    if (count)
        crease_trace_meet(&proof->trace, pivot, count);
    bool good = crease_subspace_point_by_doubles(&proof->trace, &proof->subspace, &p->walls,
                                                 p->point + at * (p->n + 1));
    while (count--)
        crease_subspace_back(&proof->subspace);
    return good;
}

/* The functions of `pending` are pending where those of the set are 0, which meet. */
static bool prove(prover *p, uint64_t set, uint64_t pending, uint64_t *regions)
{
    crease_proof *proof = p->cells->proof;
    uint64_t forced = 0, more;
    for (uint64_t left = pending; left; left &= left - 1)
        if (!meets(p, set | (left & -left)))
            forced |= left & -left;
    if (pending != forced && p->n - size_of(set) <= FEW_DIMENSIONS) {
        *regions = count_regions(p, set, pending);
        crease_trace_count(&proof->trace, *regions);
        return true;
    }
    pending &= ~forced;
    if (!force(p, set, forced))
        return false;
    size_t at = find_set(p, set, pending);
    if (at == SIZE_MAX)
        return false;
    uint64_t zero = p->set[at] & pending, others = pending & ~zero;
    if (size_of(zero) > 63) { /* the format's limit */
        others |= zero & -zero;
        zero &= zero - 1;
    }
    *regions = (uint64_t)1 << size_of(zero);
    while (others) {
        uint64_t own = choose(p, set, others, pending);
        others &= ~own;
        pending &= ~own;
        size_t pivot = cross(p, own);
        crease_trace_cross(&proof->trace, p->first + p->task->unit[__builtin_ctzll(own)], pivot);
        bool good = !crease_interrupt_raised() && prove(p, set | own, pending, &more);
        crease_subspace_back(&proof->subspace);
        if (!good)
            return false;
        *regions += more;
    }
    return write_meeting(p, zero, at);
}

bool crease_meets_prove(crease_cells *cells, const crease_cell *cell, const crease_meets_task *task,
                        uint64_t *regions)
{
    crease_arena_mark mark = crease_arena_here(cells->arena);
    const crease_model *model = cells->model;
    crease_trace *trace = &cells->proof->trace;
    const crease_trace before = *trace;
    prover p = {.cells = cells,
                .chart = cell->chart,
                .task = task,
                .n = model->inputs,
                .first = model->layer[cell->chart->map->layer].first};
    const crease_meets counted = {ask, &p, task->meets.rank};
    assert(task->count > 0 && !cells->proof->subspace.count);
    bool good = crease_meets_count(&counted, task->count, regions);
    if (good) {
        const crease_cell whole = crease_lp_cell_with_faces(cells, cell);
        uint64_t shown, all = ~(uint64_t)0 >> (CREASE_MEET_ROWS - task->count);
        p.walls = crease_walls_new(cell->chart, whole.row + 1, whole.rows - 1);
        crease_trace_hold(trace);
        good = prove(&p, 0, all, &shown) && !crease_interrupt_raised();
        assert(!good || shown == *regions);
        crease_trace_go_on(trace, &before, !good);
    }
    free(p.set);
    free(p.point);
    crease_arena_release(cells->arena, mark);
    return good;
}
