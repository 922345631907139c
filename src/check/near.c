/* Signs from the leading bits of integers. Whatever is not certain here is computed exactly.
 *
 * Near numbers x_j are known by words m_j of at most 2^NEAR_BITS in size: |x_j - m_j s| <= e s for
 * some s = 2^shift. Sums of products of words are below 2^126 in size, as there are fewer than 2^14
 * terms: no sum here overflows. Where there are more, nothing is known. */
#include "check.h"

#include <math.h>
#include <string.h>

_Static_assert(GMP_NUMB_BITS == 64, "near_integers takes limbs of 64 bits");

static wide_size size_of(wide x)
{
    return x < 0 ? -(wide_size)x : (wide_size)x;
}

static int bits_of(wide_size x)
{
    uint64_t high = (uint64_t)(x >> 64), low = (uint64_t)x;
    return high ? 128 - __builtin_clzll(high) : low ? 64 - __builtin_clzll(low) : 0;
}

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

/* Words of the sums, each of which is right up to the error. They are rounded down. False if of no use. */
bool near_cut(near *to, const wide *sum, size_t count, wide_size error)
{
    wide_size any = 0;
    for (size_t j = 0; j < count; j++)
        any |= size_of(sum[j]);
    int bits = bits_of(any), k = bits > NEAR_BITS ? bits - NEAR_BITS : 0;
    error = k ? (error >> k) + 2 : error;
    to->shift += (size_t)k;
    to->error = error < NEAR_NOTHING ? (uint64_t)error : NEAR_NOTHING;
    for (size_t j = 0; j < count; j++)
        to->word[j] = (int64_t)(sum[j] >> k);
    return to->error < NEAR_NOTHING;
}

