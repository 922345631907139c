/* The regions of a network one by one, with their points, facets, neighbours and affine maps.
 * Conventions as in crease.h.  Regions are activation regions. */
#ifndef CREASE_REGIONS_H
#define CREASE_REGIONS_H

#include <crease_network.h>
#include <crease_points.h>

#ifdef __cplusplus
extern "C" {
#endif
#if defined(__GNUC__)
#pragma GCC visibility push(default)
#endif

/* A region, which lives while a crease_region_visit is called with it, and belongs to that call's
 * thread.  What the functions below return as pointers, unless a comment says otherwise, belongs to
 * the region.  Facets, neighbours and maps are computed when they are first asked for. */
typedef struct crease_region crease_region;

/* Returns false to stop. */
typedef bool crease_region_visit(void *context, crease_region *region);

typedef enum {
    CREASE_REGIONS_ONE_BY_ONE = 0, /* calls do not overlap */
    CREASE_REGIONS_PARALLEL        /* calls come from all workers at once */
} crease_regions_calls;

/* Calls visit for every region of the network in the domain (NULL: all of R^n) once, in no
 * particular order.  The regions are those that the split engine counts.  It keeps no list of them:
 * the memory does not grow with their number.  result->regions is the number of calls.  If visit
 * returns false, or a limit of the options is reached, result->complete is false unless there was
 * no further region.
 *
 * options may be NULL.  The engine must be AUTO or SPLIT, the definition ACTIVATION.  visit is
 * called on threads of the library, in the default floating-point mode. */
crease_status crease_regions(const crease_network *network, const crease_domain *domain,
                             const crease_options *options, crease_regions_calls calls,
                             crease_region_visit *visit, void *context, crease_result *result,
                             crease_error *error);

/* Calls visit once, for a region whose closure contains the point "x1,x2,..." (exact numbers).  If
 * the point lies on a boundary, this is one of the regions around it. */
crease_status crease_region_at(const crease_network *network, const crease_domain *domain,
                               const char *point, crease_region_visit *visit, void *context,
                               crease_error *error);

size_t crease_region_inputs(const crease_region *region);
size_t crease_region_outputs(const crease_region *region);

/* The number of units that have states: those of layers that switch, without carried units. */
size_t crease_region_units(const crease_region *region);

/* The state of each of these units, layer by layer; crease_network.h lists the states. */
const uint8_t *crease_region_pattern(const crease_region *region);

/* The layer, and the number in it, of the unit that has this place in a pattern. */
void crease_region_unit(const crease_region *region, size_t place, size_t *layer, size_t *unit);

/* Sets x, one number per input, to a point inside the region.  True if these doubles themselves are
 * proved to lie inside.  False if no such doubles were found, as in a region that is too thin; then
 * they are near the exact point. */
bool crease_region_point(crease_region *region, double *x);

/* Coordinate j of a point that is proved to lie inside, "p" or "p/q".  If crease_region_point
 * returns true, it is the same point.  The caller frees the text with free(). */
char *crease_region_point_text(crease_region *region, size_t j);

bool crease_region_bounded(crease_region *region);

/* ---- Facets ---- */

typedef enum {
    CREASE_FACET_UNIT = 0, /* between two regions */
    CREASE_FACET_LOW,      /* on the lower or the upper side of the box in one input */
    CREASE_FACET_HIGH,
    CREASE_FACET_HALF /* on a half-space of the domain */
} crease_facet_kind;

typedef struct {
    crease_facet_kind kind;
    size_t place; /* UNIT: the place in the pattern of a unit whose state changes across it */
    size_t index; /* LOW, HIGH: the input; HALF: the number of the half-space, from 0 */
} crease_facet;

/* The number of facets: faces of dimension n - 1 of the region's closure. */
size_t crease_region_facets(crease_region *region);
crease_facet crease_region_facet(crease_region *region, size_t i);

/* Sets row to the inputs + 1 numbers of an inequality row.(x, 1) > 0 that holds in the region and
 * is an equality on facet i.  For a unit it is its pre-activation minus a breakpoint, or the
 * difference of two pieces of maxout, times 1 or -1.  The doubles are truncated. */
void crease_region_facet_row(crease_region *region, size_t i, double *row);

/* Entry j of the exact row; as crease_region_point_text. */
char *crease_region_facet_text(crease_region *region, size_t i, size_t j);

/* The pattern of the region across facet i, or NULL if the facet bounds the domain. */
const uint8_t *crease_region_neighbour(crease_region *region, size_t i);

/* With more than three inputs, facets, volumes, vertices and balls may take long.  If the search is
 * to stop meanwhile, they are left early: then this is true, they mean nothing, there are no
 * facets, and the region is not counted when its visit returns. */
bool crease_region_stopped(const crease_region *region);

/* The volume, truncated; infinite if the region is unbounded.  A region with f facets in R^n takes
 * about f^n steps in fractions. */
double crease_region_volume(crease_region *region);

/* The exact volume, as crease_region_point_text; NULL if the region is unbounded. */
char *crease_region_volume_text(crease_region *region);

/* The number of vertices of the region's closure; 0 if it contains a line.  They are found in
 * fractions, in time that grows with the square of their number. */
size_t crease_region_vertices(crease_region *region);

/* Sets x, inputs numbers, to vertex i, truncated.  Vertices are in lexicographic order. */
void crease_region_vertex(crease_region *region, size_t i, double *x);

/* Coordinate j of vertex i, exactly; as crease_region_point_text. */
char *crease_region_vertex_text(crease_region *region, size_t i, size_t j);

/* The inradius r, proved: the ball with radius r around the centre below lies in the region's
 * closure, and no ball in it has a radius of more than (1 + 1e-9) r.  Infinite if it contains balls
 * of every size; then the centre is NaN. */
double crease_region_inradius(crease_region *region);

/* The same double as a fraction; as crease_region_point_text, or NULL if it is infinite. */
char *crease_region_inradius_text(crease_region *region);

/* Sets x, inputs numbers, to the centre (Chebyshev centre) of this ball, truncated. */
void crease_region_center(crease_region *region, double *x);

/* Coordinate j of the centre; as crease_region_point_text, or NULL if the inradius is infinite. */
char *crease_region_center_text(crease_region *region, size_t j);

/* ---- The affine map ---- */

/* On the region, the outputs are A x + b.  Sets A, outputs x inputs numbers row by row, and b.  The
 * doubles are truncated. */
void crease_region_map(crease_region *region, double *A, double *b);

/* Row i of the exact map at column j; column `inputs` is b.  As crease_region_point_text. */
char *crease_region_map_text(crease_region *region, size_t i, size_t j);

/* The class of the point that crease_region_point_text writes, of outputs that are scores: the
 * number of the largest one, exactly; the smallest number if several are equal.  Of one output, 1
 * if it is greater than 0, otherwise 0.  A region may have points of other classes
 * (crease_boundary). */
size_t crease_region_class(crease_region *region);

/* ---- Batches ---- */

/* What is to be set in a batch besides the patterns, as bits. */
enum {
    CREASE_WITH_POINT = 1,
    CREASE_WITH_FACETS = 2,     /* which they are, and bounded */
    CREASE_WITH_ROWS = 4,       /* and facets */
    CREASE_WITH_NEIGHBOURS = 8, /* and facets */
    CREASE_WITH_MAP = 16,
    CREASE_WITH_VOLUME = 32,
    CREASE_WITH_VERTICES = 64,
    CREASE_WITH_CENTER = 128,
    CREASE_WITH_INRADIUS = 256,
    CREASE_WITH_WEIGHT = 512, /* of crease_sample.h: weight, draws and group */
    CREASE_WITH_CLASS = 1024
};

/* Some regions as arrays, row by row; NULL: not asked for.  All lives while the visit lasts. */
typedef struct {
    size_t regions, inputs, outputs, units;
    size_t facets, vertices; /* of all regions */
    const uint8_t *pattern;  /* regions x units */
    const double *point;     /* regions x inputs */
    const uint8_t *inside;   /* what crease_region_point returns */
    const uint8_t *bounded;
    const int64_t *facet_begin;  /* regions + 1: region r has facets facet_begin[r], ... */
    const uint8_t *facet_kind;   /* facets: a crease_facet_kind */
    const int64_t *facet_number; /* its place or index */
    const double *facet_row;     /* facets x (inputs + 1) */
    const uint8_t *neighbour;    /* facets x units; zeros if there is none */
    const double *A;             /* regions x outputs x inputs */
    const double *b;             /* regions x outputs */
    const double *volume;
    const int64_t *vertex_begin; /* regions + 1: region r has vertices vertex_begin[r], ... */
    const double *vertex;        /* vertices x inputs */
    const double *center;        /* regions x inputs */
    const double *inradius;
    const double *weight;
    const int64_t *draws, *group;
    const int64_t *label; /* crease_region_class */
} crease_region_batch;

/* Returns false to stop. */
typedef bool crease_region_batch_visit(void *context, const crease_region_batch *batch);

/* crease_regions, with calls for up to `most` regions at a time that do not overlap.  Every worker
 * fills a batch of its own.  If visit returns false, batches that are not full are lost. */
crease_status crease_region_batches(const crease_network *network, const crease_domain *domain,
                                    const crease_options *options, unsigned fields, size_t most,
                                    crease_region_batch_visit *visit, void *context,
                                    crease_result *result, crease_error *error);

/* The same for the region that crease_region_at finds. */
crease_status crease_region_batch_at(const crease_network *network, const crease_domain *domain,
                                     const char *point, unsigned fields,
                                     crease_region_batch_visit *visit, void *context,
                                     crease_error *error);

/* ---- The graph ---- */

/* Which regions share a facet, in compressed sparse rows. */
typedef struct {
    size_t regions, edges,
        units;          /* an edge for each facet between two regions, so two for a pair */
    int64_t *begin;     /* regions + 1: those of region r are begin[r], ..., begin[r + 1] - 1 */
    int64_t *neighbour; /* edges: the region across the facet */
    int64_t *unit;      /* edges: the place in the pattern of a unit that changes there */
    uint8_t *pattern;   /* regions x units */
} crease_region_graph;

/* Finds the graph of all regions.  It is kept in memory.  If a limit of the options is reached,
 * result->complete is false and the graph is empty.  The caller gives it to
 * crease_region_graph_free.  Options as for crease_regions. */
crease_status crease_regions_graph(const crease_network *network, const crease_domain *domain,
                                   const crease_options *options, crease_region_graph *graph,
                                   crease_result *result, crease_error *error);
void crease_region_graph_free(crease_region_graph *graph);

/* Bounds on the radius and the diameter of the graph: the smallest and the largest eccentricity.
 * The eccentricity of a region is the largest number of steps to another. */
typedef struct {
    size_t radius_low, radius_high, diameter_low, diameter_high;
} crease_graph_spread_bounds;

/* ---- Statistics ---- */

/* One layer that switches. */
typedef struct {
    size_t layer, units;  /* units with states */
    uint64_t regions;     /* of the network that ends with this layer; 0: not established */
    uint64_t active;      /* units in a state other than 0, summed over all regions */
    size_t always, never; /* units whose state is other than 0 in all regions, or in none */
    size_t constant;      /* units that have one state in all regions; all 0 if there are none */
} crease_layer_stats;

/* The largest norm of the linear part A of the map, over all regions: the smallest Lipschitz
 * constant of the outputs on a convex domain. */
typedef struct {
    char *value;   /* exact: "p" or "p/q" */
    double *point; /* inputs: inside a region where A has this norm */
} crease_norm_stats;

/* The same for the norm from l2 to l2, proved: low <= norm <= high, and within the range of doubles
 * high <= (1 + 1e-9) low. */
typedef struct {
    double low, high;
    double *point;
} crease_norm_bounds;

/* What is to be found besides, as bits. */
enum {
    CREASE_STATS_NORMS = 1,
    CREASE_STATS_MAPS = 2,
    CREASE_STATS_GRAPH = 4, /* keeps the graph in memory */
    CREASE_STATS_VOLUMES = 8
};

typedef struct {
    unsigned parts; /* bits CREASE_STATS_... */
    uint64_t regions, bounded;
    size_t inputs, units, layers, most_facets;
    crease_layer_stats *layer;
    uint64_t *facets;     /* most_facets + 1: how many regions have so many facets */
    uint64_t *neighbours; /* most_facets + 1: how many have so many neighbours */
    uint64_t *active;     /* units + 1: how many have so many active units */
    /* NORMS: of A, from l1 to l1, from l-infinity to it, and from l2 to l2. */
    crease_norm_stats from_l1, from_linf;
    crease_norm_bounds from_l2;
    uint64_t maps;                     /* MAPS: the number of different affine maps */
    crease_graph_spread_bounds spread; /* GRAPH */
    /* Data points: in the domain, and outside. */
    uint64_t points, points_outside;
    size_t most_points;
    uint64_t
        *populations; /* most_points + 1: how many regions have so many points; NULL: no data */
    /* VOLUMES: of the bounded regions, whose volumes are exact and then truncated. */
    double least_volume, largest_volume; /* 0 if there are none */
    int first_volume; /* volume[k]: how many have a volume of 2^(first_volume + k) or more, and */
    size_t volume_count; /* less than twice that; entries */
    uint64_t *volume;    /* NULL: there are none */
} crease_region_stats;

/* Visits all regions.  parts: bits CREASE_STATS_...  If a limit stops it, result->complete is
 * false, and stats are those of the regions visited so far; maps, spread and populations[0] are 0.
 * The caller gives stats to crease_region_stats_free.
 *
 * data: points to be put into the regions, or NULL.  A point on a boundary belongs to one of the
 * regions around it, always the same one; one on the border of half-spaces counts as outside. */
crease_status crease_regions_stats(const crease_network *network, const crease_domain *domain,
                                   const crease_options *options, unsigned parts,
                                   const crease_points *data, crease_region_stats *stats,
                                   crease_result *result, crease_error *error);
void crease_region_stats_free(crease_region_stats *stats);

/* ---- Decision boundaries ---- */

/* The class of an input is the number of its largest output, the smallest number if several are
 * equal; of a network with one output it is 1 if the output is greater than the level, otherwise 0.
 *
 * A part is the set of inputs in one activation region with one class, if it has interior points.
 * A piece is a common facet, inside the domain, of two parts with different classes: a set of
 * dimension n - 1 where y_i = y_j >= all other outputs, and where one class becomes the other.  A
 * piece on a facet of activation regions is one piece, not two. */
typedef struct {
    size_t classes;
    uint64_t pieces;   /* by options->definition */
    uint64_t *between; /* classes x classes: the same between classes i and j, symmetric */
    uint64_t *parts;   /* classes: parts of each class */
    uint64_t
        by_definition[CREASE_DEFINITION_AFFINE + 1]; /* 0: not established, or there are none */
} crease_boundary;

/* Counts them, with proof.  level: an exact number, or NULL for 0; only with one output.  If a
 * limit stops it, result->complete is false, and the numbers are lower bounds.  result->regions is
 * the number of parts.  The caller gives boundary to crease_boundary_clear.  At most
 * CREASE_MAX_RANK outputs.  Options are those of crease_regions, and what counts as one piece:
 *   activation      a piece as above
 *   open_connected  pieces between the same two classes that lie in one hyperplane and share a face of
 *                   dimension n - 2 inside the domain are joined, and so are chains of them.  In each
 *                   hyperplane, the results are the connected components of the interior, relative to
 *                   it, of the boundary between two classes
 *   affine          all pieces between two classes in one hyperplane are joined.  The count is that of
 *                   hyperplanes, for each pair of classes.
 * The last two keep a text with the row of each piece, and visit all parts again if several pieces
 * lie in one hyperplane.  If they are stopped, pieces is the number of hyperplanes found so far. */
crease_status crease_boundary_count(const crease_network *network, const crease_domain *domain,
                                    const char *level, const crease_options *options,
                                    crease_boundary *boundary, crease_result *result,
                                    crease_error *error);
void crease_boundary_clear(crease_boundary *boundary);

/* A piece, seen from the part with the smaller class, whose pattern ends with that class: the
 * states of one unit more than the network has. */
typedef struct {
    size_t classes[2];     /* of the part, and beyond */
    crease_region *part;   /* crease_region_pattern, crease_region_vertex and so on */
    size_t facet;          /* of the part; its row is positive on the side of the first class */
    const uint8_t *beyond; /* the pattern on the other side, with its class */
} crease_piece;

/* Returns false to stop. */
typedef bool crease_piece_visit(void *context, crease_piece *piece);

/* Counts them and calls visit for each piece once, whatever the definition, in no particular order,
 * from all workers at once.  All of a piece lives while the call lasts. */
crease_status crease_boundary_pieces(const crease_network *network, const crease_domain *domain,
                                     const char *level, const crease_options *options,
                                     crease_piece_visit *visit, void *context,
                                     crease_boundary *boundary, crease_result *result,
                                     crease_error *error);

/* With more inputs, a list of pieces has no vertices. */
enum { CREASE_MAX_PIECE_INPUTS = 3 };

/* All pieces as arrays, row by row, in the order of their patterns.  Doubles are truncated. */
typedef struct {
    size_t pieces, inputs, units, vertices; /* units: of the network */
    int64_t *classes;                       /* pieces x 2, the smaller one first */
    uint8_t *pattern,
        *beyond;           /* pieces x units: on the side of the first class, and on the other */
    double *row;           /* pieces x (inputs + 1): row.(x, 1) is 0 on a piece, and positive on
                                   the side of the first class */
    int64_t *vertex_begin; /* pieces + 1: piece p has vertices vertex_begin[p], ..., in the order
                                   around it; NULL with more inputs */
    double *vertex;        /* vertices x inputs */
} crease_piece_list;

/* Lists them.  If a limit stops it, result->complete is false and the list is empty.  The caller
 * gives it to crease_piece_list_free. */
crease_status crease_boundary_list(const crease_network *network, const crease_domain *domain,
                                   const char *level, const crease_options *options,
                                   crease_piece_list *list, crease_result *result,
                                   crease_error *error);
void crease_piece_list_free(crease_piece_list *list);

#if defined(__GNUC__)
#pragma GCC visibility pop
#endif
#ifdef __cplusplus
}
#endif
#endif
