#include "draw/graph.h"
#include "draw/paint.h"

#include "base/memory.h"
#include "base/names.h"
#include "base/status.h"
#include "domain/domain.h"
#include "draw/palette.h"
#include "regions/units.h"

#include <crease_pictures.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MARGIN 12.0
#define BETWEEN 14.0 /* panel and legend */

static const char *const color_names[] = {"none", "layer", "active", "class",
                                          "map",  "value", "volume", NULL};

const char *crease_color_by_name(crease_color_by color)
{
    return (unsigned)color < sizeof color_names / sizeof *color_names ? color_names[color] : NULL;
}

bool crease_color_by_find(const char *name, crease_color_by *color)
{
    for (int i = 0; color_names[i]; i++)
        if (!strcmp(name, color_names[i])) {
            *color = (crease_color_by)i;
            return true;
        }
    return false;
}

/* All of a picture. */
typedef struct {
    const crease_picture *picture;
    const crease_pictured *pictured;
    size_t count, columns;
    bool graphs;               /* of networks with one input */
    crease_painting *painting; /* count: one of them */
    crease_graph *graph;
    double low, high;   /* what colours span */
    crease_panel panel; /* the window, and the size of each panel */
    crease_legend legend;
} sheet;

/* ---- Legend ---- */

static void explain_creases(sheet *own)
{
    size_t layers = 0, shown = 0;
    const size_t most = 10;
    bool coloured = crease_creases_coloured(own->picture);
    for (size_t k = 0; k < own->count; k++)
        layers =
            own->pictured[k].network->layers > layers ? own->pictured[k].network->layers : layers;
    bool *seen = crease_alloc(layers, sizeof *seen);
    for (size_t k = 0; k < own->count; k++)
        if (own->graphs)
            crease_graph_layers(&own->graph[k], seen);
        else
            crease_painting_layers(&own->painting[k], seen);
    for (size_t l = 0; l < layers; l++) {
        if (!seen[l] || ++shown > most)
            continue;
        if (shown == 1)
            crease_legend_add(&own->legend, CREASE_LEGEND_HEADING, crease_black, "%s",
                              own->graphs ? "Breakpoints of" : "Creases of");
        crease_legend_add(&own->legend, CREASE_LEGEND_LINE, crease_crease_color(coloured, l),
                          "layer %zu", l)
            ->width = crease_crease_width(1, l);
    }
    if (own->picture->boundary)
        crease_legend_add(&own->legend, CREASE_LEGEND_LINE, crease_black, "decision boundary")
            ->width = 2.2;
    free(seen);
}

static void explain_colors(sheet *own)
{
    static const char *const heading[] = {[CREASE_COLOR_ACTIVE] = "Active units",
                                          [CREASE_COLOR_CLASS] = "Class",
                                          [CREASE_COLOR_VALUE] = "Output 0",
                                          [CREASE_COLOR_VOLUME] = "Area"};
    crease_color_by color = own->picture->color;
    const size_t most = 12;
    size_t outputs = 1;
    for (size_t k = 0; k < own->count; k++)
        outputs = own->painting[k].polygons->outputs > outputs ? own->painting[k].polygons->outputs
                                                               : outputs;
    if (color < CREASE_COLOR_ACTIVE || color == CREASE_COLOR_MAP)
        return;
    crease_legend_add(&own->legend, CREASE_LEGEND_HEADING, crease_black, "%s", heading[color]);
    if (color != CREASE_COLOR_CLASS) {
        crease_legend_entry *scale =
            crease_legend_add(&own->legend, CREASE_LEGEND_SCALE, crease_black, " ");
        scale->low = own->low;
        scale->high = own->high;
        scale->powers = color == CREASE_COLOR_VOLUME;
        return;
    }
    bool *seen = crease_alloc(outputs + 1, sizeof *seen);
    for (size_t k = 0; k < own->count; k++)
        crease_painting_classes(&own->painting[k], seen);
    for (size_t k = 0, shown = 0; k <= outputs && shown < most; k++) {
        if (!seen[k])
            continue;
        crease_legend_entry *entry =
            crease_legend_add(&own->legend, CREASE_LEGEND_BOX, crease_palette_pale(k), "%zu", k);
        if (outputs == 1)
            snprintf(entry->text, sizeof entry->text, k ? "output > 0" : "output \u2264 0");
        shown++;
    }
    free(seen);
}

static void explain_outputs(sheet *own)
{
    const size_t most = 10;
    size_t outputs = 1;
    for (size_t k = 0; k < own->count; k++)
        outputs = own->graph[k].outputs > outputs ? own->graph[k].outputs : outputs;
    crease_legend_add(&own->legend, CREASE_LEGEND_HEADING, crease_black, "Graph of");
    for (size_t k = 0; k < outputs && k < most; k++)
        crease_legend_add(&own->legend, CREASE_LEGEND_LINE, crease_graph_color(k, outputs),
                          "output %zu", k)
            ->width = 1.2;
}

