#include "base/arena.h"

#include "base/interrupt.h"
#include "base/limits.h"
#include "base/memory.h"

#include <assert.h>
#include <stdint.h>
#include <stdlib.h>

enum { FIRST_BLOCK = CREASE_LIMIT_BLOCK, LARGE_BLOCK = 1 << 20 };

crease_arena *crease_arena_new(void)
{
    crease_arena *arena = crease_alloc(1, sizeof *arena);
    arena->block = crease_alloc(1, sizeof *arena->block);
    arena->size = crease_alloc(1, sizeof *arena->size);
    arena->blocks = 1;
    arena->size[0] = FIRST_BLOCK;
    arena->block[0] = crease_alloc_unset(FIRST_BLOCK, 1);
    arena->memory = arena->block[0];
    arena->room = FIRST_BLOCK;
    return arena;
}

void crease_arena_free(crease_arena *arena)
{
    if (!arena)
        return;
    for (size_t b = 0; b < arena->blocks; b++)
        free(arena->block[b]);
    free(arena->block);
    free(arena->size);
    free(arena);
}

static void next_block(crease_arena *arena, size_t bytes)
{
    if (arena->current + 1 == arena->blocks) {
        size_t size = 2 * arena->size[arena->current];
        while (size < bytes)
            size *= 2;
        arena->block = crease_realloc(arena->block, arena->blocks + 1, sizeof *arena->block);
        arena->size = crease_realloc(arena->size, arena->blocks + 1, sizeof *arena->size);
        /* Over a limit the block is there all the same; the loop that fills it ends. */
        if (size >= LARGE_BLOCK)
            crease_interrupted_by(bytes);
        arena->block[arena->blocks] = crease_alloc_unset(size, 1);
        arena->size[arena->blocks++] = size;
    }
    arena->current++;
    arena->used = 0;
    arena->memory = arena->block[arena->current];
    arena->room = arena->size[arena->current];
}

void *crease_arena_take_on(crease_arena *arena, size_t bytes)
{
    while (arena->used + bytes > arena->room)
        next_block(arena, bytes);
    void *memory = arena->memory + arena->used;
    arena->used += bytes;
    return memory;
}

void *crease_arena_take_aligned(crease_arena *arena, size_t bytes)
{
    char *memory = crease_arena_take(arena, bytes + 64);
    return memory + (64 - (uintptr_t)memory % 64) % 64;
}

void crease_arena_release(crease_arena *arena, crease_arena_mark mark)
{
    assert(mark.block < arena->current ||
           (mark.block == arena->current && mark.used <= arena->used));
    if (arena->current != mark.block) {
        arena->current = mark.block;
        arena->memory = arena->block[mark.block];
        arena->room = arena->size[mark.block];
    }
    arena->used = mark.used;
}
