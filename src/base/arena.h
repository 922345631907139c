/* A stack allocator.  A mark is a height of the stack; releasing a mark frees all that was taken
 * after it.  One thread at a time. */
#ifndef CREASE_BASE_ARENA_H
#define CREASE_BASE_ARENA_H

#include <stddef.h>

typedef struct crease_arena {
    char *memory; /* of the current block, which has `used` bytes in use of `room` */
    size_t used, room;
    char **block;
    size_t *size;
    size_t blocks, current;
} crease_arena;

typedef struct {
    size_t block;
    size_t used;
} crease_arena_mark;

crease_arena *crease_arena_new(void);
void crease_arena_free(crease_arena *arena);

/* crease_arena_take in a later block. */
void *crease_arena_take_on(crease_arena *arena, size_t bytes);

/* Memory of this size, aligned to 16 bytes, not cleared.  It is valid until a mark that was made
 * before it is released. */
static inline void *crease_arena_take(crease_arena *arena, size_t bytes)
{
    bytes = (bytes + 15) / 16 * 16;
    if (arena->used + bytes > arena->room)
        return crease_arena_take_on(arena, bytes);
    void *memory = arena->memory + arena->used;
    arena->used += bytes;
    return memory;
}

/* The same, aligned to 64 bytes. */
void *crease_arena_take_aligned(crease_arena *arena, size_t bytes);

static inline crease_arena_mark crease_arena_here(const crease_arena *arena)
{
    return (crease_arena_mark){arena->current, arena->used};
}

void crease_arena_release(crease_arena *arena, crease_arena_mark mark);

#endif
