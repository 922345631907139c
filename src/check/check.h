/* What the files of crease-check share. What is proved, and how, stands at the top of check.c. */
#ifndef CHECK_H
#define CHECK_H

#include <gmp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define NONE SIZE_MAX
#define PRINTF(text, first) __attribute__((format(printf, text, first)))

enum { SPLIT, FORCE, CROSS, SAME, LEAF, COUNT, KINDS };

/* sha256.c */
void sha256(const char *text, size_t length, uint8_t digest[32]);
const char *hex(const uint8_t digest[32], char text[65]);

/* stream.c: the certificate as bytes. reject ends the program with status 1: the certificate is
 * wrong; stop ends it with status 2: it could not be checked. */
typedef struct stream stream;
_Noreturn void stop(const char *format, ...) PRINTF(1, 2);
_Noreturn void reject(const stream *in, const char *format, ...) PRINTF(2, 3);
void *resize(void *old, size_t count, size_t size);
void *allocate(size_t count, size_t size);
mpz_ptr integers(mpz_ptr old, size_t had, size_t count);
stream *stream_open(const char *path, bool json);
uint64_t stream_mark(stream *in); /* the next rejection names this place */
bool stream_ends(stream *in);
void stream_bytes(stream *in, uint8_t *bytes, size_t count);
uint64_t stream_number(stream *in);
uint64_t stream_entry(stream *in, uint64_t *next, uint64_t end, int low_bits);
void stream_signed(stream *in, mpz_ptr value);

/* network.c */
typedef struct {
    size_t width, inputs;
    mpz_t den;
    mpz_ptr num; /* width x (inputs + 1), the bias last; all over den */
} affine;

typedef struct {
    size_t inputs, layers; /* layers that switch, with the linear ones before each folded in */
    affine *layer;
    bool box;
    mpq_t *bound; /* lo, hi of every input */
    uint8_t digest[32], domain[32];
} network;

void network_read(network *net, const char *path);
void network_domain(network *net, const char *box); /* NULL for R^n */
bool network_spanned(const network *net, const bool *kept);

/* algebra.c. A solved system: den x[pivot[r]] = sum_j t[r][j] u_j + t[r][n] for all r < rows, where
 * j runs over the entries of column, and u_j is x_j, or the function that took its place. */
typedef struct {
    size_t n, rows, room, columns;
    size_t *pivot;
    size_t *column;   /* column[columns] is n, the constant */
    size_t *function; /* of coordinate j: NONE or the number of the function in its place */
    mpz_t den;        /* positive */
    mpz_ptr t;        /* rows x (n + 1) */
} solved;

void solved_start(solved *s, size_t n);
void solved_restart(solved *s, const solved *flat);
void express_at(const solved *s, mpz_srcptr g, size_t j, mpz_ptr v);
void express(const solved *s, mpz_srcptr g, mpz_ptr v);
void exchange(solved *s, mpz_ptr v, size_t p, size_t function);
void retract(solved *s);

/* count.c: an arrangement. Rows of a flat have its dimension and 1 entries, the constant last. */
typedef struct counter counter;
counter *counter_new(size_t n);
mpz_ptr counter_line(counter *c, size_t dimension, size_t i);
mpz_ptr counter_side(counter *c, size_t dimension, size_t i);
uint64_t counter_regions(counter *c, size_t dimension, size_t lines, size_t sides, mpz_srcptr one);

/* dump.c: the certificate as text; it returns if it is complete, and proves nothing. */
void dump(stream *in);

#endif
