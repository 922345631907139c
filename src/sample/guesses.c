#include "sample/guesses.h"

#include "base/memory.h"
#include "cells/most.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

/* The most different values of reach. */
enum { REACHES = 64 };

/* How many cells the guess that a mean is drawn to stands for. */
static const double weight_of_guess = 2;

typedef struct {
    double regions, cells;
} mean;

typedef struct {
    size_t most_cuts;
    mean *by_cuts;  /* 0 .. most_cuts */
    mean *by_reach; /* (most_cuts + 1) x (REACHES + 1) */
    mean *scale;    /* regions and prior guesses of all cells */
} layer_guesses;

struct crease_guesses {
    size_t layers;
    layer_guesses *layer;
    size_t means;
    mean *mean; /* of all layers */
};

/* In the means of a layer: its scale, then those by cuts, then those by reach. */
static size_t means_of_layer(const crease_model_layer *layer)
{
    return 1 + (layer->decisions + 1) * (REACHES + 2);
}

crease_guesses *crease_guesses_new(const crease_model *model)
{
    crease_guesses *guesses = crease_alloc(1, sizeof *guesses);
    guesses->layers = model->layers;
    guesses->layer = crease_alloc(model->layers, sizeof *guesses->layer);
    for (size_t l = 0; l < model->layers; l++)
        guesses->means += means_of_layer(&model->layer[l]);
    guesses->mean = crease_alloc(guesses->means, sizeof *guesses->mean);
    mean *from = guesses->mean;
    for (size_t l = 0; l < model->layers; l++) {
        layer_guesses *own = &guesses->layer[l];
        own->most_cuts = model->layer[l].decisions;
        own->scale = from;
        own->by_cuts = from + 1;
        own->by_reach = own->by_cuts + own->most_cuts + 1;
        from += means_of_layer(&model->layer[l]);
    }
    return guesses;
}

void crease_guesses_free(crease_guesses *guesses)
{
    free(guesses->mean);
    free(guesses->layer);
    free(guesses);
}

static double prior(const crease_guesses *guesses, const crease_guess_kind *kind)
{
    double left = (double)(guesses->layers - 1 - kind->layer);
    return pow(crease_most_regions(kind->cuts, kind->dimension), 0.7) * pow(3, fmin(left, 20));
}

static double drawn(const mean *m, double towards)
{
    return (m->regions + weight_of_guess * towards) / (m->cells + weight_of_guess);
}

static mean *of_reach(const layer_guesses *own, const crease_guess_kind *kind)
{
    size_t reach = kind->reach < REACHES ? kind->reach : REACHES;
    return &own->by_reach[kind->cuts * (REACHES + 1) + reach];
}

double crease_guesses_for(const crease_guesses *guesses, const crease_guess_kind *kind)
{
    const layer_guesses *own = &guesses->layer[kind->layer];
    assert(kind->cuts <= own->most_cuts);
    double guess = prior(guesses, kind) * drawn(own->scale, 1);
    guess = drawn(&own->by_cuts[kind->cuts], guess);
    guess = drawn(of_reach(own, kind), guess);
    return fmax(guess, (double)kind->cuts + 1);
}

void crease_guesses_learn(crease_guesses *guesses, const crease_guess_kind *kind, double regions)
{
    layer_guesses *own = &guesses->layer[kind->layer];
    mean *reach = of_reach(own, kind), *cuts = &own->by_cuts[kind->cuts];
    own->scale->regions += regions;
    own->scale->cells += prior(guesses, kind);
    cuts->regions += regions;
    cuts->cells++;
    reach->regions += regions;
    reach->cells++;
}

void crease_guesses_fade(crease_guesses *guesses)
{
    for (size_t i = 0; i < guesses->means; i++) {
        guesses->mean[i].regions /= 2;
        guesses->mean[i].cells /= 2;
    }
}

size_t crease_guesses_places(const crease_guesses *guesses)
{
    return 2 * guesses->means;
}

double *crease_guesses_at(crease_guesses *guesses, size_t place)
{
    mean *of = &guesses->mean[place / 2];
    assert(place / 2 < guesses->means);
    return place % 2 ? &of->cells : &of->regions;
}
