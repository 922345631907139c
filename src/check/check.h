/* What the files of crease-check share. What is proved, and how, stands at the top of check.c. */
#ifndef CREASE_CHECK_H
#define CREASE_CHECK_H

#include <assert.h>
#include <stdio.h> /* before gmp.h, which then declares gmp_fprintf */

#include <gmp.h>
#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

_Static_assert(ULONG_MAX >= UINT64_MAX, "numbers of regions go to GMP as unsigned long: 64 bits");
#define NONE SIZE_MAX
enum { MOST_INPUTS = 4096 };
#define PRINTF(text, first) __attribute__((format(printf, text, first)))

enum { WHOLE, TRUNK, PART }; /* kinds of files */
enum { SPLIT, FORCE, CROSS, SAME, LEAF, COUNT, ELSEWHERE, BRANCH, DROP, NAME, LIKE, KINDS };

/* base.c: stop ends the program with status 2: the certificate could not be checked. */
_Noreturn void base_stop(const char *format, ...) PRINTF(1, 2);
void *base_resize(void *old, size_t count, size_t size);
void *base_allocate(size_t count, size_t size);
mpz_ptr base_integers(mpz_ptr old, size_t had, size_t count);
void base_release(mpz_ptr z, size_t count); /* after base_integers */
void base_start(void);                      /* GMP takes its memory here */

/* sha256.c: of bytes that come one after the other, until their end. Begins as zeros. */
typedef struct {
    uint32_t state[8];
    uint8_t block[64]; /* the last bytes, length % 64 of them */
    uint64_t length;
} writing;

void sha256_add(writing *t, const void *bytes, size_t count);
void sha256_put(writing *t, const char *format, ...); /* as gmp_printf */
void sha256_number(writing *t, mpq_srcptr q, char behind);
void sha256_end(writing *t, uint8_t digest[32]);
const char *sha256_hex(const uint8_t digest[32], char text[65]);

/* stream.c: the certificate as bytes. reject ends the program with status 1: it is wrong. */
typedef struct stream stream;
_Noreturn void stream_reject(const stream *in, const char *format, ...) PRINTF(2, 3);
stream *stream_open(const char *path, bool json);
void stream_begin_digest(stream *in);               /* before anything is read, for: */
void stream_digest(stream *in, uint8_t digest[32]); /* of all content, once that was read */
uint64_t stream_mark(stream *in);                   /* the next rejection names this place */
bool stream_ends(stream *in);
void stream_bytes(stream *in, uint8_t *bytes, size_t count);
uint64_t stream_number(stream *in);
uint64_t stream_entry(stream *in, uint64_t *next, uint64_t end, int low_bits);
void stream_signed(stream *in, mpz_ptr value);

/* json.c: a text is read from its beginning to its end; bad ends the program as stop does. */
typedef struct {
    const char *name, *text, *at; /* ends in a zero byte */
} json_text;

typedef struct {
    mpq_t *value;
    size_t count, room;
} numbers;

char *json_file(const char *path, size_t *size);
_Noreturn void json_bad(const json_text *j, const char *what);
bool json_take(json_text *j, char c);
void json_need(json_text *j, char c, const char *what);
const char *json_string(json_text *j, char *out, size_t room);
bool json_rational(mpq_t q, const char *s);
void json_number(json_text *j, mpq_t q);
size_t json_numbers(json_text *j, numbers *list);
size_t json_rows(json_text *j, numbers *list, size_t *length);
int json_key(json_text *j, const char *const *key, int keys, unsigned *seen);

/* network.c */
typedef struct {
    size_t units;  /* the first rows, which have states */
    size_t rank;   /* of maxout, else 1 */
    size_t width;  /* all rows: behind the units pieces and carried units, but in the last layer */
    size_t skip;   /* rows of the layer below that are never passed on, its comparisons */
    size_t inputs; /* its rows behind these, or the network's inputs */
    mpz_t den;
    mpz_ptr num; /* width x (inputs + 1), the bias last; all over den */
} affine;

typedef struct {
    size_t inputs, layers; /* layers that switch, with the linear ones before each folded in */
    affine *layer;
    bool box;
    mpq_t *bound; /* lo, hi of every input */
    size_t halves;
    mpz_ptr half; /* halves x (inputs + 1), the constant last: >= 0 in the domain */
    uint8_t digest[32], domain[32];
} network;

void network_read(network *net, const char *path);

