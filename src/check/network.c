/* The network and the domain as exact numbers, their digests, and the inputs
 * that may be dropped. */
#include <stdarg.h>
#include <stdio.h> /* before gmp.h */

#include "check.h"

#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* A text that grows, with an end of the program if memory does not suffice. */
typedef struct {
    char *at;
    size_t length;
} writing;

static void put(writing *t, const char *format, ...)
{
    va_list list;
    char *more;
    va_start(list, format);
    size_t length = (size_t)gmp_vasprintf(&more, format, list);
    va_end(list);
    t->at = resize(t->at, t->length + length, 1);
    memcpy(t->at + t->length, more, length);
    t->length += length;
    free(more);
}

enum { MAX_INPUTS = 4096, MAX_UNITS = 4096, MAX_TEXT = 20000, MAX_EXPONENT = 5000 };

/* ---- Numbers: a decimal, p/q or hexadecimal float ---- */

static bool rational(mpq_t q, const char *s)
{
    static char digits[MAX_TEXT + 1];
    if (strlen(s) > MAX_TEXT)
        return false;
    bool minus = *s == '-';
    s += *s == '-' || *s == '+';
    bool hexadecimal = s[0] == '0' && (s[1] == 'x' || s[1] == 'X') && s[2];
    s += hexadecimal ? 2 : 0;
    const char *set = hexadecimal ? "0123456789abcdefABCDEF" : "0123456789";
    size_t whole = strspn(s, set), part = s[whole] == '.' ? strspn(s + whole + 1, set) : 0;
    long exponent = 0;
    if (whole + part == 0)
        return false;
    memcpy(digits, s, whole);
    memcpy(digits + whole, s + whole + 1, part);
    digits[whole + part] = 0;
    mpz_set_str(mpq_numref(q), digits, hexadecimal ? 16 : 10);
    mpz_set_ui(mpq_denref(q), 1);
    s += whole + (s[whole] == '.') + part;
    if (*s == '/' && !hexadecimal && part == 0) {
        if (!s[1] || s[1 + strspn(s + 1, set)] || mpz_set_str(mpq_denref(q), s + 1, 10) ||
            mpz_sgn(mpq_denref(q)) == 0)
            return false;
    } else if (tolower((unsigned char)*s) == (hexadecimal ? 'p' : 'e')) {
        s += s[1] == '+' || s[1] == '-' ? 2 : 1;
        exponent = strtol(s, NULL, 10);
        if (!*s || s[strspn(s, "0123456789")] || exponent > MAX_EXPONENT)
            return false;
        exponent = s[-1] == '-' ? -exponent : exponent;
    } else if (*s) {
        return false;
    }
    exponent -= (long)part * (hexadecimal ? 4 : 1);
    mpz_t power;
    mpz_init(power);
    mpz_ui_pow_ui(power, hexadecimal ? 2 : 10, (unsigned long)labs(exponent));
    mpz_ptr scaled = exponent < 0 ? mpq_denref(q) : mpq_numref(q);
    mpz_mul(scaled, scaled, power);
    mpz_clear(power);
    mpq_canonicalize(q);
    if (minus)
        mpq_neg(q, q);
    return true;
}

/* ---- JSON ---- */

typedef struct {
    const char *name, *text, *at; /* ends in a zero byte */
} json;

typedef struct {
    mpq_t *value;
    size_t count, room;
} numbers;

static _Noreturn void bad(const json *j, const char *what)
{
    stop("%s: byte %zu: %s", j->name, (size_t)(j->at - j->text), what);
}

static bool take(json *j, char c)
{
    j->at += strspn(j->at, " \t\n\r");
    if (*j->at != c)
        return false;
    j->at++;
    return true;
}

static void need(json *j, char c, const char *what)
{
    if (!take(j, c))
        bad(j, what);
}

static unsigned long hex4(json *j)
{
    char digit[5] = {0};
    for (int i = 0; i < 4 && isxdigit((unsigned char)*j->at); i++)
        digit[i] = *j->at++;
    if (strlen(digit) != 4)
        bad(j, "bad escape in a string");
    return strtoul(digit, NULL, 16);
}

/* A character behind a backslash; 127 stands for all beyond ASCII, which no key and no number has.
 */
