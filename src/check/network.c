/* The network as exact numbers, and its digest. */
#include "check.h"

#include <stdlib.h>
#include <string.h>

enum { MAX_UNITS = 4096, MAX_RANK = 64, MAX_COMPARISONS = 16384 };

static const char too_large[] = "certificates are for networks of at most 4096 inputs, hidden "
                                "units in all and rows of a layer; "
                                "crease count proves its result without one";

/* What a layer's units stand for. Behind some comparisons, in a maxout layer, every unit has its
 * parts, of which its output is offset + sum of factor[p] u(sign[p] z - shift[p]), where u is ReLU,
 * linear, or 0 but for the largest piece; then come the units that carry. */
typedef struct {
    bool linear, switches, maxout;
    size_t parts, comparisons, units, carry;
    mpq_t sign[2], shift[2], factor[2], offset;
} shape;

enum { KEY_RANK = 64, KEY_CARRY = 128 }; /* bits of the keys that read_layer has seen */

/* The shape of an activation, written into text; slope, low, high, rank and carry are its
 * parameters, rows those of the layer. */
static void set_shape(json_text *j, shape *s, const char *name, unsigned seen, mpq_t *parameter,
                      size_t rows, writing *text)
{
    static const struct {
        const char *name, *canonical;
        unsigned keys, parts; /* of parts none: as many as its rank */
    } known[] = {
        {"linear", "linear", 7, 1},  {"identity", "linear", 7, 1},          {"relu", "relu", 7, 1},
        {"abs", "abs", 7, 2},        {"leaky_relu", "leaky_relu", 15, 2},   {"clip", "clip", 55, 2},
        {"hard_tanh", "clip", 7, 2}, {"maxout", "maxout", 7 | KEY_RANK, 0}, {NULL, NULL, 0, 0}};
    int k = 0;
    while (known[k].name && strcmp(known[k].name, name))
        k++;
    bool linear = k < 2;
    if (!known[k].name || known[k].keys != (linear ? seen : seen & ~(unsigned)KEY_CARRY))
        json_bad(j, "unknown activation, or a layer without all of its keys, or with others");
    bool leaky = !strcmp(name, "leaky_relu"), clip = !strcmp(known[k].canonical, "clip");
    if (!strcmp(name, "hard_tanh")) {
        mpq_set_si(parameter[1], -1, 1);
        mpq_set_si(parameter[2], 1, 1);
    }
    if (clip && mpq_cmp(parameter[1], parameter[2]) >= 0)
        json_bad(j, "low must be less than high");
    s->linear = linear;
    s->maxout = known[k].parts == 0;
    if (s->maxout &&
        (mpq_cmp_ui(parameter[3], 2, 1) < 0 || mpq_cmp_ui(parameter[3], MAX_RANK, 1) > 0 ||
         mpz_cmp_ui(mpq_denref(parameter[3]), 1)))
        json_bad(j, "rank must be a whole number from 2 on");
    if (mpq_sgn(parameter[4]) < 0 || mpq_cmp_ui(parameter[4], rows, 1) > 0 ||
        mpz_cmp_ui(mpq_denref(parameter[4]), 1))
        json_bad(j, "carry must be a whole number, at most that of the rows");
    size_t rank = s->maxout ? mpz_get_ui(mpq_numref(parameter[3])) : 1;
    s->parts = s->maxout ? rank : known[k].parts;
    s->carry = linear ? rows : mpz_get_ui(mpq_numref(parameter[4]));
    s->units = (rows - s->carry) / rank;
    s->comparisons = s->maxout ? s->units * rank * (rank - 1) / 2 : 0;
    s->switches = s->units > 0;
    if (s->units * rank + s->carry != rows || s->comparisons > MAX_COMPARISONS)
        json_bad(j, "the rows of maxout are no multiple of its rank, or compared too often");
    for (int p = 0; p < 2; p++) {
        mpq_set_si(s->sign[p], p == 1 && !clip ? -1 : 1, 1);
        mpq_set_si(s->factor[p], p == 1 && clip ? -1 : 1, 1);
        mpq_set_ui(s->shift[p], 0, 1);
        if (clip)
            mpq_set(s->shift[p], parameter[1 + p]);
    }
    if (leaky)
        mpq_neg(s->factor[1], parameter[0]);
    mpq_set(s->offset, s->shift[0]);
    sha256_put(text, "layer %zu %s", s->units + s->carry, known[k].canonical);
    if (leaky)
        sha256_put(text, " %Qd", parameter[0]);
    if (clip)
        sha256_put(text, " %Qd %Qd", parameter[1], parameter[2]);
    if (s->maxout)
        sha256_put(text, " %zu", rank);
    if (s->carry && !linear)
        sha256_put(text, " carry %zu", s->carry);
    sha256_put(text, "\n");
}

