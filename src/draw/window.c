#include "base/memory.h"
#include "base/status.h"
#include "domain/domain.h"
#include "draw/span.h"
#include "net/network.h"
#include "regions/polygon.h"

#include <crease_pictures.h>
#include <crease_regions.h>
#include <math.h>
#include <omp.h>
#include <stdio.h>
#include <stdlib.h>

enum { MOST = 200000 };

typedef struct {
    omp_lock_t one; /* for what follows */
    double *place;  /* x and y of each */
    size_t count, room;
} places;

static void add_place(places *all, double x, double y)
{
    if (!isfinite(x) || !isfinite(y))
        return;
    if (all->count == all->room) {
        all->room = all->room ? 2 * all->room : 1024;
        all->place = crease_realloc(all->place, 2 * all->room, sizeof *all->place);
    }
    all->place[2 * all->count] = x;
    all->place[2 * all->count + 1] = y;
    all->count++;
}

/* Its ends.  From all workers at once, as is the next. */
static bool take_interval(void *context, crease_region *region)
{
    places *all = context;
    omp_set_lock(&all->one);
    for (size_t i = 0; i < crease_region_facets(region); i++) {
        double row[2];
        crease_region_facet_row(region, i, row);
        add_place(all, -row[1] / row[0], 0);
    }
    omp_unset_lock(&all->one);
    return true;
}

/* Its corners, or if it has none, the points of its lines that are nearest to the origin.  */
static bool take_region(void *context, crease_region *region)
{
    places *all = context;
    crease_polygon polygon;
    crease_polygon_open(&polygon);
    crease_polygon_set(&polygon, region);
    omp_set_lock(&all->one);
    for (size_t i = 0; i < polygon.corners; i++)
        add_place(all, mpq_get_d(polygon.corner[2 * i]), mpq_get_d(polygon.corner[2 * i + 1]));
    for (size_t i = 0; !polygon.corners && i < crease_region_facets(region); i++) {
        double row[3];
        crease_region_facet_row(region, i, row);
        double square = row[0] * row[0] + row[1] * row[1];
        add_place(all, -row[2] * row[0] / square, -row[2] * row[1] / square);
    }
    omp_unset_lock(&all->one);
    crease_polygon_close(&polygon);
    return true;
}

static int by_size(const void *a, const void *b)
{
    const double *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

/* The number below which this share of the coordinates lies. */
static double quantile(const places *all, size_t j, double share)
{
    double *list = crease_alloc(all->count, sizeof *list);
    for (size_t i = 0; i < all->count; i++)
        list[i] = all->place[2 * i + j];
    qsort(list, all->count, sizeof *list, by_size);
    double found = list[(size_t)(share * (double)(all->count - 1))];
    free(list);
    return found;
}

/* A round number near the end of an interval of this width. */
static double outwards(double end, double width, bool up)
{
    double step = pow(10, floor(log10(width / 4)));
    return (up ? ceil(end / step) : floor(end / step)) * step;
}

/* Where most of the creases meet, as a square, and all data. */
static void choose(const places *creases, const crease_picture *picture, double low[2],
                   double high[2])
{
    const double margin = 0.08;
    double side = 0, middle[2];
    for (size_t j = 0; j < 2; j++) {
        low[j] = creases->count ? quantile(creases, j, 0.1) : -1;
        high[j] = creases->count ? quantile(creases, j, 0.9) : 1;
    }
    for (size_t i = 0; i < picture->points; i++)
        for (size_t j = 0; j < 2; j++) {
            double x = picture->point[2 * i + j];
            /* Where there are data, they say what is to be seen. */
            low[j] = i ? fmin(low[j], x) : x;
            high[j] = i ? fmax(high[j], x) : x;
        }
    for (size_t j = 0; j < 2; j++) {
        side = fmax(side, (high[j] - low[j]) / 2);
        middle[j] = (low[j] + high[j]) / 2;
    }
    side = side > 0 ? side * (1 + 2 * margin) : 1;
    for (size_t j = 0; j < 2; j++) {
        low[j] = outwards(middle[j] - side, 2 * side, false);
        high[j] = outwards(middle[j] + side, 2 * side, true);
    }
}

static crease_status make_window(const places *all, const crease_picture *picture, size_t inputs,
                                 crease_domain **window, crease_error *error)
{
    double low[2], high[2];
    char text[200];
    choose(all, picture, low, high);
    for (size_t j = 0; j < inputs; j++)
        if (!crease_span_fits(low[j], high[j]))
            return crease_fail(error, CREASE_INPUT,
                               "picture: input %zu from %g to %g cannot be drawn; give a box", j,
                               low[j], high[j]);
    int used = snprintf(text, sizeof text, "%.17g:%.17g", low[0], high[0]);
    if (inputs == 2)
        snprintf(text + used, sizeof text - (size_t)used, ",%.17g:%.17g", low[1], high[1]);
    return crease_domain_box(text, inputs, window, error);
}

crease_status crease_picture_window(const crease_pictured *pictured, size_t count,
                                    const crease_picture *picture, const crease_options *options,
                                    crease_domain **window, crease_error *error)
{
    places all = {.count = 0};
    crease_options limited;
    crease_result result;
    crease_status status = CREASE_OK;
    crease_options_default(&limited);
    if (options)
        limited = *options;
    if (!limited.limit_regions || limited.limit_regions > MOST)
        limited.limit_regions = MOST;
    *window = NULL;
    for (size_t k = 0; k < count; k++)
        if (pictured[k].network->inputs < 1 || pictured[k].network->inputs > 2)
            return crease_fail(error, CREASE_INPUT,
                               "picture: %zu inputs: give the box that is to be drawn",
                               pictured[k].network->inputs);
    omp_init_lock(&all.one);
    for (size_t k = 0; k < count && !status && !picture->points; k++)
        status = crease_regions(pictured[k].network, NULL, &limited, CREASE_REGIONS_PARALLEL,
                                pictured[k].network->inputs == 1 ? take_interval : take_region,
                                &all, &result, error);
    omp_destroy_lock(&all.one);
    if (!status)
        status = make_window(&all, picture, pictured[0].network->inputs, window, error);
    free(all.place);
    return status;
}
