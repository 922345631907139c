/* Colours that readers who do not see all colours can tell apart, and that differ in print. */
#ifndef CREASE_DRAW_PALETTE_H
#define CREASE_DRAW_PALETTE_H

#include "draw/canvas.h"

extern const crease_color crease_black, crease_white, crease_grey;

/* For lines and marks: the colours of Okabe and Ito (Color Universal Design, 2008), which begin
 * again after the last. */
crease_color crease_palette_strong(size_t i);

/* For areas that lines cross: the same, mixed with white. */
crease_color crease_palette_pale(size_t i);

/* For areas of many kinds: pale colours but grey, then darker ones, then again from the first. */
crease_color crease_palette_class(size_t i);

/* From pale yellow (0) to blue (1), brightness falling. */
crease_color crease_palette_scale(double share);

/* From orange (-1) over white (0) to blue (1). */
crease_color crease_palette_signed(double share);

#endif
