/* The colours of regions by what they show. */
#ifndef CREASE_DRAW_SHADE_H
#define CREASE_DRAW_SHADE_H

#include "draw/canvas.h"

#include <crease_pictures.h>

/* Do colours show kinds of regions, with numbers from 0 on, or values from low to high? */
bool crease_shades_are_kinds(crease_color_by color);

/* Which of the shades a value between low and high gets. */
size_t crease_shade_of(double value, double low, double high);

/* The colour of a kind, or of a shade. */
crease_color crease_shade_color(crease_color_by color, size_t shade, double low, double high);

/* What the shades of values span that lie in low..high.  Output values of both signs get colours on
 * both sides of white.  Of logarithms of volumes, very small ones are all alike. */
void crease_shades_span(crease_color_by color, double *low, double *high);

#endif
