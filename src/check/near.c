/* Signs from the leading bits of integers. Whatever is not certain here is computed exactly.
 *
 * Near numbers x_j are known by words m_j of at most 2^NEAR_BITS in size: |x_j - m_j s| <= e s for
 * some s = 2^shift. Sums of products of words are below 2^126 in size, as there are fewer than 2^14
 * terms: no sum here overflows. Where there are more, nothing is known. */
#include "check.h"

#include <math.h>
#include <string.h>

_Static_assert(GMP_NUMB_BITS == 64, "near_integers takes limbs of 64 bits");

/* The words are cut off: an error below 1, or none. */
void near_integers(near *to, mpz_srcptr x, size_t count)
{
    size_t bits = 0;
    for (size_t j = 0; j < count; j++) {
        size_t own = mpz_sizeinbase(x + j, 2);
        bits = own > bits ? own : bits;
    }
    to->shift = bits > NEAR_BITS ? bits - NEAR_BITS : 0;
    to->error = to->shift > 0;
    for (size_t j = 0; j < count; j++) {
        size_t limb = to->shift / 64, bit = to->shift % 64;
        uint64_t word = mpz_getlimbn(x + j, (mp_size_t)limb) >> bit;
        if (bit)
            word |= mpz_getlimbn(x + j, (mp_size_t)limb + 1) << (64 - bit);
        to->word[j] = mpz_sgn(x + j) < 0 ? -(int64_t)word : (int64_t)word;
    }
}

int near_sign(const near *a, const near *b, size_t count)
{
    wide sum;
    wide_size error;
    return near_sum(a, b, count, &sum, &error) ? near_beyond(sum, error) : 0;
}

/* Of x_j, which is near to a word. */
int near_sign_at(const near *x, size_t j)
{
    return x->error < NEAR_NOTHING ? near_beyond(x->word[j], x->error) : 0;
}

/* Words of integers and of one more behind them. */
static near words_of(mpz_srcptr x, size_t count, mpz_srcptr last)
{
    near all = {.word = base_allocate(count + 1, sizeof *all.word)};
    mpz_ptr view = base_allocate(count + 1, sizeof *view);
    memcpy(view, x, count * sizeof *view);
    view[count] = *last;
    near_integers(&all, view, count + 1);
    free(view);
    return all;
}

/* The rows of the first layer are given; those of others depend on the layer below. */
void near_start(near_layer *l, const affine *map, mpz_srcptr row, mpz_srcptr scale, size_t n)
{
    size_t count = map->width * (n + 1), terms = map->inputs + 1;
    if (row) {
        l->row = words_of(row, count, scale);
        return;
    }
    l->row.word = base_allocate(count + 1, sizeof *l->row.word);
    l->sum = base_allocate(count + 1, sizeof *l->sum);
    near all = words_of(map->num, map->width * terms, map->den);
    l->weight = all;
    l->weight.word = base_allocate(map->width * terms + 1, sizeof *all.word);
    l->weigh = size_of(l->weight.word[map->width * terms] = all.word[map->width * terms]);
    for (size_t u = 0; u < map->width; u++) {
        wide_size weigh = 0;
        for (size_t i = 0; i < terms; i++) {
            l->weight.word[i * map->width + u] = all.word[u * terms + i];
            weigh += size_of(all.word[u * terms + i]);
        }
        l->weigh = weigh > l->weigh ? weigh : l->weigh;
    }
    free(all.word);
}

/* The rows of a layer: sums of the rows below that are passed on, and the bias times the scale
 * below. The sums are exact sums of words; if had is given, it says which rows they are of.
 * Errors: if w = m + d and p = k + e as in near_sign, |wp - mk| <= |m| E + D (2^NEAR_BITS + E). */
void near_enter(near_layer *l, const near_layer *below, const affine *map, size_t n,
                const uint8_t *on, const uint8_t *had)
{
    size_t terms = map->inputs + 1, length = n + 1, last = map->width * length;
    const near *from = &below->row;
    int64_t unit = from->word[(map->skip + map->inputs) * length];
    l->row.error = NEAR_NOTHING;
    if (from->error == NEAR_NOTHING || terms >= MOST_TERMS)
        return;
    for (size_t u = 0; u < map->width && !had; u++) {
        memset(l->sum + u * length, 0, length * sizeof *l->sum);
        l->sum[u * length + n] = (wide)l->weight.word[map->inputs * map->width + u] * unit;
    }
    for (size_t i = 0; i < map->inputs; i++) {
        bool in = on[i] == ON, was = had && had[i] == ON;
        const int64_t *row = from->word + (map->skip + i) * length;
        for (size_t u = 0; u < map->width && in != was; u++) {
            int64_t weight = l->weight.word[i * map->width + u], factor = in ? weight : -weight;
            for (size_t j = 0; j < length; j++)
                l->sum[u * length + j] += (wide)factor * row[j];
        }
    }
    l->sum[last] = (wide)l->weight.word[map->width * terms] * unit;
    l->row.shift = from->shift + l->weight.shift;
    near_cut(&l->row, l->sum, last + 1,
             l->weigh * from->error +
                 terms * (wide_size)l->weight.error * (((uint64_t)1 << NEAR_BITS) + from->error));
}

