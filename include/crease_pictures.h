/* Pictures of what a network does to its inputs, drawn from exact polygons.
 * Conventions as in crease.h.  Regions are activation regions. */
#ifndef CREASE_PICTURES_H
#define CREASE_PICTURES_H

#include <crease_network.h>

#ifdef __cplusplus
extern "C" {
#endif
#if defined(__GNUC__)
#pragma GCC visibility push(default)
#endif

/* ---- Polygons ---- */

/* The closures of the regions of a network with two inputs in a box, in the order of their
 * patterns.  They have disjoint interiors and fill the box.  Every coordinate is an exact fraction
 * that is truncated to a double. */
typedef struct {
    size_t regions, corners, units, outputs; /* corners: of all regions */
    const uint8_t *pattern;                  /* regions x units, as in crease_regions.h */
    const int64_t *begin; /* regions + 1: region r has corners begin[r], ..., counterclockwise */
    const double *corner; /* corners x 2 */
    const double *map;    /* regions x outputs x 3: on the region, output i is
                             map[i][0] x0 + map[i][1] x1 + map[i][2]; NULL unless asked for */
    /* Of the edge from each corner to the next one of its region: */
    const int64_t *layer; /* of a unit that changes its state across the edge; -1: there is none,
                             the edge lies on the border of the domain */
    const int64_t *unit;  /* its number in the layer */
    const uint8_t *first; /* 1 in one of the two regions that share the edge, and at the border */
} crease_polygons;

/* Finds the polygons, and the maps if map is true.  The domain must have a box.  options may be
 * NULL; as in crease_regions.  If a limit stops it, result->complete is false and *polygons has
 * those found so far.  The caller gives *polygons to crease_polygons_free. */
crease_status crease_polygons_find(const crease_network *network, const crease_domain *domain,
                                   const crease_options *options, bool map,
                                   crease_polygons **polygons, crease_result *result,
                                   crease_error *error);
void crease_polygons_free(crease_polygons *polygons);

/* ---- Pictures ---- */

/* What the colour of a region shows. */
typedef enum {
    CREASE_COLOR_NONE = 0,
    CREASE_COLOR_LAYER,  /* the regions of the first layer: neighbours differ */
    CREASE_COLOR_ACTIVE, /* how many units are in a state other than 0 */
    CREASE_COLOR_CLASS,  /* the largest output, or the sign of a single one; a region that a
                            decision boundary crosses is divided */
    CREASE_COLOR_MAP,    /* regions with one affine map have one colour */
    CREASE_COLOR_VALUE,  /* output 0 at the mean of the corners */
    CREASE_COLOR_VOLUME  /* the area */
} crease_color_by;

/* The names that options use, as in crease.h. */
const char *crease_color_by_name(crease_color_by color);
bool crease_color_by_find(const char *name, crease_color_by *color);

/* One network and what is said of it in the picture. */
typedef struct {
    const crease_network *network;
    const char *name;
} crease_pictured;

typedef struct {
    crease_color_by color;
    bool boundary;        /* draw the decision boundary: outputs that are equal and largest, or 0 */
    bool raster;          /* draw the regions as an image, where there are very many */
    const char *label[2]; /* of the axes; NULL: x0 and x1 */
    size_t points;        /* data to be drawn on top */
    const double *point;  /* points x 2 */
    const int64_t *group; /* the class of each point, from 0 on; NULL: none */
} crease_picture;

/* Chooses a box that shows the creases of the networks and all data, where the domain is all of
 * R^2 or R.  The caller frees *window. */
crease_status crease_picture_window(const crease_pictured *pictured, size_t count,
                                    const crease_picture *picture, const crease_options *options,
                                    crease_domain **window, crease_error *error);

/* Draws the regions of networks with two or three inputs in a box, or the graphs of networks with
 * one input in an interval, side by side and to one scale, to a file that ends in .svg, .pdf or
 * .png.  Of a graph, picture->label alone is used.  A box of three inputs is drawn from the side of
 * large coordinates, with the octant of the largest ones taken out: the regions are those of three
 * of its sides and of three planes through its middle, and colours show neither maps nor volumes;
 * label, raster and points are not used.  The file gets its name only when it is complete.  If a
 * limit of the options stops a count, there is no file, and its result says so.
 *
 * results: one for each network. */
crease_status crease_picture_draw(const crease_pictured *pictured, size_t count,
                                  const crease_domain *window, const crease_picture *picture,
                                  const crease_options *options, const char *path,
                                  crease_result *results, crease_error *error);

/* Draws how the layers of one network with two inputs fold the box, in a row for each hidden layer:
 * on the left the cells, the regions of the network that ends with this layer; on the right their
 * images in what the next layer receives, its pre-activations.  Cells with equal images have one
 * colour.  If there are more than two numbers, the images are projected to their two principal
 * directions.  Otherwise as crease_picture_draw; *result is that of the last hidden layer. */
crease_status crease_picture_fold(const crease_pictured *pictured, const crease_domain *window,
                                  const crease_options *options, const char *path,
                                  crease_result *result, crease_error *error);

/* ---- Three inputs ---- */

/* Does the name of the file end in .ply or .obj? */
bool crease_mesh_named(const char *path);

/* Writes the closures of the regions of a network with three inputs as polyhedra, in the order of
 * their patterns.  They have disjoint interiors and fill the domain, which must have a box.  Every
 * polyhedron has vertices of its own, whose coordinates are exact fractions that are truncated to
 * doubles, and faces whose vertices are counterclockwise as seen from outside.  Colours show what
 * they show in pictures, values and classes those at the mean of the vertices.  In a .ply file,
 * each face has the number of its region and the layer of a unit that changes across it.  The file
 * gets its name only when it is complete.  If a limit of the options stops the count, there is no
 * file, and the result says so. */
crease_status crease_mesh_write(const crease_network *network, const crease_domain *domain,
                                crease_color_by color, const crease_options *options,
                                const char *path, crease_result *result, crease_error *error);

#if defined(__GNUC__)
#pragma GCC visibility pop
#endif
#ifdef __cplusplus
}
#endif
#endif
