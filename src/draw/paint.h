/* The polygons of one network in a panel: colours, creases, decision boundary. */
#ifndef CREASE_DRAW_PAINT_H
#define CREASE_DRAW_PAINT_H

#include "draw/classes.h"
#include "draw/panel.h"
#include "net/network.h"

#include <crease_pictures.h>

typedef struct {
    const crease_network *network;
    crease_polygons *polygons;
    const crease_picture *picture;
    double *value;         /* of each region, if colours show numbers; logarithms of areas */
    size_t *kind;          /* of each region, if colours show kinds: which one */
    double *corner_output; /* at each corner, if classes are shown: corners x outputs */
    crease_parts parts;    /* of all classes, and the lines between them */
    crease_segments boundary;
    double slack; /* outputs closer than this are equal */
} crease_painting;

/* Finds the polygons in the window.  The painting, which keeps network and picture, goes to
 * crease_painting_close in any case. */
crease_status crease_painting_open(crease_painting *painting, const crease_network *network,
                                   const crease_domain *window, const crease_picture *picture,
                                   const crease_options *options, crease_result *result,
                                   crease_error *error);
void crease_painting_close(crease_painting *painting);

/* Extends low..high to the values of the regions. */
void crease_painting_range(const crease_painting *painting, double *low, double *high);

/* Draws all inside the panel but the data.  low..high: what the colours span. */
void crease_painting_draw(const crease_painting *painting, crease_canvas *canvas,
                          const crease_panel *panel, double low, double high);

/* Add to seen, one flag for each, the layers of which there are creases, and the classes. */
void crease_painting_layers(const crease_painting *painting, bool *seen);
void crease_painting_classes(const crease_painting *painting, bool *seen);

/* The units of the first layer that switches are those before this place in a pattern. */
size_t crease_first_layer_end(const crease_network *network);

/* The line of a layer's creases: are they in colours or in shades of grey, and how wide are those
 * of the first layer? */
bool crease_creases_coloured(const crease_picture *picture);
crease_color crease_crease_color(bool coloured, size_t layer);
double crease_crease_width(double width, size_t layer);

#endif
