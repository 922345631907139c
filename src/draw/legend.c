#include "draw/panel.h"

#include "draw/palette.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>

#define LINE 13.0
#define SAMPLE 18.0 /* width of what is explained */
#define SCALE_HEIGHT 110.0

static const crease_text_style style = {.size = 8.5}, bold = {.size = 8.5, .bold = true};

crease_legend_entry *crease_legend_add(crease_legend *legend, crease_legend_kind kind,
                                       crease_color color, const char *format, ...)
{
    va_list arguments;
    crease_legend_entry *entry =
        &legend->entry[legend->count < CREASE_LEGEND_MOST ? legend->count++ : legend->count - 1];
    *entry = (crease_legend_entry){.kind = kind, .color = color, .width = 1};
    va_start(arguments, format);
    vsnprintf(entry->text, sizeof entry->text, format, arguments);
    va_end(arguments);
    return entry;
}

static double height_of(const crease_legend_entry *entry, bool first)
{
    if (entry->kind == CREASE_LEGEND_HEADING)
        return first ? LINE : LINE + 7;
    return entry->kind == CREASE_LEGEND_SCALE ? SCALE_HEIGHT + 12 : LINE;
}

double crease_legend_height(const crease_legend *legend)
{
    double sum = 0;
    for (size_t i = 0; i < legend->count; i++)
        sum += height_of(&legend->entry[i], i == 0);
    return sum;
}

/* ---- Entries ---- */

static void write_number(char *text, size_t size, double value)
{
    snprintf(text, size, "%s%.3g", value < 0 ? "\u2212" : "", fabs(value));
}

static void draw_scale(crease_canvas *c, const crease_legend_entry *e, double x, double y)
{
    enum { STEPS = 44 };
    const double width = 12, step = SCALE_HEIGHT / STEPS;
    bool has_sign = e->low < 0 && e->high == -e->low;
    for (int i = 0; i < STEPS; i++) {
        double share = 1 - (i + 0.5) / STEPS;
        crease_canvas_box(c, x, y + i * step, width, step * 1.2);
        crease_canvas_fill(c, has_sign ? crease_palette_signed(2 * share - 1)
                                       : crease_palette_scale(share));
    }
    crease_canvas_box(c, x, y, width, SCALE_HEIGHT);
    crease_canvas_stroke(c, crease_black, 0.5);
    for (int i = 0; i <= 2; i++) {
        char text[32];
        double value = e->low + (e->high - e->low) * (2 - i) / 2;
        write_number(text, sizeof text, e->powers ? pow(10, value) : value);
        crease_canvas_text(c, x + width + 5, y + SCALE_HEIGHT * i / 2 + 3, style, text);
    }
}

void crease_draw_mark(crease_canvas *c, double x, double y, size_t shape, double size,
                      crease_color color)
{
    double r = size;
    switch (shape % 4) {
    case 0: crease_canvas_circle(c, x, y, r); break;
    case 1: crease_canvas_box(c, x - 0.9 * r, y - 0.9 * r, 1.8 * r, 1.8 * r); break;
    default:
        r *= shape % 4 == 2 ? -1.15 : 1.15; /* a triangle on its base or on its tip */
        crease_canvas_move(c, x, y + r);
        crease_canvas_line(c, x - r, y - 0.7 * r);
        crease_canvas_line(c, x + r, y - 0.7 * r);
        crease_canvas_end(c);
    }
    crease_canvas_mark(c, color, crease_white, 0.22 * size);
}

void crease_legend_draw(crease_canvas *c, const crease_legend *legend, double x, double y)
{
    for (size_t i = 0; i < legend->count; i++) {
        const crease_legend_entry *e = &legend->entry[i];
        y += height_of(e, i == 0);
        double middle = y - 3;
        switch (e->kind) {
        case CREASE_LEGEND_HEADING: crease_canvas_text(c, x, y, bold, e->text); continue;
        case CREASE_LEGEND_SCALE: draw_scale(c, e, x, y - SCALE_HEIGHT); continue;
        case CREASE_LEGEND_LINE:
            crease_canvas_move(c, x, middle);
            crease_canvas_line(c, x + SAMPLE, middle);
            crease_canvas_stroke(c, e->color, e->width);
            break;
        case CREASE_LEGEND_BOX:
            crease_canvas_box(c, x + 3, middle - 4.5, SAMPLE - 6, 9);
            crease_canvas_mark(c, e->color, crease_grey, 0.4);
            break;
        case CREASE_LEGEND_MARK: crease_draw_mark(c, x + SAMPLE / 2, middle, e->shape, 3, e->color);
        }
        crease_canvas_text(c, x + SAMPLE + 5, y, style, e->text);
    }
}