/* x becomes x 2^k, with words as large as may be. False if nothing is known of it. */
bool near_stretch(near *x, size_t count, int64_t *word)
{
    uint64_t any = 0;
    for (size_t j = 0; j < count; j++)
        any |= (uint64_t)llabs(x->word[j]);
    int bits = bits_of(any), k = NEAR_BITS > bits ? NEAR_BITS - bits : 0;
    if (bits == 0 || x->error > (NEAR_NOTHING - 1) >> k)
        return false;
    for (size_t j = 0; j < count; j++)
        word[j] = x->word[j] * ((int64_t)1 << k);
    x->error <<= k;
    x->word = word;
    return true;
}

/* Gauss and Jordan, in floating point and in place. Nobody relies on it: near_invert measures how
 * good it is. */
static bool guess_inverse(const near *row, size_t size, double a[NEAR_MOST][NEAR_MOST])
{
    size_t from[NEAR_MOST];
    double t;
    for (size_t i = 0; i < size; i++)
        for (size_t j = 0; j < size; j++)
            a[i][j] = (double)row[i].word[j];
    for (size_t p = 0; p < size; p++) {
        size_t best = p;
        for (size_t i = p + 1; i < size; i++)
            best = fabs(a[i][p]) > fabs(a[best][p]) ? i : best;
        if (a[best][p] == 0)
            return false;
        from[p] = best;
        for (size_t j = 0; j < size; j++)
            t = a[best][j], a[best][j] = a[p][j], a[p][j] = t;
        t = 1 / a[p][p];
        a[p][p] = 1;
        for (size_t j = 0; j < size; j++)
            a[p][j] *= t;
        for (size_t i = 0; i < size; i++) {
            t = i == p ? 0 : a[i][p];
            a[i][p] = i == p ? a[i][p] : 0;
            for (size_t j = 0; t != 0 && j < size; j++)
                a[i][j] -= t * a[p][j];
        }
    }
    for (size_t p = size; p-- > 0;)
        for (size_t i = 0; i < size && from[p] != p; i++)
            t = a[i][p], a[i][p] = a[i][from[p]], a[i][from[p]] = t;
    return true;
}

/* 2^power times the guess, in words; the power, or -1. */
static int take_inverse(near_inverse *s, const near *row, size_t size)
{
    double guess[NEAR_MOST][NEAR_MOST], largest = 0;
    int exponent;
    if (!guess_inverse(row, size, guess))
        return -1;
    for (size_t i = 0; i < size; i++)
        for (size_t j = 0; j < size; j++) {
            double own = fabs(guess[i][j]);
            largest = own > largest || !isfinite(own) ? own : largest; /* or not a number */
        }
    if (!isfinite(largest))
        return -1;
    frexp(largest, &exponent);
    int power = NEAR_BITS - exponent;
    if (power < 0 || power > 120)
        return -1;
    if (size > s->room) {
        s->word = base_resize(s->word, size * size, sizeof *s->word);
        s->room = size;
    }
    double factor = ldexp(1, power);
    s->weigh = 0;
    for (size_t k = 0; k < size; k++) {
        uint64_t weigh = 0;
        for (size_t i = 0; i < size; i++) {
            s->word[i * size + k] = (int64_t)(guess[i][k] * factor);
            weigh += (uint64_t)llabs(s->word[i * size + k]);
        }
        s->weigh = weigh > s->weigh ? weigh : s->weigh;
    }
    return power;
}

/* Let A be the matrix, M its words, and B the inverse in words. A B = 2^power (I + R) defines R, and
 * |A B - M B| in a row is at most its error times weigh. If all columns of |R| add up to at most
 * 2^-bits, bits >= 1, then I + R is regular, and so is A: only then true. */
