/* --dump: the certificate as text. It follows the shape of the tree and proves nothing. */
#include "check.h"

#include <string.h>

enum { MAX_OPEN = 1 << 20, MAX_INDENT = 60 };

#define IN_FLAT UINT64_MAX

static unsigned long long print_number(stream *in)
{
    unsigned long long number = stream_number(in);
    printf(" %llu", number);
    return number;
}

/* Entries of a list; with states, each has one in its lowest bit. */
static void print_list(stream *in, uint64_t count, bool states)
{
    for (uint64_t next = 0; count > 0; count--) {
        uint64_t word = stream_entry(in, &next, (uint64_t)1 << 62, states);
        printf(states ? " %llu%c" : " %llu", (unsigned long long)next - 1, word & 1 ? '+' : '-');
    }
}

/* The kept inputs; *bits: those of a kind. */
static uint64_t print_head(stream *in, bool *part, unsigned *bits)
{
    static const char *const kind[] = {"whole", "trunk, parts", "part"};
    uint8_t bytes[32];
    uint64_t number = 0;
    char text[65];
    mpz_t claim;
    stream_bytes(in, bytes, 16);
    for (int i = 10; i < 16; i++)
        number = number << 8 | bytes[i];
    if (memcmp(bytes, "creasect", 8) || bytes[8] < 1 || bytes[8] > 2 || bytes[9] > PART)
        stream_reject(in, "this is no certificate of version 1 or 2");
    *bits = bytes[8] == 1 ? 3 : 4;
    *part = bytes[9] == PART;
    puts("# A certificate as text: offset, node. NOTHING IN IT WAS VERIFIED.");
    printf(bytes[9] == WHOLE ? "%s\n" : "%s %llu\n", kind[bytes[9]], (unsigned long long)number);
    stream_bytes(in, bytes, 32);
    printf("network %s\n", sha256_hex(bytes, text));
    stream_bytes(in, bytes, 32);
    printf("domain %s\n", sha256_hex(bytes, text));
    stream_bytes(in, bytes, 32);
    mpz_init(claim);
    mpz_import(claim, 32, 1, 1, 0, 0, bytes);
    gmp_printf("claim %Zd\nkept", claim);
    mpz_clear(claim);
    uint64_t kept = print_number(in);
    fputs(" :", stdout);
    print_list(in, kept, false);
    puts("");
    return kept;
}

static void print_signed(stream *in, const char *format)
{
    mpz_t m;
    mpz_init(m);
    stream_signed(in, m);
    gmp_printf(format, m);
    mpz_clear(m);
}

static void print_point(stream *in, uint64_t inputs)
{
    print_signed(in, " exponent %Zd, point");
    for (uint64_t i = 0; i < inputs; i++)
        print_signed(in, " %Zd");
}

/* Two maps, then how the bounds of either cell follow. */
static void print_likeness(stream *in, uint64_t inputs)
{
    print_point(in, inputs);
    for (int i = 0; i < 2; i++) {
        print_signed(in, i ? ", back 1/%Zd" : ", map 1/%Zd");
        for (uint64_t k = 0; k < inputs * (inputs + 1); k++)
            print_signed(in, " %Zd");
    }
    for (int i = 0; i < 2; i++) {
        fputs(", bounds", stdout);
        for (uint64_t bounds = print_number(in); bounds > 0; bounds--) {
            fputs(" by", stdout);
            print_list(in, print_number(in), false);
        }
    }
}

void dump_text(stream *in)
{
    static const char *const name[KINDS] = {"SPLIT",     "FORCE",  "CROSS", "SAME", "LEAF", "COUNT",
                                            "ELSEWHERE", "BRANCH", "DROP",  "NAME", "LIKE"};
    static uint64_t open[MAX_OPEN]; /* parts left in the nodes above, or IN_FLAT */
    bool part;
    unsigned bits;
    uint64_t left = print_head(in, &part, &bits);
    size_t depth = 0;
    do {
        unsigned long long at = stream_mark(in);
        uint64_t word = stream_number(in);
        unsigned kind = word & ((1u << bits) - 1);
        uint64_t k = word >> bits;
        if (kind >= KINDS)
            stream_reject(in, "node of unknown kind %u", kind);
        printf("%-8llu %*s%s %llu", at, depth < MAX_INDENT ? (int)depth : MAX_INDENT, "",
               name[kind], (unsigned long long)k);
        bool empty = kind == LEAF && k == 2;
        uint64_t parts = kind == SPLIT ? 2 : kind == CROSS ? IN_FLAT : 0;
        if (kind == FORCE || empty) {
            fputs(" by", stdout);
            print_list(in, print_number(in), false);
            fputs(" :", stdout);
            print_list(in, empty ? 1 : k, true);
        } else if (kind == CROSS || kind == SAME) {
            print_number(in);
        } else if (kind == BRANCH) {
            parts = print_number(in);
        } else if (kind == DROP) {
            fputs(" by", stdout);
            print_list(in, print_number(in), false);
        } else if (kind == LIKE) {
            print_likeness(in, left);
        } else if (kind == LEAF && (k == 0 || k == 3)) {
            uint64_t count = k == 3 ? print_number(in) : 0;
            print_list(in, count, false);
            if (count > left)
                stream_reject(in, "MEET for more coordinates than there are");
            print_point(in, left - count);
        }
        puts("");
        if (parts && depth == MAX_OPEN)
            base_stop("more than %d nodes above one another", MAX_OPEN);
        if (kind == CROSS && left-- == 0)
            stream_reject(in, "CROSS in dimension 0");
        if (parts)
            open[depth++] = parts;
        if (kind != LEAF && kind != COUNT && kind != ELSEWHERE && kind != LIKE)
            continue;
        while (depth > 0 && open[depth - 1] != IN_FLAT && --open[depth - 1] == 0)
            depth--;
        if (depth == 0 && !part)
            break;
        if (depth > 0 && open[depth - 1] == IN_FLAT) {
            depth--;
            left++;
        }
    } while (depth > 0 || !stream_ends(in));
    stream_mark(in);
    if (!stream_ends(in))
        stream_reject(in, "bytes after the last node");
}
