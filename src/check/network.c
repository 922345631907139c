/* The network and the domain as exact numbers, their digests, and the inputs that may be dropped.
 */
#include "check.h"

#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_INPUTS = 4096, MAX_UNITS = 4096, MAX_TEXT = 20000, MAX_EXPONENT = 5000, MAX_DEPTH = 5 };

/* A value of JSON, at its first character; strings are unescaped in place and end in a zero byte.
 * Those within it follow: keys and values of an object, elements of an array. */
typedef struct {
    const char *at;
    size_t count, end; /* pairs or elements; the first value behind it */
} value;

typedef struct {
    const char *name;
    char *text, *at; /* ends in a zero byte */
    value *tape;
    size_t used, room;
} json;

static _Noreturn void bad(const json *j, const char *at, const char *what)
{
    stop("%s: byte %zu: %s", j->name, (size_t)(at - j->text), what);
}

static bool take(json *j, char c)
{
    j->at += strspn(j->at, " \t\n\r");
    if (*j->at != c)
        return false;
    j->at++;
    return true;
}

/* Behind a backslash. All beyond ASCII becomes one character, which no key and no number has. */
static char unescape(json *j)
{
    static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
    char digit[5] = {0};
    const char *found = *j->at ? strchr(from, *j->at) : NULL;
    if (found) {
        j->at++;
        return to[found - from];
    }
    if (*j->at == 'u')
        strncpy(digit, j->at + 1, 4);
    unsigned long code = strtoul(digit, NULL, 16);
    if (strspn(digit, "0123456789abcdefABCDEF") != 4 || code == 0)
        bad(j, j->at, "bad escape in a string");
    j->at += 5;
    return code < 0x80 ? (char)code : '\x7f';
}

static void parse_string(json *j)
{
    char *to = ++j->at;
    while (*j->at != '"') {
        char c = *j->at++;
        if ((unsigned char)c < ' ')
            bad(j, j->at - 1, "control character, or the end of the file, in a string");
        *to++ = c == '\\' ? unescape(j) : c;
    }
    j->at++;
    *to = 0;
}

static void parse_digits(json *j)
{
    if (!isdigit((unsigned char)*j->at))
        bad(j, j->at, "expected a value of the network format");
    while (isdigit((unsigned char)*j->at))
        j->at++;
}

static void parse_number(json *j)
{
    j->at += *j->at == '-';
    if (j->at[0] == '0' && isdigit((unsigned char)j->at[1]))
        bad(j, j->at, "number with a leading zero");
    parse_digits(j);
    if (*j->at == '.') {
        j->at++;
        parse_digits(j);
    }
    if (*j->at == 'e' || *j->at == 'E') {
        j->at += j->at[1] == '+' || j->at[1] == '-' ? 2 : 1;
        parse_digits(j);
    }
}

/* Any value nested no deeper than a network is. */
static void parse(json *j, int depth)
{
    size_t self = j->used++;
    j->at += strspn(j->at, " \t\n\r");
    if (self == j->room)
        j->tape = resize(j->tape, j->room = 2 * self + 64, sizeof *j->tape);
    j->tape[self] = (value){j->at, 0, 0};
    char open = *j->at, close = open == '{' ? '}' : ']';
    if (open != '{' && open != '[') {
        open == '"' ? parse_string(j) : parse_number(j);
        j->tape[self].end = j->used;
        return;
    }
    if (depth == MAX_DEPTH)
        bad(j, j->at, "nested too deeply for a network");
    for (j->at++; !take(j, close); j->tape[self].count++) {
        if (j->tape[self].count > 0 && !take(j, ','))
            bad(j, j->at, "expected a comma or the end of a list");
        j->at += strspn(j->at, " \t\n\r");
        if (open == '{' && *j->at != '"')
            bad(j, j->at, "expected a key");
        if (open == '{')
            parse(j, depth + 1);
        if (open == '{' && !take(j, ':'))
            bad(j, j->at, "expected a colon");
        parse(j, depth + 1);
    }
    j->tape[self].end = j->used;
}