/* domain.c: R^n, a box or the domain in a file; the other two are NULL. */
void domain_read(network *net, const char *box, const char *path);
bool domain_spanned(const network *net, const bool *kept);

/* algebra.c. A solved system: den x[pivot[r]] = sum_j t[r][j] u_j + t[r][n] for all r < rows, where
 * j runs over the entries of column, and u_j is x_j, or the function that took its place. */
typedef struct {
    size_t n, rows, room, columns;
    size_t *pivot;
    size_t *column;   /* column[columns] is n, the constant */
    size_t *function; /* of coordinate j: NONE or the number of the function in its place */
    uint64_t version; /* of a flat: another one for each */
    bool known;       /* are the numbers? Else this is a shape. */
    mpz_t den;        /* positive */
    mpz_ptr t;        /* rows x (n + 1) */
} solved;

void solved_start(solved *s, size_t n);
void solved_restart(solved *s, const solved *flat);
void solved_express_at(const solved *s, mpz_srcptr g, size_t j, mpz_ptr v);
void solved_express(const solved *s, mpz_srcptr g, mpz_ptr v);
void solved_shape(solved *to, const solved *s, size_t p, size_t function);
void solved_exchange(solved *to, const solved *s, mpz_ptr v, size_t p, size_t function);
void solved_replace(solved *s, solved *spare, mpz_ptr v, size_t p, size_t function);
bool solved_add(solved *s, solved *spare, mpz_srcptr g, mpz_srcptr factor, size_t function,
                const size_t *taken, mpz_ptr v);

/* count.c: an arrangement. Rows of a flat have its dimension and 1 entries, the constant last. */
typedef struct counter counter;
counter *counter_new(size_t n);
mpz_ptr counter_row(counter *c, bool side, size_t dimension, size_t i); /* a side, or a line */
uint64_t counter_regions(counter *c, size_t dimension, size_t lines, size_t sides, mpz_srcptr one);

/* near_count.c: the same in dimension 1 or 2, by rows times positive numbers; 0 if it is not known.
 * Lines are used up; there is room for all rows. */
typedef struct {
    int64_t word[3];
    uint64_t error;
} near_line;

uint64_t near_count(near_line *line, size_t lines, near_line *side, size_t sides, size_t dimension,
                    near_line *room);

/* dump.c: the certificate as text; it returns if it is complete, and proves nothing. */
void dump_text(stream *in);

/* The state of a check. */
typedef struct {
    unsigned version, kind;
    uint64_t number; /* of a trunk, its parts; of a part, which it is */
} head;

typedef struct {
    uint64_t number;
    stream *in;
    mpz_t claim, total;
} part_file;

/* near.c: integers x_j known up to an error: |x_j - word[j] 2^shift| <= error 2^shift. */
enum { NEAR_BITS = 56, NEAR_ERROR_BITS = 40, NEAR_MOST = 64, MOST_TERMS = 1 << 14 };
_Static_assert(MOST_INPUTS + 1 < (int)MOST_TERMS, "rows have fewer terms");
#define NEAR_NOTHING ((uint64_t)1 << NEAR_ERROR_BITS) /* an error of which no use is made */
__extension__ typedef __int128 wide;
__extension__ typedef unsigned __int128 wide_size;

typedef struct {
    int64_t *word; /* at most 2^NEAR_BITS in size */
    size_t shift;
    uint64_t error;
} near;

static inline wide_size size_of(wide x)
{
    return x < 0 ? -(wide_size)x : (wide_size)x;
}

static inline int bits_of(wide_size x)
{
    uint64_t high = (uint64_t)(x >> 64), low = (uint64_t)x;
    return high ? 128 - __builtin_clzll(high) : low ? 64 - __builtin_clzll(low) : 0;
}

/* Words of the sums, each of which is right up to the error. They are rounded down. False if of no
 * use. The lower halves are looked at only if the upper ones are nothing but signs. */
static inline bool near_cut(near *to, const wide *sum, size_t count, wide_size error)
{
    uint64_t high = 0, low = 0;
    for (size_t j = 0; j < count; j++)
        high |= (uint64_t)((sum[j] >> 64) ^ (sum[j] >> 127));
    for (size_t j = 0; j < count && high == 0; j++)
        low |= (uint64_t)(sum[j] ^ (sum[j] >> 127));
    int bits = high ? 128 - __builtin_clzll(high) : bits_of(low),
        k = bits > NEAR_BITS ? bits - NEAR_BITS : 0;
    error = k ? (error >> k) + 2 : error;
    to->shift += (size_t)k;
    to->error = error < NEAR_NOTHING ? (uint64_t)error : NEAR_NOTHING;
    for (size_t j = 0; j < count; j++)
        to->word[j] = (int64_t)(sum[j] >> k);
    return to->error < NEAR_NOTHING;
}

