#include "random_net.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

/* Large enough for ", " and any binary32 in %.17g. */
enum { NUMBER_CHARS = 32, LAYER_CHARS = 64 };

static uint64_t next_word(uint64_t *state)
{
    /* splitmix64 */
    uint64_t z = *state += 0x9e3779b97f4a7c15u;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

static double next_normal(uint64_t *state)
{
    /* Box-Muller; the +1 keeps the logarithm finite. */
    double u = (double)((next_word(state) >> 11) + 1) * 0x1p-53;
    double v = (double)(next_word(state) >> 11) * 0x1p-53;
    return sqrt(-2.0 * log(u)) * cos(6.283185307179586 * v);
}

static char *put_numbers(char *at, int count, double deviation, uint64_t *state)
{
    *at++ = '[';
    for (int i = 0; i < count; i++) {
        float value = (float)(deviation * next_normal(state));
        at += sprintf(at, "%s%.17g", i ? ", " : "", (double)value);
    }
    *at++ = ']';
    return at;
}

static char *put_layer(char *at, int inputs, int units, const char *activation, uint64_t *state)
{
    at += sprintf(at, "{\"weight\": [");
    for (int u = 0; u < units; u++) {
        if (u > 0)
            at += sprintf(at, ",\n ");
        at = put_numbers(at, inputs, sqrt(2.0 / inputs), state);
    }
    at += sprintf(at, "],\n \"bias\": ");
    at = put_numbers(at, units, 0.5, state);
    return at + sprintf(at, ", \"activation\": \"%s\"}", activation);
}

char *random_net(const int *widths, int count, uint64_t seed)
{
    if (count < 2)
        return NULL;
    size_t room = LAYER_CHARS;
    for (int i = 0; i < count; i++) {
        if (widths[i] < 1)
            return NULL;
        if (i > 0) {
            /* One spare number per row pays for its brackets and line break. */
            size_t units = (size_t)widths[i], inputs = (size_t)widths[i - 1];
            room += LAYER_CHARS + NUMBER_CHARS * (units * (inputs + 1) + units + 1);
        }
    }
    char *text = malloc(room);
    if (text == NULL)
        return NULL;
    uint64_t state = seed;
    char *at = text + sprintf(text, "{\"input\": %d, \"layers\": [", widths[0]);
    for (int i = 1; i < count; i++) {
        const char *activation = i + 1 < count ? "relu" : "linear";
        if (i > 1)
            at += sprintf(at, ",\n");
        at = put_layer(at, widths[i - 1], widths[i], activation, &state);
    }
    sprintf(at, "]}\n");
    return text;
}
