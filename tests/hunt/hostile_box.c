/* A solver for lp/bounded.h that is wrong on purpose, linked in place of lp/bounded.c.  It takes
 * the answer of that solver and changes it in some way that the contract of buffers allows.  Most
 * answers are almost right, since only a strict proof rejects those.  Counts must not change. */
#define crease_bounded_run honest_run
#include "lp/bounded.c"
#undef crease_bounded_run

#include "spoil.h"

/* 0, or a number between less than a rounding error and a very large one. */
static double little(uint64_t *state)
{
    static const double size[] = {0,     0x1p-60, 0x1p-53, 0x1p-52, 0x1p-50, 1e-14,
                                  1e-12, 1e-10,   1e-8,    1e-5,    1e-2,    1};
    return size[spoil_draw(state, 12)];
}

/* Away from the point inside by a share of the way, or towards it; or numbers alone move, some to
 * the bounds or next to them. */
static void move_point(const crease_bounded *s, const crease_bounded_task *task, uint64_t *state,
                       double *x)
{
    uint64_t way = spoil_draw(state, 4);
    double share = little(state) * (spoil_draw(state, 3) ? 1 : -1);
    for (size_t j = 0; j < s->n; j++) {
        double from = task->inside ? task->inside[j] : 0.5 * (s->low[j] + s->high[j]);
        double bound = spoil_draw(state, 2) ? s->low[j] : s->high[j];
        if (way <= 1)
            x[j] += share * (x[j] - from);
        else if (way == 2)
            x[j] = from + (1 - fabs(share)) * (x[j] - from);
        else if (spoil_draw(state, 2))
            x[j] = bound + share * (bound - from);
    }
    if (spoil_draw(state, 16) == 0)
        spoil_numbers(state, x, s->n);
}

/* Multipliers as they are, or a little too large or too small, some negative, or any. */
static void move_multipliers(crease_bounded *s, uint64_t *state)
{
    double share = little(state);
    uint64_t way = spoil_draw(state, 6);
    for (size_t t = 0; t < s->k; t++)
        if (way == 1)
            s->y[t] *= 1 + share * ((double)spoil_draw(state, 2001) / 1000 - 1);
        else if (way == 2)
            s->y[t] -= share;
    if (way == 3 && spoil_draw(state, 4) == 0)
        spoil_numbers(state, s->y, s->k);
}

/* Any rows and columns, some twice. */
static void move_basis(crease_bounded *s, uint64_t *state)
{
    size_t most = s->m < s->n ? s->m : s->n, k = spoil_draw(state, most + 1);
    bool keep = k <= s->k && spoil_draw(state, 2);
    s->k = k;
    for (size_t t = 0; t < k; t++) {
        if (!keep)
            s->y[t] = (double)spoil_draw(state, 1001) / 1000;
        if (!keep || spoil_draw(state, 4) == 0)
            s->tight[t] = (uint32_t)spoil_draw(state, s->m);
    }
    for (size_t i = 0; i < s->m; i++)
        s->basic[i] = i < k ? spoil_draw(state, s->n) : s->n + i;
}

/* The answer for the cell behind one of the rows. */
static crease_bounded_end answer_behind(crease_bounded *s, const crease_bounded_task *task,
                                        uint64_t *state)
{
    size_t behind = spoil_draw(state, task->m);
    double *turned = crease_alloc(s->n + 1, sizeof *turned);
    const double **row = crease_alloc(task->m, sizeof *row);
    memcpy(row, task->row, task->m * sizeof *row);
    for (size_t j = 0; j <= s->n; j++)
        turned[j] = -row[behind][j];
    row[behind] = turned;
    crease_bounded_task other = *task;
    other.row = row;
    other.inside = NULL;
    other.start = NULL;
    crease_bounded_end end = honest_run(s, &other);
    for (size_t t = 0; t < s->k; t++)
        s->y[t] = s->tight[t] == behind ? -s->y[t] : s->y[t];
    memcpy(s->point, s->x, s->n * sizeof *s->point);
    free(turned);
    free(row);
    return end == CREASE_BOUNDED_LEAST && s->objective < 0 ? CREASE_BOUNDED_BELOW : end;
}

crease_bounded_end crease_bounded_run(crease_bounded *s, const crease_bounded_task *task)
{
    static const crease_bounded_end ends[] = {CREASE_BOUNDED_FAILED, CREASE_BOUNDED_ABOVE,
                                              CREASE_BOUNDED_BELOW, CREASE_BOUNDED_LEAST};
    crease_bounded_task whole = *task;
    uint64_t state = task->m;
    spoil_seed(&state, task->f, s->n + 1);
    for (size_t i = 0; i < task->m; i++)
        spoil_seed(&state, task->row[i], s->n + 1);
    if (task->m && spoil_draw(&state, 6) == 0)
        return answer_behind(s, task, &state);
    whole.whole = whole.whole || spoil_draw(&state, 4);
    crease_bounded_end end = honest_run(s, &whole);
    switch (spoil_draw(&state, 6)) {
    case 0: return end;
    case 1:
    case 2: move_multipliers(s, &state); return CREASE_BOUNDED_ABOVE;
    case 3:
        memcpy(s->point, s->x, s->n * sizeof *s->point);
        move_point(s, task, &state, s->point);
        return CREASE_BOUNDED_BELOW;
    case 4:
        move_point(s, task, &state, s->x);
        s->objective = -1;
        return CREASE_BOUNDED_LEAST;
    default: move_basis(s, &state); return ends[spoil_draw(&state, 4)];
    }
}
