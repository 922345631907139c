/* A network in plain doubles, read and run without any of crease, for the
 * baseline and for the floor of the benchmark.  Weights are JSON numbers. */
#ifndef PLAIN_NET_H
#define PLAIN_NET_H

#include <stdbool.h>

typedef struct {
    int inputs, units;
    bool relu;
    double *weight; /* units x inputs, by rows */
    double *bias;
} plain_layer;

typedef struct {
    int inputs;
    int count;  /* layers, the affine last one included */
    int widest; /* largest number of inputs or of units of a layer */
    int relus;  /* units of all ReLU layers */
    plain_layer *layers;
} plain_net;

/* Fills *net, to be released with plain_net_free; on failure says why on
 * stderr and returns false. */
bool plain_net_read(const char *path, plain_net *net);
void plain_net_free(plain_net *net);

/* One forward pass.  scratch has room for 2 * widest numbers; returns the
 * outputs, which lie in scratch.  state, if not NULL, receives for every ReLU
 * unit in order whether its pre-activation is positive. */
const double *plain_net_forward(const plain_net *net, const double *input, double *scratch,
                                bool *state);

/* Processor seconds of this process. */
double plain_net_clock(void);

/* Seconds of one forward pass, the best of a few series; NAN if the network cannot be read in
 * plain doubles. */
double plain_net_seconds(const char *path);

#endif
