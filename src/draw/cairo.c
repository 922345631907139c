#include "draw/cairo.h"

#include "base/status.h"

#include <dlfcn.h>
#include <stddef.h>

static const struct {
    const char *name;
    size_t offset;
} function[] = {
    {"cairo_arc", offsetof(crease_cairo, arc)},
    {"cairo_clip", offsetof(crease_cairo, clip)},
    {"cairo_close_path", offsetof(crease_cairo, close_path)},
    {"cairo_create", offsetof(crease_cairo, create)},
    {"cairo_destroy", offsetof(crease_cairo, destroy)},
    {"cairo_fill", offsetof(crease_cairo, fill)},
    {"cairo_fill_preserve", offsetof(crease_cairo, fill_preserve)},
    {"cairo_image_surface_create", offsetof(crease_cairo, image_surface_create)},
    {"cairo_line_to", offsetof(crease_cairo, line_to)},
    {"cairo_move_to", offsetof(crease_cairo, move_to)},
    {"cairo_paint", offsetof(crease_cairo, paint)},
    {"cairo_pdf_surface_create_for_stream", offsetof(crease_cairo, pdf_surface_create_for_stream)},
    {"cairo_rectangle", offsetof(crease_cairo, rectangle)},
    {"cairo_restore", offsetof(crease_cairo, restore)},
    {"cairo_rotate", offsetof(crease_cairo, rotate)},
    {"cairo_save", offsetof(crease_cairo, save)},
    {"cairo_scale", offsetof(crease_cairo, scale)},
    {"cairo_select_font_face", offsetof(crease_cairo, select_font_face)},
    {"cairo_set_dash", offsetof(crease_cairo, set_dash)},
    {"cairo_set_font_size", offsetof(crease_cairo, set_font_size)},
    {"cairo_set_line_cap", offsetof(crease_cairo, set_line_cap)},
    {"cairo_set_line_join", offsetof(crease_cairo, set_line_join)},
    {"cairo_set_line_width", offsetof(crease_cairo, set_line_width)},
    {"cairo_set_source_rgba", offsetof(crease_cairo, set_source_rgba)},
    {"cairo_set_source_surface", offsetof(crease_cairo, set_source_surface)},
    {"cairo_show_text", offsetof(crease_cairo, show_text)},
    {"cairo_status", offsetof(crease_cairo, status)},
    {"cairo_status_to_string", offsetof(crease_cairo, status_to_string)},
    {"cairo_stroke", offsetof(crease_cairo, stroke)},
    {"cairo_surface_destroy", offsetof(crease_cairo, surface_destroy)},
    {"cairo_surface_finish", offsetof(crease_cairo, surface_finish)},
    {"cairo_surface_status", offsetof(crease_cairo, surface_status)},
    {"cairo_surface_write_to_png_stream", offsetof(crease_cairo, surface_write_to_png_stream)},
    {"cairo_svg_surface_create_for_stream", offsetof(crease_cairo, svg_surface_create_for_stream)},
    {"cairo_text_extents", offsetof(crease_cairo, text_extents)},
    {"cairo_translate", offsetof(crease_cairo, translate)},
};

crease_status crease_cairo_load(crease_cairo *cairo, crease_error *error)
{
    void *library = dlopen("libcairo.so.2", RTLD_NOW | RTLD_LOCAL);
    for (size_t i = 0; library && i < sizeof function / sizeof *function; i++) {
        void *found = dlsym(library, function[i].name);
        /* POSIX has functions behind such pointers. */
        *(void **)((char *)cairo + function[i].offset) = found;
        if (!found)
            library = NULL;
    }
    if (library)
        return CREASE_OK;
    return crease_fail(error, CREASE_INPUT,
                       "pictures need cairo, which cannot be loaded (%s); Debian has it in the "
                       "package libcairo2",
                       dlerror());
}
