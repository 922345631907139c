#include "draw/folded.h"

#include "base/memory.h"
#include "domain/slice.h"
#include "regions/polygon.h"

#include <crease_regions.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- The network that ends there ---- */

/* Its outputs are the pre-activations of layer l + 1. */
static crease_network *cut_behind(const crease_network *network, size_t l)
{
    crease_slice all;
    crease_slice_open(&all, network->inputs, network->inputs);
    for (size_t i = 0; i < network->inputs; i++)
        mpq_set_ui(all.map[i * (network->inputs + 1) + i], 1, 1);
    crease_network *cut = crease_network_slice(network, &all, "all");
    crease_slice_clear(&all);
    crease_network_cut(cut, l + 2);
    crease_layer *last = &cut->layer[l + 1];
    last->activation = CREASE_LINEAR;
    last->width = last->rows;
    last->rank = last->pieces = 1;
    last->carry = last->decisions = 0;
    return cut;
}

/* ---- Cells ---- */

/* The image of a corner under row / den. */
static void set_image(mpq_t image, crease_region *r, const mpq_t *corner)
{
    mpq_t term;
    mpq_init(term);
    crease_region_entry(r, 2);
    mpq_set(image, r->entry);
    for (size_t j = 0; j < 2; j++) {
        crease_region_entry(r, j);
        mpq_mul(term, r->entry, corner[j]);
        mpq_add(image, image, term);
    }
    mpq_clear(term);
}

/* Is tuple a before b? */
static int order_of(const mpq_t *a, const mpq_t *b, size_t width)
{
    for (size_t i = 0; i < width; i++) {
        int order = mpq_cmp(a[i], b[i]);
        if (order)
            return order;
    }
    return 0;
}

/* Insertion: a cell has few corners. */
static void sort_tuples(mpq_t *list, size_t count, size_t width)
{
    for (size_t i = 1; i < count; i++)
        for (size_t k = i; k > 0; k--) {
            mpq_t *own = list + k * width, *before = own - width;
            if (order_of((const mpq_t *)before, (const mpq_t *)own, width) <= 0)
                break;
            for (size_t j = 0; j < width; j++)
                mpq_swap(own[j], before[j]);
        }
}

/* The images of the corners, of which some lie on the segment between two others if that is all of
 * the image: then those two are kept, which come first and last. */
static void keep_ends(crease_folded_cell *cell, size_t width)
{
    for (size_t k = 0; k < width && cell->corners > 2; k++)
        mpq_swap(cell->exact[width + k], cell->exact[(cell->corners - 1) * width + k]);
    cell->exacts = 2;
}

/* Are the linear parts of the two rows independent? */
static bool independent(mpz_t *a, mpz_t *b)
{
    mpz_t s;
    mpz_init(s);
    mpz_mul(s, a[0], b[1]);
    mpz_submul(s, a[1], b[0]);
    bool found = mpz_sgn(s) != 0;
    mpz_clear(s);
    return found;
}

static bool take_region(void *context, crease_region *region)
{
    crease_folded *all = context;
    size_t width = crease_region_outputs(region), units = crease_region_units(region);
    crease_polygon polygon;
    crease_polygon_open(&polygon);
    crease_polygon_set(&polygon, region);
    size_t corners = polygon.corners;
    crease_folded_cell cell = {.pattern = crease_alloc(units, 1),
                               .corners = corners,
                               .corner = crease_alloc(2 * corners, sizeof *cell.corner),
                               .image = crease_alloc(corners * width, sizeof *cell.image),
                               .flat_corners = corners,
                               .flat = crease_alloc(2 * corners + 2, sizeof *cell.flat),
                               .exact = crease_alloc(corners * width, sizeof *cell.exact)};
    memcpy(cell.pattern, crease_region_pattern(region), units);
    for (size_t i = 0; i < corners * width; i++)
        mpq_init(cell.exact[i]);
    for (size_t i = 0; i < 2 * corners; i++)
        cell.corner[i] = mpq_get_d(polygon.corner[i]);
    bool flat = true; /* the image has no interior */
    mpz_t first[2];
    mpz_inits(first[0], first[1], NULL);
    for (size_t k = 0; k < width; k++) {
        crease_region_set_output_row(region, k);
        flat = flat && !independent(first, region->row);
        if (!mpz_sgn(first[0]) && !mpz_sgn(first[1]))
            for (size_t j = 0; j < 2; j++)
                mpz_set(first[j], region->row[j]);
        for (size_t i = 0; i < corners; i++) {
            mpq_t *image = &cell.exact[i * width + k];
            set_image(*image, region, (const mpq_t *)polygon.corner + 2 * i);
            cell.image[i * width + k] = mpq_get_d(*image);
        }
    }
    mpz_clears(first[0], first[1], NULL);
    sort_tuples(cell.exact, corners, width);
    cell.exacts = corners;
    if (flat)
        keep_ends(&cell, width);
    crease_polygon_close(&polygon);
    if (all->count == all->room) {
        all->room = all->room ? 2 * all->room : 256;
        all->cell = crease_realloc(all->cell, all->room, sizeof *all->cell);
    }
    all->width = width;
    all->units = units;
    all->cell[all->count++] = cell;
    return true;
}

