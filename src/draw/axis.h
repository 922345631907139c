/* Ticks of an axis. */
#ifndef CREASE_DRAW_AXIS_H
#define CREASE_DRAW_AXIS_H

#include <stddef.h>

/* Ticks at first, first + step, ..., each a multiple of step, which is 1, 2 or 5 times a power of
 * ten. */
typedef struct {
    double first, step;
    size_t count;
} crease_ticks;

enum { CREASE_TICK_TEXT = 32 };

/* At most about `most` ticks from low to high, low < high, both finite. */
crease_ticks crease_ticks_choose(double low, double high, size_t most);

/* Writes tick i, with as many decimals as all of them need and a true minus sign. */
void crease_tick_text(const crease_ticks *ticks, size_t i, char text[CREASE_TICK_TEXT]);

/* Where tick i is. */
double crease_tick_at(const crease_ticks *ticks, size_t i);

#endif