static char unescape(json *j)
{
    static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
    char c = *j->at ? *j->at++ : 0;
    const char *found = c ? strchr(from, c) : NULL;
    if (found)
        return to[found - from];
    unsigned long code = c == 'u' ? hex4(j) : 0;
    if (code >> 10 == 0xd800 >> 10 && j->at[0] == '\\' && j->at[1] == 'u') {
        j->at += 2;
        code = hex4(j) >> 10 == 0xdc00 >> 10 ? 0x10000 : 0;
    }
    if (code == 0 || code >> 11 == 0xd800 >> 11)
        bad(j, "bad escape, or half a surrogate pair, in a string");
    return code < 0x80 ? (char)code : 127;
}

/* A character of UTF-8 as it is, with the same stand-in. */
static char character(json *j)
{
    unsigned code = (unsigned char)*j->at++, first = code;
    unsigned more = code < 0xc2 ? 0 : code < 0xe0 ? 1 : code < 0xf0 ? 2 : code < 0xf5 ? 3 : 0;
    code &= more ? 0x3fU >> more : 0xff;
    for (unsigned i = 0; i < more; i++)
        code = (*j->at & 0xc0) == 0x80 ? code << 6 | (*j->at++ & 0x3f) : 0;
    if (first < ' ' ||
        (first >= 0x80 && code < (more == 1   ? 0x80
                                  : more == 2 ? 0x800
                                              : 0x10000)) ||
        code >> 11 == 0xd800 >> 11 || code > 0x10ffff)
        bad(j, "no UTF-8, a control character, or the end of the file, in a string");
    return first < 0x80 ? (char)first : 127;
}

/* The text ends in a zero byte; what does not fit is left out. */
static const char *string(json *j, char *out, size_t room)
{
    size_t length = 0;
    need(j, '"', "expected a string");
    while (*j->at != '"') {
        bool escape = *j->at == '\\';
        j->at += escape;
        char c = escape ? unescape(j) : character(j);
        if (length + 1 < room)
            out[length++] = c;
    }
    j->at++;
    out[length] = 0;
    return out;
}

/* Quoted and exact, or the nearest binary64. strtod is laxer than JSON. */
static void number(json *j, mpq_t q)
{
    static char quoted[MAX_TEXT + 2];
    const char *begin = j->at += strspn(j->at, " \t\n\r");
    if (*begin == '"') {
        if (!rational(q, string(j, quoted, sizeof quoted)))
            bad(j, "this string is no decimal, fraction p/q or hexadecimal float");
        return;
    }
    size_t length = strspn(begin, "+-.0123456789eE");
    const char *digit = begin + (*begin == '-'), *point = memchr(begin, '.', length);
    char *end;
    double nearest = strtod(begin, &end);
    if (!isdigit((unsigned char)digit[0]) || end != begin + length || !isfinite(nearest) ||
        (digit[0] == '0' && isdigit((unsigned char)digit[1])) ||
        (point && !isdigit((unsigned char)point[1])))
        bad(j, "expected a finite number or a string");
    mpq_set_d(q, nearest);
    j->at = end;
}

/* An array of numbers goes behind those that are there; returns how many. */
static size_t read_numbers(json *j, numbers *list)
{
    size_t before = list->count;
    need(j, '[', "expected an array of numbers");
    if (take(j, ']'))
        return 0;
    do {
        if (list->count == list->room) {
            list->room = 2 * list->room + 16;
            list->value = resize(list->value, list->room, sizeof *list->value);
        }
        mpq_init(list->value[list->count]);
        number(j, list->value[list->count++]);
    } while (take(j, ','));
    need(j, ']', "expected a comma or the end of an array");
    return list->count - before;
}

/* The next key of an object, as its index; -1 at the end. seen has a bit for every key so far. */
static int next_key(json *j, const char *const *key, int keys, unsigned *seen)
{
    char name[16];
    if (*seen == 0)
        need(j, '{', "expected an object");
    if (take(j, '}'))
        return -1;
    if (*seen)
        need(j, ',', "expected a comma or the end of an object");
    string(j, name, sizeof name);
    for (int k = 0; k < keys; k++)
        if (!strcmp(name, key[k]) && !(*seen & 1U << k)) {
            *seen |= 1U << k;
            need(j, ':', "expected a colon");
            return k;
        }
    bad(j, "unknown key, or one that comes twice");
}

