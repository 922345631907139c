#include "net/source.h"

#include "base/status.h"
#include "net/rational.h"

#include <string.h>

crease_status crease_source_widths(const crease_source *source, const size_t *width, size_t layers)
{
    size_t units = 0;
    for (size_t l = 0; l <= layers; l++) {
        size_t most = l ? CREASE_MAX_UNITS : CREASE_MAX_INPUTS;
        if (!l && (!width[l] || width[l] > most))
            return crease_fail(source->error, CREASE_INPUT, "%s: %zu inputs, allowed are 1 to %zu",
                               source->name, width[l], most);
        if (!width[l] || width[l] > most)
            return crease_fail(source->error, CREASE_INPUT,
                               "%s: layer %zu: %zu units, allowed are 1 to %zu", source->name,
                               l - 1, width[l], most);
        units += l > 0 && l < layers ? width[l] : 0;
        if (units > CREASE_MAX_UNITS)
            return crease_fail(source->error, CREASE_INPUT,
                               "%s: layer %zu: more than %d hidden units in total", source->name,
                               l - 1, CREASE_MAX_UNITS);
    }
    return CREASE_OK;
}

/* Reads "NAME" or "NAME:NUMBER..." of the given length. */
static bool read_activation(const char *text, size_t length, crease_layer *layer)
{
    char name[16];
    size_t word = strcspn(text, ":,");
    const char *const *names;
    if (word >= sizeof name)
        return false;
    memcpy(name, text, word);
    name[word] = 0;
    if (!strcmp(name, "hard_tanh")) {
        layer->activation = CREASE_CLIP;
        mpq_set_si(layer->parameter[0], -1, 1);
        mpq_set_si(layer->parameter[1], 1, 1);
        return word == length;
    }
    if (!crease_activation_find(name, &layer->activation) || layer->activation == CREASE_MAXOUT)
        return false;
    for (size_t i = 0; i < crease_activation_parameters(layer->activation, &names); i++) {
        if (text[word] != ':')
            return false;
        size_t number = strcspn(text + ++word, ":,");
        if (!crease_rational_parse(layer->parameter[i], text + word, number))
            return false;
        word += number;
    }
    return word == length && (layer->activation != CREASE_CLIP ||
                              mpq_cmp(layer->parameter[0], layer->parameter[1]) < 0);
}

crease_status crease_source_activations(const crease_source *source, crease_network *network)
{
    const char *given = source->options->activation ? source->options->activation : "relu";
    size_t hidden = network->layers - 1, names = 1;
    const char *text = given;
    for (const char *at = given; *at; at++)
        names += *at == ',';
    if (names > 1 && names != hidden)
        return crease_fail(source->error, CREASE_INPUT,
                           "%s: --activation: %zu names for %zu hidden layers", source->name, names,
                           hidden);
    for (size_t l = 0; l < hidden || l == 0; l++) {
        size_t length = strcspn(text, ",");
        if (!read_activation(text, length, &network->layer[l]))
            return crease_fail(
                source->error, CREASE_INPUT,
                "%s: --activation: \"%.60s\": expected relu, linear, abs, hard_tanh, "
                "leaky_relu:SLOPE or clip:LOW:HIGH with LOW < HIGH",
                source->name, text);
        text += names > 1 && text[length] ? length + 1 : 0;
    }
    network->layer[hidden].activation = CREASE_LINEAR;
    return CREASE_OK;
}
