#include "draw/cutaway.h"
#include "draw/sheet.h"
#include "draw/span.h"

#include "base/memory.h"
#include "base/status.h"
#include "domain/domain.h"
#include "regions/units.h"

#include <crease_pictures.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MARGIN 12.0
#define BETWEEN 14.0 /* panel and legend */

/* ---- Panels ---- */

static void draw_data(const crease_sheet *own, crease_canvas *c, const crease_panel *panel)
{
    const crease_picture *p = own->picture;
    const double large = 2.6, small = 1.1, all = 1600;
    double size = fmin(large, fmax(small, sqrt(all / (double)(p->points + 1))));
    crease_canvas_enter(c, panel->x, panel->y, panel->width, panel->height, p->raster);
    for (size_t i = 0; i < p->points; i++)
        crease_draw_mark(c, crease_panel_x(panel, p->point[2 * i]),
                         crease_panel_y(panel, p->point[2 * i + 1]),
                         p->group ? (size_t)p->group[i] : 0, size, crease_sheet_data_color(p, i));
    crease_canvas_leave(c);
}

static void draw_panel(const crease_sheet *own, crease_canvas *c, size_t k,
                       const crease_result *result)
{
    const crease_picture *p = own->picture;
    crease_panel panel = own->panel;
    const char *label[2] = {p->label[0] ? p->label[0] : "x0", own->graphs   ? "output"
                                                              : p->label[1] ? p->label[1]
                                                                            : "x1"};
    char text[128];
    panel.x = MARGIN + CREASE_PANEL_LEFT +
              (double)(k % own->columns) * (panel.width + CREASE_PANEL_LEFT + BETWEEN);
    panel.y = MARGIN + CREASE_PANEL_ABOVE +
              (double)(k / own->columns) *
                  (panel.height + CREASE_PANEL_ABOVE + CREASE_PANEL_BELOW + BETWEEN / 2);
    if (own->graphs)
        crease_graph_draw(&own->graph[k], c, &panel);
    else
        crease_painting_draw(&own->painting[k], c, &panel, own->low, own->high);
    if (p->points)
        draw_data(own, c, &panel);
    snprintf(text, sizeof text, "%.40s region%s, proved", result->digits,
             strcmp(result->digits, "1") ? "s" : "");
    crease_panel_draw_frame(c, &panel, label, own->pictured[k].name, text);
}

static crease_status draw_sheet(crease_sheet *own, const char *path, const crease_result *results,
                                crease_error *error)
{
    static const double sides[] = {330, 230, 180};
    own->columns = own->count < 3 ? own->count : own->count == 4 ? 2 : 3;
    own->panel.width = sides[own->columns - 1];
    own->panel.height = 0.62 * own->panel.width;
    if (!own->graphs)
        crease_panel_fit(&own->panel, sides[own->columns - 1]);
    crease_sheet_explain(own);
    size_t rows = (own->count + own->columns - 1) / own->columns;
    double right = MARGIN + (double)own->columns * (own->panel.width + CREASE_PANEL_LEFT + BETWEEN);
    double below =
        (double)rows * (own->panel.height + CREASE_PANEL_ABOVE + CREASE_PANEL_BELOW + BETWEEN / 2);
    double tall = CREASE_PANEL_ABOVE + crease_legend_height(&own->legend);
    crease_canvas *canvas;
    crease_status status =
        crease_canvas_open(path, right + (own->legend.count ? CREASE_LEGEND_WIDTH : 0) + MARGIN,
                           MARGIN + fmax(below, tall), &canvas, error);
    for (size_t k = 0; k < own->count && !status; k++)
        draw_panel(own, canvas, k, &results[k]);
    if (!status) {
        crease_legend_draw(canvas, &own->legend, right, MARGIN + CREASE_PANEL_ABOVE - 9);
        status = crease_canvas_commit(canvas, error);
    }
    crease_canvas_close(canvas);
    return status;
}

/* The window; of a graph, its height is that of the outputs. */
static crease_status set_panel(crease_sheet *own, const crease_domain *window, crease_error *error)
{
    const double share = 0.06, of_values = 1e-3;
    crease_panel *panel = &own->panel;
    for (size_t j = 0; j < window->inputs; j++) {
        panel->low[j] = mpq_get_d(window->lo[j]);
        panel->high[j] = mpq_get_d(window->hi[j]);
    }
    if (own->graphs) {
        double margin = fmax(share * (own->high - own->low), of_values * fabs(own->high));
        panel->low[1] = own->low - margin;
        panel->high[1] = own->high + (margin > 0 ? margin : 1);
    }
    bool shown = own->graphs || own->picture->color == CREASE_COLOR_VALUE;
    if (shown && !(crease_span_has(own->low) && crease_span_has(own->high)))
        return crease_fail(error, CREASE_INPUT, "picture: outputs beyond 1e100 cannot be drawn");
    if (!crease_span_fits(panel->low[1], panel->high[1]))
        return crease_fail(error, CREASE_INPUT, "picture: outputs from %g to %g cannot be drawn",
                           own->low, own->high);
    return CREASE_OK;
}

crease_status crease_picture_draw(const crease_pictured *pictured, size_t count,
                                  const crease_domain *window, const crease_picture *picture,
                                  const crease_options *options, const char *path,
                                  crease_result *results, crease_error *error)
{
    crease_status status = crease_span_check(window, error);
    if (status)
        return status;
    if (pictured[0].network->inputs == 3)
        return crease_cutaway_draw(pictured, count, window, picture, options, path, results, error);
    crease_sheet own = {.picture = picture,
                        .pictured = pictured,
                        .count = count,
                        .graphs = pictured[0].network->inputs == 1,
                        .painting = crease_alloc(count, sizeof *own.painting),
                        .graph = crease_alloc(count, sizeof *own.graph)};
    bool complete = true;
    status = crease_canvas_check(path, error);
    for (size_t k = 0; k < count && !status && complete; k++) {
        const crease_network *network = pictured[k].network;
        status = own.graphs ? crease_graph_open(&own.graph[k], network, window, options,
                                                &results[k], error)
                            : crease_painting_open(&own.painting[k], network, window, picture,
                                                   options, &results[k], error);
        complete = !status && results[k].complete;
    }
    crease_sheet_set_range(&own);
    if (!status && complete)
        status = set_panel(&own, window, error);
    if (!status && complete)
        status = draw_sheet(&own, path, results, error);
    for (size_t k = 0; k < count; k++)
        crease_painting_close(&own.painting[k]);
    for (size_t k = 0; k < count; k++)
        crease_graph_close(&own.graph[k]);
    free(own.painting);
    free(own.graph);
    return status;
}