/* ---- The network ---- */

static void release(mpz_ptr z, size_t count)
{
    for (size_t i = 0; i < count; i++)
        mpz_clear(z + i);
    free(z);
}

/* A unit stands for one or two: its output is offset + sum of factor[p] u(sign[p] z - shift[p])
 * over p < parts, where u is ReLU, or linear ("Other activations"). */
typedef struct {
    bool relu;
    unsigned parts;
    mpq_t sign[2], shift[2], factor[2], offset;
} shape;

/* The shape of an activation, written into text; slope, low and high are its parameters. */
static void set_shape(json *j, shape *s, const char *name, unsigned seen, mpq_t *parameter,
                      writing *text)
{
    static const struct {
        const char *name, *canonical;
        unsigned keys, parts; /* a bit for every key of such a layer, as in read_layer */
    } known[] = {{"linear", "linear", 7, 1},
                 {"identity", "linear", 7, 1},
                 {"relu", "relu", 7, 1},
                 {"abs", "abs", 7, 2},
                 {"leaky_relu", "leaky_relu", 15, 2},
                 {"clip", "clip", 55, 2},
                 {"hard_tanh", "clip", 7, 2},
                 {NULL, NULL, 0, 0}};
    int k = 0;
    while (known[k].name && strcmp(known[k].name, name))
        k++;
    if (!known[k].name || known[k].keys != seen)
        bad(j, "unknown activation, or a layer without all of its keys, or with others");
    bool leaky = !strcmp(name, "leaky_relu"), clip = !strcmp(known[k].canonical, "clip");
    if (!strcmp(name, "hard_tanh")) {
        mpq_set_si(parameter[1], -1, 1);
        mpq_set_si(parameter[2], 1, 1);
    }
    if (clip && mpq_cmp(parameter[1], parameter[2]) >= 0)
        bad(j, "low must be less than high");
    s->relu = strcmp(known[k].canonical, "linear") != 0;
    s->parts = known[k].parts;
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
    put(text, "%s", known[k].canonical);
    if (leaky)
        put(text, " %Qd", parameter[0]);
    if (clip)
        put(text, " %Qd %Qd", parameter[1], parameter[2]);
    put(text, "\n");
}

/* The map of the layer, from all parts of the units below to all parts of its own: first the common
 * denominator, then the numerators. Empties the lists. */
static void make_map(affine *map, const shape *below, const shape *own, numbers *weight,
                     numbers *bias)
{
    size_t width = bias->count, n = weight->count / width, inputs = n * below->parts, at = 0;
    mpq_t q;
    mpq_init(q);
    for (size_t i = 0; i < width * n; i++) {
        mpq_mul(q, weight->value[i], below->offset);
        mpq_add(bias->value[i / n], bias->value[i / n], q);
    }
    *map = (affine){.width = width * own->parts, .inputs = inputs};
    mpz_init_set_ui(map->den, 1);
    map->num = integers(NULL, 0, map->width * (inputs + 1));
    for (int pass = 0; pass < 2; pass++, at = 0)
        for (size_t row = 0; row < map->width; row++)
            for (size_t i = 0; i <= inputs; i++, at++) {
                size_t u = row / own->parts, p = row % own->parts;
                mpq_set(q, i < inputs ? weight->value[u * n + i / below->parts] : bias->value[u]);
                if (i < inputs && below->parts > 1)
                    mpq_mul(q, q, below->factor[i % below->parts]);
                if (own->parts > 1)
                    mpq_mul(q, q, own->sign[p]);
                if (i == inputs)
                    mpq_sub(q, q, own->shift[p]);
                if (pass == 0) {
                    mpz_lcm(map->den, map->den, mpq_denref(q));
                } else {
                    mpz_divexact(map->num + at, map->den, mpq_denref(q));
                    mpz_mul(map->num + at, map->num + at, mpq_numref(q));
                }
            }
    mpq_clear(q);
    for (numbers *list = weight; list; list = list == weight ? bias : NULL) {
        for (size_t i = 0; i < list->count; i++)
            mpq_clear(list->value[i]);
        free(list->value);
    }
}

/* Reads a layer behind *width units, or behind any number of inputs if *width is 0; writes it into
 * text as it is, and sets *width to its own number of units. */
