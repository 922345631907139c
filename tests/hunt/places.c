/* Domains that are hard on purpose. */
#include "kinds.h"

#include "../support/domains.h"
#include "../support/rational.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    ALL,
    PLAIN_BOX,
    ODD_BOX,
    FAR_BOX,
    UNIT_BOX,
    HALF_SPACES,
    HUGE_FACES,
    SLIVER,
    CONE,
    EVEN_BOX
};

static const char *const names[] = {"R^n",          "plain box",   "odd box",    "far tiny box",
                                    "box at units", "half-spaces", "huge faces", "sliver",
                                    "cone",         "even box"};

const char *kinds_domain_name(int kind)
{
    return kind < (int)(sizeof names / sizeof *names) ? names[kind] : NULL;
}

/* ---- Boxes ---- */

static char *odd_box(int inputs, uint64_t *state)
{
    static const char *const sides[] = {"-1/3:7",   "0.1:0.3",     "-7/3:0.7", "1/3:2/3",
                                        "-1e-9:1",  "-0.1:1/7",    "-1e9:1/3", "1/7:1e300",
                                        "-1/3:1/3", "-5e-324:0.1", "0.7:0.9",  "-1:1"};
    char *text;
    size_t length;
    FILE *file = open_memstream(&text, &length);
    int count = nets_between(state, 0, 1) ? inputs : 1;
    for (int j = 0; j < count; j++)
        fprintf(file, "%s%s", j ? "," : "", sides[nets_between(state, 0, 11)]);
    fclose(file);
    return text;
}

/* Around 0, now and then with another side. */
static char *even_box(int inputs, uint64_t *state)
{
    static const char *const sides[] = {"-1:1", "-1/3:1/3", "-0.1:0.1", "-1e9:1e9"};
    char *text;
    size_t length;
    FILE *file = open_memstream(&text, &length);
    const char *side = sides[nets_between(state, 0, 3)];
    for (int j = 0; j < inputs; j++)
        fprintf(file, "%s%s", j ? "," : "", nets_between(state, 0, 15) ? side : "-1:3");
    fclose(file);
    return text;
}

static void print_side(FILE *file, const char *before, mpq_t value)
{
    char *number = mpq_get_str(NULL, 10, value);
    fprintf(file, "%s%s", before, number);
    free(number);
}

/* A box that begins at the point, with sides of any length; steps: the point is moved a little. */
static char *box_at(mpq_t *x, int inputs, uint64_t *state)
{
    char *text;
    size_t length;
    FILE *file = open_memstream(&text, &length);
    mpq_t low, side;
    mpq_inits(low, side, NULL);
    for (int j = 0; j < inputs; j++) {
        kinds_little(side, state);
        mpq_set(low, x[j]);
        if (nets_between(state, 0, 2) == 0)
            mpq_sub(low, low, side);
        if (nets_between(state, 0, 1))
            mpq_set_si(side, nets_between(state, 1, 3), 1);
        if (nets_between(state, 0, 3) == 0)
            mpq_sub(low, low, side);
        print_side(file, j ? "," : "", low);
        mpq_add(low, low, side);
        print_side(file, ":", low);
    }
    mpq_clears(low, side, NULL);
    fclose(file);
    return text;
}

static char *far_box(int inputs, uint64_t *state)
{
    mpq_t *x = oracle_zeros((size_t)inputs);
    for (int j = 0; j < inputs; j++) {
        kinds_number(x[j], NUMBER_DOUBLE, state);
        mpq_mul_2exp(x[j], x[j], (mp_bitcnt_t)nets_between(state, 0, 60));
    }
    char *text = box_at(x, inputs, state);
    oracle_drop(x, (size_t)inputs);
    return text;
}

/* ---- Half-spaces ---- */

typedef struct {
    int n, faces;
    mpq_t *row; /* a_1, ..., a_n, b: a.x <= b */
} shape;

enum { MOST_FACES = 13 };

static mpq_t *face(const shape *s, int i)
{
    return s->row + i * (s->n + 1);
}

/* b such that the face passes through x. */
static void put_through(const shape *s, int i, mpq_t *x)
{
    mpq_t product;
    mpq_init(product);
    mpq_set_ui(face(s, i)[s->n], 0, 1);
    for (int j = 0; j < s->n; j++) {
        mpq_mul(product, face(s, i)[j], x[j]);
        mpq_add(face(s, i)[s->n], face(s, i)[s->n], product);
    }
    mpq_clear(product);
}

