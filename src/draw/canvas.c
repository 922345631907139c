#include "draw/canvas.h"

#include "base/memory.h"
#include "base/output.h"
#include "base/status.h"
#include "draw/cairo.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define PER_INCH 72.0
#define IMAGE_PER_INCH 300.0
#define PNG_PER_INCH 200.0

typedef enum { FORMAT_NONE, FORMAT_SVG, FORMAT_PDF, FORMAT_PNG } format;

struct crease_canvas {
    crease_cairo cairo;
    crease_output output;
    format format;
    bool failed; /* to write; errno was failure */
    int failure;
    cairo_surface_t *surface;
    cairo_t *sheet, *own; /* the sheet, and where to draw: on it or in an image */
    cairo_surface_t *image;
    double x, y, width, height; /* of the part that is entered */
    bool slanted;
    double map[6]; /* of crease_canvas_slant */
};

static format format_of(const char *path)
{
    static const char *const ends[] = {
        [FORMAT_SVG] = ".svg", [FORMAT_PDF] = ".pdf", [FORMAT_PNG] = ".png"};
    size_t length = strlen(path);
    for (int f = FORMAT_SVG; f <= FORMAT_PNG; f++)
        if (length > 4 && !strcasecmp(path + length - 4, ends[f]))
            return (format)f;
    return FORMAT_NONE;
}

crease_status crease_canvas_check(const char *path, crease_error *error)
{
    crease_cairo cairo;
    if (format_of(path) == FORMAT_NONE)
        return crease_fail(error, CREASE_INPUT,
                           "%s: the name of a picture ends in .svg, .pdf or .png", path);
    return crease_cairo_load(&cairo, error);
}

static cairo_status_t write_bytes(void *context, const unsigned char *bytes, unsigned count)
{
    crease_canvas *c = context;
    if (!c->failed && crease_output_write(&c->output, bytes, count))
        return CAIRO_STATUS_SUCCESS;
    if (!c->failed)
        c->failure = errno;
    c->failed = true;
    return CAIRO_STATUS_WRITE_ERROR;
}

static void set_up(crease_canvas *c, cairo_t *to)
{
    c->own = to;
    c->cairo.set_line_join(to, CAIRO_LINE_JOIN_ROUND);
    c->cairo.set_line_cap(to, CAIRO_LINE_CAP_ROUND);
}

crease_status crease_canvas_open(const char *path, double width, double height,
                                 crease_canvas **canvas, crease_error *error)
{
    *canvas = NULL;
    crease_status status = crease_canvas_check(path, error);
    if (status)
        return status;
    crease_canvas *c = crease_alloc(1, sizeof *c);
    status = crease_cairo_load(&c->cairo, error);
    if (!status)
        status = crease_output_open(path, &c->output, error);
    if (status) {
        free(c);
        return status;
    }
    const double scale = PNG_PER_INCH / PER_INCH;
    c->format = format_of(path);
    c->surface = c->format == FORMAT_SVG
                     ? c->cairo.svg_surface_create_for_stream(write_bytes, c, width, height)
                 : c->format == FORMAT_PDF
                     ? c->cairo.pdf_surface_create_for_stream(write_bytes, c, width, height)
                     : c->cairo.image_surface_create(CAIRO_FORMAT_RGB24, (int)ceil(width * scale),
                                                     (int)ceil(height * scale));
    c->sheet = c->cairo.create(c->surface);
    set_up(c, c->sheet);
    if (c->format == FORMAT_PNG)
        c->cairo.scale(c->sheet, scale, scale);
    c->cairo.set_source_rgba(c->sheet, 1, 1, 1, 1);
    c->cairo.paint(c->sheet);
    *canvas = c;
    return CREASE_OK;
}

