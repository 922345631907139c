/* A layer in place of another: what the transformations of networks are made of. */
#ifndef TESTS_REPLACE_H
#define TESTS_REPLACE_H

#include "nets.h"

/* How many units of the layer do not carry. */
int nets_switching(const oracle_layer *layer);

/* to += factor * from, and to += more. */
void nets_add_times(mpq_t *to, mpq_srcptr factor, mpq_t *from);
void nets_add_whole_times(mpq_t *to, long factor, mpq_t *from);
void nets_add_whole(mpq_t *to, long more);

/* The network with layer l of another shape.  Its rows are zero, and so are the weights of the next
 * layer. */
oracle_net *nets_replace(const oracle_net *old, int l, oracle_kind kind, int rank, int units,
                         int carry);

/* A row of layer l, of as many inputs in both. */
void nets_copy_row(oracle_net *to, int to_row, const oracle_net *from, int from_row, int l);

/* The layer above l reads unit `unit` as it read unit `was`, or the negative of that; or it adds
 * the value wherever it read unit `was`. */
void nets_read_as(oracle_net *net, const oracle_net *old, int l, int unit, int was);
void nets_read_negated(oracle_net *net, const oracle_net *old, int l, int unit, int was);
void nets_read_constant(oracle_net *net, const oracle_net *old, int l, int was, mpq_srcptr value);

/* The carried units of the old layer become the last ones of the new one. */
void nets_keep_carried(oracle_net *net, const oracle_net *old, int l);

/* Applies a step to every layer below the last, from the inputs on; NULL leaves the layer as it
 * is.  The caller frees the text. */
char *nets_every_layer(const char *json, oracle_net *(*step)(const oracle_net *, int, uint64_t *),
                       uint64_t seed);

#endif
