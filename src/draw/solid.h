/* The regions of a network with three inputs as polyhedra, with what their colours show. */
#ifndef CREASE_DRAW_SOLID_H
#define CREASE_DRAW_SOLID_H

#include <crease_pictures.h>

/* One region.  Face i has the vertices corner[begin[i]], ..., corner[begin[i + 1] - 1],
 * counterclockwise as seen from outside. */
typedef struct {
    uint8_t *pattern;
    size_t units, outputs, vertices, faces;
    double *vertex; /* vertices x 3, exact fractions that are truncated */
    size_t *begin, *corner;
    int64_t *layer; /* of each face: of a unit that changes across it; -1: it bounds the domain */
    double *map;    /* outputs x 4, of CREASE_COLOR_MAP */
    double value;   /* what the colour shows, unless that is a kind */
    size_t kind;
} crease_solid;

typedef struct {
    size_t count, room;
    crease_solid *solid; /* in the order of their patterns */
} crease_solids;

/* Finds the regions in the domain, which has a box.  *solids goes to crease_solids_clear in any
 * case.  Values and kinds are in floating point, at the mean of the vertices. */
crease_status crease_solids_find(const crease_network *network, const crease_domain *domain,
                                 crease_color_by color, const crease_options *options,
                                 crease_solids *solids, crease_result *result, crease_error *error);
void crease_solids_clear(crease_solids *solids);

#endif