/* The values of the keys in an object, which has no others; NONE for one that is not there. */
static void members(const json *j, size_t object, const char *const key[3], size_t found[3])
{
    size_t pairs = j->tape[object].count;
    if (*j->tape[object].at != '{')
        bad(j, j->tape[object].at, "expected an object");
    for (int k = 0; k < 3; k++) {
        found[k] = NONE;
        for (size_t i = object + 1; i < j->tape[object].end; i = j->tape[i + 1].end)
            if (!strcmp(j->tape[i].at + 1, key[k]))
                found[k] = i + 1;
        pairs -= found[k] != NONE;
    }
    if (pairs > 0)
        bad(j, j->tape[object].at, "object with an unknown key, or one that comes twice");
}

/* An array of a certain length, or of any positive one if it is NONE. */
static size_t need_array(const json *j, size_t array, size_t length)
{
    size_t count = j->tape[array].count;
    if (*j->tape[array].at != '[' || count == 0 || (length != NONE && count != length))
        bad(j, j->tape[array].at, "expected an array, not empty, of as many elements as fit");
    return count;
}

static bool digits(mpz_ptr z, const char **at, const char *end, int base, long *after)
{
    char *kept = resize(NULL, (size_t)(end - *at) + 1, 1), *next = kept;
    const char *point = NULL;
    for (; *at < end; ++*at) {
        if (**at == '.' && after && !point)
            point = *at + 1;
        else if (base == 16 ? isxdigit((unsigned char)**at) : isdigit((unsigned char)**at))
            *next++ = **at;
        else
            break;
    }
    *next = 0;
    if (point)
        *after = *at - point;
    bool good = next > kept && mpz_set_str(z, kept, base) == 0;
    free(kept);
    return good;
}

static void scale(mpq_t q, unsigned long base, long exponent)
{
    mpz_t power;
    mpz_init(power);
    mpz_ui_pow_ui(power, base, (unsigned long)labs(exponent));
    mpz_ptr part = exponent < 0 ? mpq_denref(q) : mpq_numref(q);
    mpz_mul(part, part, power);
    mpz_clear(power);
}

/* A decimal, p/q or hexadecimal float that fills the text from at to end. */
static bool rational(mpq_t q, const char *at, const char *end)
{
    if (at >= end || end - at > MAX_TEXT)
        return false;
    bool negative = *at == '-';
    at += *at == '-' || *at == '+';
    bool hexadecimal = end - at > 2 && at[0] == '0' && (at[1] == 'x' || at[1] == 'X');
    int base = hexadecimal ? 16 : 10, mark = hexadecimal ? 'p' : 'e';
    long after = 0, exponent = 0;
    at += hexadecimal ? 2 : 0;
    mpz_set_ui(mpq_denref(q), 1);
    if (!digits(mpq_numref(q), &at, end, base, &after))
        return false;
    if (at < end && *at == '/' && !hexadecimal && after == 0) {
        at++;
        if (!digits(mpq_denref(q), &at, end, 10, NULL) || mpz_sgn(mpq_denref(q)) == 0)
            return false;
    } else if (at < end && tolower((unsigned char)*at) == mark) {
        bool minus = ++at < end && *at == '-';
        at += at < end && (*at == '-' || *at == '+');
        if (at == end)
            return false;
        for (; at < end && isdigit((unsigned char)*at) && exponent <= MAX_EXPONENT; at++)
            exponent = exponent * 10 + (*at - '0');
        if (exponent > MAX_EXPONENT)
            return false;
        scale(q, hexadecimal ? 2 : 10, minus ? -exponent : exponent);
    }
    scale(q, (unsigned long)base, -after);
    mpq_canonicalize(q);
    if (negative)
        mpq_neg(q, q);
    return at == end;
}

/* A number of the format: quoted and exact, or the nearest binary64. */
static void number(const json *j, size_t i, mpq_t q)
{
    const char *at = j->tape[i].at;
    double nearest = *at == '"' || *at == '[' || *at == '{' ? NAN : strtod(at, NULL);
    if (isfinite(nearest))
        mpq_set_d(q, nearest);
    else if (*at != '"' || !rational(q, at + 1, at + 1 + strlen(at + 1)))
        bad(j, at, "expected a finite number, or a decimal, p/q or hexadecimal float in quotes");
}

