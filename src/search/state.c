#include "search/state.h"

#include "base/memory.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

int crease_stack_order(const crease_stack *a, const crease_stack *b)
{
    for (size_t k = 0; k < a->steps && k < b->steps; k++) {
        const crease_step *p = &a->step[k], *q = &b->step[k];
        if (p->unit != q->unit || p->branch != q->branch)
            return p->unit != q->unit      ? (p->unit < q->unit ? -1 : 1)
                   : p->branch < q->branch ? -1
                                           : 1;
    }
    return a->steps == b->steps ? 0 : a->steps < b->steps ? -1 : 1;
}

void crease_stacks_add(crease_stacks *stacks, const crease_step *step, size_t steps)
{
    if (stacks->count == stacks->room) {
        stacks->room = stacks->room ? 2 * stacks->room : 16;
        stacks->stack = crease_realloc(stacks->stack, stacks->room, sizeof *stacks->stack);
    }
    crease_step *copy = crease_alloc(steps, sizeof *copy);
    if (steps)
        memcpy(copy, step, steps * sizeof *copy);
    stacks->stack[stacks->count++] = (crease_stack){copy, steps};
}

void crease_stacks_spread(crease_stacks *stacks, const crease_stack *stack)
{
    crease_step *path = crease_alloc(stack->steps, sizeof *path);
    for (size_t k = 0; k < stack->steps; k++) {
        path[k] = stack->step[k];
        assert(path[k].branch < path[k].end);
        for (uint32_t b = stack->step[k].branch + 1; b < stack->step[k].end; b++) {
            path[k].branch = b;
            path[k].end = b + 1;
            crease_stacks_add(stacks, path, k + 1);
        }
        path[k].branch = stack->step[k].branch;
        path[k].end = path[k].branch + 1;
    }
    crease_stacks_add(stacks, path, stack->steps);
    free(path);
}

void crease_stacks_clear(crease_stacks *stacks)
{
    for (size_t i = 0; i < stacks->count; i++)
        free(stacks->stack[i].step);
    free(stacks->stack);
    memset(stacks, 0, sizeof *stacks);
}
