/* A solver for lp/nearest.h that is wrong on purpose, linked in place of lp/nearest.c: see
 * hostile_box.c. */
#define crease_nearest_run honest_nearest
#include "lp/nearest.c"
#undef crease_nearest_run

#include "spoil.h"

/* 0, or a number between less than a rounding error and a very large one. */
static double little(uint64_t *state)
{
    static const double size[] = {0, 0x1p-60, 0x1p-53, 0x1p-50, 1e-12, 1e-8, 1e-3, 1};
    return (spoil_draw(state, 2) ? 1 : -1) * size[spoil_draw(state, 8)];
}

/* A little beyond what the active constraints allow, or along the way from the centre. */
static void move_point(crease_nearest *s, uint64_t *state)
{
    double far = little(state);
    memset(s->z, 0, s->task->n * sizeof *s->z);
    if (spoil_draw(state, 2))
        add_gradients(s, s->u, s->z);
    else
        for (size_t j = 0; j < s->task->n; j++)
            s->z[j] = s->x[j] - s->task->centre[j];
    for (size_t j = 0; j < s->task->n; j++)
        s->x[j] += far * s->z[j];
    if (spoil_draw(state, 16) == 0)
        spoil_numbers(state, s->x, s->task->n);
}

/* Multipliers of the active rows, a little wrong; those of others, or of none. */
static void move_multipliers(crease_nearest *s, bool any, uint64_t *state)
{
    size_t m = s->task->m;
    if (any) {
        memset(s->y, 0, m * sizeof *s->y);
        for (size_t q = 0; q < s->k; q++)
            if (s->active[q].number < m)
                s->y[s->active[q].number] = s->u[q];
        s->y[m - 1] = spoil_draw(state, 2) ? 1 : s->y[m - 1];
    }
    /* As many rows as have one combination that is 0. */
    for (size_t left = any && spoil_draw(state, 2) ? s->task->n + 1 : 0; left > 0; left--) {
        size_t i = spoil_draw(state, m);
        s->y[i] = s->y[i] != 0 ? s->y[i] : spoil_draw(state, 2) ? 1 : -1;
    }
    double far = little(state);
    for (size_t i = 0; i < m; i++)
        s->y[i] *= 1 + far * ((double)spoil_draw(state, 2001) / 1000 - 1);
    if (spoil_draw(state, 16) == 0)
        spoil_numbers(state, s->y, m);
}

crease_nearest_end crease_nearest_run(crease_nearest *s, const crease_nearest_task *task)
{
    uint64_t state = task->m;
    spoil_seed(&state, task->centre, task->n);
    spoil_seed(&state, task->at_centre, task->m);
    crease_nearest_end end = honest_nearest(s, task);
    switch (spoil_draw(&state, 4)) {
    case 0: return CREASE_NEAREST_FAILED;
    case 1: return end;
    case 2:
        if (end != CREASE_NEAREST_FOUND)
            set_x(s);
        move_point(s, &state);
        return CREASE_NEAREST_FOUND;
    default: move_multipliers(s, end != CREASE_NEAREST_NONE, &state); return CREASE_NEAREST_NONE;
    }
}
