/* Points of the input space, and what is around them.  Conventions as in crease.h. */
#ifndef CREASE_POINTS_H
#define CREASE_POINTS_H

#include <crease.h>

#ifdef __cplusplus
extern "C" {
#endif
#if defined(__GNUC__)
#pragma GCC visibility push(default)
#endif

/* A list of exact points.  Any number of threads may share it. */
typedef struct crease_points crease_points;

/* Reads points with so many inputs from a file: an array of NumPy (.npy), of which the first index
 * is that of the point; an .npz file with one array, or with one named "points" or "point"; or
 * comma-separated numbers, a line for each point.  The first line may have names.  Numbers in text
 * are exact decimals, fractions or hexadecimal floats.  The caller frees *points with
 * crease_points_free. */
crease_status crease_points_read(const char *path, size_t inputs, crease_points **points,
                                 crease_error *error);

/* The same from count x inputs finite doubles, point by point, which are copied. */
crease_status crease_points_new(const double *x, size_t count, size_t inputs,
                                crease_points **points, crease_error *error);

size_t crease_points_count(const crease_points *points);
void crease_points_free(crease_points *points);

typedef enum { CREASE_NORM_LINF = 0, CREASE_NORM_L1 } crease_norm;
const char *crease_norm_name(crease_norm norm);
bool crease_norm_find(const char *name, crease_norm *norm);

/* A ball of l1 has 2^inputs facets.  With more inputs than these, the regions of the box around it
 * are visited, and those counted whose distance from the point is less than the radius. */
enum { CREASE_MAX_L1_INPUTS = 10 };

/* Where a unit is. */
typedef struct {
    size_t layer, unit;
} crease_unit_place;

/* The ball around a point.  A distance is that from the point to the nearest place where some unit
 * changes its state, in R^n whatever the domain: 0 if the point lies on a boundary.  This is the
 * distance to the nearest facet of its region. */
typedef struct {
    uint64_t regions; /* of the ball in the domain; UINT64_MAX if they do not fit */
    bool complete;    /* otherwise regions is a lower bound, and distances may be NAN */
    double linf, l2;  /* rounded; infinite if the region is all of R^n */
    char *linf_text, *l2_squared_text;    /* exact, "p" or "p/q"; NULL if linf is not finite */
    crease_unit_place linf_unit, l2_unit; /* that change there */
} crease_ball;

/* Counts the regions (by options->definition) in the open ball of the given radius (an exact number
 * above 0) around each point, within the domain (NULL: all of R^n).  For l1 and more than
 * CREASE_MAX_L1_INPUTS inputs, the definition must be ACTIVATION.  A ball without interior points
 * in the domain has 0 regions.  ball has room for all points; the caller gives them to
 * crease_balls_clear.
 *
 * options->limit_regions holds for each ball, the other limits for all together.  The threads share
 * the points.  In what progress reports, open is the number of points left and closed the share of
 * the others.  Of result, complete, stopped, threads, dimension and seconds are set. */
crease_status crease_around(const crease_network *network, const crease_domain *domain,
                            const crease_points *points, const char *radius, crease_norm norm,
                            const crease_options *options, crease_ball *ball, crease_result *result,
                            crease_error *error);
/* Frees the texts. */
void crease_balls_clear(crease_ball *ball, size_t count);

/* How far it is from a point to another class (crease_boundary in crease_regions.h), with level
 * 0. */
typedef struct {
    size_t label;     /* the class of the point; on a boundary, one of those around it; SIZE_MAX if
                         the run was stopped before it was known */
    double low, high; /* see crease_margins */
    bool complete;    /* otherwise low and high are further apart than they should be */
} crease_margin;

/* Finds, for each point, low and high such that all parts that meet the open ball of radius low in
 * the domain have the class of the point, and that one at the distance high or nearer has another
 * class; both are proved.  Balls are searched, of radius most at most, until low = most and high is
 * infinite, or low and high are equal or next to each other as doubles; with more than 40 inputs,
 * until high - low <= high / 1000 or high < 1e-9 most.  options->limit_regions holds for each of
 * these searches; the other arguments are as in crease_around. */
crease_status crease_margins(const crease_network *network, const crease_domain *domain,
                             const crease_points *points, double most, crease_norm norm,
                             const crease_options *options, crease_margin *margin,
                             crease_result *result, crease_error *error);

/* ---- Segments ---- */

/* A unit that changes its state, from one to the other. */
typedef struct {
    size_t layer, unit;
    uint8_t before, after;
} crease_change;

/* A place on a segment where units change their states. */
typedef struct {
    double t;
    char *t_text; /* exact, "p" or "p/q" */
    size_t changes;
    crease_change *change;
} crease_breakpoint;

/* The points p + t (q - p) with begin < t < end: the part in the domain of the segment from p to q,
 * 0 < t < 1. */
typedef struct {
    double begin, end; /* rounded; both 0 if there is no such part, or if p = q */
    double length;     /* of the part, by l2; rounded; infinite beyond the range of doubles */
    uint64_t regions;  /* that it runs through: 0, or 1 more than there are breakpoints */
    bool complete;     /* otherwise regions is a lower bound, and there are no breakpoints */
    size_t breakpoints;
    crease_breakpoint *breakpoint; /* t ascending; NULL if they were not asked for */
} crease_line_segment;

/* Follows the segments from each point to the next, count - 1 of them, each as a network with one
 * input.  A unit that is on a boundary all along a part of the segment has there the state of that
 * boundary (crease_network.h).  segment has room for all; the caller gives them to
 * crease_line_segments_clear.  Limits, progress and result as in crease_around. */
crease_status crease_along(const crease_network *network, const crease_domain *domain,
                           const crease_points *points, const crease_options *options,
                           crease_line_segment *segment, crease_result *result,
                           crease_error *error);

/* Frees what they have. */
void crease_line_segments_clear(crease_line_segment *segment, size_t count);

/* How often random segments cross a boundary. */
typedef struct {
    size_t lines; /* segments of positive length that are complete */
    uint64_t crossings;
    double length;         /* of all of them */
    double density;        /* crossings / length */
    double standard_error; /* of the density; negative if there are fewer than two lines */
} crease_line_stats;

/* Follows `lines` random segments, whose ends are two different points, or with points NULL two
 * points of the box of the domain, which must have one, with uniform distribution.
 * options->seed determines them.  There are no breakpoints in segment, which has room for all.
 * The standard error is that of a ratio of means: with n lines of length l_i and c_i crossings,
 *
 *   sqrt(n / (n - 1) sum_i (c_i - density l_i)^2) / sum_i l_i. */
crease_status crease_lines(const crease_network *network, const crease_domain *domain,
                           const crease_points *points, size_t lines, const crease_options *options,
                           crease_line_segment *segment, crease_line_stats *stats,
                           crease_result *result, crease_error *error);

#if defined(__GNUC__)
#pragma GCC visibility pop
#endif
#ifdef __cplusplus
}
#endif
#endif
