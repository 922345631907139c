/* Unpacking step by step, and the steps of gzip (RFC 1952) and xz. */
#ifndef CREASE_BASE_UNPACKING_H
#define CREASE_BASE_UNPACKING_H

#include <stdbool.h>
#include <stddef.h>

/* What is being unpacked.  A step takes from in and appends to out, and says how it went. */
typedef enum {
    CREASE_UNPACK_MORE, /* it goes on as soon as there is more room */
    CREASE_UNPACK_DONE, /* all input is used up, at the end of a member */
    CREASE_UNPACK_CUT,
    CREASE_UNPACK_DAMAGED,
    CREASE_UNPACK_MEMORY /* it would take more than CREASE_UNPACKING_MEMORY */
} crease_unpack_state;

/* Bytes; xz -9 takes a quarter of it. */
enum { CREASE_UNPACKING_MEMORY = 1 << 28 };

typedef struct {
    const unsigned char *in;
    size_t left; /* of the input */
    unsigned char *out;
    size_t used, room; /* of the output */
    void *state;       /* of the library */
} crease_unpacking;

/* gzip.c; gzip_absent.c where there is no zlib.  Opening is false without zlib. */
bool crease_gzip_open(crease_unpacking *u);
crease_unpack_state crease_gzip_step(crease_unpacking *u);
void crease_gzip_close(crease_unpacking *u);

/* xz.c; xz_absent.c where there is no liblzma.  Opening is false without liblzma. */
bool crease_xz_open(crease_unpacking *u);
crease_unpack_state crease_xz_step(crease_unpacking *u);
void crease_xz_close(crease_unpacking *u);

#endif