static void draw_face(const shape *s, int i, uint64_t *state)
{
    number_style style = (number_style)nets_between(state, 0, NUMBER_STYLES - 1);
    for (int j = 0; j <= s->n; j++)
        kinds_number(face(s, i)[j], style, state);
    mpq_t *first = &face(s, i)[nets_between(state, 0, s->n - 1)];
    if (!mpq_sgn(*first))
        mpq_set_si(*first, nets_between(state, 0, 1) ? 1 : -1, 1);
}

/* Numbers that vanish or collapse modulo 2^61 - 1 or leave 53 and 64 bits. */
static void make_huge(const shape *s, int i, uint64_t *state)
{
    static const char *const values[] = {"2305843009213693951",  "2305843009213693952",
                                         "4611686018427387902",  "-2305843009213693951",
                                         "-2305843009213693950", "9223372036854775808",
                                         "36893488147419103232", "1e30"};
    mpq_t value;
    mpq_init(value);
    for (int j = 0; j <= s->n; j++) {
        const char *text = values[nets_between(state, 0, 7)];
        oracle_rational(value, text, strlen(text));
        long way = nets_between(state, 0, 3);
        if (way == 0 && (mpq_sgn(face(s, i)[j]) || j == s->n))
            mpq_set(face(s, i)[j], value);
        else if (way == 1)
            mpq_mul(face(s, i)[j], face(s, i)[j], value);
    }
    mpq_clear(value);
}

/* Face i: the opposite of face i - 1, turned and moved a little. */
static void make_opposite(const shape *s, int i, uint64_t *state)
{
    mpq_t little;
    mpq_init(little);
    bool turn = nets_between(state, 0, 1);
    for (int j = 0; j <= s->n; j++) {
        mpq_neg(face(s, i)[j], face(s, i - 1)[j]);
        kinds_little(little, state);
        if (j == s->n || (turn && nets_between(state, 0, 1)))
            mpq_add(face(s, i)[j], face(s, i)[j], little);
    }
    mpq_clear(little);
}

static char *shape_text(const shape *s)
{
    char *text;
    size_t length;
    FILE *file = open_memstream(&text, &length);
    for (int b = 0; b < 2; b++) {
        fprintf(file, b ? "],\"b\":[" : "{\"A\":[");
        for (int i = 0; i < s->faces; i++)
            for (int j = b ? s->n : 0; j < s->n + b; j++) {
                print_side(file,
                           b   ? i ? ",\"" : "\""
                           : j ? ",\""
                           : i ? ",[\""
                               : "[\"",
                           face(s, i)[j]);
                fprintf(file, !b && j + 1 == s->n ? "\"]" : "\"");
            }
    }
    fprintf(file, "]}");
    fclose(file);
    return text;
}

static char *half_spaces(const oracle_net *net, int kind, uint64_t *state)
{
    shape s = {.n = net->input};
    s.row = oracle_zeros((size_t)(MOST_FACES * (s.n + 1)));
    mpq_t *x = kinds_vertex(net, state);
    s.faces = (int)nets_between(state, kind == SLIVER ? 2 : 1, s.n + 2);
    for (int i = 0; i < s.faces; i++) {
        bool opposite = kind == SLIVER && i % 2;
        if (opposite)
            make_opposite(&s, i, state);
        else
            draw_face(&s, i, state);
        if (kind == HUGE_FACES)
            make_huge(&s, i, state);
        if (!opposite && (kind == CONE || nets_between(state, 0, 3) == 0))
            put_through(&s, i, x);
    }
    char *text = shape_text(&s);
    oracle_drop(x, (size_t)s.n);
    oracle_drop(s.row, (size_t)(MOST_FACES * (s.n + 1)));
    return text;
}

char *kinds_domain(const char *json, int kind, uint64_t *state)
{
    oracle_net *net = oracle_read(json);
    char *text = NULL;
    if (kind == PLAIN_BOX) {
        text = calloc(1, NETS_BOX);
        nets_box(net->input, state, text);
    } else if (kind == ODD_BOX) {
        text = odd_box(net->input, state);
    } else if (kind == FAR_BOX) {
        text = far_box(net->input, state);
    } else if (kind == UNIT_BOX) {
        mpq_t *x = kinds_vertex(net, state);
        text = box_at(x, net->input, state);
        oracle_drop(x, (size_t)net->input);
    } else if (kind == EVEN_BOX) {
        text = even_box(net->input, state);
    } else if (kind == HALF_SPACES) {
        text = domains_random(json, (domain_kind)nets_between(state, 0, DOMAIN_KINDS - 1),
                              nets_random(state));
    } else if (kind != ALL) {
        text = half_spaces(net, kind, state);
    }
    oracle_free(net);
    return text;
}
