/* Guesses of how many regions a cell of the tree has.
 *
 * They steer the random choices of an estimate: good ones make its error small, and no guess makes
 * it biased.  A cell is judged by its layer, by the number of units that cut it, and by its reach,
 * a bound of the dimension in which the next layer sees it.  Guesses are means over the cells of
 * the same kind that were seen, drawn towards those over all cells of the layer with as many
 * cutting units, and these towards the prior Z(cuts, dimension)^0.7 3^(layers left), scaled to fit
 * the layer; Z(k, d) = sum_{j<=d} C(k, j).  A cell that k units cut has more than k regions, and so
 * has its guess. */
#ifndef CREASE_SAMPLE_GUESSES_H
#define CREASE_SAMPLE_GUESSES_H

#include "model/model.h"

typedef struct {
    size_t layer, cuts;
    size_t dimension; /* a bound of that in which this layer sees the cell */
    size_t reach;     /* and of that in which the next one will */
} crease_guess_kind;

typedef struct crease_guesses crease_guesses;

/* Nothing learnt.  One thread at a time changes the guesses; any number may read them meanwhile if
 * none does. */
crease_guesses *crease_guesses_new(const crease_model *model);
void crease_guesses_free(crease_guesses *guesses);

/* How many regions such a cell has, at a guess. */
double crease_guesses_for(const crease_guesses *guesses, const crease_guess_kind *kind);

/* A cell was seen that has this many regions by an estimate. */
void crease_guesses_learn(crease_guesses *guesses, const crease_guess_kind *kind, double regions);

/* What was learnt counts half from now on. */
void crease_guesses_fade(crease_guesses *guesses);

/* What was learnt, as numbers >= 0 at places from 0 on, to be kept and put back for the same model.
 */
size_t crease_guesses_places(const crease_guesses *guesses);
double *crease_guesses_at(crease_guesses *guesses, size_t place);

#endif
