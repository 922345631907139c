#include "net/source.h"

#include "base/status.h"

crease_status crease_npz_read(const crease_source *source, crease_network **network)
{
    *network = NULL;
    return crease_fail(source->error, CREASE_INPUT,
                       "%s: .npz is not read here, crease was built without zlib; install it "
                       "(Debian: zlib1g-dev) and build again",
                       source->name);
}
