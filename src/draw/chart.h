/* Charts of numbers: axes, grid and keys. */
#ifndef CREASE_DRAW_CHART_H
#define CREASE_DRAW_CHART_H

#include "draw/panel.h"

/* What the numbers along an axis are. */
typedef enum {
    CREASE_AXIS_NUMBERS,
    CREASE_AXIS_WHOLE, /* ticks at whole numbers alone */
    CREASE_AXIS_LOG10  /* logarithms of what the ticks say */
} crease_axis_kind;

/* Widens low..high to the ends of an axis of logarithms that goes through such numbers. */
void crease_chart_widen(double *low, double *high);

/* The horizontal axis below the panel and the vertical one to its left, with lines across the panel
 * at the ticks of the latter; labels and title as for crease_panel_draw_frame. */
void crease_chart_draw_axes(crease_canvas *canvas, const crease_panel *panel,
                            const crease_axis_kind kind[2], const char *const label[2],
                            const char *title);

/* Draws only within the panel, until crease_canvas_leave. */
void crease_chart_enter(crease_canvas *canvas, const crease_panel *panel);

#endif
