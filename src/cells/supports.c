#include "cells/supports.h"

#include "proof/farkas_vertices.h"

#include <string.h>

void crease_support_add(const crease_model *model, crease_support *s, const crease_row *row)
{
    size_t reference = crease_farkas_reference(model, row), k = s->count++;
    for (; k > 0 && s->reference[k - 1] > reference; k--)
        s->reference[k] = s->reference[k - 1];
    s->reference[k] = reference;
}

static bool same(const crease_support *a, const crease_support *b)
{
    return a->count == b->count &&
           (!a->count || !memcmp(a->reference, b->reference, a->count * sizeof *a->reference));
}

void crease_supports_write(crease_trace *trace, crease_arena *arena, crease_support *list,
                           size_t count)
{
    crease_forced *forced = crease_arena_take(arena, (count + 1) * sizeof *forced);
    for (size_t i = 0; i < count; i++) {
        size_t together = 0;
        for (size_t k = i; k < count && !list[i].written; k++)
            if (!list[k].written && same(&list[k], &list[i])) {
                forced[together++] = list[k].forced;
                list[k].written = k > i;
            }
        if (together)
            crease_trace_force(trace, list[i].reference, list[i].count, forced, together);
    }
}