/* Of a number that is right up to the error, or 0. */
static inline int near_beyond(wide x, wide_size error)
{
    if (size_of(x) <= error)
        return 0;
    return x > 0 ? 1 : -1;
}

/* The sum of products. If a = m + d and b = k + e, |d| <= D, |e| <= E, then |ab - mk| <= |m| E + |k| D + D E. */
static inline bool near_sum(const near *a, const near *b, size_t count, wide *sum, wide_size *error)
{
    wide total = 0;
    wide_size m = 0, k = 0;
    if (a->error >= NEAR_NOTHING || b->error >= NEAR_NOTHING || count >= MOST_TERMS)
        return false;
    for (size_t j = 0; j < count; j++) {
        total += (wide)a->word[j] * b->word[j];
        m += (uint64_t)llabs(a->word[j]);
        k += (uint64_t)llabs(b->word[j]);
    }
    *sum = total;
    *error = m * b->error + k * a->error + (wide_size)count * a->error * b->error;
    return true;
}

typedef struct {
    near row;        /* all rows of a layer, and its scale behind them */
    near weight;     /* all of its map, column by column, and the denominator behind them */
    wide *sum;       /* row before it is cut to words */
    wide_size weigh; /* at least the sum of the sizes of the weights of any row */
} near_layer;

/* Of a matrix, an inverse in words. */
typedef struct {
    size_t room;
    int64_t *word;   /* of the inverse times 2^power */
    uint64_t weigh;  /* at least the sum of the sizes of the words of any column */
    int power, bits; /* how many bits are right: see near_invert */
} near_inverse;

/* A row of a system. A simple one has no words: it is x_column - bound, or if negative
 * bound - x_column, times a positive number; the bounds are in words as 1 is. */
typedef struct {
    near words;
    size_t column;
    bool negative;
    int64_t bound;
    size_t number; /* of the row */
} near_row;

/* As many rows as coordinates, solved: see near_solve. */
typedef struct {
    size_t size, mixed, room;
    near_row *row;   /* first those that are mixed, not simple, for any other columns */
    int64_t *column; /* for each row as many words as rows are mixed, and one more */
    uint64_t error;  /* of the columns */
    near corner;
    wide_size weigh, weigh_corner; /* at least the sizes in a column, of words and errors */
    near_inverse inverse;
} near_system;

void near_integers(near *to, mpz_srcptr x, size_t count);
void near_start(near_layer *l, const affine *map, mpz_srcptr row, mpz_srcptr scale, size_t n);
int near_sign(const near *a, const near *b, size_t count); /* of the sum of products, or 0 */
void near_enter(near_layer *l, const near_layer *below, const affine *map, size_t n,
                const uint8_t *on, const uint8_t *had);
bool near_stretch(near *x, size_t count, int64_t *word); /* puts it into word */
bool near_invert(near_inverse *s, const near *row, size_t size);
bool near_solve(near_system *s, const near_row *row, size_t size, int64_t one, uint64_t error);
/* Is, for g = sum_i y_i a_i + t, the sign of t certainly 1, and of y_i that in want, unless this is 0?
 * Or all are the other way round. */
bool near_agree(const near_system *s, const near *g, const int8_t *want, bool negate);
bool near_meet(near_inverse *s, const near *function, size_t count, const size_t *entry,
               size_t length, const near *x, near *to);
int near_sign_at(const near *x, size_t j); /* of x_j, or 0 */

/* near_flat.c: flats of fewer than NEAR_MOST rows, and points, up to positive factors; false if
 * nothing is known. */
typedef struct {
    near table; /* the rows of the flat and den, or an error of NEAR_NOTHING */
    size_t room;
    wide_size weigh; /* at least the sum of the sizes in a column and of den, of words and errors */
    near row;        /* the latest function that is 0 here, on the flat above */
} near_flat;

void near_flat_start(near_flat *f, size_t n);
bool near_flat_exchange(near_flat *f, const near_flat *above, const solved *flat, wide *sum);
bool near_flat_express(const near_flat *f, const solved *flat, const near *g, near *to);
int near_flat_sign(const near_flat *f, const solved *flat, const near *g, size_t j); /* or 0 */
bool near_flat_lift(const near_flat *f, const solved *flat, const near *x, near *to);

