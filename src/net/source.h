/* Definitions that the readers of all file formats share.  Each reader has a file of its own. */
#ifndef CREASE_NET_SOURCE_H
#define CREASE_NET_SOURCE_H

#include "net/network.h"

/* A file in memory. */
typedef struct {
    const char *name; /* for messages */
    const char *data; /* followed by a zero byte */
    size_t length;
    const crease_read_options *options;
    crease_error *error;
} crease_source;

/* The readers.  On success the caller owns *network; on failure *network is NULL, and the message
 * names the place in the file. */
crease_status crease_json_read(const crease_source *source, crease_network **network);
crease_status crease_nnet_read(const crease_source *source, crease_network **network);
crease_status crease_npz_read(const crease_source *source, crease_network **network);
crease_status crease_safetensors_read(const crease_source *source, crease_network **network);

/* Sets the activations of the hidden layers, with their parameters, from options->activation.  The
 * last layer becomes linear. */
crease_status crease_source_activations(const crease_source *source, crease_network *network);

/* Checks sizes against the limits.  width has layers + 1 entries: the inputs, then the units of
 * each layer. */
crease_status crease_source_widths(const crease_source *source, const size_t *width, size_t layers);

#endif