int near_beyond(wide x, wide_size error)
{
    if (size_of(x) <= error)
        return 0;
    return x > 0 ? 1 : -1;
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
    l->weight = words_of(map->num, map->width * terms, map->den);
    l->weigh = size_of(l->weight.word[map->width * terms]);
    for (size_t u = 0; u < map->width; u++) {
        wide_size weigh = 0;
        for (size_t i = 0; i < terms; i++)
            weigh += size_of(l->weight.word[u * terms + i]);
        l->weigh = weigh > l->weigh ? weigh : l->weigh;
    }
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
        l->sum[u * length + n] = (wide)l->weight.word[u * terms + map->inputs] * unit;
    }
    for (size_t i = 0; i < map->inputs; i++) {
        bool in = on[i] == ON, was = had && had[i] == ON;
        const int64_t *row = from->word + (map->skip + i) * length;
        for (size_t u = 0; u < map->width && in != was; u++) {
            int64_t weight = l->weight.word[u * terms + i], factor = in ? weight : -weight;
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
    for (size_t i = 0; i < size * size; i++) {
        double own = fabs(guess[i / size][i % size]);
        largest = own > largest || !isfinite(own) ? own : largest;
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
    s->row[size] = (near_row){.column = size, .number = size};
    return true;
}

/* All rows are independent if the square that the mixed ones have in the columns that no simple one
 * has is regular. */
bool near_solve(near_system *s, const near_row *row, size_t size, int64_t one, uint64_t error)
{
    int64_t word[NEAR_MOST * NEAR_MOST], *across;
    near square[NEAR_MOST];
    if (size >= s->room) {
        s->room = size + 1;
        s->row = base_resize(s->row, s->room, sizeof *s->row);
        s->corner.word = base_resize(s->corner.word, s->room, sizeof *s->corner.word);
        s->across = base_resize(s->across, s->room * (size < NEAR_MOST ? size : NEAR_MOST),
                                sizeof *s->across);
    }
    if (!sort_rows(s, row, size))
        return false;
    across = s->across;
    for (size_t k = 0; k < s->mixed; k++) {
        const near *from = &s->row[k].words;
        square[k] = (near){.word = word + k * s->mixed, .error = from->error};
        for (size_t i = 0; i < s->mixed; i++)
            square[k].word[i] = from->word[s->row[i].column];
        for (size_t i = s->mixed; i <= size; i++) {
            *across = from->word[s->row[i].column];
            s->row[i].weigh += (uint64_t)llabs(*across++) + from->error;
        }
    }
    for (size_t i = s->mixed; i < size; i++)
        s->corner.word[i - s->mixed] = s->row[i].bound;
    s->corner.word[size - s->mixed] = one;
    s->corner.error = error;
    return near_invert(&s->inverse, square, s->mixed);
}

/* Mixed rows: y A = g in the mixed columns; with z = 2^power y it is z (I + R) = g B, so that
 * z - g B = -z R, whose components are at most 2^-bits max |z|; so max |z| <= 2 max |g B|. Simple rows and 1: what
 * is left, h = g - sum_k y_k A_k, is 0 in the mixed columns. So a simple row with the coefficient u in its
 * column p has y u = h_p; and t is the value of h at the corner, where the simple rows are 0. Here h is
 * times 2^power over that of the words of z. */
void near_signs(const near_system *s, const near *g, int *sign)
{
    size_t mixed = s->mixed, simple = s->size - mixed;
    const near_row *row = s->row;
    int64_t word[NEAR_MOST], left[MOST_INPUTS + 1];
    near z = {.word = word}, h = {.word = left};
    wide product[NEAR_MOST], rest[MOST_INPUTS + 1];
    wide_size error = (wide_size)g->error * s->inverse.weigh, most = 0, rows = 0;
    uint64_t any = g->error;
    memset(sign, 0, (s->size + 1) * sizeof *sign);
    if (g->error >= NEAR_NOTHING)
        return;
    product[0] = 0; /* if there are no mixed rows */
    for (size_t k = 0; k < mixed; k++) {
        wide sum = 0;
        for (size_t j = 0; j < mixed; j++)
            sum += (wide)g->word[row[j].column] * s->inverse.word[j * mixed + k];
        product[k] = sum;
        most |= size_of(sum); /* at least the largest */
    }
    error += ((most + error) >> (s->inverse.bits - 1)) + 1;
    near_cut(&z, product, mixed, error);
    for (size_t k = 0; k < mixed; k++) {
        sign[row[k].number] = near_beyond(product[k], error);
        rows += (wide_size)(uint64_t)llabs(word[k]) * row[k].words.error;
    }
    for (size_t i = mixed; i <= s->size; i++)
        any |= (uint64_t)llabs(g->word[row[i].column]);
    int shift = s->inverse.power - (int)z.shift;
    if (z.error >= NEAR_NOTHING || shift < 0 || shift + bits_of(any) > 120)
        return;
    most = 0;
    for (size_t i = 0; i <= simple; i++) {
        const near_row *own = &row[mixed + i];
        wide sum = g->word[own->column] * ((wide)1 << shift);
        for (size_t k = 0; k < mixed; k++)
            sum -= (wide)word[k] * s->across[k * (simple + 1) + i];
        error = ((wide_size)g->error << shift) + rows + own->weigh * z.error;
        most = error > most ? error : most;
        rest[i] = sum;
        sign[own->number] = near_beyond(own->negative ? -sum : sum, error);
    }
    near_cut(&h, rest, simple + 1, most);
    sign[s->size] = near_sign(&h, &s->corner, simple + 1);
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
    for (size_t i = 0; i < count; i++) {
        row[i] = (near){.word = word + i * count, .error = function[i].error};
        for (size_t k = 0; k < count; k++)
            row[i].word[k] = function[i].word[entry[k]];
        if (!near_sum(&function[i], x, length, &sum[i], &own))
            return false;
        error = own > error ? own : error;
    }
    bool regular = near_invert(s, row, count);
    bool known = near_cut(&b, sum, count, error);
    int shift = s->power - (int)b.shift;
    if (!regular || !known || shift < 0 || shift > 64)
        return false;
    for (size_t i = 0; i < count; i++)
        weigh += (uint64_t)llabs(right[i]) + b.error;
    for (size_t j = 0; j < length; j++)
        sum[j] = x->word[j] * ((wide)1 << shift);
    for (size_t k = 0; k < count; k++) {
        sum[entry[k]] = 0;
        for (size_t i = 0; i < count; i++)
            sum[entry[k]] -= (wide)s->word[k * count + i] * right[i];
    }
    error = s->weigh * ((weigh >> (s->bits - 1)) + 1 + (wide_size)count * b.error);
    own = (wide_size)x->error << shift;
    return near_cut(to, sum, length, error > own ? error : own);
}
