/* A window of the plane on a sheet: axes, ticks, title; and legends. */
#ifndef CREASE_DRAW_PANEL_H
#define CREASE_DRAW_PANEL_H

#include "draw/canvas.h"

/* The window low[0]..high[0] x low[1]..high[1] at a rectangle of the sheet. */
typedef struct {
    double x, y, width, height;
    double low[2], high[2];
} crease_panel;

static inline double crease_panel_x(const crease_panel *p, double x)
{
    return p->x + (x - p->low[0]) / (p->high[0] - p->low[0]) * p->width;
}

static inline double crease_panel_y(const crease_panel *p, double y)
{
    return p->y + (p->high[1] - y) / (p->high[1] - p->low[1]) * p->height;
}

/* Sets width and height so that the window fits into a square, to one scale in both directions
 * unless one side would be less than a third of the other. */
void crease_panel_fit(crease_panel *panel, double side);

/* What the frame takes outside of the rectangle. */
#define CREASE_PANEL_LEFT 50.0
#define CREASE_PANEL_BELOW 36.0
#define CREASE_PANEL_ABOVE 34.0

/* The frame with ticks and numbers, labels of both axes, and two lines above it. */
void crease_panel_draw_frame(crease_canvas *canvas, const crease_panel *panel,
                             const char *const label[2], const char *title, const char *subtitle);

/* ---- Legends ---- */

typedef enum {
    CREASE_LEGEND_HEADING,
    CREASE_LEGEND_LINE,
    CREASE_LEGEND_BOX,
    CREASE_LEGEND_MARK,
    CREASE_LEGEND_SCALE /* colours from low to high; low = -high: signed */
} crease_legend_kind;

typedef struct {
    crease_legend_kind kind;
    crease_color color;
    double width; /* of a line */
    size_t shape; /* of a mark */
    double low, high;
    bool powers; /* SCALE: of ten */
    char text[64];
} crease_legend_entry;

enum { CREASE_LEGEND_MOST = 64 };

typedef struct {
    size_t count;
    crease_legend_entry entry[CREASE_LEGEND_MOST];
} crease_legend;

/* Adds an entry and returns it; what is too much is left out, but not this one. */
crease_legend_entry *crease_legend_add(crease_legend *legend, crease_legend_kind kind,
                                       crease_color color, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

#define CREASE_LEGEND_WIDTH 116.0
double crease_legend_height(const crease_legend *legend);
void crease_legend_draw(crease_canvas *canvas, const crease_legend *legend, double x, double y);

/* A data point; the shape tells classes apart where colours do not. */
void crease_draw_mark(crease_canvas *canvas, double x, double y, size_t shape, double size,
                      crease_color color);

#endif
