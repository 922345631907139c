/* Plots of large numbers over a common axis.
 *
 * The vertical axis is logarithmic and takes log10 of the values, so they may be of any size. */
#ifndef CREASE_DRAW_PLOT_H
#define CREASE_DRAW_PLOT_H

#include <crease.h>

typedef enum {
    CREASE_PLOT_POINTS,   /* filled */
    CREASE_PLOT_JOINED,   /* the same, joined by a line */
    CREASE_PLOT_AT_LEAST, /* hollow triangles that point up */
    CREASE_PLOT_LINE,     /* thin and dashed, for bounds */
    CREASE_PLOT_MARKS     /* crosses, for bounds that no line can join */
} crease_plot_style;

typedef struct {
    const char *name; /* in the key */
    crease_plot_style style;
    unsigned color; /* 0, 1, ...: of points, bright, with a shape each; of bounds, dark, with a
                       dash pattern each */
    size_t count;
    const double *x; /* ascending if they are joined */
    const double *log10;
} crease_plot_series;

typedef struct {
    const char *title, *x_label, *y_label;
    bool x_whole; /* x is labelled at whole numbers alone */
    size_t count;
    const crease_plot_series *series;
} crease_plot;

/* Could the plot be drawn to that path?  Its name ends in .svg, .pdf or .png, and a file can be
 * made there. */
crease_status crease_plot_ready(const char *path, crease_error *error);

/* Draws it.  The file appears, or replaces another, only when it is complete.  There is at least
 * one point. */
crease_status crease_plot_draw(const crease_plot *plot, const char *path, crease_error *error);

#endif
