/* All short trees of certificates, put to crease-check: it must find none that proves a wrong
 * number.
 *
 * usage: exhaust [TREES]      how many to try for each network (default 30000)
 *
 * A tree grows by one byte as long as the checker says that it ends too early; shorter trees come
 * first.  Each byte is one of the first BYTES, which stand for all kinds of nodes. */
#include "fuzz/checker.h"
#include "fuzz/fuzz.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BYTES = 20, LONGEST = 24 };

typedef struct {
    const char *name, *box;
    uint64_t regions; /* by hand */
    const char *layers;
    int inputs;
} hand;

/* Below, the weights of hidden layers and their biases; the output is the sum of the last one. */
#define HIDDEN(activation, weight, bias)                                                           \
    "{\"activation\": " activation ", \"weight\": " weight ", \"bias\": " bias "}, "
#define SUM(weight) "{\"activation\": \"linear\", \"weight\": [" weight "], \"bias\": [0]}"
#define RELU "\"relu\""

static const hand hands[] = {
    {"0 and 1 on a line", NULL, 3, HIDDEN(RELU, "[[1], [1]]", "[0, -1]") SUM("[1, 1]"), 1},
    {"1 at the end of the box", "-1:1", 2, HIDDEN(RELU, "[[1], [1]]", "[0, -1]") SUM("[1, 1]"), 1},
    {"0 twice", NULL, 2, HIDDEN(RELU, "[[1], [-2]]", "[0, 0]") SUM("[1, 1]"), 1},
    {"a constant", "0:1", 2, HIDDEN(RELU, "[[2], [0]]", "[-1, 1]") SUM("[1, 1]"), 1},
    {"two layers", NULL, 3, HIDDEN(RELU, "[[1]]", "[0]") HIDDEN(RELU, "[[1]]", "[-1]") SUM("[1]"),
     1},
    {"two axes", NULL, 4, HIDDEN(RELU, "[[1, 0], [0, 1]]", "[0, 0]") SUM("[1, 1]"), 2},
    {"parallel lines", "-2:2", 3, HIDDEN(RELU, "[[1, 1], [1, 1]]", "[0, 1]") SUM("[1, 1]"), 2},
    {"max(x, -x)", NULL, 2, HIDDEN("\"maxout\", \"rank\": 2", "[[1], [-1]]", "[0, 0]") SUM("[1]"),
     1},
};

static checker_case *open_hand(const hand *h)
{
    char text[1024];
    int length =
        snprintf(text, sizeof text, "{\"input\": %d, \"layers\": [%s]}", h->inputs, h->layers);
    return checker_open(fuzz_file((const uint8_t *)text, (size_t)length), h->box);
}

/* False if there is a wrong tree, or no right one. */
static bool try_all(const hand *h, size_t trees)
{
    typedef struct {
        uint8_t byte[LONGEST], count;
    } tree;
    checker_case *from = open_hand(h);
    tree *list = calloc(trees + BYTES, sizeof *list);
    uint8_t file[CHECKER_HEAD + LONGEST];
    size_t known = 1, accepted = 0;
    fuzz_claim(list, "out of memory");
    checker_head(from, h->regions, file);
    for (size_t next = 0; next < known && next < trees; next++) {
        const tree *t = &list[next];
        memcpy(file + CHECKER_HEAD, t->byte, t->count);
        checker_verdict verdict =
            checker_certificate(from, fuzz_file(file, CHECKER_HEAD + (size_t)t->count));
        if (checker_wrong_number(&verdict)) {
            printf("%s: %s\n    tree:", h->name, verdict.line);
            for (int i = 0; i < t->count; i++)
                printf(" %d", t->byte[i]);
            puts("");
            return false;
        }
        accepted += verdict.status == 0;
        bool grows = strstr(verdict.line, "ends too early") && t->count < LONGEST && known < trees;
        for (uint8_t byte = 0; grows && byte < BYTES; byte++) {
            list[known] = *t;
            list[known].byte[list[known].count++] = byte;
            known++;
        }
    }
    printf("%s: %zu of %zu trees are right\n", h->name, accepted, known < trees ? known : trees);
    free(list);
    return accepted > 0;
}

int main(int argc, char **argv)
{
    size_t trees = argc > 1 ? strtoul(argv[1], NULL, 10) : 30000;
    bool good = true;
    for (size_t i = 0; i < sizeof hands / sizeof *hands; i++)
        good = try_all(&hands[i], trees) && good;
    return good ? EXIT_SUCCESS : EXIT_FAILURE;
}
