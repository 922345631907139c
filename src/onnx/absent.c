#include "onnx/reader.h"

#include "base/status.h"

crease_status crease_onnx_read(const crease_source *source, crease_network **network)
{
    *network = NULL;
    return crease_fail(source->error, CREASE_INPUT,
                       "%s: .onnx is not read here, crease was built without protobuf-c and the "
                       "schema of ONNX; install them (Debian: libprotobuf-c-dev "
                       "protobuf-c-compiler libonnx-dev) and build again",
                       source->name);
}
