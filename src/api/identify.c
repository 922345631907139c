#include <crease_identify.h>

#include "api/run_search.h"
#include "base/memory.h"
#include "base/status.h"
#include "split/classes.h"

#include <stdlib.h>

static char *decimal(const mpz_t value)
{
    char *text = crease_alloc(mpz_sizeinbase(value, 10) + 2, 1);
    return mpz_get_str(text, 10, value);
}

/* One class of one cell, if the domain is one region. */
static mpz_t *one_cell(size_t *count)
{
    mpz_t *size = crease_alloc(1, sizeof *size);
    mpz_init_set_ui(size[0], 1);
    *count = 1;
    return size;
}

static void fill_border(crease_border_images *border, const mpz_t *size, size_t count)
{
    mpz_t cells;
    mpz_init(cells);
    border->images = count;
    border->size = crease_alloc(count, sizeof *border->size);
    for (size_t i = 0; i < count; i++) {
        mpz_add(cells, cells, size[i]);
        if (!i || mpz_cmp(size[i - 1], size[i]))
            border->size[border->sizes++].cells = decimal(size[i]);
        border->size[border->sizes - 1].images++;
    }
    border->cells = decimal(cells);
    mpz_set_ui(cells, 0);
    border->largest = decimal(count ? size[count - 1] : cells);
    mpz_clear(cells);
}

static crease_identification *gather(const crease_network *network, crease_classes *classes,
                                     const crease_result *result)
{
    crease_identification *found = crease_alloc(1, sizeof *found);
    mpz_t regions;
    mpz_init(regions);
    crease_classes_regions(classes, regions);
    bool single = result->complete && !mpz_sgn(regions);
    if (single)
        mpz_set_ui(regions, 1);
    found->regions = decimal(regions);
    mpz_clear(regions);
    bool first = true;
    found->border = crease_alloc(network->layers, sizeof *found->border);
    for (size_t l = 0; l < network->layers; l++) {
        const crease_layer *layer = &network->layer[l];
        if (layer->activation == CREASE_LINEAR || layer->width == layer->carry)
            continue;
        if (first) {
            first = false;
            continue;
        }
        crease_border_images *border = &found->border[found->borders];
        size_t count;
        mpz_t *size =
            single ? one_cell(&count) : crease_classes_sizes(classes, found->borders, &count);
        border->layer = l;
        fill_border(border, (const mpz_t *)size, count);
        for (size_t i = 0; i < count; i++)
            mpz_clear(size[i]);
        free(size);
        found->borders++;
    }
    found->complete = result->complete;
    found->stopped = result->stopped;
    found->dimension = result->dimension;
    found->threads = result->threads;
    found->seconds = result->seconds;
    return found;
}

static crease_status check(const crease_options *options, crease_error *error)
{
    if (options->engine == CREASE_ENGINE_WALK)
        return crease_fail(error, CREASE_INPUT, "engine: the walk has no cells to identify");
    if (options->cell == CREASE_CELL_LP)
        return crease_fail(error, CREASE_INPUT,
                           "cell: images are those of cells that carry their extreme rays");
    if (!crease_merging_name(options->merge))
        return crease_fail(error, CREASE_INPUT, "merge: %d is not known", (int)options->merge);
    return CREASE_OK;
}

crease_status crease_identify(const crease_network *network, const crease_domain *domain,
                              const crease_options *options, crease_identification **found,
                              crease_error *error)
{
    crease_options own;
    crease_result result;
    *found = NULL;
    crease_options_default(&own);
    own = options ? *options : own;
    crease_status status = check(&own, error);
    if (status)
        return status;
    crease_classes *classes = crease_classes_new(own.merge == CREASE_MERGE_OFF);
    crease_keeper keeper = {.classes = classes};
    own.engine = CREASE_ENGINE_SPLIT;
    own.cell = CREASE_CELL_RAYS;
    own.merge = CREASE_MERGE_OFF;
    own.gap = 0;
    own.limit_regions = 0;
    own.start = NULL;
    status = crease_search(network, domain, &own, NULL, &keeper, &result, error);
    if (!status && crease_classes_failed(classes))
        status =
            crease_fail(error, CREASE_INPUT,
                        "images are those of cells that carry their extreme rays, and some cells "
                        "do not: they have too many, or none, as may be outside of a box");
    if (!status)
        *found = gather(network, classes, &result);
    crease_classes_free(classes);
    return status;
}

void crease_identification_free(crease_identification *found)
{
    for (size_t b = 0; found && b < found->borders; b++) {
        crease_border_images *border = &found->border[b];
        for (size_t i = 0; i < border->sizes; i++)
            free(border->size[i].cells);
        free(border->size);
        free(border->cells);
        free(border->largest);
    }
    if (found) {
        free(found->border);
        free(found->regions);
    }
    free(found);
}