static void digest_number(sha256 *hash, const mpq_t q, const char *after)
{
    size_t length = mpz_sizeinbase(mpq_numref(q), 10) + mpz_sizeinbase(mpq_denref(q), 10) + 3;
    char *spelt = mpq_get_str(resize(NULL, length, 1), 10, q);
    sha256_text(hash, spelt);
    sha256_text(hash, after);
    free(spelt);
}

/* Two passes: one for the digest and the common denominator, one for the numerators. */
static void read_matrix(const json *j, size_t weight, size_t bias, affine *map, sha256 *hash)
{
    mpq_t q;
    mpq_init(q);
    mpz_init_set_ui(map->den, 1);
    for (int pass = 0; pass < 2; pass++) {
        if (pass == 1)
            map->num = integers(NULL, 0, map->width * (map->inputs + 1));
        mpz_ptr num = map->num;
        size_t row = weight + 1;
        for (size_t u = 0; u < map->width; u++, row = j->tape[row].end) {
            need_array(j, row, map->inputs);
            for (size_t i = 0; i <= map->inputs; i++) {
                /* an element with elements of its own is no number, so they are one after another
                 */
                number(j, i < map->inputs ? row + 1 + i : bias + 1 + u, q);
                if (pass == 0) {
                    mpz_lcm(map->den, map->den, mpq_denref(q));
                    digest_number(hash, q, i < map->inputs ? " " : "\n");
                } else {
                    mpz_divexact(num, map->den, mpq_denref(q));
                    mpz_mul(num, num, mpq_numref(q));
                    num++;
                }
            }
        }
    }
    mpq_clear(q);
}

/* Returns whether the layer switches. */
static bool read_layer(const json *j, size_t object, affine *map, sha256 *hash)
{
    static const char *const key[3] = {"weight", "bias", "activation"};
    char head[64];
    size_t at[3];
    members(j, object, key, at);
    if (at[0] == NONE || at[1] == NONE || at[2] == NONE)
        bad(j, j->tape[object].at, "layer without weight, bias or activation");
    bool relu = !strcmp(j->tape[at[2]].at, "\"relu");
    if (!relu && strcmp(j->tape[at[2]].at, "\"linear"))
        bad(j, j->tape[at[2]].at, "the activation must be \"relu\" or \"linear\"");
    map->width = need_array(j, at[0], NONE);
    need_array(j, at[1], map->width);
    if (map->width > MAX_UNITS)
        bad(j, j->tape[object].at, "too many units");
    snprintf(head, sizeof head, "layer %zu %s\n", map->width, relu ? "relu" : "linear");
    sha256_text(hash, head);
    read_matrix(j, at[0], at[1], map, hash);
    return relu;
}

static void release(affine *map)
{
    for (size_t i = 0; i < map->width * (map->inputs + 1); i++)
        mpz_clear(map->num + i);
    free(map->num);
    mpz_clear(map->den);
}

/* outer after inner; both are used up. */
static affine fold(affine *inner, affine *outer)
{
    size_t n = inner->inputs, w = outer->inputs;
    affine map = {.width = outer->width, .inputs = n};
    mpz_ptr to = map.num = integers(NULL, 0, map.width * (n + 1));
    for (size_t i = 0; i < map.width; i++, to += n + 1) {
        mpz_srcptr row = outer->num + i * (w + 1);
        mpz_mul(to + n, row + w, inner->den);
        for (size_t h = 0; h < w; h++)
            for (size_t j = 0; j <= n; j++)
                mpz_addmul(to + j, row + h, inner->num + h * (n + 1) + j);
    }
    mpz_init(map.den);
    mpz_mul(map.den, outer->den, inner->den);
    release(inner);
    release(outer);
    return map;
}

static void read_layers(const json *j, size_t array, network *net, sha256 *hash)
{
    affine map = {0};
    size_t inputs = net->inputs, hidden = 0, count = need_array(j, array, NONE), at = array + 1;
    bool relu = true;
    net->layer = allocate(count, sizeof *net->layer);
    for (size_t l = 0; l < count; l++, at = j->tape[at].end) {
        affine next = {.inputs = inputs};
        bool folded = !relu;
        relu = read_layer(j, at, &next, hash);
        inputs = next.width;
        hidden += l + 1 < count ? inputs : 0;
        if (hidden > MAX_UNITS || (relu && l + 1 == count))
            bad(j, j->tape[at].at, "too many hidden units, or a last layer that is not linear");
        map = folded ? fold(&map, &next) : next;
        if (relu)
            net->layer[net->layers++] = map;
    }
    release(&map);
}

