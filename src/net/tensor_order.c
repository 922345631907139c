#include "net/tensor.h"

#include "base/memory.h"
#include "base/status.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FAIL(source, ...) crease_fail((source)->error, CREASE_INPUT, __VA_ARGS__)

bool crease_tensor_fits(const crease_tensor *bias, size_t units)
{
    bool vector = bias->dimensions == 1 ||
                  (bias->dimensions == 2 && (bias->size[0] == 1 || bias->size[1] == 1));
    return vector && bias->size[0] * (bias->dimensions == 2 ? bias->size[1] : 1) == units;
}

bool crease_tensors_chain(const crease_tensor_layer *layer, size_t layers, bool kernel)
{
    for (size_t l = 0; l < layers; l++) {
        const crease_tensor *weight = layer[l].weight, *before = l ? layer[l - 1].weight : NULL;
        if (weight->dimensions != 2 ||
            (layer[l].bias && !crease_tensor_fits(layer[l].bias, weight->size[kernel])) ||
            (before && before->size[kernel] != weight->size[!kernel]))
            return false;
    }
    return true;
}

static bool digit(char c)
{
    return c >= '0' && c <= '9';
}

/* "W" or "w" and digits. */
static bool lettered(const char *name)
{
    return (*name == 'W' || *name == 'w') && name[1] && !name[1 + strspn(name + 1, "0123456789")];
}

/* The length of P and its separator if the name is P.word, P/word, P/word:0 or word alone, else
 * -1. */
static long before(const char *name, const char *word)
{
    size_t length = strlen(name), own = strlen(word);
    if (length >= 2 && !strcmp(name + length - 2, ":0"))
        length -= 2;
    if (length < own || strncmp(name + length - own, word, own))
        return -1;
    return length == own || strchr("./", name[length - own - 1]) ? (long)(length - own) : -1;
}

static bool is_kernel(const char *name)
{
    return before(name, "kernel") >= 0;
}

static bool is_weight(const char *name)
{
    return lettered(name) || before(name, "weight") >= 0 || is_kernel(name);
}

static const crease_tensor *find(const crease_tensor *tensor, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++)
        if (!strcmp(tensor[i].name, name))
            return &tensor[i];
    return NULL;
}

/* "arr_0", as NumPy names arrays without names, up to 6 digits; the number, or -1. */
static long nameless(const char *name)
{
    const char *digits = name + strlen("arr_");
    if (strncmp(name, "arr_", strlen("arr_")) || !*digits || strlen(digits) > 6 ||
        digits[strspn(digits, "0123456789")] || (*digits == '0' && digits[1]))
        return -1;
    return strtol(digits, NULL, 10);
}

/* The name of the bias that goes with a weight, to be freed. */
static char *bias_name(const char *weight)
{
    size_t length = strlen(weight);
    long start = is_kernel(weight) ? before(weight, "kernel") : before(weight, "weight");
    char *name = crease_alloc(length + sizeof "arr_1000000", 1);
    if (nameless(weight) >= 0)
        sprintf(name, "arr_%ld", nameless(weight) + 1);
    else if (lettered(weight))
        sprintf(name, "b%s", weight + 1);
    else
        sprintf(name, "%.*sbias%s", (int)start, weight, weight + start + strlen("weight"));
    return name;
}

static crease_tensor_layer pair(const crease_source *source, const crease_tensor *tensor,
                                size_t count, const crease_tensor *weight)
{
    char *name = bias_name(weight->name);
    const crease_tensor *bias = find(tensor, count, name);
    if (bias && nameless(name) >= 0 && bias->dimensions != 1) /* the next weight */
        bias = NULL;
    free(name);
    return (crease_tensor_layer){weight, bias,
                                 source->options->transpose || is_kernel(weight->name)};
}

/* Tensors arr_0, arr_1, ...: only their shapes tell which ones are weights, and what their rows
 * are. */
static crease_status turn_nameless(const crease_source *source, crease_tensor_layer *layer,
                                   size_t layers)
{
    const char *name = layer[0].weight->name;
    if (nameless(name) < 0 || layer[0].kernel || !crease_tensors_chain(layer, layers, true))
        return CREASE_OK;
    if (crease_tensors_chain(layer, layers, false))
        return FAIL(source,
                    "%s: %.80s: the shapes do not say whether weights are inputs x units "
                    "(--transpose) or units x inputs (then name them W0, b0, W1, ...)",
                    source->name, name);
    for (size_t l = 0; l < layers; l++)
        layer[l].kernel = true;
    return CREASE_OK;
}

