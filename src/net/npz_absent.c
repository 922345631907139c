#include "net/npy.h"

#include "base/status.h"

static crease_status refuse(const crease_source *source)
{
    return crease_fail(source->error, CREASE_INPUT,
                       "%s: .npz is not read here, crease was built without zlib; install it "
                       "(Debian: zlib1g-dev) and build again",
                       source->name);
}

crease_status crease_npz_read(const crease_source *source, crease_network **network)
{
    *network = NULL;
    return refuse(source);
}

crease_status crease_npz_read_one(const crease_source *source, const char *const *names,
                                  crease_tensor *tensor, unsigned char **bytes)
{
    (void)names, (void)tensor;
    *bytes = NULL;
    return refuse(source);
}
