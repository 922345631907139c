#include "draw/plot.h"

#include "base/output.h"
#include "draw/chart.h"
#include "draw/palette.h"

#include <math.h>

#define MARGIN 12.0
#define WIDTH 380.0
#define HEIGHT 250.0
#define LINE 14.0
#define SAMPLE 26.0 /* width of what the key explains */

enum { COLORS = 6, DARKS = 4 };

crease_status crease_plot_ready(const char *path, crease_error *error)
{
    crease_output output;
    crease_status status = crease_canvas_check(path, error);
    if (!status)
        status = crease_output_open(path, &output, error);
    if (!status)
        crease_output_close(&output);
    return status;
}

static void extend(const crease_plot *plot, crease_panel *panel)
{
    const double share = 0.06;
    for (size_t j = 0; j < 2; j++) {
        panel->low[j] = INFINITY;
        panel->high[j] = -INFINITY;
    }
    for (size_t s = 0; s < plot->count; s++)
        for (size_t i = 0; i < plot->series[s].count; i++)
            for (size_t j = 0; j < 2; j++) {
                double v = j ? plot->series[s].log10[i] : plot->series[s].x[i];
                panel->low[j] = fmin(panel->low[j], v);
                panel->high[j] = fmax(panel->high[j], v);
            }
    double span = panel->high[0] > panel->low[0] ? panel->high[0] - panel->low[0] : 1;
    panel->low[0] -= share * span;
    panel->high[0] += share * span;
    crease_chart_widen(&panel->low[1], &panel->high[1]);
}

/* ---- Series ---- */

static crease_color dark(unsigned i)
{
    static const crease_color colors[DARKS] = {
        {0, 0, 0}, {0.48, 0.29, 0}, {0.37, 0.37, 0.37}, {0.6, 0.6, 0.6}};
    return colors[i % DARKS];
}

static void set_dash(crease_canvas *c, unsigned i)
{
    static const double lengths[DARKS][2] = {{5, 4}, {8, 4}, {1.2, 3.2}, {3, 2.5}};
    crease_canvas_dash(c, lengths[i % DARKS][0], lengths[i % DARKS][1]);
}

static void draw_line(crease_canvas *c, const crease_plot_series *s)
{
    if (s->style == CREASE_PLOT_JOINED) {
        crease_canvas_stroke(c, crease_palette_strong(s->color % COLORS), 1.5);
        return;
    }
    set_dash(c, s->color);
    crease_canvas_stroke(c, dark(s->color), 1.1);
    crease_canvas_dash(c, 0, 0);
}

static void draw_point(crease_canvas *c, const crease_plot_series *s, double x, double y)
{
    const double size = 3.2;
    if (s->style == CREASE_PLOT_POINTS || s->style == CREASE_PLOT_JOINED) {
        crease_draw_mark(c, x, y, s->color, size, crease_palette_strong(s->color % COLORS));
    } else if (s->style == CREASE_PLOT_AT_LEAST) {
        crease_canvas_move(c, x, y - 1.3 * size);
        crease_canvas_line(c, x - 1.2 * size, y + 0.8 * size);
        crease_canvas_line(c, x + 1.2 * size, y + 0.8 * size);
        crease_canvas_end(c);
        crease_canvas_stroke(c, crease_palette_strong(s->color % COLORS), 1.2);
    } else if (s->style == CREASE_PLOT_MARKS) {
        crease_canvas_move(c, x - size, y);
        crease_canvas_line(c, x + size, y);
        crease_canvas_move(c, x, y - size);
        crease_canvas_line(c, x, y + size);
        crease_canvas_stroke(c, dark(s->color), 1.1);
    }
}

static bool has_line(const crease_plot_series *s)
{
    return s->style == CREASE_PLOT_JOINED || s->style == CREASE_PLOT_LINE;
}

static void draw_series(crease_canvas *c, const crease_panel *panel, const crease_plot_series *s)
{
    for (size_t i = 0; i < s->count && has_line(s); i++)
        (i ? crease_canvas_line : crease_canvas_move)(c, crease_panel_x(panel, s->x[i]),
                                                      crease_panel_y(panel, s->log10[i]));
    if (has_line(s))
        draw_line(c, s);
    for (size_t i = 0; i < s->count; i++)
        draw_point(c, s, crease_panel_x(panel, s->x[i]), crease_panel_y(panel, s->log10[i]));
}

/* ---- The key ---- */

static const crease_text_style key_style = {.size = 8.5};

static double key_width(crease_canvas *c, const crease_plot *plot)
{
    double widest = 0;
    for (size_t s = 0; s < plot->count; s++)
        widest = fmax(widest, crease_canvas_text_width(c, key_style, plot->series[s].name));
    return SAMPLE + 6 + widest + 14;
}

/* In columns, as many as fit. */
static void draw_key(crease_canvas *c, const crease_plot *plot, double x, double y, size_t columns)
{
    size_t rows = (plot->count + columns - 1) / columns;
    double width = key_width(c, plot);
    for (size_t s = 0; s < plot->count; s++) {
        const crease_plot_series *own = &plot->series[s];
        double left = x + (double)(s / rows) * width, line = y + (double)(s % rows) * LINE;
        if (has_line(own)) {
            crease_canvas_move(c, left, line - 3);
            crease_canvas_line(c, left + SAMPLE, line - 3);
            draw_line(c, own);
        }
        draw_point(c, own, left + SAMPLE / 2, line - 3);
        crease_canvas_text(c, left + SAMPLE + 6, line, key_style, own->name);
    }
}

/* How many columns of the key fit, measured on a sheet that is thrown away. */
static crease_status measure(const crease_plot *plot, const char *path, size_t *columns,
                             double *width, crease_error *error)
{
    crease_canvas *c;
    crease_status status = crease_canvas_open(path, 1, 1, &c, error);
    if (status)
        return status;
    double own = key_width(c, plot);
    *columns = (size_t)fmax(1, floor((WIDTH + CREASE_PANEL_LEFT) / own));
    *width = fmax(WIDTH + CREASE_PANEL_LEFT, own);
    crease_canvas_close(c);
    return CREASE_OK;
}

crease_status crease_plot_draw(const crease_plot *plot, const char *path, crease_error *error)
{
    static const crease_axis_kind kinds[] = {CREASE_AXIS_NUMBERS, CREASE_AXIS_WHOLE};
    const crease_axis_kind kind[2] = {kinds[plot->x_whole], CREASE_AXIS_LOG10};
    const char *const label[2] = {plot->x_label, plot->y_label};
    const double above = 24;
    crease_panel panel = {MARGIN + CREASE_PANEL_LEFT, MARGIN + above, WIDTH, HEIGHT, {0}, {0}};
    size_t columns;
    double width;
    crease_canvas *c;
    crease_status status = measure(plot, path, &columns, &width, error);
    if (status)
        return status;
    size_t rows = (plot->count + columns - 1) / columns;
    double key = panel.y + HEIGHT + CREASE_PANEL_BELOW + LINE;
    status = crease_canvas_open(path, width + 2 * MARGIN, key + (double)rows * LINE, &c, error);
    if (status)
        return status;
    extend(plot, &panel);
    crease_chart_draw_axes(c, &panel, kind, label, plot->title);
    crease_chart_enter(c, &panel);
    for (size_t s = 0; s < plot->count; s++)
        draw_series(c, &panel, &plot->series[s]);
    crease_canvas_leave(c);
    draw_key(c, plot, MARGIN + 4, key, columns);
    status = crease_canvas_commit(c, error);
    crease_canvas_close(c);
    return status;
}
