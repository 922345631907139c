#include "spoil.h"

#include <math.h>
#include <string.h>

void spoil_seed(uint64_t *state, const double *x, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        uint64_t bits;
        memcpy(&bits, &x[i], sizeof bits);
        *state = (*state ^ bits) * 0x100000001b3u;
    }
}

uint64_t spoil_draw(uint64_t *state, uint64_t below)
{
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return (*state >> 33) % below;
}

double spoil_number(uint64_t *state)
{
    static const double odd[] = {NAN, INFINITY, -INFINITY, 0, -0.0, 5e-324, 1e300, -1e300, 1, -1};
    return spoil_draw(state, 2) ? odd[spoil_draw(state, 10)]
                                : (double)spoil_draw(state, 2001) / 1000 - 1;
}

void spoil_numbers(uint64_t *state, double *x, size_t count)
{
    static const double little[] = {0x1p-52, 1e-12, 1e-6, 1e-2};
    uint64_t way = spoil_draw(state, 4);
    double size = little[spoil_draw(state, 4)];
    for (size_t k = 0; k < count; k++)
        if (way == 0)
            x[k] = spoil_number(state);
        else if (way == 1)
            x[k] *= 1 + size * ((double)spoil_draw(state, 2001) / 1000 - 1);
        else if (way == 2 && spoil_draw(state, 3) == 0)
            x[k] = spoil_number(state);
        else if (way == 3)
            x[k] = -x[k];
}
