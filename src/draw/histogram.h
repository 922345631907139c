/* Histograms of the regions of networks. */
#ifndef CREASE_DRAW_HISTOGRAM_H
#define CREASE_DRAW_HISTOGRAM_H

#include <crease.h>

/* regions[k], k < count: of how many regions a number is first + k; with powers, 2^(first + k) or
 * more and less than twice that. */
typedef struct {
    long first;
    size_t count;
    const uint64_t *regions;
} crease_bars;

typedef struct {
    const char *label; /* what the number is */
    bool powers;
    const crease_bars *bars; /* of each network; those without regions are not drawn */
} crease_histogram;

typedef struct {
    const char *title, *subtitle;
    size_t networks;
    const char *const *name; /* of each network */
    size_t count;
    const crease_histogram *histogram;
} crease_histograms;

/* Draws them side by side to a file that ends in .svg, .pdf or .png: numbers of regions as bars, or
 * of several networks shares as steps, in one colour for each.  The file gets its name only when it
 * is complete. */
crease_status crease_histograms_draw(const crease_histograms *histograms, const char *path,
                                     crease_error *error);

#endif
