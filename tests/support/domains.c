#include "domains.h"

#include "nets.h"
#include "oracle.h"
#include "rational.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_HALVES = 12 };

typedef struct {
    const oracle_net *net;
    int n, count;
    mpq_t *row; /* a_1, ..., a_n, b */
    uint64_t state;
} halves;

static mpq_t *next_row(halves *h)
{
    return h->row + h->count++ * (h->n + 1);
}

static void add_plain(halves *h)
{
    mpq_t *row = next_row(h);
    bool zero = true;
    while (zero)
        for (int j = 0; j < h->n; j++) {
            long a = nets_between(&h->state, -3, 3);
            mpq_set_si(row[j], a, 1);
            zero = zero && a == 0;
        }
    mpq_set_si(row[h->n], nets_between(&h->state, -1, 5), 1);
}

/* w.x + c >= shift, or <=, for a unit of the first layer; a plain one if the unit is constant. */
static void add_unit(halves *h)
{
    int u = (int)nets_between(&h->state, 0, h->net->layer[0].width - 1);
    long sign = nets_between(&h->state, 0, 1) ? 1 : -1, shift = nets_between(&h->state, -1, 1);
    mpq_t *row = h->row + h->count * (h->n + 1), sides;
    bool zero = true;
    mpq_init(sides);
    mpq_set_si(sides, -sign, 1);
    for (int j = 0; j < h->n; j++) {
        mpq_mul(row[j], *nets_at(h->net, 0, u, j), sides);
        zero = zero && !mpq_sgn(row[j]);
    }
    mpq_neg(sides, sides);
    mpq_mul(row[h->n], *nets_at(h->net, 0, u, h->n), sides);
    mpq_set_si(sides, shift, 2);
    mpq_canonicalize(sides);
    mpq_sub(row[h->n], row[h->n], sides);
    mpq_clear(sides);
    h->count++;
    if (zero) {
        h->count--;
        add_plain(h);
    }
}

/* Sets b so that the face of the last row passes through x. */
static void pass_through(halves *h, mpq_t *x)
{
    mpq_t *row = h->row + (h->count - 1) * (h->n + 1), term;
    mpq_init(term);
    mpq_set_ui(row[h->n], 0, 1);
    for (int j = 0; j < h->n; j++) {
        mpq_mul(term, row[j], x[j]);
        mpq_add(row[h->n], row[h->n], term);
    }
    mpq_clear(term);
}

/* A face through a point where as many hyperplanes meet as there are inputs, if they do. */
static void add_vertex(halves *h)
{
    size_t n = (size_t)h->n, *pivot = calloc(n + 1, sizeof *pivot);
    mpq_t *matrix = oracle_zeros(n * (n + 1)), *x = oracle_zeros(n);
    for (size_t i = 0; i < n; i++) {
        int u = (int)nets_between(&h->state, 0, h->net->layer[0].width - 1);
        for (int j = 0; j <= h->n; j++)
            mpq_set(matrix[i * (n + 1) + (size_t)j], *nets_at(h->net, 0, u, j));
    }
    bool meet = rational_reduce(matrix, n, n + 1, pivot) == n && pivot[n - 1] == n - 1;
    add_plain(h);
    for (size_t j = 0; j < n && meet; j++)
        mpq_neg(x[j], matrix[j * (n + 1) + n]);
    if (meet)
        pass_through(h, x);
    oracle_drop(matrix, n * (n + 1));
    oracle_drop(x, n);
    free(pivot);
}

/* A multiple of a row, or the sum of two, or with a larger b. */
static void add_repeated(halves *h)
{
    int a = (int)nets_between(&h->state, 0, h->count - 1);
    int b = (int)nets_between(&h->state, 0, h->count - 1);
    long kind = nets_between(&h->state, 0, 2);
    mpq_t *row = next_row(h), factor;
    mpq_init(factor);
    mpq_set_si(factor, nets_between(&h->state, 1, 5), 3);
    mpq_canonicalize(factor);
    bool zero = true;
    for (int j = 0; j <= h->n; j++) {
        mpq_mul(row[j], h->row[a * (h->n + 1) + j], factor);
        if (kind == 1)
            mpq_add(row[j], row[j], h->row[b * (h->n + 1) + j]);
        zero = zero && (j == h->n || !mpq_sgn(row[j]));
    }
    if (kind == 2)
        mpq_add(row[h->n], row[h->n], factor);
    mpq_clear(factor);
    if (zero) {
        h->count--;
        add_plain(h);
    }
}

/* The origin is then inside: a pair a.x <= 0, -a.x <= 0 would have no interior. */
static void make_positive(mpq_t b)
{
    if (mpq_sgn(b))
        mpq_abs(b, b);
    else
        mpq_set_ui(b, 1, 1);
}

static char *text_of(const halves *h, bool box)
{
    char *text;
    size_t length;
    FILE *file = open_memstream(&text, &length);
    for (int pass = 0; pass < 2; pass++) {
        fprintf(file, pass ? "], \"b\": [" : "{\"A\": [");
        for (int i = 0; i < h->count; i++) {
            fprintf(file, "%s%s", i ? ", " : "", pass ? "" : "[");
            for (int j = pass ? h->n : 0; j < (pass ? h->n + 1 : h->n); j++) {
                char *number = mpq_get_str(NULL, 10, h->row[i * (h->n + 1) + j]);
                fprintf(file, "%s\"%s\"", j && !pass ? ", " : "", number);
                free(number);
            }
            fprintf(file, pass ? "" : "]");
        }
    }
    fprintf(file, "]");
    for (int j = 0; j < h->n && box; j++)
        fprintf(file, "%s[%d, \"%d/2\"]", j ? ", " : ", \"box\": [", -1 - j % 2, 3 + j);
    fprintf(file, box ? "]}" : "}");
    fclose(file);
    return text;
}

char *domains_random(const char *network, domain_kind kind, uint64_t seed)
{
    oracle_net *net = oracle_read(network);
    int n = net->input;
    halves h = {.net = net, .n = n, .state = seed};
    h.row = oracle_zeros((size_t)(MOST_HALVES * (n + 1)));
    int wanted = (int)nets_between(&h.state, 1, n + 3 < MOST_HALVES ? n + 3 : MOST_HALVES);
    for (int i = 0; i < wanted; i++) {
        bool special = i == 0 || nets_between(&h.state, 0, 2);
        if (kind == DOMAIN_UNITS && special)
            add_unit(&h);
        else if (kind == DOMAIN_VERTICES && special)
            add_vertex(&h);
        else
            add_plain(&h);
    }
    while (kind == DOMAIN_REPEATED && h.count < wanted + 4 && h.count < MOST_HALVES)
        add_repeated(&h);
    for (int i = 0; i < h.count && kind == DOMAIN_AROUND; i++)
        make_positive(h.row[i * (n + 1) + n]);
    char *text = text_of(&h, nets_between(&h.state, 0, 2) == 0);
    oracle_drop(h.row, (size_t)(MOST_HALVES * (n + 1)));
    oracle_free(net);
    return text;
}
