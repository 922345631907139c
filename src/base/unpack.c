#include "base/unpack.h"

#include "base/memory.h"
#include "base/status.h"
#include "base/unpacking.h"

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

/* ---- All ---- */

typedef struct {
    const char *name, *library, *package, *by_hand;
    bool (*open)(crease_unpacking *u);
    crease_unpack_state (*step)(crease_unpacking *u);
    void (*close)(crease_unpacking *u);
} packing;

static const packing *packing_of(const char *data, size_t length)
{
    static const packing gzip = {
        "gzip",           "zlib",           "zlib1g-dev",      "gzip -d",
        crease_gzip_open, crease_gzip_step, crease_gzip_close,
    };
    static const packing zstd = {
        "zstd", "libzstd", "libzstd-dev", "zstd -d", zstd_open, zstd_step, zstd_close,
    };
    static const packing xz = {
        "xz", "liblzma", "liblzma-dev", "xz -d", crease_xz_open, crease_xz_step, crease_xz_close,
    };
    /* Byte 8 says how hard gzip tried; .safetensors has the start of a JSON object there. */
    if (length >= 3 && !memcmp(data, "\x1f\x8b\x08", 3) && !(length > 8 && data[8] == '{'))
        return &gzip;
    if (length >= 6 && !memcmp(data,
                               "\xfd"
                               "7zXZ\0",
                               6))
        return &xz;
    return length >= 4 && !memcmp(data, "\x28\xb5\x2f\xfd", 4) ? &zstd : NULL;
}

bool crease_unpack_wanted(const char *data, size_t length)
{
    return packing_of(data, length) != NULL;
}

/* Networks and properties compress less than this; a larger ratio is most likely an attack. */
enum { GROWTH = 100, SMALL = 1 << 26 };

/* The most bytes that data of this length may unpack to. */
static size_t growth_limit(size_t length, size_t most)
{
    size_t grown = length < most / GROWTH ? GROWTH * length : most;
    size_t least = most < SMALL ? most : SMALL;
    return grown > least ? grown : least;
}

static crease_status too_large(const packing *p, const char *name, size_t limit, bool by_growth,
                               crease_error *error)
{
    if (by_growth)
        return crease_fail(error, CREASE_INPUT,
                           "%s: more than %zu MiB when unpacked, %d times its size; if it is meant "
                           "to be, unpack it first (%s)",
                           name, limit >> 20, GROWTH, p->by_hand);
    return crease_fail(error, CREASE_INPUT, "%s: more than %zu MiB when unpacked", name,
                       limit >> 20);
}

static crease_status unpack(const packing *p, crease_unpacking *u, const char *name, size_t most,
                            crease_error *error)
{
    crease_unpack_state state;
    size_t limit = growth_limit(u->left, most);
    do {
        if (u->used == u->room) {
            u->room = u->room < limit / 2 ? 2 * u->room : limit + 1;
            u->out = crease_realloc(u->out, u->room + 1, 1);
        }
        state = p->step(u);
    } while (state == CREASE_UNPACK_MORE && u->used <= limit);
    if (u->used > limit)
        return too_large(p, name, limit, limit < most, error);
    if (state == CREASE_UNPACK_MEMORY)
        return crease_fail(error, CREASE_INPUT,
                           "%s: to unpack the %s data takes more than %d MiB of memory; %s does it",
                           name, p->name, CREASE_UNPACKING_MEMORY >> 20, p->by_hand);
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
                             "%s: %s is not read here, crease was built without %s; install it "
                             "(Debian: %s) and build again",
                             name, p->name, p->library, p->package);
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