bool near_invert(near_inverse *s, const near *row, size_t size)
{
    wide_size most = 0;
    s->power = take_inverse(s, row, size);
    for (size_t k = 0; k < size && s->power >= 0; k++) {
        wide_size column = 0;
        for (size_t i = 0; i < size; i++) {
            wide sum = i == k ? -((wide)1 << s->power) : 0;
            for (size_t j = 0; j < size; j++)
                sum += (wide)row[i].word[j] * s->word[j * size + k];
            column += size_of(sum) + (wide_size)row[i].error * s->weigh;
        }
        most = column > most ? column : most;
    }
    s->bits = s->power - bits_of(most); /* most < 2^(power - bits) */
    return s->bits >= 1;
}

/* Simple rows have columns of their own; the others are mixed. */
static bool sort_rows(near_system *s, const near_row *row, size_t size)
{
    bool taken[MOST_INPUTS];
    size_t simple = 0, columns = 0;
    memset(taken, false, size);
    s->size = size;
    s->mixed = 0;
    for (size_t i = 0; i < size; i++) {
        bool mixed = row[i].words.word;
        if (mixed ? s->mixed == NEAR_MOST : taken[row[i].column])
            return false;
        near_row *to = &s->row[mixed ? s->mixed++ : size - ++simple];
        *to = row[i];
        to->number = i;
        if (!mixed)
            taken[to->column] = true;
    }
    for (size_t j = 0; j < size; j++)
        if (!taken[j])
            s->row[columns++].column = j;
    return true;
}

static wide product(const int64_t *a, const int64_t *b, size_t count)
{
    wide sum = 0;
    for (size_t j = 0; j < count; j++)
        sum += (wide)a[j] * b[j];
    return sum;
}

/* The point at which the functions, as many as coordinates in entry, are 0, with the other
 * coordinates of x, which is 0 in these: times a positive number. With A of the coefficients at
 * entry, A y = -b. For v = (I + R)^-1 b it is 2^power y = -B v, and v - b = -R v. The sizes in v add
 * up to at most 2 |b|, where |b| is the sum of the sizes in b; so those in v - b to 2 |b| / 2^bits. */
bool near_meet(near_inverse *s, const near *function, size_t count, const size_t *entry,
               size_t length, const near *x, near *to)
{
    int64_t word[NEAR_MOST * NEAR_MOST], right[NEAR_MOST];
    near row[NEAR_MOST], b = {.word = right};
    wide sum[MOST_INPUTS + 1];
    wide_size error = 0, own, weigh = 0;
    row[0].word = word; /* if there are no functions */
    sum[0] = 0;
    for (size_t i = 0; i < count; i++) {
        row[i] = (near){.word = word + i * count, .error = function[i].error};
        for (size_t k = 0; k < count; k++)
            row[i].word[k] = function[i].word[entry[k]];
        if (!near_sum(&function[i], x, length, &sum[i], &own))
            return false;
        error = own > error ? own : error;
    }
    bool regular = near_invert(s, row, count), known = near_cut(&b, sum, count, error);
    int shift = s->power - (int)b.shift, less = shift > 64 ? shift - 64 : 0;
    if (!regular || !known || shift < 0)
        return false;
    for (size_t i = 0; i < count; i++)
        weigh += (uint64_t)llabs(right[i]) + b.error;
    for (size_t j = 0; j < length; j++)
        sum[j] = x->word[j] * ((wide)1 << (shift - less));
    for (size_t k = 0; k < count; k++)
        sum[entry[k]] = -product(s->word + k * count, right, count) >> less;
    error = s->weigh * ((weigh >> (s->bits - 1)) + 1 + (wide_size)count * b.error);
    error = (error >> less) + 2;
    own = (wide_size)x->error << (shift - less);
    return near_cut(to, sum, length, error > own ? error : own);
}

