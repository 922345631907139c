#include "regions/npz.h"

#include "base/status.h"

crease_status crease_npz_open(const char *path, crease_npz **npz, crease_error *error)
{
    *npz = NULL;
    return crease_fail(error, CREASE_INPUT,
                       "%s: .npz is not written here, crease was built without zlib; install it "
                       "(Debian: zlib1g-dev) and build again",
                       path);
}

crease_npz_array *crease_npz_add(crease_npz *npz, const char *name, crease_npz_type type,
                                 size_t dimensions, const size_t *shape, crease_error *error)
{
    (void)npz, (void)name, (void)type, (void)dimensions, (void)shape, (void)error;
    return NULL;
}

bool crease_npz_append(crease_npz_array *array, const void *data, size_t rows)
{
    (void)array, (void)data, (void)rows;
    return false;
}

crease_status crease_npz_commit(crease_npz *npz, crease_error *error)
{
    (void)npz, (void)error;
    return CREASE_INPUT;
}

void crease_npz_close(crease_npz *npz)
{
    (void)npz;
}
