#include "base/unpacking.h"

#include "base/memory.h"
#include "base/status.h"

#include <lzma.h>
#include <stdlib.h>

bool crease_xz_open(crease_unpacking *u)
{
    lzma_stream *stream = crease_alloc(1, sizeof *stream);
    if (lzma_stream_decoder(stream, CREASE_UNPACKING_MEMORY, LZMA_CONCATENATED) != LZMA_OK)
        crease_fatal("out of memory");
    u->state = stream;
    return true;
}

crease_unpack_state crease_xz_step(crease_unpacking *u)
{
    lzma_stream *stream = u->state;
    stream->next_in = u->in;
    stream->avail_in = u->left;
    stream->next_out = u->out + u->used;
    stream->avail_out = u->room - u->used;
    lzma_ret code = lzma_code(stream, LZMA_FINISH);
    u->in = stream->next_in;
    u->left = stream->avail_in;
    u->used = u->room - stream->avail_out;
    switch (code) {
    case LZMA_OK: return CREASE_UNPACK_MORE;
    case LZMA_STREAM_END: return CREASE_UNPACK_DONE;
    case LZMA_BUF_ERROR: return CREASE_UNPACK_CUT;
    case LZMA_MEMLIMIT_ERROR: return CREASE_UNPACK_MEMORY;
    case LZMA_MEM_ERROR: crease_fatal("out of memory");
    default: return CREASE_UNPACK_DAMAGED;
    }
}

void crease_xz_close(crease_unpacking *u)
{
    lzma_end(u->state);
    free(u->state);
}
