/* Unpacking step by step, and the steps of gzip (RFC 1952). */
#ifndef CREASE_BASE_GZIP_H
#define CREASE_BASE_GZIP_H

#include <stdbool.h>
#include <stddef.h>

/* What is being unpacked.  A step takes from in and appends to out, and says how it went. */
typedef enum {
    CREASE_UNPACK_MORE, /* it goes on as soon as there is more room */
    CREASE_UNPACK_DONE, /* all input is used up, at the end of a member */
    CREASE_UNPACK_CUT,
    CREASE_UNPACK_DAMAGED
} crease_unpack_state;

typedef struct {
    const unsigned char *in;
    size_t left; /* of the input */
    unsigned char *out;
    size_t used, room; /* of the output */
    void *state;       /* of the library */
} crease_unpacking;

/* gzip (gzip.c; gzip_absent.c where there is no zlib).  Opening is false without zlib. */
bool crease_gzip_open(crease_unpacking *u);
crease_unpack_state crease_gzip_step(crease_unpacking *u);
void crease_gzip_close(crease_unpacking *u);

#endif
