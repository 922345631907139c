#include "dd/frame.h"

#include <assert.h>

crease_frame *crease_frame_new(crease_arena *arena, const crease_frame *parent, size_t first,
                               size_t count)
{
    assert(count > 0 && first + count <= CREASE_RAY_SLOTS);
    crease_frame *frame = crease_arena_take(arena, sizeof *frame + count * sizeof *frame->row);
    frame->parent = parent;
    frame->first = first;
    frame->count = count;
    return frame;
}

const crease_frame *crease_frame_add(crease_arena *arena, const crease_frame *parent, size_t slot,
                                     crease_row row)
{
    crease_frame *frame = crease_frame_new(arena, parent, slot, 1);
    frame->row[0] = row;
    return frame;
}

const crease_row *crease_frame_row(const crease_frame *frame, size_t slot)
{
    assert(slot < CREASE_RAY_SLOTS);
    for (; frame; frame = frame->parent)
        if (slot - frame->first < frame->count)
            return &frame->row[slot - frame->first];
    return NULL;
}

void crease_frame_rows_of(const crease_frame *frame, crease_active_set set,
                          const crease_row *row[CREASE_RAY_SLOTS])
{
    for (; set.word[0] | set.word[1]; frame = frame->parent)
        for (size_t s = frame->first; s < frame->first + frame->count; s++)
            if (crease_bit(set.word, s)) {
                row[s] = &frame->row[s - frame->first];
                set.word[s / 64] &= ~((uint64_t)1 << s % 64);
            }
}

void crease_frame_rows(const crease_frame *frame, const crease_row *row[CREASE_RAY_SLOTS])
{
    for (size_t s = 0; s < CREASE_RAY_SLOTS; s++)
        row[s] = NULL;
    for (; frame; frame = frame->parent)
        for (size_t i = 0; i < frame->count; i++)
            if (!row[frame->first + i])
                row[frame->first + i] = &frame->row[i];
}
