#include "base/unpacking.h"

bool crease_gzip_open(crease_unpacking *u)
{
    (void)u;
    return false;
}

crease_unpack_state crease_gzip_step(crease_unpacking *u)
{
    (void)u;
    return CREASE_UNPACK_DAMAGED;
}

void crease_gzip_close(crease_unpacking *u)
{
    (void)u;
}