enum { OFF, ON, PENDING, GONE, MOOT }; /* of a unit; GONE by CROSS or SAME */
enum { FLAT_SLOTS = 16 };              /* of the cache: for supports in flats, which do not last */

typedef struct {
    const affine *map; /* from the outputs of the layer below, or the inputs */
    size_t first;      /* the number of its first unit */
    mpz_t scale;       /* row = scale * pre-activation */
    mpz_ptr row;       /* width x (n + 1): functions of the kept inputs; see rows_exact */
    uint64_t *made;    /* for each row, for which version */
    near_layer near;   /* the rows, and scale */
    uint64_t version;  /* changes when the rows do */
    uint64_t below;    /* the version of the layer below ... */
    uint8_t *on;       /* ... and which of its rows are in these: all or nothing */
    size_t active;     /* how many of them */
    uint64_t judged;   /* the version for which it was found out: */
    bool independent;  /* are they linearly independent? */
} layer;

typedef struct {
    unsigned kind; /* SPLIT, CROSS or BRANCH */
    bool second;   /* in the second part of a SPLIT */
    size_t piece;  /* that wins, of a BRANCH */
    size_t unit, now, pending, trail, path, drops;
} open_node;

/* A support solved for; version tells for which rows. In near, the rows are those of the entries
 * and of the flat: functions of the kept inputs, or of the rows that are passed on to a layer. */
typedef struct {
    uint64_t version;
    size_t count, *entry;
    bool exact, nearly; /* is system solved, is near? */
    size_t *face;       /* that stands for a coordinate in system, or NONE */
    solved system;
    near_system near;
    uint64_t passed; /* 0, or the version of that layer */
} support;

typedef struct {
    stream *in; /* what is read: the trunk, or a whole certificate, or a part */
    stream *trunk;
    unsigned version, kind;
    uint64_t parts_of; /* how many parts the trunk has */
    part_file *part;   /* those given, ascending */
    size_t parts;
    part_file *inside; /* the one that is read, or NULL */
    size_t floor;      /* where its tree began in open */
    network *net;
    size_t n, units, *kept; /* kept inputs, all units */
    size_t faces, sides;    /* of the domain, the first ones of the box */
    size_t *scale, largest; /* x_j stands for kept input j over 2^scale_j; scale_n = 0 */
    layer *layer;
    size_t now, pending;   /* the layer, how many of its units are pending */
    size_t *home;          /* the layer of a unit */
    uint8_t *state, *on;   /* of a unit; room for which rows of a layer are passed on */
    size_t *trail, trails; /* units that are not pending, the latest last */
    size_t *path, paths;   /* those by SPLIT or BRANCH */
    bool *bounds;          /* of an entry: one of path, or a face, that was not dropped */
    size_t *drop, drops;   /* what was dropped on this cell, the latest last */
    struct name *name;     /* by NAME */
    solved whole;          /* nothing is solved */
    solved sum, spare;     /* of bounds; memory */
    size_t names, *unended, unendeds; /* and which of them have not ended, the innermost last */
    open_node *open;                  /* the nodes above */
    size_t opens;
    bool crossed; /* a CROSS on this cell is complete */
    solved *flat; /* its shape, behind those of the flats that it is part of; see rows_flat */
    size_t *zero; /* the units whose functions are 0 there, in the order of rows */
    near_flat *near_flat; /* for every flat above, by the number of its rows */
    near *half;           /* of every half-space */
    mpz_ptr bound;        /* of every face of the box, and 1, times a positive number */
    near near_bound;
    uint64_t clock; /* the latest version */
    support *cache;
    size_t slots, *entry;  /* of the cache; a support as it is read */
    mpz_ptr face, v, w, x; /* scratch rows */
    int64_t *word, *words; /* and words: of one, of NEAR_MOST */
    wide *sums;            /* of all rows of a flat */
    near_row *near_row;    /* of a system */
    int8_t *want;          /* the signs of its rows that prove that a unit is ON */
    near_line *line;       /* for near_count: lines, sides and room */
    near_inverse meeting;  /* memory */
    mpz_t total, claim, one, t;
    counter *counter;
    unsigned long long nodes[KINDS], bytes;
    size_t team, member; /* processes, and which one this is; 0: it is alone */
    uint64_t turn;       /* nodes so far */
} checker;