static char *read_file(const char *path, size_t *size)
{
    FILE *file = fopen(path, "rb");
    if (!file)
        stop("%s: %s", path, strerror(errno));
    char *data = NULL;
    size_t room = 1 << 16;
    *size = 0;
    do
        data = resize(data, room *= 2, 1);
    while ((*size += fread(data + *size, 1, room - *size, file)) == room);
    if (ferror(file))
        stop("%s: %s", path, strerror(errno));
    fclose(file);
    data[*size] = 0; /* resize gives one byte more */
    return data;
}

void network_read(network *net, const char *path)
{
    static const char *const key[3] = {"input", "layers", "comment"};
    size_t size, at[3];
    json j = {.name = path};
    char *text = read_file(path, &size), head[64];
    mpq_t inputs;
    sha256 hash;
    j.text = j.at = text;
    parse(&j, 0);
    j.at += strspn(j.at, " \t\n\r");
    if (j.at != text + size)
        bad(&j, j.at, "something follows the network");
    members(&j, 0, key, at);
    if (at[0] == NONE || at[1] == NONE || *j.tape[at[0]].at == '"' ||
        (at[2] != NONE && *j.tape[at[2]].at != '"'))
        bad(&j, text, "no number \"input\", no \"layers\", or a \"comment\" that is no string");
    mpq_init(inputs);
    number(&j, at[0], inputs);
    if (mpq_cmp_ui(inputs, 1, 1) < 0 || mpq_cmp_ui(inputs, MAX_INPUTS, 1) > 0 ||
        mpz_cmp_ui(mpq_denref(inputs), 1))
        bad(&j, j.tape[at[0]].at, "\"input\" must be an integer from 1 to 4096");
    *net = (network){.inputs = mpz_get_ui(mpq_numref(inputs))};
    mpq_clear(inputs);
    sha256_begin(&hash);
    snprintf(head, sizeof head, "crease-network 1\ninput %zu\n", net->inputs);
    sha256_text(&hash, head);
    read_layers(&j, at[1], net, &hash);
    sha256_end(&hash, net->digest);
    free(j.tape);
    free(text);
}

void network_domain(network *net, const char *box)
{
    size_t given = 1;
    char head[64];
    sha256 hash;
    for (const char *at = box; at && (at = strchr(at, ',')); at++)
        given++;
    if (box && given != 1 && given != net->inputs)
        stop("--box: %zu intervals for %zu inputs", given, net->inputs);
    sha256_begin(&hash);
    snprintf(head, sizeof head, "crease-domain 1\n%s %zu\n", box ? "box" : "space", net->inputs);
    sha256_text(&hash, head);
    net->box = box != NULL;
    net->bound = allocate(2 * net->inputs, sizeof *net->bound);
    for (size_t j = 0; box && j < net->inputs; j++) {
        mpq_t *lo = net->bound + 2 * j, *hi = lo + 1;
        const char *end = box + strcspn(box, ","), *colon = memchr(box, ':', (size_t)(end - box));
        mpq_inits(*lo, *hi, NULL);
        if (!colon || !rational(*lo, box, colon) || !rational(*hi, colon + 1, end) ||
            mpq_cmp(*lo, *hi) >= 0)
            stop("--box: expected exact numbers LO:HI with LO < HI before \"%s\"", end);
        digest_number(&hash, *lo, " ");
        digest_number(&hash, *hi, "\n");
        box = given > 1 ? end + 1 : box;
    }
    sha256_end(&hash, net->domain);
}

/* Whether the inputs that are not kept may be set to 0 ("Inputs that are kept"). In a box their
 * columns in the first map must be 0. In R^n they must be combinations of the kept columns: when
 * its rows are solved for kept inputs, one after the other, no row may be left that is 0 in the
 * other kept inputs and not 0 in all inputs. */
bool network_spanned(const network *net, const bool *kept)
{
    if (net->layers == 0)
        return true;
    const affine *map = net->layer;
    bool spanned = true;
    static solved system; /* static like v, to be there until the end */
    static mpz_ptr v;
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
            exchange(&system, &system, v, pivot, NONE);
    }
    return spanned;
}