static void read_layer(json *j, size_t *width, const shape *below, shape *own, affine *map,
                       writing *text)
{
    static const char *const key[6] = {"weight", "bias", "activation", "slope", "low", "high"};
    numbers weight = {0}, bias = {0};
    char name[16] = "";
    unsigned seen = 0;
    size_t n = *width, rows = 0;
    mpq_t parameter[3];
    mpq_inits(parameter[0], parameter[1], parameter[2], NULL);
    for (int k; (k = next_key(j, key, 6, &seen)) >= 0;) {
        if (k == 0) {
            need(j, '[', "expected an array of rows");
            do {
                size_t length = read_numbers(j, &weight);
                if (length == 0 || (n > 0 && length != n))
                    bad(j, "row of a wrong length");
                n = length;
                rows++;
            } while (take(j, ','));
            need(j, ']', "expected the end of an array");
        } else if (k == 1) {
            read_numbers(j, &bias);
        } else if (k == 2) {
            string(j, name, sizeof name);
        } else {
            number(j, parameter[k - 3]);
        }
    }
    if (rows != bias.count || rows > MAX_UNITS || n > MAX_INPUTS)
        bad(j, "a layer with another number of biases than rows, or with too many");
    if (text->length == 0)
        put(text, "crease-network 1\ninput %zu\n", n);
    put(text, "layer %zu ", rows);
    set_shape(j, own, name, seen, parameter, text);
    for (size_t i = 0; i < rows * n; i++) {
        put(text, "%Qd ", weight.value[i]);
        if ((i + 1) % n == 0)
            put(text, "%Qd\n", bias.value[i / n]);
    }
    make_map(map, below, own, &weight, &bias);
    mpq_clears(parameter[0], parameter[1], parameter[2], NULL);
    *width = rows;
}

/* outer becomes outer after inner, which is used up. */
static void fold(affine *outer, affine *inner)
{
    size_t n = inner->inputs, w = outer->inputs;
    mpz_ptr num = integers(NULL, 0, outer->width * (n + 1)), to = num;
    for (size_t i = 0; i < outer->width; i++, to += n + 1) {
        mpz_srcptr row = outer->num + i * (w + 1);
        mpz_mul(to + n, row + w, inner->den);
        for (size_t h = 0; h < w; h++)
            for (size_t j = 0; j <= n; j++)
                mpz_addmul(to + j, row + h, inner->num + h * (n + 1) + j);
    }
    mpz_mul(outer->den, outer->den, inner->den);
    release(outer->num, outer->width * (w + 1));
    release(inner->num, inner->width * (n + 1));
    mpz_clear(inner->den);
    outer->inputs = n;
    outer->num = num;
}

/* Layers that switch stay, with the linear ones before them folded in. */
static void read_layers(json *j, network *net, writing *text)
{
    affine linear = {0}; /* what is to be folded, if it has a width */
    static shape shapes[3];
    size_t width = 0, hidden = 0;
    shape *below = &shapes[0];
    for (shape *s = shapes; s < shapes + 3; s++) {
        mpq_inits(s->sign[0], s->sign[1], s->shift[0], s->shift[1], s->factor[0], s->factor[1],
                  s->offset, NULL);
        s->parts = 1; /* the inputs are units of one part */
    }
    need(j, '[', "expected an array of layers");
    do {
        affine next = {0};
        shape *own = below == &shapes[1] ? &shapes[2] : &shapes[1];
        hidden += width;
        read_layer(j, &width, below, own, &next, text);
        if (hidden > MAX_UNITS)
            bad(j, "too many hidden units");
        net->inputs = hidden > 0 ? net->inputs : next.inputs;
        if (linear.width)
            fold(&next, &linear);
        linear = own->relu ? (affine){0} : next;
        net->layer = resize(net->layer, net->layers + 1, sizeof *net->layer);
        net->layer[net->layers] = next;
        net->layers += own->relu;
        below = own;
    } while (take(j, ','));
    need(j, ']', "expected a comma or the end of the layers");
    if (!linear.width)
        bad(j, "the last layer must be linear");
    release(linear.num, linear.width * (linear.inputs + 1));
    mpz_clear(linear.den);
}

