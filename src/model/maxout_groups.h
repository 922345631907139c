/* The groups of a lowered maxout layer (net/network.h): which piece of a group is the largest.
 *
 * The state of a comparison is 0 or 1, or CREASE_MOOT: it does not matter, since one of its pieces
 * has lost another comparison.  A loser is a piece that has lost some comparison; the winner of a
 * group is the only piece that has lost none.  In a complete pattern, the comparison of two losers
 * has state 0 or CREASE_MOOT. */
#ifndef CREASE_MODEL_MAXOUT_GROUPS_H
#define CREASE_MODEL_MAXOUT_GROUPS_H

#include "model/model.h"

enum { CREASE_MOOT = 2 };

/* The number of groups of the layer. */
size_t crease_maxout_groups_count(const crease_model_layer *layer);

/* The unit of the layer that compares pieces s and t of group g; s != t, in any order. */
size_t crease_maxout_group_compare(const crease_model_layer *layer, size_t g, size_t s, size_t t);

/* The group g and the pieces s < t that unit u compares. */
void crease_maxout_group_pieces(const crease_model_layer *layer, size_t u, size_t *g, size_t *s,
                                size_t *t);

/* The piece of group g that loses no comparison. */
size_t crease_maxout_group_winner(const crease_model_layer *layer, size_t g, const uint8_t *state);

/* Sets the states of the group's comparisons such that the piece wins.  Comparisons of two losers
 * get the state `losers`. */
void crease_maxout_group_let_win(const crease_model_layer *layer, size_t g, size_t piece,
                                 uint8_t *state, uint8_t losers);

/* Does unit u compare two losers?  state: of a complete pattern. */
bool crease_maxout_group_is_moot(const crease_model_layer *layer, size_t u, const uint8_t *state);

/* The candidates of the group: the pieces that have lost no comparison outside the set `open`,
 * ascending.  Returns their number. */
size_t crease_maxout_group_candidates(const crease_model_layer *layer, size_t g,
                                      const uint64_t *open, const uint8_t *state, size_t *piece);

/* To be called when the units of the set `decided` have got their states.  Removes from `cut` every
 * comparison with a piece that has lost.  Keeps in `decided` one lost comparison for each piece
 * that has lost by these states; the others become moot.  Returns the number of units left in
 * `cut`. */
size_t crease_maxout_groups_settle(const crease_model_layer *layer, uint64_t *decided,
                                   uint64_t *cut, uint8_t *state);

/* Has some group more than two candidates, that is, more than one comparison in the set? */
bool crease_maxout_groups_crowded(const crease_model_layer *layer, const uint64_t *cut);

/* For every row r of the layer: is it passed on, given the states of the decisions?  Returns state
 * itself if all rows decide; otherwise fills and returns gate, of `width` entries. */
const uint8_t *crease_maxout_groups_gates(const crease_model_layer *layer, const uint8_t *state,
                                          uint8_t *gate);

#endif
