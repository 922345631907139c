/* What the readers of file formats share; one file per format. */
#ifndef CREASE_NET_READ_H
#define CREASE_NET_READ_H

#include "net/network.h"

/* A file in memory. */
typedef struct {
    const char *name; /* for messages */
    const char *data; /* followed by a zero byte */
    size_t length;
    const crease_read_options *options;
    crease_error *error;
} crease_source;

/* The readers.  *network is the caller's, NULL if the file is refused.  The message names the place
 * in the file. */
crease_status crease_json_read(const crease_source *source, crease_network **network);
crease_status crease_nnet_read(const crease_source *source, crease_network **network);
crease_status crease_npz_read(const crease_source *source, crease_network **network);
crease_status crease_onnx_read(const crease_source *source, crease_network **network);
crease_status crease_safetensors_read(const crease_source *source, crease_network **network);

/* Chooses one of them by the extension of the name, or else by the content; refuses options
 * that the format has no use for. */
crease_status crease_source_read(const crease_source *source, crease_network **network);

/* Sets the activations and parameters of the hidden layers from options->activation, and linear for
 * the last. */
crease_status crease_source_activations(const crease_source *source, crease_network *network);

/* Checks the sizes against the limits: width[0] inputs, then layers layers. */
crease_status crease_source_widths(const crease_source *source, const size_t *width, size_t layers);

#endif
