#include "search/search.h"

#include <string.h>

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
    if (keeper && !keeper->probe)
        keeper->save(keeper->context, &state, true);
    crease_stacks_clear(&state.open);
}
