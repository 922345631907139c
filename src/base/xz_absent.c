#include "base/unpacking.h"

bool crease_xz_open(crease_unpacking *u)
{
    (void)u;
    return false;
}

crease_unpack_state crease_xz_step(crease_unpacking *u)
{
    (void)u;
    return CREASE_UNPACK_DAMAGED;
}

void crease_xz_close(crease_unpacking *u)
{
    (void)u;
}
