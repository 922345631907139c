/* From a file of ONNX to a network; see onnx/onnx.h. */
#ifndef CREASE_ONNX_READER_H
#define CREASE_ONNX_READER_H

#include "net/source.h"

/* One of the readers that net/source.h describes.  In a build without protobuf-c it refuses every
 * file. */
crease_status crease_onnx_read(const crease_source *source, crease_network **network);

#endif