/* ---- Classes ---- */

static int by_image(const crease_folded_cell *a, const crease_folded_cell *b, size_t width)
{
    if (a->exacts != b->exacts)
        return a->exacts < b->exacts ? -1 : 1;
    return order_of((const mpq_t *)a->exact, (const mpq_t *)b->exact, a->exacts * width);
}

typedef struct {
    const crease_folded_cell *cell;
    size_t width, units, number, size;
} ranked;

static int compare_patterns(const void *a, const void *b)
{
    const ranked *x = a, *y = b;
    return memcmp(x->cell->pattern, y->cell->pattern, x->units);
}

static int compare_images(const void *a, const void *b)
{
    const ranked *x = a, *y = b;
    return by_image(x->cell, y->cell, x->width);
}

/* The largest class first; classes of one size by their first cell. */
static int compare_sizes(const void *a, const void *b)
{
    const ranked *x = a, *y = b;
    if (x->size != y->size)
        return x->size > y->size ? -1 : 1;
    int order = by_image(x->cell, y->cell, x->width);
    return order ? order : (x->number > y->number) - (x->number < y->number);
}

/* Threads find cells in any order. */
static void sort_cells(crease_folded *own)
{
    ranked *all = crease_alloc(own->count, sizeof *all);
    crease_folded_cell *sorted = crease_alloc(own->count, sizeof *sorted);
    for (size_t i = 0; i < own->count; i++)
        all[i] = (ranked){&own->cell[i], own->width, own->units, i, 0};
    if (own->count)
        qsort(all, own->count, sizeof *all, compare_patterns);
    for (size_t i = 0; i < own->count; i++)
        sorted[i] = *all[i].cell;
    free(all);
    free(own->cell);
    own->cell = sorted;
    own->room = own->count;
}

static void find_classes(crease_folded *own)
{
    ranked *all = crease_alloc(own->count, sizeof *all);
    own->size = crease_alloc(own->count, sizeof *own->size);
    for (size_t i = 0; i < own->count; i++)
        all[i] = (ranked){&own->cell[i], own->width, own->units, i, 0};
    if (own->count)
        qsort(all, own->count, sizeof *all, compare_images);
    for (size_t i = 0, end; i < own->count; i = end) {
        for (end = i + 1; end < own->count && !compare_images(&all[i], &all[end]); end++)
            ;
        for (size_t k = i; k < end; k++)
            all[k].size = end - i;
    }
    if (own->count)
        qsort(all, own->count, sizeof *all, compare_sizes);
    for (size_t i = 0; i < own->count; i++) {
        if (!i || compare_images(&all[i - 1], &all[i]))
            own->size[own->classes++] = all[i].size;
        own->cell[all[i].number].class = own->classes - 1;
    }
    free(all);
}

/* ---- The projection ---- */

static double dot(const double *a, const double *b, size_t n)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += a[i] * b[i];
    return sum;
}

