#include "base/unpacking.h"

#include "base/memory.h"
#include "base/status.h"

#include <limits.h>
#include <stdlib.h>
#include <zlib.h>

enum { GZIP_ONLY = 16 }; /* added to the window's size: no zlib header, no raw data */

bool crease_gzip_open(crease_unpacking *u)
{
    z_stream *stream = crease_alloc(1, sizeof *stream);
    if (inflateInit2(stream, MAX_WBITS + GZIP_ONLY) != Z_OK)
        crease_fatal("out of memory");
    u->state = stream;
    return true;
}

crease_unpack_state crease_gzip_step(crease_unpacking *u)
{
    z_stream *stream = u->state;
    size_t room = u->room - u->used;
    uInt take = u->left < UINT_MAX ? (uInt)u->left : UINT_MAX;
    uInt give = room < UINT_MAX ? (uInt)room : UINT_MAX;
    stream->next_in = (unsigned char *)u->in;
    stream->avail_in = take;
    stream->next_out = u->out + u->used;
    stream->avail_out = give;
    int code = inflate(stream, Z_NO_FLUSH);
    u->in += take - stream->avail_in;
    u->left -= take - stream->avail_in;
    u->used += give - stream->avail_out;
    if (code == Z_MEM_ERROR)
        crease_fatal("out of memory");
    if (code == Z_STREAM_END) {
        inflateReset(stream);
        return u->left ? CREASE_UNPACK_MORE : CREASE_UNPACK_DONE;
    }
    if (code != Z_OK && code != Z_BUF_ERROR)
        return CREASE_UNPACK_DAMAGED;
    return u->left || u->used == u->room ? CREASE_UNPACK_MORE : CREASE_UNPACK_CUT;
}

void crease_gzip_close(crease_unpacking *u)
{
    inflateEnd(u->state);
    free(u->state);
}