static char *read_file(const char *path, size_t *size)
{
    FILE *file = fopen(path, "rb");
    char *data = NULL;
    size_t room = 1 << 16;
    *size = 0;
    do
        data = file ? resize(data, room *= 2, 1) : NULL;
    while (file && (*size += fread(data + *size, 1, room - *size, file)) == room);
    if (!file || ferror(file))
        stop("%s: %s", path, strerror(errno));
    fclose(file);
    data[*size] = 0; /* resize gives one byte more */
    return data;
}

static void digest(writing *out, uint8_t hash[32])
{
    sha256(out->at, out->length, hash);
    free(out->at);
}

void network_read(network *net, const char *path)
{
    static const char *const key[3] = {"input", "layers", "comment"};
    size_t size;
    char *data = read_file(path, &size), none[1];
    json j = {path, data, data};
    writing buffer = {0}, *out = &buffer;
    mpq_t inputs;
    unsigned seen = 0;
    mpq_init(inputs);
    if (!out)
        stop("out of memory");
    for (int k; out && (k = next_key(&j, key, 3, &seen)) >= 0;) {
        j.at += strspn(j.at, " \t\n\r");
        if (k == 0 && *j.at != '"')
            number(&j, inputs);
        else if (k == 1)
            read_layers(&j, net, out);
        else
            string(&j, none, k == 2 ? sizeof none : 0);
    }
    j.at += strspn(j.at, " \t\n\r");
    if (j.at != data + size || (seen & 3) != 3 || mpq_cmp_ui(inputs, net->inputs, 1))
        bad(&j, "no \"layers\", an \"input\" that they do not have, or something "
                "behind");
    mpq_clear(inputs);
    free(data);
    digest(out, net->digest);
}

void network_domain(network *net, const char *box)
{
    char *intervals = strdup(box ? box : ""), *rest = intervals;
    size_t given = 1;
    writing buffer = {0}, *out = &buffer;
    if (!intervals || !out)
        stop("out of memory");
    for (const char *at = intervals; (at = strchr(at, ',')); at++)
        given++;
    if (box && given != 1 && given != net->inputs)
        stop("--box: %zu intervals for %zu inputs", given, net->inputs);
    put(out, "crease-domain 1\n%s %zu\n", box ? "box" : "space", net->inputs);
    net->box = box != NULL;
    net->bound = allocate(2 * net->inputs, sizeof *net->bound);
    for (size_t j = 0; box && j < net->inputs; j++) {
        mpq_t *lo = net->bound + 2 * j, *hi = lo + 1;
        mpq_inits(*lo, *hi, NULL);
        char *low = j < given ? strsep(&rest, ",") : NULL, *high = low ? strchr(low, ':') : NULL;
        if (high)
            *high++ = 0;
        if (j >= given) {
            mpq_set(*lo, net->bound[0]);
            mpq_set(*hi, net->bound[1]);
        } else if (!high || !rational(*lo, low) || !rational(*hi, high) || mpq_cmp(*lo, *hi) >= 0) {
            stop("--box, input %zu: expected exact numbers LO:HI with LO < HI", j + 1);
        }
        put(out, "%Qd %Qd\n", *lo, *hi);
    }
    free(intervals);
    digest(out, net->domain);
}

/* Whether the inputs that are not kept may be set to 0 ("Inputs that are
 * kept"). In a box their columns in the first map must be 0. In R^n they must
 * be combinations of the kept columns: when its rows are solved for kept
 * inputs, one after the other, no row may be left that is 0 in the other kept
 * inputs and not 0 in all inputs. */
bool network_spanned(const network *net, const bool *kept)
{
    if (net->layers == 0)
        return true;
    static solved system; /* static like v, so that they are not lost */
    static mpz_ptr v;
    const affine *map = net->layer;
    bool spanned = true;
    solved_start(&system, map->inputs);
    v = integers(NULL, 0, map->inputs + 1);
    for (size_t u = 0; u < map->width; u++) {
        size_t pivot = NONE, other = NONE;
        express(&system, map->num + u * (map->inputs + 1), v);
        for (size_t i = 0; i < system.columns; i++)
            if (mpz_sgn(v + system.column[i]))
                *(kept[system.column[i]] ? &pivot : &other) = system.column[i];
        if (other != NONE && (net->box || pivot == NONE))
            spanned = false;
        else if (pivot != NONE && !net->box)
            exchange(&system, v, pivot, NONE);
    }
    return spanned;
}
