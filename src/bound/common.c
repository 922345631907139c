#include "bound/bound.h"

#include "base/memory.h"

#include <stdio.h>
#include <stdlib.h>

size_t crease_bound_read_width(const char *text, size_t length, size_t limit)
{
    size_t value = 0;
    for (size_t i = 0; i < length; i++) {
        if (text[i] < '0' || text[i] > '9')
            return 0;
        value = 10 * value + (size_t)(text[i] - '0');
        if (value > limit)
            return 0;
    }
    return value;
}

bool crease_bound_some_layer(const crease_bound_case *given, char *note)
{
    if (!given->layers)
        snprintf(note, CREASE_BOUND_NOTE, "there is no hidden layer that switches");
    return given->layers > 0;
}

bool crease_bound_one_layer(const crease_bound_case *given, char *note)
{
    if (given->layers != 1)
        snprintf(note, CREASE_BOUND_NOTE, "there are %zu hidden layers, not one", given->layers);
    return given->layers == 1;
}

bool crease_bound_wide(const crease_bound_case *given, size_t factor, char *note)
{
    for (size_t l = 0; l < given->layers; l++)
        if (given->width[l] < factor * given->inputs) {
            snprintf(note, CREASE_BOUND_NOTE, "n_%zu = %zu is less than %zu", l + 1,
                     given->width[l], factor * given->inputs);
            return false;
        }
    return crease_bound_some_layer(given, note);
}

bool crease_bound_weights(const crease_bound_case *given, char *note)
{
    if (!given->map)
        snprintf(note, CREASE_BOUND_NOTE, "the weights are not given, only the widths");
    return given->map && crease_bound_some_layer(given, note);
}

bool crease_bound_trivial(const crease_bound_case *given, mpq_t value, char *note)
{
    (void)note;
    mpq_set_ui(value, 1, 1);
    for (size_t l = 0; l < given->layers; l++)
        crease_bound_multiply_power(mpq_numref(value), given->unit[l].states, given->width[l]);
    return true;
}

bool crease_bound_product(const crease_bound_case *given, mpq_t value, char *note)
{
    if (!crease_bound_some_layer(given, note))
        return false;
    mpq_set_ui(value, 1, 1);
    for (size_t l = 0; l < given->layers; l++)
        crease_bound_multiply_sum(mpq_numref(value), given->width[l],
                                  crease_bound_narrowest(given, l), given->unit[l].states - 1);
    return true;
}

bool crease_bound_layer(const crease_bound_case *given, mpq_t value, char *note)
{
    return crease_bound_one_layer(given, note) && crease_bound_product(given, value, note);
}

bool crease_bound_by_dimension(const crease_bound_case *given, mpq_t value, char *note)
{
    if (!crease_bound_some_layer(given, note))
        return false;
    crease_bound_serra(mpq_numref(value), given, NULL);
    return true;
}

void crease_bound_list(char *note, const char *what, const size_t *number, size_t count)
{
    size_t used = (size_t)snprintf(note, CREASE_BOUND_NOTE, "%s", what);
    for (size_t i = 0; i < count && used + 16 < CREASE_BOUND_NOTE; i++)
        used += (size_t)snprintf(note + used, CREASE_BOUND_NOTE - used, "%s %zu", i ? "," : "",
                                 number[i]);
    if (used + 16 >= CREASE_BOUND_NOTE)
        snprintf(note + used, CREASE_BOUND_NOTE - used, " ...");
}

bool crease_bound_by_rank(const crease_bound_case *given, mpq_t value, char *note)
{
    if (!crease_bound_weights(given, note))
        return false;
    size_t *rank = crease_alloc(given->layers, sizeof *rank);
    for (size_t l = 0; l < given->layers; l++)
        rank[l] = crease_bound_rank(&given->map[l]);
    crease_bound_serra(mpq_numref(value), given, rank);
    crease_bound_list(note, "ranks", rank, given->layers);
    free(rank);
    return true;
}

size_t crease_bound_units(const crease_bound_case *given)
{
    size_t sum = 0;
    for (size_t l = 0; l < given->layers; l++)
        sum += given->width[l];
    return sum;
}

bool crease_bound_random_regions(const crease_bound_case *given, size_t factor, mpq_t value,
                                 char *note)
{
    if (crease_bound_units(given) < given->inputs) {
        snprintf(note, CREASE_BOUND_NOTE, "N = %zu is less than n0 = %zu",
                 crease_bound_units(given), given->inputs);
        return false;
    }
    mpz_ui_pow_ui(mpq_numref(value), factor * crease_bound_units(given), given->inputs);
    mpz_fac_ui(mpq_denref(value), given->inputs);
    mpq_canonicalize(value);
    return true;
}

/* At how many values of the layer below an affine function of this one vanishes; 0: no limit. */
static unsigned long repeats(const crease_bound_unit *unit, size_t width)
{
    if (unit->flat)
        return width <= 2 ? width : 0;
    return width == 1 ? 2 : 0;
}

bool crease_bound_one_input(const crease_bound_case *given, mpq_t value, char *note)
{
    mpz_t points, most;
    mpz_ptr regions = mpq_numref(value);
    if (given->inputs != 1) {
        snprintf(note, CREASE_BOUND_NOTE, "n0 = %zu is not 1", given->inputs);
        return false;
    }
    mpz_set_ui(regions, 1);
    mpz_init_set_ui(points, 1);
    mpz_init(most);
    for (size_t l = 0; l < given->layers; l++) {
        unsigned long times = repeats(&given->unit[l], given->width[l]);
        mpz_mul_ui(most, times > 1 && l && given->width[l - 1] > 1 ? regions : points, times);
        mpz_addmul_ui(regions, points, given->width[l] * (given->unit[l].states - 1));
        mpz_set(points, times && mpz_cmp(most, regions) < 0 ? most : regions);
    }
    mpz_clears(points, most, NULL);
    return crease_bound_some_layer(given, note);
}
