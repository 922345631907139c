#include "draw/graph.h"

#include "base/memory.h"
#include "draw/evaluate.h"
#include "draw/paint.h"
#include "draw/palette.h"
#include "regions/region.h"

#include <crease_regions.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* The lower end of a region. */
typedef struct {
    mpq_t x;
    int64_t layer;
} breakpoint;

typedef struct {
    size_t count, room;
    breakpoint *list;
} breakpoints;

static breakpoint *add(breakpoints *all)
{
    if (all->count == all->room) {
        all->room = all->room ? 2 * all->room : 256;
        all->list = crease_realloc(all->list, all->room, sizeof *all->list);
    }
    breakpoint *fresh = &all->list[all->count++];
    mpq_init(fresh->x);
    fresh->layer = -1;
    return fresh;
}

/* The facet at the lower end has an inequality a x + b > 0 with a > 0. */
static bool take_region(void *context, crease_region *region)
{
    for (size_t i = 0; i < crease_region_facets(region); i++) {
        crease_facet facet = crease_region_facet(region, i);
        crease_region_set_facet_row(region, i);
        if (mpz_sgn(region->row[0]) < 0)
            continue;
        breakpoint *fresh = add(context);
        size_t layer, unit;
        mpz_neg(mpq_numref(fresh->x), region->row[1]);
        mpz_set(mpq_denref(fresh->x), region->row[0]);
        mpq_canonicalize(fresh->x);
        if (facet.kind == CREASE_FACET_UNIT) {
            crease_region_unit(region, facet.place, &layer, &unit);
            fresh->layer = (int64_t)layer;
        }
    }
    return true;
}

static int by_place(const void *a, const void *b)
{
    const breakpoint *p = a, *q = b;
    return mpq_cmp(p->x, q->x);
}

crease_status crease_graph_open(crease_graph *graph, const crease_network *network,
                                const crease_domain *window, const crease_options *options,
                                crease_result *result, crease_error *error)
{
    breakpoints all = {.count = 0};
    *graph = (crease_graph){.network = network};
    crease_status status = crease_regions(network, window, options, CREASE_REGIONS_ONE_BY_ONE,
                                          take_region, &all, result, error);
    if (all.count)
        qsort(all.list, all.count, sizeof *all.list, by_place);
    graph->outputs = network->layer[network->layers - 1].width;
    graph->count = status ? 0 : all.count + 1;
    graph->x = crease_alloc(graph->count, sizeof *graph->x);
    graph->layer = crease_alloc(graph->count, sizeof *graph->layer);
    graph->output = crease_alloc(graph->count * graph->outputs, sizeof *graph->output);
    crease_evaluator *evaluator = crease_evaluator_new(network);
    for (size_t i = 0; i < graph->count; i++) {
        bool end = i == all.count;
        graph->x[i] = mpq_get_d(end ? window->hi[0] : all.list[i].x);
        graph->layer[i] = end ? -1 : all.list[i].layer;
        memcpy(graph->output + i * graph->outputs, crease_evaluator_at(evaluator, &graph->x[i]),
               graph->outputs * sizeof *graph->output);
    }
    crease_evaluator_free(evaluator);
    for (size_t i = 0; i < all.count; i++)
        mpq_clear(all.list[i].x);
    free(all.list);
    return status;
}

void crease_graph_close(crease_graph *graph)
{
    free(graph->x);
    free(graph->layer);
    free(graph->output);
}

void crease_graph_range(const crease_graph *graph, double *low, double *high)
{
    for (size_t i = 0; i < graph->count * graph->outputs; i++) {
        *low = fmin(*low, graph->output[i]);
        *high = fmax(*high, graph->output[i]);
    }
}

void crease_graph_layers(const crease_graph *graph, bool *seen)
{
    for (size_t i = 0; i < graph->count; i++)
        if (graph->layer[i] >= 0)
            seen[graph->layer[i]] = true;
}

crease_color crease_graph_color(size_t output, size_t outputs)
{
    /* Colours that the first layers do not have. */
    const size_t first = 3;
    return outputs == 1 ? crease_black : crease_palette_strong(first + output);
}

static void draw_breakpoints(const crease_graph *graph, crease_canvas *c, const crease_panel *panel)
{
    const double share = 0.12, thick = 0.6, thin = 0.15;
    double width = fmin(fmax(share * panel->width / (double)(graph->count + 1), thin), thick);
    for (size_t i = 0; i < graph->count; i++) {
        if (graph->layer[i] < 0)
            continue;
        size_t layer = (size_t)graph->layer[i];
        double x = crease_panel_x(panel, graph->x[i]);
        crease_canvas_move(c, x, panel->y);
        crease_canvas_line(c, x, panel->y + panel->height);
        crease_canvas_stroke(c, crease_crease_color(true, layer),
                             crease_crease_width(width, layer));
    }
}

/* Marks on the graph, where there are not too many. */
static void draw_marks(const crease_graph *graph, crease_canvas *c, const crease_panel *panel)
{
    const size_t most = 200;
    const double large = 2.6, share = 0.3;
    if (graph->count > most)
        return;
    double size = fmin(large, share * panel->width / (double)(graph->count + 1));
    for (size_t i = 0; i < graph->count; i++)
        for (size_t k = 0; k < graph->outputs && graph->layer[i] >= 0; k++)
            crease_draw_mark(c, crease_panel_x(panel, graph->x[i]),
                             crease_panel_y(panel, graph->output[i * graph->outputs + k]),
                             (size_t)graph->layer[i], size,
                             crease_crease_color(true, (size_t)graph->layer[i]));
}

void crease_graph_draw(const crease_graph *graph, crease_canvas *c, const crease_panel *panel)
{
    const double width = 1.2;
    crease_canvas_enter(c, panel->x, panel->y, panel->width, panel->height, false);
    draw_breakpoints(graph, c, panel);
    for (size_t k = 0; k < graph->outputs; k++) {
        for (size_t i = 0; i < graph->count; i++)
            (i ? crease_canvas_line
               : crease_canvas_move)(c, crease_panel_x(panel, graph->x[i]),
                                     crease_panel_y(panel, graph->output[i * graph->outputs + k]));
        crease_canvas_stroke(c, crease_graph_color(k, graph->outputs), width);
    }
    draw_marks(graph, c, panel);
    crease_canvas_leave(c);
}
