/* The graph of a network with one input in a panel. */
#ifndef CREASE_DRAW_GRAPH_H
#define CREASE_DRAW_GRAPH_H

#include "draw/panel.h"
#include "net/network.h"

#include <crease_pictures.h>

/* Breakpoints and the ends of the window, from left to right; x is the exact fraction,
 * truncated. */
typedef struct {
    const crease_network *network;
    size_t count, outputs;
    double *x;
    int64_t *layer; /* of the first unit that changes there; -1 at the ends */
    double *output; /* count x outputs: the values there, in floating point */
} crease_graph;

/* The graph, which keeps the network, goes to crease_graph_close in any case. */
crease_status crease_graph_open(crease_graph *graph, const crease_network *network,
                                const crease_domain *window, const crease_options *options,
                                crease_result *result, crease_error *error);
void crease_graph_close(crease_graph *graph);

/* Extends low..high to the values. */
void crease_graph_range(const crease_graph *graph, double *low, double *high);

/* Adds to seen, one flag for each layer, those of which there are breakpoints. */
void crease_graph_layers(const crease_graph *graph, bool *seen);

/* Draws all inside the panel: a vertical line at each breakpoint, in the colour of its layer, and
 * the outputs. */
void crease_graph_draw(const crease_graph *graph, crease_canvas *canvas, const crease_panel *panel);

/* The line of an output. */
crease_color crease_graph_color(size_t output, size_t outputs);

#endif
