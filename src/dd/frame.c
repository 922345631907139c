#include "dd/frame.h"

#include <assert.h>
#include <string.h>

crease_frame *crease_frame_new(crease_arena *arena, const crease_frame *parent, size_t first,
                               size_t count)
{
    assert(count > 0 && first + count <= CREASE_RAY_SLOTS);
    size_t before = parent ? parent->slots : 0;
    size_t slots = before > first + count ? before : first + count;
    crease_frame *frame = crease_arena_take(arena, sizeof *frame + count * sizeof *frame->row +
                                                       slots * sizeof *frame->all);
    void *table = frame->row + count;
    frame->slots = slots;
    frame->all = table;
    frame->first = first;
    if (before)
        memcpy(frame->all, parent->all, before * sizeof *frame->all);
    for (size_t s = before; s < first; s++)
        frame->all[s] = NULL;
    for (size_t i = 0; i < count; i++)
        frame->all[first + i] = &frame->row[i];
    return frame;
}

const crease_frame *crease_frame_add(crease_arena *arena, const crease_frame *parent, size_t slot,
                                     crease_row row)
{
    crease_frame *frame = crease_frame_new(arena, parent, slot, 1);
    frame->row[0] = row;
    return frame;
}

void crease_frame_rows(const crease_frame *frame, const crease_row *row[CREASE_RAY_SLOTS])
{
    memcpy(row, frame->all, frame->slots * sizeof *row);
    for (size_t s = frame->slots; s < CREASE_RAY_SLOTS; s++)
        row[s] = NULL;
}
