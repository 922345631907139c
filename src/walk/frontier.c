#include "walk/frontier.h"

#include "base/lock.h"
#include "base/memory.h"

#include <assert.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
    _Alignas(64) crease_lock lock;
    uint64_t *item;
    size_t count, room;
} stack;

struct crease_frontier {
    int workers;
    _Atomic uint64_t open;
    stack *stack;
};

crease_frontier *crease_frontier_new(int workers)
{
    crease_frontier *frontier = crease_alloc(1, sizeof *frontier);
    frontier->workers = workers;
    frontier->stack = crease_alloc_aligned((size_t)workers, sizeof *frontier->stack);
    return frontier;
}

void crease_frontier_free(crease_frontier *frontier)
{
    for (int w = 0; w < frontier->workers; w++)
        free(frontier->stack[w].item);
    free(frontier->stack);
    free(frontier);
}

static void reserve(stack *s, size_t more)
{
    if (s->count + more <= s->room)
        return;
    while (s->room < s->count + more)
        s->room = s->room ? s->room * 3 / 2 : 64;
    s->item = crease_realloc(s->item, s->room, sizeof *s->item);
}

void crease_frontier_push(crease_frontier *frontier, int worker, uint64_t item)
{
    stack *s = &frontier->stack[worker];
    assert(worker >= 0 && worker < frontier->workers);
    atomic_fetch_add_explicit(&frontier->open, 1, memory_order_relaxed);
    crease_lock_take(&s->lock);
    reserve(s, 1);
    s->item[s->count++] = item;
    crease_lock_release(&s->lock);
}

/* Moves half of the victim's oldest items to a private block. */
static size_t take_half(stack *victim, uint64_t **loot)
{
    crease_lock_take(&victim->lock);
    size_t count = (victim->count + 1) / 2;
    *loot = NULL;
    if (count) {
        *loot = crease_alloc(count, sizeof **loot);
        memcpy(*loot, victim->item, count * sizeof **loot);
        victim->count -= count;
        memmove(victim->item, victim->item + count, victim->count * sizeof **loot);
    }
    crease_lock_release(&victim->lock);
    return count;
}

bool crease_frontier_pop(crease_frontier *frontier, int worker, uint64_t *item)
{
    stack *own = &frontier->stack[worker];
    crease_lock_take(&own->lock);
    bool got = own->count > 0;
    if (got)
        *item = own->item[--own->count];
    crease_lock_release(&own->lock);
    for (int k = 1; k < frontier->workers && !got; k++) {
        uint64_t *loot;
        size_t count = take_half(&frontier->stack[(worker + k) % frontier->workers], &loot);
        if (!count)
            continue;
        *item = loot[--count];
        got = true;
        crease_lock_take(&own->lock);
        reserve(own, count + 1);
        memcpy(own->item + own->count, loot, count * sizeof *loot);
        own->count += count;
        crease_lock_release(&own->lock);
        free(loot);
    }
    return got;
}

void crease_frontier_done(crease_frontier *frontier)
{
    assert(crease_frontier_open(frontier) > 0);
    atomic_fetch_sub_explicit(&frontier->open, 1, memory_order_release);
}

uint64_t crease_frontier_open(const crease_frontier *frontier)
{
    return atomic_load_explicit(&frontier->open, memory_order_acquire);
}

uint64_t crease_frontier_memory(crease_frontier *frontier)
{
    uint64_t bytes = 0;
    for (int w = 0; w < frontier->workers; w++) {
        crease_lock_take(&frontier->stack[w].lock);
        bytes += frontier->stack[w].room * sizeof(uint64_t);
        crease_lock_release(&frontier->stack[w].lock);
    }
    return bytes;
}
