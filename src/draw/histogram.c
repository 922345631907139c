#include "draw/histogram.h"

#include "draw/chart.h"
#include "draw/palette.h"

#include <math.h>

#define MARGIN 12.0
#define WIDTH 210.0
#define HEIGHT 140.0
#define HEAD 30.0 /* title and subtitle of the sheet */
#define GAP 12.0  /* above a panel */

enum { COLUMNS = 2, COLORS = 6 };

/* Where bar k begins; it ends where bar k + 1 begins. */
static double edge(const crease_histogram *h, long k)
{
    return h->powers ? (double)k * log10(2) : (double)k - 0.5;
}

static double total(const crease_bars *bars)
{
    double sum = 0;
    for (size_t k = 0; k < bars->count; k++)
        sum += (double)bars->regions[k];
    return sum;
}

/* The height of bar k. */
static double height(const crease_histograms *all, const crease_bars *bars, size_t k)
{
    double scale = all->networks > 1 ? 100 / total(bars) : 1;
    return (double)bars->regions[k] * scale;
}

static void set_range(const crease_histograms *all, const crease_histogram *h, crease_panel *panel)
{
    const double above = 1.06, beside = 0.02;
    panel->low[0] = INFINITY;
    panel->high[0] = -INFINITY;
    panel->low[1] = panel->high[1] = 0;
    for (size_t i = 0; i < all->networks; i++)
        for (size_t k = 0; k < h->bars[i].count; k++) {
            if (!h->bars[i].regions[k])
                continue;
            long at = h->bars[i].first + (long)k;
            panel->low[0] = fmin(panel->low[0], edge(h, at));
            panel->high[0] = fmax(panel->high[0], edge(h, at + 1));
            panel->high[1] = fmax(panel->high[1], above * height(all, &h->bars[i], k));
        }
    double margin = beside * (panel->high[0] - panel->low[0]);
    panel->low[0] -= margin;
    panel->high[0] += margin;
}

static void draw_bars(const crease_histograms *all, crease_canvas *c, const crease_panel *panel,
                      const crease_histogram *h)
{
    const crease_bars *bars = &h->bars[0];
    for (size_t k = 0; k < bars->count; k++) {
        long at = bars->first + (long)k;
        double left = crease_panel_x(panel, edge(h, at)),
               right = crease_panel_x(panel, edge(h, at + 1)),
               top = crease_panel_y(panel, height(all, bars, k));
        if (bars->regions[k])
            crease_canvas_box(c, left, top, right - left, panel->y + panel->height - top);
    }
    crease_canvas_mark(c, crease_palette_pale(0), crease_palette_strong(0), 0.7);
}

static void draw_steps(const crease_histograms *all, crease_canvas *c, const crease_panel *panel,
                       const crease_histogram *h, size_t i)
{
    const crease_bars *bars = &h->bars[i];
    double bottom = panel->y + panel->height;
    size_t first = 0, end = bars->count;
    while (!bars->regions[first])
        first++;
    while (!bars->regions[end - 1])
        end--;
    for (size_t k = first; k < end; k++) {
        long at = bars->first + (long)k;
        double left = crease_panel_x(panel, edge(h, at)),
               right = crease_panel_x(panel, edge(h, at + 1)),
               top = crease_panel_y(panel, height(all, bars, k));
        if (k == first)
            crease_canvas_move(c, left, bottom);
        crease_canvas_line(c, left, top);
        crease_canvas_line(c, right, top);
        if (k + 1 == end)
            crease_canvas_line(c, right, bottom);
    }
    crease_canvas_stroke(c, crease_palette_strong(i % COLORS), 1.2);
}

static bool is_empty(const crease_histograms *all, const crease_histogram *h)
{
    for (size_t i = 0; i < all->networks; i++)
        if (total(&h->bars[i]) > 0)
            return false;
    return true;
}

static void draw_panel(const crease_histograms *all, crease_canvas *c, crease_panel panel,
                       const crease_histogram *h)
{
    bool several = all->networks > 1;
    const char *const label[2] = {h->label, several ? "regions, %" : "regions"};
    const crease_axis_kind kind[2] = {h->powers ? CREASE_AXIS_LOG10 : CREASE_AXIS_WHOLE,
                                      several ? CREASE_AXIS_NUMBERS : CREASE_AXIS_WHOLE};
    set_range(all, h, &panel);
    crease_chart_draw_axes(c, &panel, kind, label, "");
    crease_chart_enter(c, &panel);
    if (!several)
        draw_bars(all, c, &panel, h);
    for (size_t i = 0; i < all->networks && several; i++)
        if (total(&h->bars[i]) > 0)
            draw_steps(all, c, &panel, h, i);
    crease_canvas_leave(c);
}

crease_status crease_histograms_draw(const crease_histograms *all, const char *path,
                                     crease_error *error)
{
    const double wide = CREASE_PANEL_LEFT + WIDTH + MARGIN,
                 high = GAP + HEIGHT + CREASE_PANEL_BELOW;
    size_t shown = 0;
    crease_legend legend = {.count = 0};
    for (size_t i = 0; i < all->count; i++)
        shown += !is_empty(all, &all->histogram[i]);
    for (size_t i = 0; i < all->networks && all->networks > 1; i++)
        crease_legend_add(&legend, CREASE_LEGEND_LINE, crease_palette_strong(i % COLORS), "%s",
                          all->name[i])
            ->width = 1.2;
    size_t columns = shown < COLUMNS ? shown : COLUMNS, rows = (shown + COLUMNS - 1) / COLUMNS;
    double right = MARGIN + (double)columns * wide;
    double below = fmax((double)rows * high, GAP + crease_legend_height(&legend));
    crease_canvas *c;
    crease_status status =
        crease_canvas_open(path, right + (legend.count ? CREASE_LEGEND_WIDTH : 0) + MARGIN,
                           MARGIN + HEAD + below, &c, error);
    if (status)
        return status;
    crease_canvas_text(c, MARGIN + CREASE_PANEL_LEFT, MARGIN + 10,
                       (crease_text_style){.size = 11, .bold = true}, all->title);
    crease_canvas_text(c, MARGIN + CREASE_PANEL_LEFT, MARGIN + 22, (crease_text_style){.size = 9},
                       all->subtitle);
    for (size_t i = 0, at = 0; i < all->count; i++) {
        if (is_empty(all, &all->histogram[i]))
            continue;
        crease_panel panel = {MARGIN + (double)(at % COLUMNS) * wide + CREASE_PANEL_LEFT,
                              MARGIN + HEAD + (double)(at / COLUMNS) * high + GAP,
                              WIDTH,
                              HEIGHT,
                              {0},
                              {0}};
        draw_panel(all, c, panel, &all->histogram[i]);
        at++;
    }
    crease_legend_draw(c, &legend, right, MARGIN + HEAD);
    status = crease_canvas_commit(c, error);
    crease_canvas_close(c);
    return status;
}
