/* What the fuzz targets share.  A target gives its bytes to one reader.  The reader must accept
 * them or refuse them with one line that names the file; anything else ends the program by
 * abort. */
#ifndef FUZZ_H
#define FUZZ_H

#include <crease_network.h>

/* What libFuzzer calls. */
int LLVMFuzzerTestOneInput(const uint8_t *byte, size_t count);

/* Aborts, after one line, unless the claim holds. */
void fuzz_claim(bool claim, const char *line);

/* Aborts unless a reader that refused the file `name` set this status and error as it should. */
void fuzz_refused(crease_status status, const crease_error *error, const char *name);

/* Reads the bytes as a network by the reader that the name's extension stands for: as they are, and
 * with --transpose, --nnet-normalise or --batch=all if the format has that option. */
void fuzz_network(const char *name, const uint8_t *byte, size_t count);

/* The path of a file with these bytes.  It is in memory, and lasts until the next call. */
const char *fuzz_file(const uint8_t *byte, size_t count);

/* A new directory below $FUZZ_DIRECTORY, which must be set.  The caller frees the path. */
char *fuzz_directory(void);

/* Writes the bytes, sealed as job/text.h says if so wanted, to the file in the directory.  The
 * caller frees its path. */
char *fuzz_write(const char *directory, const char *name, const uint8_t *byte, size_t count,
                 bool sealed);

/* A network of two inputs: that of the jobs and checkpoints.  The caller frees it. */
crease_network *fuzz_counted(void);

#endif