/* Of the work with this number, is it that of this process? */
static inline bool team_owns(const checker *c, uint64_t number)
{
    return c->team < 2 || number % c->team == c->member;
}

/* groups.c: maxout units, which are groups of comparisons; in layers of rank 1 there are none. */
size_t group_unit(const layer *l, size_t group, size_t s, size_t t); /* the comparison of pieces */
size_t group_of(const layer *l, size_t unit);
size_t group_loser(const layer *l, size_t unit, uint8_t state); /* the piece */
bool group_candidate(const checker *c, const layer *l, size_t group, size_t piece);
size_t group_candidates(const checker *c, const layer *l, size_t group);
bool group_none_crowded(const checker *c, const layer *l);
const uint8_t *group_outputs(checker *c, const layer *l); /* ON or OFF for every row */

/* rows.c: the rows of units and faces, and supports. */
mpz_srcptr rows_of(checker *c, size_t entry);
mpz_srcptr rows_exact(checker *c, size_t number, size_t row); /* of a layer */
bool rows_near_for(checker *c, const support *s, size_t entry, int64_t *room, near_row *to);
mpz_srcptr rows_on_flat(checker *c, const support *s, size_t entry);
bool rows_vanish(checker *c, size_t unit); /* on all of the flat */
void rows_enter(checker *c, size_t number);
const solved *rows_flat(checker *c); /* the flat with its numbers */
bool rows_cross(checker *c, size_t unit, size_t pivot);
const near_flat *rows_flat_words(const checker *c);
bool rows_near_on_flat(checker *c, size_t entry, near *to);
support *rows_solve(checker *c, size_t count);
void rows_solve_exactly(checker *c, support *s, bool plain);

/* Of an entry that is no face of the box, as rows_of, up to an error. */
static inline near rows_near(const checker *c, size_t entry)
{
    if (entry >= c->units)
        return c->half[entry - c->units - c->sides];
    const layer *l = &c->layer[c->home[entry]];
    near row = l->near.row;
    row.word += (entry - l->first) * (c->n + 1);
    return row;
}

/* support.c: reads a support and solves it; NULL if that is left to another process. It must prove that
 * the unit has this state. */
support *support_read(checker *c);
void support_need_state(checker *c, support *s, uint64_t unit, bool on);

/* point.c: reads a point into w, but the coordinates of the flat to be skipped, ascending; checks
 * that it is in the cell. point_meets: it will be where all pending functions are 0, which can be
 * solved for the coordinates in entry; false if that is not certain. */
void point_read(checker *c, const size_t *skip, size_t count);
void point_check(checker *c);
bool point_meets(checker *c);

/* alike.c: the nodes DROP, NAME and LIKE. */
void alike_drop(checker *c, uint64_t entry);
void alike_undo(checker *c, size_t drops); /* as many are left */
void alike_name(checker *c, uint64_t number);
void alike_end(checker *c); /* a cell at this depth has ended */
void alike_like(checker *c, uint64_t number);

/* parts.c: the files and their heads. With some, not all parts of the trunk need be given; else the
 * program stops. */
void parts_open(checker *c, char **path, size_t files, bool some, bool json);
void parts_sort(part_file *part, size_t count);
void parts_need_all(const char *name, uint64_t parts, const part_file *part, size_t count);
void parts_enter(checker *c, uint64_t number); /* if the part is given: goes on reading there */
void parts_leave(checker *c);
bool parts_claimed(const checker *c); /* do the trees prove the claims? */
void parts_end(checker *c); /* nothing is left, and, of a checker alone, the claims are proved */
void parts_add(checker *c); /* the numbers of the parts to the total */

/* verdict.c: prints a verdict; adds up the verdicts in files. */
void verdict_write(checker *c);
void verdict_sum(const network *net, char **path, size_t files, mpz_ptr total);

/* team.c: processes that share the nodes of a certificate. start, before the files are opened here:
 * so many processes (0: one for each processor if the files are large) run what is given with a
 * copy of c; NULL if one process is enough, or if a file cannot be opened twice. finish: true if
 * all of them ended well, read the same content, and their regions add up to the claims; these go
 * to the totals of c, whose files are open. */
typedef struct team team;
team *team_start(checker *c, size_t processes, char **path, size_t files,
                 void (*run)(checker *, char **, size_t));
bool team_finish(team *t, checker *c);

/* check.c: the tree behind the head; it returns if the tree proves the claim. */
void check_tree(checker *c);

#endif
