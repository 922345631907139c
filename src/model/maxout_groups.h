/* The groups of a lowered maxout layer (net/network.h): which piece of a group is the largest.
 *
 * A state of a comparison is 0 or 1, or CREASE_MOOT where it does not matter because one of its
 * pieces has lost another comparison.  In a whole pattern, comparisons of two losers have
 * state 0 or CREASE_MOOT; the winner of a group is the only piece that loses none. */
#ifndef CREASE_MODEL_MAXOUT_GROUPS_H
#define CREASE_MODEL_MAXOUT_GROUPS_H

#include "model/model.h"

enum { CREASE_MOOT = 2 };

/* How many groups the layer has. */
size_t crease_maxout_groups_count(const crease_model_layer *layer);

/* The comparison of pieces s and t, s != t, of group g: a unit of the layer. */
size_t crease_maxout_group_compare(const crease_model_layer *layer, size_t g, size_t s, size_t t);

/* The group and the pieces s < t of a comparison. */
void crease_maxout_group_pieces(const crease_model_layer *layer, size_t u, size_t *g, size_t *s,
                                size_t *t);

/* The piece that loses no comparison. */
size_t crease_maxout_group_winner(const crease_model_layer *layer, size_t g, const uint8_t *state);

/* The states of the group's comparisons where the piece wins; those of two losers become the
 * given state. */
void crease_maxout_group_let_win(const crease_model_layer *layer, size_t g, size_t piece,
                                 uint8_t *state, uint8_t losers);

/* Is u a comparison of two losers?  For a unit of the layer and a whole pattern. */
bool crease_maxout_group_is_moot(const crease_model_layer *layer, size_t u, const uint8_t *state);

/* The pieces of the group that have lost no comparison outside of the set open, ascending;
 * returns how many. */
size_t crease_maxout_group_candidates(const crease_model_layer *layer, size_t g,
                                      const uint64_t *open, const uint8_t *state, size_t *piece);

/* After the units of the set decided got their states: takes comparisons with a piece that has lost
 * out of the set cut, and leaves in decided only one comparison lost for every piece that now has;
 * the others are moot.  Returns how many units are left in cut. */
size_t crease_maxout_groups_settle(const crease_model_layer *layer, uint64_t *decided,
                                   uint64_t *cut, uint8_t *state);

/* Has a group more than two candidates, that is, more than one comparison in the set? */
bool crease_maxout_groups_crowded(const crease_model_layer *layer, const uint64_t *cut);

/* gate[r], for every row of the layer: is it passed on, given the states of its decisions?  gate is
 * state itself if all rows decide. */
const uint8_t *crease_maxout_groups_gates(const crease_model_layer *layer, const uint8_t *state,
                                          uint8_t *gate);

#endif
