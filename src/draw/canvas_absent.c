#include "draw/canvas.h"

#include "base/status.h"

crease_status crease_canvas_check(const char *path, crease_error *error)
{
    return crease_fail(error, CREASE_INPUT,
                       "%s: pictures are not drawn here, crease was built without cairo; install "
                       "it (Debian: libcairo2-dev) and build again",
                       path);
}

crease_status crease_canvas_open(const char *path, double width, double height,
                                 crease_canvas **canvas, crease_error *error)
{
    (void)width, (void)height;
    *canvas = NULL;
    return crease_canvas_check(path, error);
}

/* Without a canvas, nothing below is called. */

crease_status crease_canvas_commit(crease_canvas *canvas, crease_error *error)
{
    (void)canvas, (void)error;
    return CREASE_INPUT;
}

void crease_canvas_close(crease_canvas *canvas)
{
    (void)canvas;
}

void crease_canvas_slant(crease_canvas *canvas, const double map[6])
{
    (void)canvas, (void)map;
}

void crease_canvas_move(crease_canvas *canvas, double x, double y)
{
    (void)canvas, (void)x, (void)y;
}

void crease_canvas_line(crease_canvas *canvas, double x, double y)
{
    (void)canvas, (void)x, (void)y;
}

void crease_canvas_end(crease_canvas *canvas)
{
    (void)canvas;
}

void crease_canvas_box(crease_canvas *canvas, double x, double y, double width, double height)
{
    (void)canvas, (void)x, (void)y, (void)width, (void)height;
}

void crease_canvas_circle(crease_canvas *canvas, double x, double y, double radius)
{
    (void)canvas, (void)x, (void)y, (void)radius;
}

void crease_canvas_fill(crease_canvas *canvas, crease_color color)
{
    (void)canvas, (void)color;
}

void crease_canvas_stroke(crease_canvas *canvas, crease_color color, double width)
{
    (void)canvas, (void)color, (void)width;
}

void crease_canvas_mark(crease_canvas *canvas, crease_color inside, crease_color outline,
                        double width)
{
    (void)canvas, (void)inside, (void)outline, (void)width;
}

void crease_canvas_dash(crease_canvas *canvas, double length, double gap)
{
    (void)canvas, (void)length, (void)gap;
}

void crease_canvas_text(crease_canvas *canvas, double x, double y, crease_text_style style,
                        const char *text)
{
    (void)canvas, (void)x, (void)y, (void)style, (void)text;
}

double crease_canvas_text_width(crease_canvas *canvas, crease_text_style style, const char *text)
{
    (void)canvas, (void)style, (void)text;
    return 0;
}

void crease_canvas_enter(crease_canvas *canvas, double x, double y, double width, double height,
                         bool raster)
{
    (void)canvas, (void)x, (void)y, (void)width, (void)height, (void)raster;
}

void crease_canvas_leave(crease_canvas *canvas)
{
    (void)canvas;
}