static size_t shape_rows(const shape *s)
{
    return s->comparisons + s->units * s->parts + s->carry;
}

/* q = the entry of a row of this layer, not a comparison, in a column: a row of the layer below that
 * is not one either, or the constant behind them. n: outputs of the layer below. */
static void entry(mpq_t q, const shape *below, const shape *own, const numbers *weight,
                  const numbers *bias, size_t row, size_t column)
{
    size_t n = weight->count / bias->count, switching = own->units * own->parts;
    size_t part = row < switching && !own->maxout ? row % own->parts : 0, source = row;
    bool constant = column == shape_rows(below) - below->comparisons;
    if (!own->maxout)
        source = row < switching ? row / own->parts : own->units + row - switching;
    if (constant) {
        mpq_set(q, bias->value[source]);
    } else {
        size_t all = below->units * below->parts;
        size_t unit = column < all ? column / below->parts : below->units + column - all;
        mpq_set(q, weight->value[source * n + unit]);
        if (column < all && !below->maxout && below->parts > 1)
            mpq_mul(q, q, below->factor[column % below->parts]);
    }
    if (row < switching && !own->maxout && own->parts > 1) {
        mpq_mul(q, q, own->sign[part]);
        if (constant)
            mpq_sub(q, q, own->shift[part]);
    }
}

/* The map of the layer, from all rows of the one below to all of its own: first the common
 * denominator, then the numerators. Empties the lists. */
static void make_map(affine *map, const shape *below, const shape *own, numbers *weight,
                     numbers *bias)
{
    size_t n = weight->count / bias->count, at = 0, s = 0, t = 1, group = 0;
    mpq_t q, other;
    mpq_inits(q, other, NULL);
    for (size_t i = 0; i < weight->count; i++)
        if (i % n < below->units && !below->maxout) {
            mpq_mul(q, weight->value[i], below->offset);
            mpq_add(bias->value[i / n], bias->value[i / n], q);
        }
    *map = (affine){.rank = own->maxout ? own->parts : 1,
                    .width = shape_rows(own),
                    .skip = below->comparisons,
                    .inputs = shape_rows(below) - below->comparisons};
    map->units = own->maxout ? own->comparisons : own->units * own->parts;
    mpz_init_set_ui(map->den, 1);
    map->num = base_integers(NULL, 0, map->width * (map->inputs + 1));
    for (int pass = 0; pass < 2; pass++, at = group = s = 0, t = 1)
        for (size_t row = 0; row < map->width; row++) {
            bool compares = row < own->comparisons;
            for (size_t i = 0; i <= map->inputs; i++, at++) {
                size_t piece = group * own->parts;
                entry(q, below, own, weight, bias, compares ? piece + t : row - own->comparisons,
                      i);
                if (compares) {
                    entry(other, below, own, weight, bias, piece + s, i);
                    mpq_sub(q, q, other);
                }
                if (pass == 0) {
                    mpz_lcm(map->den, map->den, mpq_denref(q));
                } else {
                    mpz_divexact(map->num + at, map->den, mpq_denref(q));
                    mpz_mul(map->num + at, map->num + at, mpq_numref(q));
                }
            }
            if (compares && ++t == own->parts && (t = ++s + 1) == own->parts) {
                s = 0;
                t = 1;
                group++;
            }
        }
    mpq_clears(q, other, NULL);
    for (numbers *list = weight; list; list = list == weight ? bias : NULL) {
        for (size_t i = 0; i < list->count; i++)
            mpq_clear(list->value[i]);
        free(list->value);
    }
}

/* Reads a layer behind *width units, or behind any number of inputs if *width is 0; writes it into
 * text as it is, and sets *width to its own number of units. */
static void read_layer(json_text *j, size_t *width, shape *below, shape *own, affine *map,
                       writing *text)
{
    static const char *const key[8] = {"weight", "bias", "activation", "slope",
                                       "low",    "high", "rank",       "carry"};
    numbers weight = {0}, bias = {0};
    char name[16] = "";
    unsigned seen = 0;
    size_t n = *width, rows = 0;
    mpq_t parameter[5];
    for (int p = 0; p < 5; p++)
        mpq_init(parameter[p]);
    for (int k; (k = json_key(j, key, 8, &seen)) >= 0;) {
        if (k == 0) {
            rows = json_rows(j, &weight, &n);
        } else if (k == 1) {
            json_numbers(j, &bias);
        } else if (k == 2) {
            json_string(j, name, sizeof name);
        } else {
            j->at += strspn(j->at, " \t\n\r");
            if (k > 5 && *j->at == '"')
                json_bad(j, "expected a number");
            json_number(j, parameter[k - 3]);
        }
    }
    if (rows == 0 || rows != bias.count)
        json_bad(j, "a layer with another number of biases than rows");
    if (rows > MAX_UNITS || n > MOST_INPUTS)
        json_bad(j, too_large);
    if (text->length == 0) {
        sha256_put(text, "crease-network 1\ninput %zu\n", n);
        below->carry = n;
    }
    set_shape(j, own, name, seen, parameter, rows, text);
    for (size_t i = 0; i < rows * n; i++) {
        sha256_number(text, weight.value[i], ' ');
        if ((i + 1) % n == 0)
            sha256_number(text, bias.value[i / n], '\n');
    }
    make_map(map, below, own, &weight, &bias);
    for (int p = 0; p < 5; p++)
        mpq_clear(parameter[p]);
    *width = own->units + own->carry;
}

