#include "base/unpack.h"

#include "base/gzip.h"
#include "base/memory.h"
#include "base/status.h"

#include <stdlib.h>
#include <string.h>
#include <zstd.h>

/* ---- zstd ---- */

static bool zstd_open(crease_unpacking *u)
{
    u->state = ZSTD_createDStream();
    if (!u->state)
        crease_fatal("out of memory");
    return true;
}

static crease_unpack_state zstd_step(crease_unpacking *u)
{
    ZSTD_inBuffer in = {u->in, u->left, 0};
    ZSTD_outBuffer out = {u->out, u->room, u->used};
    size_t code = ZSTD_decompressStream(u->state, &out, &in);
    u->in += in.pos;
    u->left -= in.pos;
    u->used = out.pos;
    if (ZSTD_isError(code))
        return CREASE_UNPACK_DAMAGED;
    if (code == 0 && u->left == 0)
        return CREASE_UNPACK_DONE;
    return u->left || u->used == u->room ? CREASE_UNPACK_MORE : CREASE_UNPACK_CUT;
}

static void zstd_close(crease_unpacking *u)
{
    ZSTD_freeDStream(u->state);
}

/* ---- Both ---- */

typedef struct {
    const char *name;
    bool (*open)(crease_unpacking *u);
    crease_unpack_state (*step)(crease_unpacking *u);
    void (*close)(crease_unpacking *u);
} packing;

static const packing *packing_of(const char *data, size_t length)
{
    static const packing gzip = {"gzip", crease_gzip_open, crease_gzip_step, crease_gzip_close};
    static const packing zstd = {"zstd", zstd_open, zstd_step, zstd_close};
    /* Byte 8 says how hard gzip tried; .safetensors has the start of a JSON object there. */
    if (length >= 3 && !memcmp(data, "\x1f\x8b\x08", 3) && !(length > 8 && data[8] == '{'))
        return &gzip;
    return length >= 4 && !memcmp(data, "\x28\xb5\x2f\xfd", 4) ? &zstd : NULL;
}

bool crease_unpack_wanted(const char *data, size_t length)
{
    return packing_of(data, length) != NULL;
}

static crease_status unpack(const packing *p, crease_unpacking *u, const char *name, size_t most,
                            crease_error *error)
{
    crease_unpack_state state;
    do {
        if (u->used == u->room) {
            u->room = u->room < most / 2 ? 2 * u->room : most + 1;
            u->out = crease_realloc(u->out, u->room + 1, 1);
        }
        state = p->step(u);
    } while (state == CREASE_UNPACK_MORE && u->used <= most);
    if (u->used > most)
        return crease_fail(error, CREASE_INPUT, "%s: more than %zu MiB when unpacked", name,
                           most >> 20);
    if (state != CREASE_UNPACK_DONE)
        return crease_fail(error, CREASE_INPUT, "%s: the %s data are %s", name, p->name,
                           state == CREASE_UNPACK_CUT ? "cut off"
                                                      : "damaged, or other data follow them");
    return CREASE_OK;
}

crease_status crease_unpack(const char *name, char **text, size_t *length, size_t most,
                            crease_error *error)
{
    const packing *p = packing_of(*text, *length);
    crease_unpacking u = {.in = (const unsigned char *)*text, .left = *length, .room = 1 << 12};
    crease_status status;
    if (!p->open(&u)) {
        status = crease_fail(error, CREASE_INPUT,
                             "%s: %s is not read here, crease was built without zlib; install it "
                             "(Debian: zlib1g-dev) and build again",
                             name, p->name);
    } else {
        u.out = crease_alloc(u.room + 1, 1);
        status = unpack(p, &u, name, most, error);
        p->close(&u);
    }
    free(*text);
    *text = NULL;
    if (status) {
        free(u.out);
        return status;
    }
    u.out[u.used] = 0;
    *text = (char *)u.out;
    *length = u.used;
    return CREASE_OK;
}