crease_status crease_canvas_commit(crease_canvas *c, crease_error *error)
{
    cairo_status_t drawn = c->cairo.status(c->sheet);
    if (c->format == FORMAT_PNG && !drawn)
        drawn = c->cairo.surface_write_to_png_stream(c->surface, write_bytes, c);
    c->cairo.surface_finish(c->surface);
    if (!drawn)
        drawn = c->cairo.surface_status(c->surface);
    if (!c->failed && !drawn && !crease_output_commit(&c->output)) {
        c->failed = true;
        c->failure = errno;
    }
    if (c->failed || drawn)
        return crease_fail(error, CREASE_INPUT, "%s: cannot write: %s", c->output.path,
                           c->failed ? strerror(c->failure) : c->cairo.status_to_string(drawn));
    return CREASE_OK;
}

void crease_canvas_close(crease_canvas *c)
{
    if (!c)
        return;
    c->cairo.destroy(c->sheet);
    c->cairo.surface_destroy(c->surface);
    crease_output_close(&c->output);
    free(c);
}

/* ---- Paths ---- */

void crease_canvas_slant(crease_canvas *c, const double map[6])
{
    c->slanted = map != NULL;
    if (map)
        memcpy(c->map, map, sizeof c->map);
}

static void place(const crease_canvas *c, double *x, double *y)
{
    double from = *x;
    if (!c->slanted)
        return;
    *x = c->map[0] * from + c->map[1] * *y + c->map[2];
    *y = c->map[3] * from + c->map[4] * *y + c->map[5];
}

void crease_canvas_move(crease_canvas *c, double x, double y)
{
    place(c, &x, &y);
    c->cairo.move_to(c->own, x, y);
}

void crease_canvas_line(crease_canvas *c, double x, double y)
{
    place(c, &x, &y);
    c->cairo.line_to(c->own, x, y);
}

void crease_canvas_end(crease_canvas *c)
{
    c->cairo.close_path(c->own);
}

void crease_canvas_box(crease_canvas *c, double x, double y, double width, double height)
{
    if (!c->slanted) {
        c->cairo.rectangle(c->own, x, y, width, height);
        return;
    }
    crease_canvas_move(c, x, y);
    crease_canvas_line(c, x + width, y);
    crease_canvas_line(c, x + width, y + height);
    crease_canvas_line(c, x, y + height);
    crease_canvas_end(c);
}

void crease_canvas_circle(crease_canvas *c, double x, double y, double radius)
{
    const double around = 2 * acos(-1);
    c->cairo.move_to(c->own, x + radius, y);
    c->cairo.arc(c->own, x, y, radius, 0, around);
    c->cairo.close_path(c->own);
}

static void set_color(crease_canvas *c, crease_color color)
{
    c->cairo.set_source_rgba(c->own, color.red, color.green, color.blue, 1);
}

void crease_canvas_fill(crease_canvas *c, crease_color color)
{
    set_color(c, color);
    c->cairo.fill(c->own);
}

void crease_canvas_stroke(crease_canvas *c, crease_color color, double width)
{
    set_color(c, color);
    c->cairo.set_line_width(c->own, width);
    c->cairo.stroke(c->own);
}

void crease_canvas_mark(crease_canvas *c, crease_color inside, crease_color outline, double width)
{
    set_color(c, inside);
    c->cairo.fill_preserve(c->own);
    crease_canvas_stroke(c, outline, width);
}

void crease_canvas_dash(crease_canvas *c, double length, double gap)
{
    const double lengths[] = {length, gap};
    c->cairo.set_dash(c->own, lengths, length > 0 ? 2 : 0, 0);
}

/* ---- Text ---- */

/* The length of the UTF-8 character at text, 0 if there is none. */
static size_t character(const char *text)
{
    unsigned char first = (unsigned char)*text;
    size_t length = first < 0x80                    ? 1
                    : first >= 0xc2 && first < 0xe0 ? 2
                    : first >= 0xe0 && first < 0xf0 ? 3
                    : first >= 0xf0 && first < 0xf5 ? 4
                                                    : 0;
    for (size_t i = 1; i < length; i++)
        if (((unsigned char)text[i] & 0xc0) != 0x80)
            return 0;
    unsigned char second = (unsigned char)text[length > 1];
    bool odd = (first == 0xe0 && second < 0xa0) || (first == 0xed && second >= 0xa0) ||
               (first == 0xf0 && second < 0x90) || (first == 0xf4 && second >= 0x90);
    return odd ? 0 : length;
}