/* outer becomes outer after inner, which is used up. */
static void fold(affine *outer, affine *inner)
{
    size_t n = inner->inputs, w = outer->inputs;
    mpz_ptr num = base_integers(NULL, 0, outer->width * (n + 1)), to = num;
    for (size_t i = 0; i < outer->width; i++, to += n + 1) {
        mpz_srcptr row = outer->num + i * (w + 1);
        mpz_mul(to + n, row + w, inner->den);
        for (size_t h = 0; h < w; h++)
            for (size_t j = 0; j <= n; j++)
                mpz_addmul(to + j, row + h, inner->num + h * (n + 1) + j);
    }
    mpz_mul(outer->den, outer->den, inner->den);
    base_release(outer->num, outer->width * (w + 1));
    base_release(inner->num, inner->width * (n + 1));
    mpz_clear(inner->den);
    outer->inputs = n;
    outer->skip = inner->skip;
    outer->num = num;
}

/* Layers that switch stay, with the linear ones before them folded in. */
static void read_layers(json_text *j, network *net, writing *text)
{
    affine linear = {0}; /* what is to be folded, if it has a width */
    static shape shapes[3];
    size_t width = 0, hidden = 0;
    shape *below = &shapes[0];
    for (shape *s = shapes; s < shapes + 3; s++) {
        mpq_inits(s->sign[0], s->sign[1], s->shift[0], s->shift[1], s->factor[0], s->factor[1],
                  s->offset, NULL);
        s->parts = 1;
    }
    json_need(j, '[', "expected an array of layers");
    do {
        affine next = {0};
        shape *own = below == &shapes[1] ? &shapes[2] : &shapes[1];
        hidden += width;
        read_layer(j, &width, below, own, &next, text);
        if (hidden > MAX_UNITS)
            json_bad(j, too_large);
        net->inputs = hidden > 0 ? net->inputs : next.inputs;
        if (linear.width)
            fold(&next, &linear);
        linear = own->switches ? (affine){0} : next;
        net->layer = base_resize(net->layer, net->layers + 1, sizeof *net->layer);
        net->layer[net->layers] = next;
        net->layers += own->switches;
        below = own;
    } while (json_take(j, ','));
    json_need(j, ']', "expected a comma or the end of the layers");
    if (!below->linear)
        json_bad(j, "the last layer must be linear");
    base_release(linear.num, linear.width * (linear.inputs + 1));
    mpz_clear(linear.den);
    if (net->layers > 0)
        net->layer[net->layers - 1].width = net->layer[net->layers - 1].units;
}

void network_read(network *net, const char *path)
{
    static const char *const key[3] = {"input", "layers", "comment"};
    size_t size;
    char *data = json_file(path, &size), none[1];
    json_text j = {path, data, data};
    writing buffer = {0};
    mpq_t inputs;
    unsigned seen = 0;
    mpq_init(inputs);
    if (data[strspn(data, " \t\n\r")] != '{')
        json_bad(
            &j,
            "not JSON; \"crease convert NETWORK EXACT.json\" writes the exact network of a file "
            "in another format");
    for (int k; (k = json_key(&j, key, 3, &seen)) >= 0;) {
        j.at += strspn(j.at, " \t\n\r");
        if (k == 0 && *j.at != '"')
            json_number(&j, inputs);
        else if (k == 1)
            read_layers(&j, net, &buffer);
        else
            json_string(&j, none, k == 2 ? sizeof none : 0);
    }
    j.at += strspn(j.at, " \t\n\r");
    if (j.at != data + size || (seen & 3) != 3 || mpq_cmp_ui(inputs, net->inputs, 1))
        json_bad(&j, "no \"layers\", an \"input\" that they do not have, or something "
                     "behind");
    mpq_clear(inputs);
    free(data);
    sha256_end(&buffer, net->digest);
}
