/* Networks for tests: generators and count-preserving transformations.
 *
 * Every function returns malloc'd JSON text that the caller frees.  A
 * transformation reads its text and leaves it alone. */
#ifndef TESTS_NETS_H
#define TESTS_NETS_H

#include "oracle.h"

#include <stdint.h>

/* splitmix64; the same sequence on every machine. */
uint64_t nets_random(uint64_t *state);
long nets_between(uint64_t *state, long low, long high); /* both ends included */

/* ---- Models ---- */

/* A network of layers that are yet to be shaped (oracle_shape).  Freed with oracle_free. */
oracle_net *nets_blank(int input, int count);

/* A network of zero weights: `count` layers of the given widths, all ReLU but
 * the last.  Freed with oracle_free. */
oracle_net *nets_new(int input, const int *widths, int count);
mpq_t *nets_at(const oracle_net *net, int layer, int row, int column); /* column fan: the bias */
void nets_set(const oracle_net *net, int layer, int row, int column, const char *value);
char *nets_text(const oracle_net *net, const char *comment); /* comment may be NULL */

/* ---- One layer: arrangements ---- */

/* Hyperplanes row.(x,1) = 0 as ReLU units, summed up by the output. */
char *nets_arrangement(int dimension, int rows, const long *row);
char *nets_braid(int n);     /* x_i = x_j in R^n: n! */
char *nets_type_b(int n);    /* x_i = 0, x_i = +-x_j: 2^n n! */
char *nets_resonance(int n); /* all non-zero 0/1 normals in R^n */
char *nets_threshold(int n); /* normals (1,v), v in {0,1}^n, in R^(n+1) */
char *nets_shi(int n);       /* x_i - x_j in {0,1}, i < j: (n+1)^(n-1) */
char *nets_catalan(int n);   /* x_i - x_j in {-1,0,1}, i < j: n! C_n */
char *nets_general(int dimension, int units, uint64_t seed); /* random, general position */
char *nets_central(int dimension, int units, uint64_t seed); /* the same without biases */

/* ---- Folding ---- */

/* One input, `layers` zigzags of n + 1 pieces each: (n+1)^layers regions. */
char *nets_zigzag(int n, int layers);

/* Two inputs; `layers` layers of n units that fold each axis p = n/2 times,
 * then `last` lines in general position that all meet in the unit square.
 * p^(2 layers) (1 + last + C(last,2)) regions over the box 0:1. */
char *nets_fold(int n, int layers, int last);

/* ---- Random small networks ---- */

/* At most `units` ReLU units in 1 to 3 layers, 1 to 4 inputs, now and then a
 * linear layer in between; weights whole numbers in [-range, range]. */
char *nets_small(uint64_t seed, int units, int range);

/* The same architectures with binary32 weights in general position. */
char *nets_smooth(uint64_t seed, int units);

/* Whole weights in [-range, range] for given widths n0, n1, ..., out. */
char *nets_whole(const int *widths, int count, int range, uint64_t seed);

/* All activations, maxout above all, ranks up to 4, carried units and many ties: pieces that are
 * equal, zero, beaten everywhere, three that meet in one facet, and pieces that differ only by
 * a unit that may vanish or by what is carried.  1 to 6 inputs, whole weights or halves; units have
 * at most `choices` states in all beyond one each. */
char *nets_mixed(uint64_t seed, int choices);

/* Half a prism that begins far away, one of the cells of three inputs.  Other units' zeros are
 * nearly parallel to its end, at whose vertices their values are large and nearly the same; then
 * another layer.  Freed with oracle_free. */
oracle_net *nets_far(uint64_t *state);

/* The same network with some weights a rounding error away: ties are broken by very little. */
char *nets_nudged(const char *json, uint64_t seed);

/* A random box, one interval per input or one for all, into text of NETS_BOX bytes. */
enum { NETS_BOX = 256 };
void nets_box(int inputs, uint64_t *state, char *box);

/* ---- Transformations that keep the count ---- */

/* Units within each hidden layer, those that switch and those that carry apart. */
char *nets_permute(const char *json, uint64_t seed);
char *nets_scale_units(const char *json, uint64_t seed); /* positive factors, undone above */
/* x = U y + c, U a product of whole elementary matrices; a count over R^n. */
char *nets_change_inputs(const char *json, uint64_t seed);
/* Appends `factor` times a unit that feeds nothing; factor not 0. */
char *nets_copy_unit(const char *json, int layer, int unit, const char *factor);
/* Appends a unit of zero weights and the given bias that feeds nothing. */
char *nets_zero_row(const char *json, int layer, const char *bias);
/* One layer times a positive factor; the next layer's weights undo it. */
char *nets_scale_layer(const char *json, int layer, const char *factor);

/* ---- Transformations that may change the count ---- */

/* Appends the unit times `factor`, each product rounded to binary64. */
char *nets_rounded_copy(const char *json, int layer, int unit, double factor);
char *nets_linear_layer(const char *json, int layer); /* turns its units linear */

/* ---- For these ---- */

void nets_swap_rows(oracle_net *net, int layer, int a, int b);

#endif
