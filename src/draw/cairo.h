/* The functions of cairo that pictures use.
 *
 * The library is loaded when a picture is first drawn: it brings some twenty others with it, and
 * starting them would take as long as many a count. */
#ifndef CREASE_DRAW_CAIRO_H
#define CREASE_DRAW_CAIRO_H

#include <crease.h>

#include <cairo-pdf.h>
#include <cairo-svg.h>
#include <cairo.h>

/* Each has the name that it has in cairo, without the prefix. */
typedef struct {
    __typeof__(cairo_arc) *arc;
    __typeof__(cairo_clip) *clip;
    __typeof__(cairo_close_path) *close_path;
    __typeof__(cairo_create) *create;
    __typeof__(cairo_destroy) *destroy;
    __typeof__(cairo_fill) *fill;
    __typeof__(cairo_fill_preserve) *fill_preserve;
    __typeof__(cairo_image_surface_create) *image_surface_create;
    __typeof__(cairo_line_to) *line_to;
    __typeof__(cairo_move_to) *move_to;
    __typeof__(cairo_paint) *paint;
    __typeof__(cairo_pdf_surface_create_for_stream) *pdf_surface_create_for_stream;
    __typeof__(cairo_rectangle) *rectangle;
    __typeof__(cairo_restore) *restore;
    __typeof__(cairo_rotate) *rotate;
    __typeof__(cairo_save) *save;
    __typeof__(cairo_scale) *scale;
    __typeof__(cairo_select_font_face) *select_font_face;
    __typeof__(cairo_set_dash) *set_dash;
    __typeof__(cairo_set_font_size) *set_font_size;
    __typeof__(cairo_set_line_cap) *set_line_cap;
    __typeof__(cairo_set_line_join) *set_line_join;
    __typeof__(cairo_set_line_width) *set_line_width;
    __typeof__(cairo_set_source_rgba) *set_source_rgba;
    __typeof__(cairo_set_source_surface) *set_source_surface;
    __typeof__(cairo_show_text) *show_text;
    __typeof__(cairo_status) *status;
    __typeof__(cairo_status_to_string) *status_to_string;
    __typeof__(cairo_stroke) *stroke;
    __typeof__(cairo_surface_destroy) *surface_destroy;
    __typeof__(cairo_surface_finish) *surface_finish;
    __typeof__(cairo_surface_status) *surface_status;
    __typeof__(cairo_surface_write_to_png_stream) *surface_write_to_png_stream;
    __typeof__(cairo_svg_surface_create_for_stream) *svg_surface_create_for_stream;
    __typeof__(cairo_text_extents) *text_extents;
    __typeof__(cairo_translate) *translate;
} crease_cairo;

/* Loads cairo; it stays loaded.  Any thread. */
crease_status crease_cairo_load(crease_cairo *cairo, crease_error *error);

#endif
