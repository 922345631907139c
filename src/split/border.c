#include "split/border.h"

#include "base/shadow.h"
#include "dd/image.h"

#include <stdlib.h>

/* Which border is that into layer l? */
static size_t border_of(const crease_model *model, size_t l)
{
    size_t borders = 0;
    for (size_t i = 1; i < l; i++)
        borders += model->layer[i].decisions > 0;
    return borders;
}

bool crease_border_classify(crease_worker *w, size_t l, crease_cell *cell, const uint64_t *cut)
{
    crease_classes *classes = w->shared->task->keeper->classes;
    size_t bytes;
    bool search;
    if (!cell->carries_rays) {
        crease_classes_fail(classes);
        crease_monitor_stop(w->shared->task->monitor, CREASE_STOP_ASKED);
        crease_worker_pause(w);
        return false;
    }
    crease_cell_catch_up(w->cells, cell);
    uint64_t *live = crease_arena_take(cell->chart->arena, cell->chart->words * sizeof *live);
    crease_image_live(w->model, l, cut, w->stage[l].state, true, live);
    uint8_t *key = crease_image_cone_key(cell->chart, &cell->rays, live, &bytes);
    if (crease_interrupt_raised()) {
        free(key);
        crease_worker_pause(w);
        return false;
    }
    w->inside = crease_classes_enter(classes, w->inside, border_of(w->model, l), key, bytes,
                                     !crease_worker_replays(w), &search);
    if (!search)
        crease_worker_finish(w, 0);
    return search;
}

bool crease_border_looks(const crease_worker *w, size_t l, const crease_cell *cell)
{
    return w->merge && cell->carries_rays && !crease_worker_replays(w) &&
           crease_merger_looks(w->merge, l);
}

/* What the worker has counted has cost that much, in rays. */
static double cost_so_far(const crease_worker *w)
{
    return (double)w->tally.rays + CREASE_MERGE_LP * (double)w->tally.lp;
}

/* regions: that were known. */
static void gain(crease_worker *w, const crease_whole *regions)
{
    double spent = crease_merger_spent(w->merge);
    crease_worker_gain(w, CREASE_MERGE_REGION * crease_whole_double(regions) - (spent - w->paid));
    w->paid = spent;
}

bool crease_border_cross(crease_worker *w, size_t l, crease_cell *cell, const uint64_t *cut,
                         crease_crossing *crossing)
{
    *crossing = (crease_crossing){.before = w->regions,
                                  .cost = cost_so_far(w),
                                  .layer = l,
                                  .depth = w->depth,
                                  .lent = w->lent};
    crease_whole *known = &crossing->known;
    crease_cell_catch_up(w->cells, cell);
    crossing->found =
        crease_merger_enter(w->merge, l, cell, cut, w->stage[l].state, &crossing->border, known);
    if (crease_interrupt_raised()) {
        crease_merger_leave(w->merge, &crossing->border, NULL, 0);
        crease_worker_pause(w);
        return true;
    }
    gain(w, known);
    bool again = CREASE_SHADOW && crease_merger_worth_checking(known);
    if (crossing->found && !again) {
        crease_worker_finish_known(w, known);
        return true;
    }
    w->lent = 0;
    return false;
}

void crease_border_leave(crease_worker *w, crease_crossing *crossing)
{
    bool whole = w->lent <= crossing->depth && !w->left && !crease_interrupt_raised();
    crease_whole regions = w->regions;
    crease_whole_subtract(&regions, &crossing->before);
    w->lent = crossing->lent > w->lent ? crossing->lent : w->lent;
    if (CREASE_SHADOW && crossing->found && whole)
        crease_shadow_merged(crossing->layer, &crossing->known, &regions);
    if (!crossing->found)
        crease_merger_leave(w->merge, &crossing->border, whole ? &regions : NULL,
                            cost_so_far(w) - crossing->cost);
    gain(w, &(crease_whole){{0}});
}
