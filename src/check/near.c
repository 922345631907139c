/* Signs from the leading bits of integers. Whatever is not certain here is computed exactly.
 *
 * Near numbers x_j are known by words m_j of at most 2^NEAR_BITS in size: |x_j - m_j s| <= e s for
 * some s = 2^shift. Sums of products of words are below 2^126 in size, as there are fewer than 2^14
 * terms: no sum here overflows. Where there are more, nothing is known. */
#include "check.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_TERMS = 1 << 14 };

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

/* If a = m + d and b = k + e, |d| <= D, |e| <= E, then |ab - mk| <= |m| E + |k| D + D E. */
bool near_sum(const near *a, const near *b, size_t count, wide *sum, wide_size *error)
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

/* Words of the sums, each of which is right up to the error. They are rounded down. */
void near_cut(near *to, const wide *sum, size_t count, wide_size error)
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
}

int near_sign(const near *a, const near *b, size_t count)
{
    wide sum;
    wide_size error;
    if (!near_sum(a, b, count, &sum, &error) || size_of(sum) <= error)
        return 0;
    return sum > 0 ? 1 : -1;
}

/* Of x_j, which is near to a word. */
int near_sign_at(const near *x, size_t j)
{
    if (x->error >= NEAR_NOTHING || size_of(x->word[j]) <= x->error)
        return 0;
    return x->word[j] > 0 ? 1 : -1;
}

bool near_not_zero(const near *a, size_t count)
{
    for (size_t j = 0; j < count; j++)
        if (near_sign_at(a, j))
            return true;
    return false;
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
static bool stretch(near *x, size_t count, int64_t *word)
{
    uint64_t any = 0;
    for (size_t j = 0; j < count; j++)
        any |= (uint64_t)llabs(x->word[j]);
    int bits = bits_of(any), k = NEAR_BITS > bits ? NEAR_BITS - bits : 0;
    for (size_t j = 0; j < count; j++)
        word[j] = x->word[j] * ((int64_t)1 << k);
    if (bits == 0 || x->error > (NEAR_NOTHING - 1) >> k)
        return false;
    x->error <<= k;
    x->word = word;
    return true;
}

/* Gauss and Jordan, in floating point. Nobody relies on it: near_solve measures how good it is. */
static bool guess_inverse(const int64_t *word, size_t size, double b[NEAR_MOST][NEAR_MOST])
{
    double a[NEAR_MOST][NEAR_MOST], t;
    for (size_t i = 0; i < size; i++)
        for (size_t j = 0; j < size; j++) {
            a[i][j] = (double)word[i * size + j];
            b[i][j] = i == j;
        }
    for (size_t p = 0; p < size; p++) {
        size_t best = p;
        for (size_t i = p + 1; i < size; i++)
            best = fabs(a[i][p]) > fabs(a[best][p]) ? i : best;
        double pivot = a[best][p];
        if (pivot == 0)
            return false;
        for (size_t j = 0; j < size; j++) {
            t = a[best][j], a[best][j] = a[p][j], a[p][j] = t / pivot;
            t = b[best][j], b[best][j] = b[p][j], b[p][j] = t / pivot;
        }
        for (size_t i = 0; i < size; i++) {
            double factor = i == p ? 0 : a[i][p];
            for (size_t j = 0; factor != 0 && j < size; j++) {
                a[i][j] -= factor * a[p][j];
                b[i][j] -= factor * b[p][j];
            }
        }
    }
    return true;
}

/* 2^power times the guess, in words; the power, or -1. */
static int take_inverse(near_system *s, const int64_t *word, size_t size)
{
    double guess[NEAR_MOST][NEAR_MOST], largest = 0;
    int exponent;
    if (!guess_inverse(word, size, guess))
        return -1;
    for (size_t i = 0; i < size; i++)
        for (size_t k = 0; k < size; k++)
            if (!isfinite(guess[i][k]))
                return -1;
            else if (fabs(guess[i][k]) > largest)
                largest = fabs(guess[i][k]);
    frexp(largest, &exponent);
    int power = NEAR_BITS - exponent;
    if (power < 0 || power > 120)
        return -1;
    if (size > s->room) {
        s->inverse = base_resize(s->inverse, size * size, sizeof *s->inverse);
        s->room = size;
    }
    double factor = ldexp(1, power);
    s->weigh = 0;
    for (size_t k = 0; k < size; k++) {
        uint64_t weigh = 0;
        for (size_t i = 0; i < size; i++) {
            s->inverse[i * size + k] = (int64_t)(guess[i][k] * factor);
            weigh += (uint64_t)llabs(s->inverse[i * size + k]);
        }
        s->weigh = weigh > s->weigh ? weigh : s->weigh;
    }
    return power;
}

/* Let A be the matrix of the functions, times powers of 2, M its words, and B the inverse in words.
 * A B = 2^power (I + R) defines R, and |A B - M B| in a row is at most its error times weigh. If all
 * columns of |R| add up to at most 2^-bits, bits >= 1, then I + R is regular, and so is A. */
void near_solve(near_system *s, const near *row, size_t size)
{
    int64_t word[NEAR_MOST * NEAR_MOST];
    near a[NEAR_MOST];
    s->size = 0;
    for (size_t i = 0; i < size; i++) {
        a[i] = row[i];
        if (!stretch(&a[i], size, word + i * size))
            return;
    }
    int power = take_inverse(s, word, size);
    if (power < 0)
        return;
    wide_size most = 0;
    for (size_t k = 0; k < size; k++) {
        wide_size column = 0;
        for (size_t i = 0; i < size; i++) {
            wide sum = i == k ? -((wide)1 << power) : 0;
            for (size_t j = 0; j < size; j++)
                sum += (wide)a[i].word[j] * s->inverse[j * size + k];
            column += size_of(sum) + (wide_size)a[i].error * s->weigh;
        }
        most = column > most ? column : most;
    }
    s->bits = power - bits_of(most); /* most < 2^(power - bits) */
    if (s->bits >= 1)
        s->size = size;
}

/* y with y A = g, times a positive number. For z = 2^power y: z (I + R) = g B, so that z - g B =
 * -z R, whose components are at most 2^-bits max |z|; so max |z| <= 2 max |g B|. */
void near_express(const near_system *s, const near *g, near *y)
{
    wide product[NEAR_MOST];
    wide_size error = (wide_size)g->error * s->weigh, most = 0;
    assert(s->size > 0);
    for (size_t k = 0; k < s->size; k++) {
        wide sum = 0;
        for (size_t j = 0; j < s->size; j++)
            sum += (wide)g->word[j] * s->inverse[j * s->size + k];
        product[k] = sum;
        most |= size_of(sum); /* at least the largest */
    }
    y->shift = 0;
    near_cut(y, product, s->size, error + ((most + error) >> (s->bits - 1)) + 1);
    if (g->error >= NEAR_NOTHING)
        y->error = NEAR_NOTHING;
}
