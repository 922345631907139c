#include "split/merge.h"

#include "base/interrupt.h"
#include "base/memory.h"
#include "base/shadow.h"
#include "dd/image.h"

#include <math.h>
#include <stdlib.h>

/* A cell is put into the table if counting it cost FIRST keys,
 * or in layers where cells merge, SOME keys. */
enum { FIRST = 25, SOME = 4 };

/* A worker stops looking when the cells that were not known since the last one that was weigh that
 * much; one of which a key was computed weighs KEYED. */
enum { PATIENCE = 128, KEYED = 16 };

/* Regions of a cell that is counted again in shadow builds. */
enum { MOST_CHECKED = 4000 };

typedef struct {
    crease_image_functionals functionals;
    crease_layer_images counts;
    unsigned missed;
    uint64_t counted; /* cells, and what that cost: */
    double cost;
} border_layer;

struct crease_merger {
    const crease_model *model;
    crease_images *images;
    bool always;
    double spent; /* on keys */
    border_layer *layer;
};

crease_merger *crease_merger_new(const crease_model *model, crease_images *images, bool always)
{
    crease_merger *merge = crease_alloc(1, sizeof *merge);
    merge->model = model;
    merge->images = images;
    merge->always = always;
    merge->layer = crease_alloc(model->layers, sizeof *merge->layer);
    for (size_t l = 1; l < model->layers; l++)
        crease_image_functionals_open(&merge->layer[l].functionals, &model->layer[l]);
    return merge;
}

void crease_merger_free(crease_merger *merge)
{
    if (!merge)
        return;
    for (size_t l = 1; l < merge->model->layers; l++)
        crease_image_functionals_close(&merge->layer[l].functionals);
    free(merge->layer);
    free(merge);
}

bool crease_merger_looks(const crease_merger *merge, size_t l)
{
    return l > 0 && (merge->always || merge->layer[l].missed < PATIENCE);
}

/* A print as a number of the table, never 0. */
static uint64_t number_of(double print, size_t l)
{
    uint64_t z = (uint64_t)(int64_t)floor(print) * 0x9e3779b97f4a7c15u + l;
    z = (z ^ z >> 32) * 0xd6e8feb86659fd93u;
    return (z ^ z >> 32) | 1;
}

/* What the key costs.  Measured: a ray of integers is cheap; others are solved for, by elimination,
 * and their integers are long. */
static double cost_of_key(const crease_border *border)
{
    double d = (double)border->rays->d, cost = 0;
    for (size_t i = 0; i < border->cell.count; i++)
        cost += border->cell.ray[i]->integer ? d / 2 : 2 * d * d;
    return cost;
}

/* Is a cell that costs this much worth a key? */
static bool worth(const crease_merger *merge, const border_layer *layer, double cost,
                  const crease_border *border)
{
    return merge->always || cost >= (layer->counts.known ? SOME : FIRST) * cost_of_key(border);
}

static void find_key(crease_merger *merge, crease_border *border)
{
    merge->spent += cost_of_key(border);
    border->key = crease_image_key(border->rays, &border->cell, border->live, &border->bytes);
}

/* Prints of equal images are less than 1/4 apart, so that one of two roundings is the same. */
static bool proposed(crease_merger *merge, size_t l, double print)
{
    uint64_t low = number_of(print - 0.25, l), high = number_of(print + 0.25, l);
    return crease_images_propose(merge->images, low) ||
           (high != low && crease_images_propose(merge->images, high));
}

bool crease_merger_enter(crease_merger *merge, size_t l, const crease_cell *cell,
                         const uint64_t *cut, const uint8_t *state, crease_border *border,
                         crease_whole *regions)
{
    border_layer *layer = &merge->layer[l];
    double print;
    uint64_t cells;
    *border = (crease_border){.rays = cell->chart, .cell = cell->rays, .spent = merge->spent};
    border->live = crease_arena_take(cell->chart->arena, cell->chart->words * sizeof(uint64_t));
    crease_image_live(merge->model, l, cut, state, false, border->live);
    layer->counts.compared++;
    if (!layer->counts.largest)
        layer->counts.largest = 1;
    bool printed =
        crease_image_print(border->rays, &border->cell, border->live, &layer->functionals, &print);
    if (printed)
        border->print = number_of(print, l);
    double mean = layer->counted ? layer->cost / (double)layer->counted : 0;
    if (printed ? !proposed(merge, l, print) : !worth(merge, layer, mean, border))
        return false;
    find_key(merge, border);
    if (crease_interrupt_raised() ||
        !crease_images_find(merge->images, border->key, border->bytes, regions, &cells))
        return false;
    free(border->key);
    layer->counts.known++;
    layer->counts.largest = cells > layer->counts.largest ? cells : layer->counts.largest;
    layer->missed = 0;
    return true;
}

void crease_merger_leave(crease_merger *merge, crease_border *border, const crease_whole *regions,
                         double cost)
{
    border_layer *layer = &merge->layer[border->rays->map->layer];
    if (regions) {
        cost += merge->spent - border->spent;
        layer->missed += border->key ? KEYED : 1;
        layer->counted++;
        layer->cost += cost;
        if (worth(merge, layer, cost, border)) {
            if (!border->key)
                find_key(merge, border);
            if (!crease_interrupt_raised()) {
                crease_images_put(merge->images, border->key, border->bytes, border->print,
                                  regions);
                border->key = NULL;
            }
        }
    }
    free(border->key);
    border->key = NULL;
}

size_t crease_merger_last(const crease_merger *merge)
{
    size_t l = merge->model->layers - 1;
    while (l > 0 && !crease_merger_looks(merge, l))
        l--;
    return l;
}

double crease_merger_spent(const crease_merger *merge)
{
    return merge->spent;
}

void crease_merger_add(const crease_merger *merge, crease_layer_images sum[CREASE_MERGED_LAYERS])
{
    for (size_t l = 1; l < merge->model->layers && l <= CREASE_MERGED_LAYERS; l++) {
        sum[l - 1].compared += merge->layer[l].counts.compared;
        sum[l - 1].known += merge->layer[l].counts.known;
        if (merge->layer[l].counts.largest > sum[l - 1].largest)
            sum[l - 1].largest = merge->layer[l].counts.largest;
    }
}

bool crease_merger_worth_checking(const crease_whole *known)
{
    return crease_whole_word(known) <= MOST_CHECKED;
}

void crease_shadow_merged(size_t l, const crease_whole *known, const crease_whole *counted)
{
    char text[2][CREASE_WHOLE_TEXT];
    crease_shadow_count(CREASE_FILTER_MERGED);
    crease_whole_text(known, text[0]);
    crease_whole_text(counted, text[1]);
    if (crease_whole_compare(known, counted))
        crease_shadow_fail(CREASE_FILTER_MERGED,
                           "layer %zu: %s regions in a cell with the same image, %s in this one", l,
                           text[0], text[1]);
}
