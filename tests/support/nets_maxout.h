/* Networks with maxout layers, and transformations of networks with maxout and carried units.
 *
 * As in nets.h, every function returns JSON text that the caller frees. */
#ifndef TESTS_NETS_MAXOUT_H
#define TESTS_NETS_MAXOUT_H

#include "nets.h"

/* A layer of maxout units; piece i of unit u is the tangent 2 a t - a^2 of a parabola along a
 * direction t, the directions in general position, the a different for all units and pieces:
 * sum over j <= inputs of C(units, j) (rank - 1)^j regions. */
char *nets_tangents(int inputs, int units, int rank);

/* One unit whose pieces are tangent to a paraboloid at different points: rank regions. */
char *nets_cells(int inputs, int rank, uint64_t seed);

/* Units max(x_1 + a_1, ..., x_n + a_n), that is, tropical hyperplanes.  With random a, their
 * regions are the points of the mixed subdivision of `units` simplices, all whole points of their
 * sum: C(units + inputs - 1, units).  spread 0: they are all the same, inputs regions. */
char *nets_tropical(int inputs, int units, long spread, uint64_t seed);

/* Layers of two maxout units for each input, whose difference goes up and down between 0 and 1
 * in 2 rank - 1 pieces: (2 rank - 1)^(inputs layers) regions. */
char *nets_sawtooth(int inputs, int rank, int layers);

/* A random maxout layer with binary32 weights for given widths n0, n1, ..., out: general position.
 */
char *nets_smooth_maxout(const int *widths, int count, int rank, uint64_t seed);

/* ---- Transformations that keep the count ---- */

/* A count over R^n: every input becomes the sum of itself and whole multiples of three more. */
char *nets_more_inputs(const char *json, uint64_t seed);

/* Of maxout layers; other layers stay as they are. */
char *nets_permute_pieces(const char *json, uint64_t seed);
/* One more piece for every unit, a copy of another or one that wins nowhere. */
char *nets_add_piece(const char *json, uint64_t seed);
/* Adds a random affine function to all pieces of a unit; it is also carried and the next layer
 * takes it off again. */
char *nets_shift_pieces(const char *json, uint64_t seed);
/* max(a, b) = a + relu(b - a): rank 2 as relu, a carried. */
char *nets_maxout_as_relu(const char *json);
/* The other way: max(0, z), max(-z, z), and two units max(0, z - low) and max(0, z - high) for
 * clip; max(slope z, z), or of the negatives if slope > 1 (slope 1 stays). */
char *nets_as_maxout(const char *json);
/* A relu unit of z becomes a convex function of z with random steps, as a maxout unit or as
 * several relu units and a carried one; the same function for the same seed. */
char *nets_steps(const char *json, uint64_t seed, bool maxout);

/* Carried units: a layer that has some carries all of its inputs in their place and the next layer
 * does the sums. */
char *nets_carry_inputs(const char *json);
/* In maxout layers, units of pieces that are all the same take their place. */
char *nets_carry_by_pieces(const char *json);
/* Units that stay in one state where |z| < 10^15 take their place, but for clip. */
char *nets_carry_by_shift(const char *json);

#endif