/* A copy that can be shown; the caller frees it. */
static char *shown(const char *text)
{
    char *copy = crease_alloc(strlen(text) + 1, 1);
    for (size_t at = 0; *text; at++) {
        size_t length = character(text);
        if (!length || (unsigned char)*text < ' ' || *text == 127) {
            copy[at] = '?';
            text += length ? length : 1;
            continue;
        }
        memcpy(copy + at, text, length);
        text += length;
        at += length - 1;
    }
    return copy;
}

static double set_font(crease_canvas *c, crease_text_style style, const char *text)
{
    cairo_text_extents_t extents;
    c->cairo.select_font_face(c->own, "sans-serif", CAIRO_FONT_SLANT_NORMAL,
                              style.bold ? CAIRO_FONT_WEIGHT_BOLD : CAIRO_FONT_WEIGHT_NORMAL);
    c->cairo.set_font_size(c->own, style.size);
    c->cairo.text_extents(c->own, text, &extents);
    return extents.x_advance;
}

double crease_canvas_text_width(crease_canvas *c, crease_text_style style, const char *text)
{
    char *copy = shown(text);
    double width = set_font(c, style, copy);
    free(copy);
    return width;
}

void crease_canvas_text(crease_canvas *c, double x, double y, crease_text_style style,
                        const char *text)
{
    const double quarter = acos(-1) / 2;
    char *copy = shown(text);
    double width = set_font(c, style, copy);
    double back = style.anchor == CREASE_TEXT_LEFT     ? 0
                  : style.anchor == CREASE_TEXT_MIDDLE ? width / 2
                                                       : width;
    set_color(c, (crease_color){0, 0, 0});
    c->cairo.save(c->own);
    c->cairo.translate(c->own, x, y);
    if (style.upwards)
        c->cairo.rotate(c->own, -quarter);
    c->cairo.move_to(c->own, -back, 0);
    c->cairo.show_text(c->own, copy);
    c->cairo.restore(c->own);
    free(copy);
}

/* ---- Parts ---- */

void crease_canvas_enter(crease_canvas *c, double x, double y, double width, double height,
                         bool raster)
{
    const double scale = IMAGE_PER_INCH / PER_INCH;
    c->x = x;
    c->y = y;
    c->width = width;
    c->height = height;
    c->cairo.save(c->sheet);
    if (raster && c->format != FORMAT_PNG) {
        c->image = c->cairo.image_surface_create(CAIRO_FORMAT_RGB24, (int)ceil(width * scale),
                                                 (int)ceil(height * scale));
        set_up(c, c->cairo.create(c->image));
        c->cairo.scale(c->own, scale, scale);
        c->cairo.translate(c->own, -x, -y);
        c->cairo.set_source_rgba(c->own, 1, 1, 1, 1);
        c->cairo.paint(c->own);
    } else {
        crease_canvas_box(c, x, y, width, height);
        c->cairo.clip(c->sheet);
    }
}

void crease_canvas_leave(crease_canvas *c)
{
    const double scale = PER_INCH / IMAGE_PER_INCH;
    if (c->image) {
        c->cairo.destroy(c->own);
        c->own = c->sheet;
        c->cairo.rectangle(c->sheet, c->x, c->y, c->width, c->height);
        c->cairo.clip(c->sheet);
        c->cairo.translate(c->sheet, c->x, c->y);
        c->cairo.scale(c->sheet, scale, scale);
        c->cairo.set_source_surface(c->sheet, c->image, 0, 0);
        c->cairo.paint(c->sheet);
        c->cairo.surface_destroy(c->image);
        c->image = NULL;
    }
    c->cairo.restore(c->sheet);
}