static crease_color color_of_group(const crease_picture *picture, size_t i)
{
    return picture->group ? crease_palette_strong((size_t)picture->group[i]) : crease_black;
}

static void explain_data(sheet *own)
{
    const crease_picture *p = own->picture;
    int64_t largest = -1;
    if (!p->points)
        return;
    crease_legend_add(&own->legend, CREASE_LEGEND_HEADING, crease_black, "Data");
    for (size_t i = 0; p->group && i < p->points; i++)
        largest = p->group[i] > largest ? p->group[i] : largest;
    if (!p->group)
        crease_legend_add(&own->legend, CREASE_LEGEND_MARK, crease_black, "%zu points", p->points);
    for (int64_t k = 0; k <= largest && k < 12; k++)
        crease_legend_add(&own->legend, CREASE_LEGEND_MARK, crease_palette_strong((size_t)k),
                          "class %d", (int)k)
            ->shape = (size_t)k;
}

/* ---- Panels ---- */

/* Values of both signs get colours on both sides of white; very small areas are all alike. */
static void set_range(sheet *own)
{
    const double decades = 4;
    own->low = INFINITY;
    own->high = -INFINITY;
    for (size_t k = 0; k < own->count; k++)
        if (own->graphs)
            crease_graph_range(&own->graph[k], &own->low, &own->high);
        else
            crease_painting_range(&own->painting[k], &own->low, &own->high);
    if (own->picture->color == CREASE_COLOR_VOLUME)
        own->low = fmax(own->low, own->high - decades);
    if (own->picture->color == CREASE_COLOR_VALUE && own->low < 0 && own->high > 0) {
        own->high = fmax(own->high, -own->low);
        own->low = -own->high;
    }
}

static void draw_data(const sheet *own, crease_canvas *c, const crease_panel *panel)
{
    const crease_picture *p = own->picture;
    const double large = 2.6, small = 1.1, all = 1600;
    double size = fmin(large, fmax(small, sqrt(all / (double)(p->points + 1))));
    crease_canvas_enter(c, panel->x, panel->y, panel->width, panel->height, p->raster);
    for (size_t i = 0; i < p->points; i++)
        crease_draw_mark(c, crease_panel_x(panel, p->point[2 * i]),
                         crease_panel_y(panel, p->point[2 * i + 1]),
                         p->group ? (size_t)p->group[i] : 0, size, color_of_group(p, i));
    crease_canvas_leave(c);
}

static void draw_panel(const sheet *own, crease_canvas *c, size_t k, const crease_result *result)
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

static crease_status draw_sheet(sheet *own, const char *path, const crease_result *results,
                                crease_error *error)
{
    static const double sides[] = {330, 230, 180};
    own->columns = own->count < 3 ? own->count : own->count == 4 ? 2 : 3;
    own->panel.width = sides[own->columns - 1];
    own->panel.height = 0.62 * own->panel.width;
    if (!own->graphs)
        crease_panel_fit(&own->panel, sides[own->columns - 1]);
    explain_creases(own);
    if (own->graphs) {
        explain_outputs(own);
    } else {
        explain_colors(own);
        explain_data(own);
    }
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

crease_status crease_picture_draw(const crease_pictured *pictured, size_t count,
                                  const crease_domain *window, const crease_picture *picture,
                                  const crease_options *options, const char *path,
                                  crease_result *results, crease_error *error)
{
    sheet own = {.picture = picture,
                 .pictured = pictured,
                 .count = count,
                 .graphs = pictured[0].network->inputs == 1,
                 .painting = crease_alloc(count, sizeof *own.painting),
                 .graph = crease_alloc(count, sizeof *own.graph)};
    bool complete = true;
    crease_status status = crease_canvas_check(path, error);
    for (size_t k = 0; k < count && !status && complete; k++) {
        const crease_network *network = pictured[k].network;
        status = own.graphs ? crease_graph_open(&own.graph[k], network, window, options,
                                                &results[k], error)
                            : crease_painting_open(&own.painting[k], network, window, picture,
                                                   options, &results[k], error);
        complete = !status && results[k].complete;
    }
    set_range(&own);
    for (size_t j = 0; j < 2 && !status; j++) {
        bool outputs = own.graphs && j == 1;
        double margin = outputs ? fmax(0.06 * (own.high - own.low), 1e-3 * fabs(own.high)) : 0;
        own.panel.low[j] = outputs ? own.low - margin : mpq_get_d(window->lo[j]);
        own.panel.high[j] = outputs ? own.high + margin : mpq_get_d(window->hi[j]);
        if (outputs && margin == 0)
            own.panel.high[j] += 1;
    }
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