/* See near_solve. False if nothing is known. */
static bool take_columns(near_system *s)
{
    const near_inverse *b = &s->inverse;
    size_t mixed = s->mixed, length = mixed + 1;
    uint64_t most = 0;
    wide sum[NEAR_MOST + 1];
    for (size_t j = 0; j < mixed; j++)
        for (size_t k = 0; k < mixed; k++) {
            uint64_t own = (uint64_t)llabs(b->word[j * mixed + k]);
            s->column[k * length + j] = b->word[j * mixed + k];
            most = own > most ? own : most;
        }
    uint64_t error = (uint64_t)((wide_size)most >> (b->bits - 1)) + 1;
    s->error = error;
    s->weigh = b->weigh + mixed * (wide_size)error;
    for (size_t i = mixed; i < s->size; i++) {
        near to = {.word = s->column + i * length};
        int sign = s->row[i].negative ? -1 : 1;
        wide_size sizes = 0, errors = 0, weigh = 0;
        memset(sum, 0, mixed * sizeof *sum);
        for (size_t k = 0; k < mixed; k++) {
            int64_t a = sign * s->row[k].words.word[s->row[i].column];
            sizes += (uint64_t)llabs(a) + s->row[k].words.error;
            errors += s->row[k].words.error;
            for (size_t j = 0; j < mixed; j++)
                sum[j] -= (wide)a * b->word[j * mixed + k];
        }
        sum[mixed] = sign * ((wide)1 << b->power);
        if (!near_cut(&to, sum, length, sizes * error + errors * most))
            return false;
        for (size_t j = 0; j < length; j++)
            weigh += (uint64_t)llabs(to.word[j]) + to.error;
        s->error = to.error > s->error ? to.error : s->error;
        s->weigh = weigh > s->weigh ? weigh : s->weigh;
    }
    return s->error < NEAR_NOTHING;
}

/* All rows are independent if the square that the mixed ones have in the columns that no simple one
 * has is regular. Then g = sum_i y_i a_i + t, and for every i a column of words has with the mixed
 * coordinates of g, and for a simple row its own coordinate, a sum that is y_i times a positive
 * number, up to the error; the corner, at which all rows are 0, has such a sum for t with all of g.
 *
 * Mixed rows: y A = g with 2^power A^-1 = B (I + R)^-1 = B - B X, X = R (I + R)^-1. The sizes in a
 * column of R add up to at most 2^-bits, in X to at most twice that: so B X is at most 2 most / 2^bits,
 * for the largest size in B. Simple rows: h = g - sum_k y_k a_k is 0 in the mixed columns, and for
 * the coefficient u > 0 or < 0 of row i in its column p it is y_i u = h_p. */
bool near_solve(near_system *s, const near_row *row, size_t size, int64_t one, uint64_t error)
{
    int64_t at[MOST_INPUTS + 1];
    near function[NEAR_MOST], x = {.word = at, .error = error};
    size_t entry[NEAR_MOST];
    if (size >= s->room) {
        s->room = size + 1;
        s->row = base_resize(s->row, size, sizeof *s->row);
        s->corner.word = base_resize(s->corner.word, size + 1, sizeof *s->corner.word);
        s->column = base_resize(s->column, size * ((size < NEAR_MOST ? size : NEAR_MOST) + 1),
                                sizeof *s->column);
    }
    if (!sort_rows(s, row, size))
        return false;
    at[size] = one;
    for (size_t i = 0; i < size; i++) {
        const near_row *own = &s->row[i];
        at[own->column] = i < s->mixed ? 0 : own->bound;
        if (i < s->mixed)
            function[i] = own->words, entry[i] = own->column;
    }
    s->corner.shift = 0;
    if (!near_meet(&s->inverse, function, s->mixed, entry, size + 1, &x, &s->corner) ||
        !take_columns(s))
        return false;
    s->weigh_corner = 0;
    for (size_t j = 0; j <= size; j++)
        s->weigh_corner += (uint64_t)llabs(s->corner.word[j]) + s->corner.error;
    return true;
}

bool near_agree(const near_system *s, const near *g, const int8_t *want, bool negate)
{
    size_t mixed = s->mixed, size = s->size;
    int64_t word[NEAR_MOST];
    const int64_t *at = mixed < size ? word : g->word, *column = s->column;
    wide_size sizes = 0;
    if (g->error >= NEAR_NOTHING)
        return false;
    for (size_t j = 0; j <= size; j++)
        sizes += (uint64_t)llabs(g->word[j]);
    for (size_t j = 0; at == word && j < mixed; j++)
        word[j] = g->word[s->row[j].column];
    wide error = (wide)(sizes * s->corner.error + g->error * s->weigh_corner),
         sum = product(g->word, s->corner.word, size + 1);
    if ((negate ? -sum : sum) <= error)
        return false;
    error = (wide)(sizes * s->error + g->error * s->weigh);
    for (size_t i = 0; i < size; i++, column += mixed + 1) {
        int wanted = negate ? -want[s->row[i].number] : want[s->row[i].number];
        sum = product(at, column, mixed);
        if (i >= mixed)
            sum += (wide)column[mixed] * g->word[s->row[i].column];
        if (wanted && (wanted > 0 ? sum : -sum) <= error)
            return false;
    }
    return true;
}
