/* Regions drawn at random, and means over all regions.  Conventions as in crease.h. */
#ifndef CREASE_SAMPLE_H
#define CREASE_SAMPLE_H

#include <crease_regions.h>

#ifdef __cplusplus
extern "C" {
#endif
#if defined(__GNUC__)
#pragma GCC visibility push(default)
#endif

/* A list of points, of crease_points.h. */
typedef struct crease_points crease_points;

typedef enum {
    CREASE_SAMPLE_REGION = 0, /* leaves of the cell tree */
    CREASE_SAMPLE_VOLUME,     /* regions of points that are uniform in the domain */
    CREASE_SAMPLE_DATA        /* regions of given points, or of points around them */
} crease_sample_by;

typedef struct {
    crease_sample_by by;
    size_t size;   /* REGION: about so many regions; VOLUME, and DATA with a radius: points */
    bool resample; /* REGION: draws `size` of four times as many, with nearly equal chances */
    const crease_points *points; /* DATA: in the closed domain */
    const char *radius; /* DATA: NULL, or an exact number R > 0: points are uniform in the cube of
                           side 2 R around a point, each of which is as likely, and in the domain */
} crease_sample_plan;

/* By region, size 1000, the rest 0. */
void crease_sample_plan_default(crease_sample_plan *plan);

typedef struct {
    size_t regions;        /* that were drawn */
    double total;          /* the sum of their weights: by region, an estimate of the count */
    double standard_error; /* of total; negative: not known */
    bool all;              /* by region: these are all regions of the domain, each once */
    bool complete;
    crease_stop stopped;
    size_t dimension; /* inputs after exact reduction */
    int threads;
    double seconds;
} crease_sample_result;

/* Draws regions and calls visit for each, one call at a time.  The regions and their order depend
 * on the plan and on options->seed, not on threads and time.
 *
 * By region: independent trials follow random parts of the cell tree and draw its leaves
 * (src/sample/tree.h).  The weights are those of Horvitz and Thompson: over all seeds, each region
 * of the domain has the mean weight 1, where it counts as 0 if it is not drawn.  So for every
 * function f of a region the sum of weight times f estimates the sum of f over all regions without
 * bias.  A region may be drawn by several trials.  If there are no more than `size` regions, all of
 * them are visited, each once with the weight 1.  With resample, `size` regions are picked, one
 * after the other in a list whose places are their weights, at equal steps (systematic sampling);
 * what is picked several times has as many draws, and all draws have the same weight.
 *
 * By volume, or by data: each region once, and its weight is the share of the points that lie in
 * it.  The domain must have a box, unless there is no radius.
 *
 * Of options, definition must be activation, and engine AUTO or SPLIT; start and limit_regions are
 * not used.  A limit, or a visit that returns false, stops it.  Progress: regions that were
 * visited, open: those that were drawn and are to be visited, closed: the share that was visited,
 * negative while regions are drawn. */
crease_status crease_sample(const crease_network *network, const crease_domain *domain,
                            const crease_options *options, const crease_sample_plan *plan,
                            crease_region_visit *visit, void *context, crease_sample_result *result,
                            crease_error *error);

/* The same in batches (crease_region_batches). */
crease_status crease_sample_batches(const crease_network *network, const crease_domain *domain,
                                    const crease_options *options, const crease_sample_plan *plan,
                                    unsigned fields, size_t most, crease_region_batch_visit *visit,
                                    void *context, crease_sample_result *result,
                                    crease_error *error);

/* Of a region that was drawn; 1, 1 and -1 for any other one. */
double crease_region_weight(const crease_region *region);
size_t crease_region_draws(const crease_region *region); /* how often it was drawn */
int crease_region_group(const crease_region *region);    /* by region: number of its trial */

/* ---- Means over regions ---- */

/* Weighted means of numbers that regions have. */
typedef struct crease_means crease_means;

/* names: some of these, separated by commas.
 *
 *   facets  of the region
 *   active  units in a state other than 0
 *   bounded 1 or 0
 *   volume  infinite if the region is unbounded
 *   class   for each output: is it the largest one at the point of the region?  1 or 0 */
crease_status crease_means_new(const char *names, crease_means **means, crease_error *error);
void crease_means_free(crease_means *means);

/* Adds a region, unless it was stopped; to be called from a visit, one call at a time. */
void crease_means_add(crease_means *means, crease_region *region);

typedef struct {
    char name[32]; /* "class 0" for the first output */
    double mean;
    double standard_error; /* negative: not known */
} crease_mean;

/* Means of regions that were added, their number and number i.  By region, a mean is a quotient of
 * two sums, and its error is that of the linear approximation over the trials. */
size_t crease_means_count(const crease_means *means);
crease_mean crease_means_get(const crease_means *means, size_t i,
                             const crease_sample_result *result);

#if defined(__GNUC__)
#pragma GCC visibility pop
#endif
#ifdef __cplusplus
}
#endif
#endif
