#include "draw/axis.h"

#include <math.h>
#include <stdio.h>

crease_ticks crease_ticks_choose(double low, double high, size_t most)
{
    static const double parts[] = {1, 2, 5, 10};
    double rough = (high - low) / (double)most, power = pow(10, floor(log10(rough)));
    double step = 10 * power;
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        if (parts[i] * power >= rough) {
            step = parts[i] * power;
            break;
        }
    const double slack = 1e-9; /* an end that is a multiple has a tick */
    double first = ceil(low / step - slack), last = floor(high / step + slack);
    return (crease_ticks){first * step, step, last < first ? 0 : (size_t)(last - first) + 1};
}

double crease_tick_at(const crease_ticks *ticks, size_t i)
{
    return (round(ticks->first / ticks->step) + (double)i) * ticks->step;
}

void crease_tick_text(const crease_ticks *ticks, size_t i, char text[CREASE_TICK_TEXT])
{
    const double most = 1e6, least = 1e-4;
    double value = crease_tick_at(ticks, i);
    double size = fmax(fabs(ticks->first), fabs(crease_tick_at(ticks, ticks->count - 1)));
    int decimals = (int)fmax(0, -floor(log10(ticks->step) + 1e-9));
    const char *sign = value < 0 ? "\u2212" : "";
    /* As many as tell one tick from the next. */
    int digits = (int)fmin(fmax(6, ceil(log10(size / ticks->step)) + 1), 15);
    if (size >= most || ticks->step < least)
        snprintf(text, CREASE_TICK_TEXT, "%s%.*g", sign, digits, fabs(value));
    else
        snprintf(text, CREASE_TICK_TEXT, "%s%.*f", sign, decimals, fabs(value));
}
