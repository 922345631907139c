#include "search/search.h"

#include <omp.h>
#include <string.h>

int crease_search_threads(const crease_options *options)
{
    int most = omp_get_max_threads();
    most = most < CREASE_SEARCH_THREADS ? most : CREASE_SEARCH_THREADS;
    return options->threads ? options->threads : most;
}

void crease_search_nothing(const crease_task *task, crease_outcome *outcome)
{
    const crease_keeper *keeper = task->keeper;
    crease_state state = {.rays = false};
    if (keeper && keeper->from) {
        state = *keeper->from;
        memset(&state.open, 0, sizeof state.open);
        for (size_t i = 0; i < keeper->from->open.count; i++)
            crease_stacks_add(&state.open, keeper->from->open.stack[i].step,
                              keeper->from->open.stack[i].steps);
    } else {
        crease_stacks_add(&state.open, NULL, 0);
    }
    *outcome = (crease_outcome){.regions = state.regions, .tally = state.tally, .unfinished = true};
    if (crease_keeper_saves(keeper))
        keeper->save(keeper->context, &state, true);
    crease_stacks_clear(&state.open);
}
