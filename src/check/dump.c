/* --dump: the certificate as text. It follows the shape of the tree and proves nothing. */
#include "check.h"

#include <stdio.h>
#include <string.h>

enum { MAX_OPEN = 1 << 20, MAX_INDENT = 60 };

/* Prints count entries of a list; with states, each is 2 d + s. */
static void print_list(stream *in, uint64_t count, bool states)
{
    uint64_t least = 0;
    for (uint64_t i = 0; i < count; i++) {
        uint64_t word = stream_number(in), entry = least + (states ? word >> 1 : word);
        if (entry > (uint64_t)1 << 62)
            reject(in, "a list entry is too large");
        printf(states ? " %llu%s" : " %llu", (unsigned long long)entry, word & 1 ? "+" : "-");
        least = entry + 1;
    }
}

static uint64_t print_head(stream *in)
{
    uint8_t bytes[32];
    char text[65];
    stream_bytes(in, bytes, 16);
    if (memcmp(bytes, "creasect\1\0\0\0\0\0\0", 16))
        reject(in, "this is no certificate of version 1");
    puts("# A certificate as text. Nothing in it was verified.");
    stream_bytes(in, bytes, 32);
    printf("network %s\n", hex(bytes, text));
    stream_bytes(in, bytes, 32);
    printf("domain %s\n", hex(bytes, text));
    mpz_t claim;
    mpz_init(claim);
    stream_bytes(in, bytes, 32);
    mpz_import(claim, 32, 1, 1, 0, 0, bytes);
    gmp_printf("claim %Zd\nkept", claim);
    mpz_clear(claim);
    uint64_t kept = stream_number(in);
    print_list(in, kept, false);
    puts("");
    return kept;
}

static void print_point(stream *in, uint64_t count)
{
    mpz_t m;
    mpz_init(m);
    stream_signed(in, m);
    gmp_printf(" exponent %Zd point", m);
    for (uint64_t j = 0; j < count; j++) {
        stream_signed(in, m);
        gmp_printf(" %Zd", m);
    }
    mpz_clear(m);
}

void dump(stream *in)
{
    static const char *const name[8] = {"SPLIT", "FORCE", "CROSS", "SAME", "LEAF", "COUNT"};
    uint64_t left = print_head(in);
    /* Open nodes: SPLIT before and SAME, in want of a better mark, after its first sub-tree; CROSS. */
    static uint8_t open[MAX_OPEN];
    for (size_t depth = 0;;) {
        unsigned long long at = stream_mark(in);
        uint64_t word = stream_number(in);
        int indent = depth < MAX_INDENT ? (int)depth : MAX_INDENT;
        unsigned tag = word & 7;
        if (tag >= KINDS)
            reject(in, "node of unknown kind %u", tag);
        printf("%llu %*s%s %llu", at, indent, "", name[tag], (unsigned long long)(word >> 3));
        if (tag == FORCE) {
            fputs(" by", stdout);
            print_list(in, stream_number(in), false);
            fputs(" :", stdout);
            print_list(in, word >> 3, true);
        } else if (tag == CROSS || tag == SAME) {
            printf(" %llu", (unsigned long long)stream_number(in));
        } else if (tag == LEAF && word == LEAF) {
            print_point(in, left);
        }
        puts("");
        if (tag == SPLIT || tag == CROSS) {
            if (depth == MAX_OPEN || (tag == CROSS && left == 0))
                reject(in, "more than %d open nodes, or CROSS in a point", MAX_OPEN);
            left -= tag == CROSS;
            open[depth++] = (uint8_t)tag;
        } else if (tag == LEAF || tag == COUNT) {
            while (depth > 0 && open[depth - 1] == SAME)
                depth--;
            if (depth == 0)
                break;
            if (open[depth - 1] == SPLIT) {
                open[depth - 1] = SAME;
            } else {
                left++;
                depth--;
            }
        }
    }
    if (!stream_ends(in))
        reject(in, "bytes after the last node");
}
