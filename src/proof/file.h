/* The file of a certificate: a header, then the bytes of its nodes, plain or compressed with zstd
 * (src/check/FORMAT.md).  Until it is finished it has a temporary name in the same directory. */
#ifndef CREASE_PROOF_FILE_H
#define CREASE_PROOF_FILE_H

#include "base/whole.h"

#include <crease.h>

typedef struct crease_certificate crease_certificate;

typedef enum {
    CREASE_CERTIFICATE_WHOLE,
    CREASE_CERTIFICATE_TRUNK,
    CREASE_CERTIFICATE_PART
} crease_certificate_kind;

/* What the header says. */
typedef struct {
    unsigned version;
    crease_certificate_kind kind;
    size_t number;                   /* of a trunk, how many parts it has; of a part, which it is */
    uint8_t network[32], domain[32]; /* SHA-256 */
    crease_whole regions;            /* below 2^256 */
} crease_claim;

/* Creates the file.  It is compressed if the path ends in ".zst". */
crease_status crease_certificate_open(const char *path, crease_certificate **file,
                                      crease_error *error);

/* Does the file at path begin with the header of a certificate, plain or compressed? */
bool crease_certificate_is(const char *path);

/* False if the bytes could not be written; crease_certificate_error says why. */
bool crease_certificate_write(crease_certificate *file, const uint8_t *byte, size_t count);
crease_status crease_certificate_error(const crease_certificate *file, crease_error *error);

/* Writes the header, and gives the file its name when it is on disk.  Sets *bytes to its length. */
crease_status crease_certificate_finish(crease_certificate *file, const crease_claim *claim,
                                        uint64_t *bytes, crease_error *error);

/* Frees it, and removes the file unless it was finished. */
void crease_certificate_free(crease_certificate *file);

#endif
