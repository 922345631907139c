#include "split/border.h"

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

bool crease_border_classify(crease_worker *w, size_t l, const crease_cell *cell,
                            const uint64_t *cut)
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