/* Makes a vector of length 1 and orthogonal to the one before it, if there is one. */
static void straighten(double *v, const double *before, size_t n)
{
    double along = before ? dot(v, before, n) : 0;
    for (size_t i = 0; before && i < n; i++)
        v[i] -= along * before[i];
    double length = sqrt(dot(v, v, n));
    for (size_t i = 0; i < n; i++)
        v[i] = length > 0 ? v[i] / length : i == 0;
}

/* The principal direction by the power method, in the complement of the one before it. */
static void find_direction(const crease_folded *own, const double *mean, const double *before,
                           double *v)
{
    enum { STEPS = 60 };
    size_t n = own->width;
    double *next = crease_alloc(n, sizeof *next), *x = crease_alloc(n, sizeof *x);
    for (size_t i = 0; i < n; i++)
        v[i] = 1 / (double)(i + 1 + (before != NULL));
    straighten(v, before, n);
    for (int step = 0; step < STEPS; step++) {
        memset(next, 0, n * sizeof *next);
        for (size_t c = 0; c < own->count; c++)
            for (size_t k = 0; k < own->cell[c].corners; k++) {
                for (size_t i = 0; i < n; i++)
                    x[i] = own->cell[c].image[k * n + i] - mean[i];
                double along = dot(x, v, n);
                for (size_t i = 0; i < n; i++)
                    next[i] += along * x[i];
            }
        memcpy(v, next, n * sizeof *v);
        straighten(v, before, n);
    }
    free(next);
    free(x);
}

/* The interval of a cell's images as a bar of four corners. */
static void set_bar(crease_folded_cell *cell)
{
    const double part = 0.8; /* of the height of a line */
    double low = cell->image[0], high = low, y = (double)cell->class;
    for (size_t k = 1; k < cell->corners; k++) {
        low = fmin(low, cell->image[k]);
        high = fmax(high, cell->image[k]);
    }
    cell->flat_corners = 4;
    for (size_t k = 0; k < 4; k++) {
        cell->flat[2 * k] = k == 0 || k == 3 ? low : high;
        cell->flat[2 * k + 1] = k < 2 ? y : y + part;
    }
}

static void project(crease_folded *own)
{
    size_t n = own->width, corners = 0;
    double *mean = crease_alloc(n, sizeof *mean), *v = crease_alloc(2 * n, sizeof *v);
    for (size_t c = 0; c < own->count; c++)
        for (size_t k = 0; k < own->cell[c].corners; k++, corners++)
            for (size_t i = 0; i < n; i++)
                mean[i] += own->cell[c].image[k * n + i];
    for (size_t i = 0; i < n && corners; i++)
        mean[i] /= (double)corners;
    if (n > 2) {
        find_direction(own, mean, NULL, v);
        find_direction(own, mean, v, v + n);
    }
    for (size_t c = 0; c < own->count; c++) {
        crease_folded_cell *cell = &own->cell[c];
        if (n == 1)
            set_bar(cell);
        for (size_t k = 0; k < cell->corners && n > 1; k++)
            for (size_t j = 0; j < 2; j++)
                cell->flat[2 * k + j] =
                    n > 2 ? dot(cell->image + k * n, v + j * n, n) : cell->image[k * n + j];
    }
    free(mean);
    free(v);
}

crease_status crease_folded_find(const crease_network *network, size_t l,
                                 const crease_domain *window, const crease_options *options,
                                 crease_folded *images, crease_result *result, crease_error *error)
{
    crease_network *cut = cut_behind(network, l);
    *images = (crease_folded){.width = cut->layer[l + 1].width};
    crease_status status = crease_regions(cut, window, options, CREASE_REGIONS_ONE_BY_ONE,
                                          take_region, images, result, error);
    if (!status) {
        sort_cells(images);
        find_classes(images);
        project(images);
    }
    crease_network_free(cut);
    return status;
}

void crease_folded_clear(crease_folded *own)
{
    for (size_t i = 0; i < own->count; i++) {
        crease_folded_cell *cell = &own->cell[i];
        for (size_t k = 0; k < cell->corners * own->width; k++)
            mpq_clear(cell->exact[k]);
        free(cell->pattern);
        free(cell->exact);
        free(cell->corner);
        free(cell->image);
        free(cell->flat);
    }
    free(own->cell);
    free(own->size);
}
