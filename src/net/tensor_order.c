#include "net/tensor.h"

#include "base/memory.h"
#include "base/status.h"

#include <stdlib.h>
#include <string.h>

#define FAIL(source, ...) crease_fail((source)->error, CREASE_INPUT, __VA_ARGS__)

static bool digit(char c)
{
    return c >= '0' && c <= '9';
}

/* "W" or "w" and digits. */
static bool lettered(const char *name)
{
    return (*name == 'W' || *name == 'w') && name[1] && !name[1 + strspn(name + 1, "0123456789")];
}

/* Does name end in a part of its own that is this word? */
static bool ends_in(const char *name, const char *word)
{
    size_t length = strlen(name), end = strlen(word);
    return length >= end && !strcmp(name + length - end, word) &&
           (length == end || name[length - end - 1] == '.');
}

static const crease_tensor *find(const crease_tensor *tensor, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++)
        if (!strcmp(tensor[i].name, name))
            return &tensor[i];
    return NULL;
}

/* The name of the bias that goes with a weight, to be freed. */
static char *bias_name(const char *weight)
{
    size_t length = strlen(weight);
    char *name = crease_alloc(length + 1, 1);
    memcpy(name, weight, length + 1);
    if (lettered(weight))
        name[0] = 'b';
    else
        memcpy(name + length - strlen("weight"), "bias", sizeof "bias");
    return name;
}

static crease_status pair(const crease_source *source, const crease_tensor *tensor, size_t count,
                          const crease_tensor *weight, crease_tensor_layer *layer)
{
    char *name = bias_name(weight->name);
    crease_status status = CREASE_OK;
    *layer = (crease_tensor_layer){weight, find(tensor, count, name)};
    if (!layer->bias)
        status = FAIL(source, "%s: %.80s is missing beside %.80s (zeros if the layer has no bias)",
                      source->name, name, weight->name);
    free(name);
    return status;
}

/* ---- Layers that the user names ---- */

static crease_status named_layers(const crease_source *source, const crease_tensor *tensor,
                                  size_t count, crease_tensor_layer *layer, size_t layers)
{
    const char *text = source->options->layers;
    size_t room = strlen(text) + sizeof ".weight";
    char *name = crease_alloc(room, 1);
    crease_status status = CREASE_OK;
    for (size_t l = 0; l < layers && !status; l++) {
        size_t length = strcspn(text, ",");
        memcpy(name, text, length);
        name[length] = 0;
        if (!lettered(name))
            strcpy(name + length, length ? ".weight" : "weight");
        const crease_tensor *weight = find(tensor, count, name);
        status = weight ? pair(source, tensor, count, weight, &layer[l])
                        : FAIL(source, "%s: --layers: there is no %.80s", source->name, name);
        text += length + (text[length] == ',');
    }
    free(name);
    return status;
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
    crease_tensor_layer layer;
} numbered;

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
    const char *first = list[0].layer.weight->name, *chosen = source->options->activation;
    bool index = place == 0 || first[place - 1] == '.', narrow = false, wide = false;
    if (!index && list[0].number > 1)
        return FAIL(source, "%s: the layers begin with %.80s, not with number 0 or 1", source->name,
                    first);
    for (size_t l = 1; l < layers; l++) {
        unsigned long step = list[l].number - list[l - 1].number;
        const char *before = list[l - 1].layer.weight->name, *name = list[l].layer.weight->name;
        if (!index && step > 1)
            return FAIL(source, "%s: no layer between %.80s and %.80s", source->name, before, name);
        narrow = narrow || step == 1;
        wide = wide || step > 1;
        if (narrow && wide && !(chosen && strchr(chosen, ',')))
            return FAIL(
                source,
                "%s: up to %.80s and %.80s some layers follow at once and some do not, as in "
                "nn.Sequential without an activation; --activation=relu,linear,... says "
                "what stands behind each",
                source->name, before, name);
    }
    return CREASE_OK;
}

static crease_status sort_layers(const crease_source *source, crease_tensor_layer *layer,
                                 size_t layers)
{
    numbered *list = crease_alloc(layers, sizeof *list);
    size_t place = 0, same = 0;
    crease_status status = CREASE_OK;
    const char *first = layer[0].weight->name;
    for (size_t l = 0; l < layers && !status; l++) {
        const char *name = layer[l].weight->name;
        bool good = l == 0 || (one_number(first, name, &same) && (l == 1 || same == place));
        place = l == 1 ? same : place;
        if (!good)
            status = no_order(source, first, name);
        list[l].layer = layer[l];
    }
    /* Up to its place a name is as long as the others but for leading zeros of other numbers. */
    for (size_t l = 0; l < layers && !status && layers > 1; l++) {
        const char *name = layer[l].weight->name;
        one_number(name, layer[l ? 0 : 1].weight->name, &same);
        const char *at = name + same;
        take_number(&at, &list[l].number);
    }
    if (!status && layers > 1) {
        qsort(list, layers, sizeof *list, by_number);
        for (size_t l = 1; l < layers && !status; l++)
            if (list[l].number == list[l - 1].number)
                status =
                    no_order(source, list[l - 1].layer.weight->name, list[l].layer.weight->name);
        one_number(list[0].layer.weight->name, list[1].layer.weight->name, &same);
        status = status ? status : check_steps(source, list, layers, same);
    }
    for (size_t l = 0; l < layers; l++)
        layer[l] = list[l].layer;
    free(list);
    return status;
}

/* All tensors must be weights or the biases of weights. */
static crease_status all_layers(const crease_source *source, const crease_tensor *tensor,
                                size_t count, crease_tensor_layer *layer, size_t *layers)
{
    bool *used = crease_alloc(count, sizeof *used);
    crease_status status = CREASE_OK;
    for (size_t i = 0; i < count && !status; i++) {
        if (!ends_in(tensor[i].name, "weight") && !lettered(tensor[i].name))
            continue;
        used[i] = true;
        status = pair(source, tensor, count, &tensor[i], &layer[*layers]);
        if (!status)
            used[layer[(*layers)++].bias - tensor] = true;
    }
    for (size_t i = 0; i < count && !status; i++)
        if (!used[i])
            status =
                FAIL(source,
                     "%s: %.80s is no weight or bias of a layer (names are P.weight and P.bias, "
                     "or Wn and bn); --layers=NAME,NAME,... says which layers to take",
                     source->name, tensor[i].name);
    free(used);
    if (!status && *layers == 0)
        status = FAIL(source, "%s: no tensors", source->name);
    return status ? status : sort_layers(source, layer, *layers);
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
    crease_status status = given ? named_layers(source, tensor, count, *layer, most)
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
