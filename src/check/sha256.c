/* SHA-256 (FIPS 180-4). */
#include <stdarg.h>
#include <stdio.h> /* before gmp.h */

#include "check.h"

#include <stdlib.h>
#include <string.h>

static const uint32_t round_constant[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

static uint32_t turn(uint32_t x, int by)
{
    return x >> by | x << (32 - by);
}

static void add_block(uint32_t state[8], const uint8_t *byte)
{
    uint32_t w[64], s[8];
    for (int i = 0; i < 16; i++, byte += 4)
        w[i] = (uint32_t)byte[0] << 24 | (uint32_t)byte[1] << 16 | (uint32_t)byte[2] << 8 | byte[3];
    for (int i = 16; i < 64; i++)
        w[i] = w[i - 16] + w[i - 7] + (turn(w[i - 15], 7) ^ turn(w[i - 15], 18) ^ w[i - 15] >> 3) +
               (turn(w[i - 2], 17) ^ turn(w[i - 2], 19) ^ w[i - 2] >> 10);
    memcpy(s, state, sizeof s);
    for (int i = 0; i < 64; i++) { /* s[j] of the standard is s[(j - i) % 8] */
        uint32_t *a = &s[-i & 7], b = s[(1 - i) & 7], c = s[(2 - i) & 7], *d = &s[(3 - i) & 7],
                 e = s[(4 - i) & 7], f = s[(5 - i) & 7], g = s[(6 - i) & 7], *h = &s[(7 - i) & 7];
        uint32_t one = *h + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + ((e & f) ^ (~e & g)) +
                       round_constant[i] + w[i];
        *d += one;
        *h = one + (turn(*a, 2) ^ turn(*a, 13) ^ turn(*a, 22)) + ((*a & b) ^ (*a & c) ^ (b & c));
    }
    for (int i = 0; i < 8; i++)
        state[i] += s[i];
}

void sha256_add(writing *t, const void *bytes, size_t count)
{
    static const uint32_t start[8] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                      0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
    const uint8_t *from = bytes;
    if (t->length == 0)
        memcpy(t->state, start, sizeof start);
    while (count > 0) {
        size_t had = t->length % 64, more = count < 64 - had ? count : 64 - had;
        memcpy(t->block + had, from, more);
        from += more;
        count -= more;
        t->length += more;
        if (t->length % 64 == 0)
            add_block(t->state, t->block);
    }
}

void sha256_put(writing *t, const char *format, ...)
{
    va_list list;
    char *more;
    va_start(list, format);
    size_t length = (size_t)gmp_vasprintf(&more, format, list);
    va_end(list);
    sha256_add(t, more, length);
    free(more);
}

void sha256_number(writing *t, mpq_srcptr q, char behind)
{
    char *text = mpq_get_str(NULL, 10, q);
    sha256_add(t, text, strlen(text));
    sha256_add(t, &behind, 1);
    free(text);
}

void sha256_end(writing *t, uint8_t digest[32])
{
    static const uint8_t mark[64] = {0x80};
    uint8_t bits[8];
    for (int i = 0; i < 8; i++)
        bits[i] = (uint8_t)(t->length << 3 >> (56 - 8 * i));
    sha256_add(t, mark, 1 + (119 - t->length % 64) % 64);
    sha256_add(t, bits, sizeof bits);
    for (int i = 0; i < 32; i++)
        digest[i] = (uint8_t)(t->state[i / 4] >> (24 - 8 * (i % 4)));
}

const char *sha256_hex(const uint8_t digest[32], char text[65])
{
    for (int i = 0; i < 32; i++)
        snprintf(text + 2 * i, 3, "%02x", digest[i]);
    return text;
}
