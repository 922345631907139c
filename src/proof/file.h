/* The file of a certificate: a header, then bytes in order, as they are or framed by zstd
 * (src/check/FORMAT.md).  It is written under a temporary name beside its own. */
#ifndef CREASE_PROOF_FILE_H
#define CREASE_PROOF_FILE_H

#include <crease.h>

typedef struct crease_certificate crease_certificate;

typedef enum {
    CREASE_CERTIFICATE_WHOLE,
    CREASE_CERTIFICATE_TRUNK,
    CREASE_CERTIFICATE_PART
} crease_certificate_kind;

/* What the header says. */
typedef struct {
    crease_certificate_kind kind;
    size_t number;                   /* of a trunk, how many parts it has; of a part, which it is */
    uint8_t network[32], domain[32]; /* SHA-256 */
    uint64_t regions;
} crease_claim;

/* Framed by zstd if the path ends in ".zst". */
crease_status crease_certificate_open(const char *path, crease_certificate **file,
                                      crease_error *error);

/* False if the bytes could not be written; crease_certificate_error says why. */
bool crease_certificate_write(crease_certificate *file, const uint8_t *byte, size_t count);
crease_status crease_certificate_error(const crease_certificate *file, crease_error *error);

/* Writes the header, forces the file to disk and gives it its name; *bytes is its length. */
crease_status crease_certificate_finish(crease_certificate *file, const crease_claim *claim,
                                        uint64_t *bytes, crease_error *error);

/* Removes what is there if the file was not finished. */
void crease_certificate_free(crease_certificate *file);

#endif
