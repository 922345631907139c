/* What the panels of a picture share: what colours span, and the legend. */
#ifndef CREASE_DRAW_SHEET_H
#define CREASE_DRAW_SHEET_H

#include "draw/graph.h"
#include "draw/paint.h"

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
} crease_sheet;

/* Sets low and high. */
void crease_sheet_set_range(crease_sheet *sheet);

/* Adds creases or breakpoints, colours or outputs, and data to the legend. */
void crease_sheet_explain(crease_sheet *sheet);

/* The mark of data point i. */
crease_color crease_sheet_data_color(const crease_picture *picture, size_t i);

#endif
