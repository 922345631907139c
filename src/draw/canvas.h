/* A sheet of paper to draw on, which becomes an SVG, a PDF or a PNG file.
 *
 * Lengths are in points, 1/72 inch; x grows to the right and y downwards.  Coordinates are rounded
 * to 1/256 point.  Fonts are embedded.  One thread at a time. */
#ifndef CREASE_DRAW_CANVAS_H
#define CREASE_DRAW_CANVAS_H

#include <crease.h>

typedef struct crease_canvas crease_canvas;

typedef struct {
    double red, green, blue; /* in [0, 1] */
} crease_color;

/* CREASE_INPUT unless pictures can be drawn, and the end of the name says what is to be written. */
crease_status crease_canvas_check(const char *path, crease_error *error);

/* White paper.  The file gets its name only when it is committed.  The caller gives *canvas to
 * crease_canvas_close. */
crease_status crease_canvas_open(const char *path, double width, double height,
                                 crease_canvas **canvas, crease_error *error);
crease_status crease_canvas_commit(crease_canvas *canvas, crease_error *error);
void crease_canvas_close(crease_canvas *canvas);

/* From here on, (x, y) in paths, and in crease_canvas_enter without raster, stands for the place
 * (map[0] x + map[1] y + map[2], map[3] x + map[4] y + map[5]).  NULL: for itself. */
void crease_canvas_slant(crease_canvas *canvas, const double map[6]);

/* ---- Paths ---- */

void crease_canvas_move(crease_canvas *canvas, double x, double y);
void crease_canvas_line(crease_canvas *canvas, double x, double y);
void crease_canvas_end(crease_canvas *canvas); /* back to where the part of the path began */
void crease_canvas_box(crease_canvas *canvas, double x, double y, double width, double height);
void crease_canvas_circle(crease_canvas *canvas, double x, double y, double radius);

/* Both draw the path and end it. */
void crease_canvas_fill(crease_canvas *canvas, crease_color color);
void crease_canvas_stroke(crease_canvas *canvas, crease_color color, double width);

/* Fills the path and draws its outline. */
void crease_canvas_mark(crease_canvas *canvas, crease_color inside, crease_color outline,
                        double width);

/* Lengths of strokes and of the gaps between them; 0: lines without gaps. */
void crease_canvas_dash(crease_canvas *canvas, double length, double gap);

/* ---- Text ---- */

typedef enum { CREASE_TEXT_LEFT, CREASE_TEXT_MIDDLE, CREASE_TEXT_RIGHT } crease_text_anchor;

typedef struct {
    double size;
    bool bold, upwards; /* upwards: turned by a quarter to the left */
    crease_text_anchor anchor;
} crease_text_style;

/* The base line begins, has its middle or ends at the place.  The text is UTF-8; what is not, and
 * control characters, are shown as "?". */
void crease_canvas_text(crease_canvas *canvas, double x, double y, crease_text_style style,
                        const char *text);
double crease_canvas_text_width(crease_canvas *canvas, crease_text_style style, const char *text);

/* ---- Parts ---- */

/* Until leave, only what lies in the rectangle is drawn.  With raster it is drawn as an image of
 * 300 dots per inch. */
void crease_canvas_enter(crease_canvas *canvas, double x, double y, double width, double height,
                         bool raster);
void crease_canvas_leave(crease_canvas *canvas);

#endif