static crease_status nameless_layers(const crease_source *source, const crease_tensor *tensor,
                                     size_t count, crease_tensor_layer *layer, size_t *layers)
{
    char name[] = "arr_1000000";
    const crease_tensor *before_it = NULL;
    for (size_t i = 0; i < count; i++) {
        sprintf(name, "arr_%zu", i % 1000000);
        const crease_tensor *next = find(tensor, count, name);
        if (!next)
            return FAIL(source, "%s: %s is missing", source->name, name);
        bool bias = before_it && before_it->dimensions == 2 && next->dimensions == 1;
        before_it = next;
        if (bias)
            continue;
        if (next->dimensions != 2)
            return FAIL(source, "%s: %s: expected the weight of a layer, of two dimensions",
                        source->name, name);
        layer[(*layers)++] = pair(source, tensor, count, next);
    }
    return turn_nameless(source, layer, *layers);
}

/* ---- Layers that the user names ---- */

/* The weight of the layer, whose name has the length; NULL if there is none. */
static const crease_tensor *named_weight(const crease_tensor *tensor, size_t count,
                                         const char *text, size_t length)
{
    static const char *const ends[] = {"", ".weight", ".kernel", "/kernel", "/kernel:0", "/weight"};
    char *name = crease_alloc(length + sizeof "/kernel:0", 1);
    const crease_tensor *weight = NULL;
    for (size_t i = 0; i < sizeof ends / sizeof *ends && !weight; i++) {
        const char *end = length ? ends[i] : i == 0 ? "weight" : "kernel";
        sprintf(name, "%.*s%s", (int)length, text, end);
        weight = is_weight(name) || nameless(name) >= 0 ? find(tensor, count, name) : NULL;
    }
    free(name);
    return weight;
}

static crease_status named_layers(const crease_source *source, const crease_tensor *tensor,
                                  size_t count, crease_tensor_layer *layer, size_t layers)
{
    const char *text = source->options->layers;
    for (size_t l = 0; l < layers; l++) {
        size_t length = strcspn(text, ",");
        const crease_tensor *weight = named_weight(tensor, count, text, length);
        if (!weight)
            return FAIL(source, "%s: --layers: there is no weight of \"%.*s\"", source->name,
                        length < 80 ? (int)length : 80, text);
        layer[l] = pair(source, tensor, count, weight);
        text += length + (text[length] == ',');
    }
    return turn_nameless(source, layer, layers);
}

/* ---- Layers whose names give the order ---- */

/* Walks over a number; false if it has more than 9 digits. */
static bool take_number(const char **at, unsigned long *number)
{
    char *end;
    *number = strtoul(*at, &end, 10);
    bool good = end - *at <= 9;
    *at = end;
    return good;
}

/* Where the names differ in one number alone, from which *place characters are before it in a. */
static bool one_number(const char *a, const char *b, size_t *place)
{
    const char *start = a;
    bool differ = false;
    while (*a || *b) {
        unsigned long x, y;
        const char *at = a;
        if (!digit(*a) || !digit(*b)) {
            if (*a++ != *b++)
                return false;
            continue;
        }
        if (!take_number(&a, &x) || !take_number(&b, &y) || (x != y && differ))
            return false;
        if (x != y) {
            *place = (size_t)(at - start);
            differ = true;
        }
    }
    return differ;
}

typedef struct {
    unsigned long number;
    char *name; /* of the weight; dense_0 for the kernel of dense, if there are others */
    crease_tensor_layer layer;
} numbered;

/* Keras numbers the layers of one kind: dense, dense_1, dense_2, ... */
static char *numbered_name(const char *weight)
{
    long end = before(weight, "kernel");
    bool bare = end > 1 && !digit(weight[end - 2]);
    char *name = crease_alloc(strlen(weight) + sizeof "_0", 1);
    long start = bare ? end - 1 : (long)strlen(weight);
    sprintf(name, "%.*s%s%s", (int)start, weight, bare ? "_0" : "", weight + start);
    return name;
}

static int by_number(const void *a, const void *b)
{
    unsigned long x = ((const numbered *)a)->number, y = ((const numbered *)b)->number;
    return x < y ? -1 : x > y;
}

static crease_status no_order(const crease_source *source, const char *a, const char *b)
{
    return FAIL(source,
                "%s: the names %.80s and %.80s do not say which layer comes first; "
                "--layers=NAME,NAME,... does",
                source->name, a, b);
}

