#include "lp/meet.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

void crease_meet_points_begin(crease_meet_points *points, size_t n)
{
    if (n > points->room) {
        points->point = crease_realloc(points->point, CREASE_MEET_KEPT * n, sizeof *points->point);
        points->room = n;
    }
    points->n = n;
    points->count = 0;
}

void crease_meet_points_add(crease_meet_points *points, uint64_t set, const double *point)
{
    size_t place = points->count++ % CREASE_MEET_KEPT, n = points->n;
    points->set[place] = set;
    memcpy(points->point + place * n, point, n * sizeof *point);
}

void crease_meet_points_free(crease_meet_points *points)
{
    free(points->point);
}

uint64_t crease_meet_points_mean(const crease_meet_points *points, uint64_t set,
                                 const double *inside, double *point)
{
    size_t n = points->n, used = 0;
    size_t kept = points->count < CREASE_MEET_KEPT ? points->count : CREASE_MEET_KEPT;
    uint64_t zero = 0;
    for (size_t i = 0; i < kept; i++)
        if (__builtin_popcountll(points->set[i] & set) > __builtin_popcountll(zero))
            zero = points->set[i] & set;
    memcpy(point, inside, n * sizeof *point);
    for (size_t i = 0; i < kept && zero; i++) {
        const double *own = points->point + i * n;
        if (zero & ~points->set[i])
            continue;
        double share = 1 / (double)++used;
        for (size_t j = 0; j < n; j++)
            point[j] += share * (own[j] - point[j]);
    }
    return zero;
}
