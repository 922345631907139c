#include "draw/panel.h"

#include "draw/axis.h"
#include "draw/palette.h"

#include <math.h>

#define SMALL 8.0
#define NORMAL 9.0
#define LARGE 10.5

void crease_panel_fit(crease_panel *p, double side)
{
    const double least = 1.0 / 3;
    double wide = p->high[0] - p->low[0], high = p->high[1] - p->low[1];
    double ratio = high / wide;
    p->width = ratio > 1 ? side / ratio : side;
    p->height = ratio > 1 ? side : side * ratio;
    if (fmin(ratio, 1 / ratio) < least) {
        p->width = side;
        p->height = 0.75 * side;
    }
}

static void draw_horizontal(crease_canvas *c, const crease_panel *p, const char *label)
{
    const double tick = 3, gap = 11, apart = 40;
    crease_ticks ticks =
        crease_ticks_choose(p->low[0], p->high[0], (size_t)fmax(2, p->width / apart));
    double bottom = p->y + p->height;
    char text[CREASE_TICK_TEXT];
    for (size_t i = 0; i < ticks.count; i++) {
        double x = crease_panel_x(p, crease_tick_at(&ticks, i));
        crease_canvas_move(c, x, bottom);
        crease_canvas_line(c, x, bottom + tick);
        crease_canvas_stroke(c, crease_black, 0.6);
        crease_tick_text(&ticks, i, text);
        crease_canvas_text(c, x, bottom + gap,
                           (crease_text_style){.size = SMALL, .anchor = CREASE_TEXT_MIDDLE}, text);
    }
    crease_canvas_text(c, p->x + p->width / 2, bottom + 25,
                       (crease_text_style){.size = NORMAL, .anchor = CREASE_TEXT_MIDDLE}, label);
}

static void draw_vertical(crease_canvas *c, const crease_panel *p, const char *label)
{
    const double tick = 3, apart = 40;
    const crease_text_style style = {.size = SMALL, .anchor = CREASE_TEXT_RIGHT};
    crease_ticks ticks =
        crease_ticks_choose(p->low[1], p->high[1], (size_t)fmax(2, p->height / apart));
    char text[CREASE_TICK_TEXT];
    double widest = 0;
    for (size_t i = 0; i < ticks.count; i++) {
        double y = crease_panel_y(p, crease_tick_at(&ticks, i));
        crease_canvas_move(c, p->x - tick, y);
        crease_canvas_line(c, p->x, y);
        crease_canvas_stroke(c, crease_black, 0.6);
        crease_tick_text(&ticks, i, text);
        crease_canvas_text(c, p->x - 5, y + 2.9, style, text);
        widest = fmax(widest, crease_canvas_text_width(c, style, text));
    }
    crease_canvas_text(
        c, p->x - fmin(widest + 11, CREASE_PANEL_LEFT - 10), p->y + p->height / 2,
        (crease_text_style){.size = NORMAL, .upwards = true, .anchor = CREASE_TEXT_MIDDLE}, label);
}

void crease_panel_draw_frame(crease_canvas *c, const crease_panel *p, const char *const label[2],
                             const char *title, const char *subtitle)
{
    draw_horizontal(c, p, label[0]);
    draw_vertical(c, p, label[1]);
    crease_canvas_box(c, p->x, p->y, p->width, p->height);
    crease_canvas_stroke(c, crease_black, 0.8);
    crease_canvas_text(c, p->x, p->y - 18, (crease_text_style){.size = LARGE, .bold = true}, title);
    crease_canvas_text(c, p->x, p->y - 6, (crease_text_style){.size = NORMAL}, subtitle);
}