/* The steps between the numbers; the number of the first layer's name begins at place. */
static crease_status check_steps(const crease_source *source, const numbered *list, size_t layers,
                                 size_t place)
{
    const char *first = list[0].name, *chosen = source->options->activation;
    bool index = place == 0 || first[place - 1] == '.', narrow = false, wide = false;
    if (!index && list[0].number > 1)
        return FAIL(source, "%s: the layers begin with %.80s, not with number 0 or 1", source->name,
                    first);
    for (size_t l = 1; l < layers; l++) {
        unsigned long step = list[l].number - list[l - 1].number;
        const char *last = list[l - 1].name, *name = list[l].name;
        if (!index && step > 1)
            return FAIL(source, "%s: no layer between %.80s and %.80s", source->name, last, name);
        narrow = narrow || step == 1;
        wide = wide || step > 1;
        if (narrow && wide && !(chosen && strchr(chosen, ',')))
            return FAIL(
                source,
                "%s: up to %.80s and %.80s some layers follow at once and some do not, as in "
                "nn.Sequential without an activation; --activation=relu,linear,... says "
                "what stands behind each",
                source->name, last, name);
    }
    return CREASE_OK;
}

/* Sets the numbers; *place is where they begin in the first name. */
static crease_status number_layers(const crease_source *source, numbered *list, size_t layers,
                                   size_t *place)
{
    size_t same = 0, where = 0;
    for (size_t l = 1; l < layers; l++) {
        if (!one_number(list[0].name, list[l].name, &same) || (l > 1 && same != where))
            return no_order(source, list[0].name, list[l].name);
        where = same;
    }
    /* Up to its place a name is as long as the others but for leading zeros of other numbers. */
    for (size_t l = 0; l < layers; l++) {
        one_number(list[l].name, list[l ? 0 : 1].name, &same);
        const char *at = list[l].name + same;
        take_number(&at, &list[l].number);
    }
    qsort(list, layers, sizeof *list, by_number);
    for (size_t l = 1; l < layers; l++)
        if (list[l].number == list[l - 1].number)
            return no_order(source, list[l - 1].name, list[l].name);
    one_number(list[0].name, list[1].name, place);
    return CREASE_OK;
}

static crease_status sort_layers(const crease_source *source, crease_tensor_layer *layer,
                                 size_t layers)
{
    numbered *list = crease_alloc(layers, sizeof *list);
    size_t place = 0;
    crease_status status = CREASE_OK;
    for (size_t l = 0; l < layers; l++) {
        list[l].layer = layer[l];
        list[l].name = numbered_name(layer[l].weight->name);
    }
    if (layers > 1) {
        status = number_layers(source, list, layers, &place);
        status = status ? status : check_steps(source, list, layers, place);
    }
    for (size_t l = 0; l < layers; l++) {
        layer[l] = list[l].layer;
        free(list[l].name);
    }
    free(list);
    return status;
}

/* All tensors must be weights or the biases of weights. */
static crease_status all_layers(const crease_source *source, const crease_tensor *tensor,
                                size_t count, crease_tensor_layer *layer, size_t *layers)
{
    bool *used = crease_alloc(count, sizeof *used);
    const crease_tensor *other = NULL;
    for (size_t i = 0; i < count; i++) {
        if (!is_weight(tensor[i].name))
            continue;
        used[i] = true;
        layer[*layers] = pair(source, tensor, count, &tensor[i]);
        if (layer[*layers].bias)
            used[layer[*layers].bias - tensor] = true;
        ++*layers;
    }
    for (size_t i = 0; i < count && !other; i++)
        other = used[i] ? NULL : &tensor[i];
    free(used);
    if (other)
        return FAIL(source,
                    "%s: %.80s is no weight or bias of a layer (names are P.weight, P.kernel and "
                    "P.bias, or Wn and bn); --layers=NAME,NAME,... takes the layers that it names, "
                    "which is another network where the rest does something, as a BatchNorm does",
                    source->name, other->name);
    if (*layers == 0)
        return FAIL(source, "%s: no tensors", source->name);
    return sort_layers(source, layer, *layers);
}

crease_status crease_tensors_order(const crease_source *source, const crease_tensor *tensor,
                                   size_t count, crease_tensor_layer **layer, size_t *layers)
{
    const char *given = source->options->layers;
    size_t most = given ? 1 : count;
    for (const char *at = given; at && *at; at++)
        most += *at == ',';
    *layers = given ? most : 0;
    *layer = crease_alloc(most, sizeof **layer);
    bool arrays = count > 0 && nameless(tensor[0].name) >= 0;
    crease_status status = given    ? named_layers(source, tensor, count, *layer, most)
                           : arrays ? nameless_layers(source, tensor, count, *layer, layers)
                                    : all_layers(source, tensor, count, *layer, layers);
    if (!status && *layers > CREASE_MAX_UNITS + 1)
        status = FAIL(source, "%s: %zu layers, at most %d are allowed", source->name, *layers,
                      CREASE_MAX_UNITS + 1);
    if (status) {
        free(*layer);
        *layer = NULL;
    }
    return status;
}
