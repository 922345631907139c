#include "cli/values.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

typedef struct {
    const char *name;
    double factor;
} unit;

static const unit times[] = {{"ms", 1e-3}, {"s", 1},     {"m", 60}, {"min", 60},
                             {"h", 3600},  {"d", 86400}, {NULL, 0}};
static const unit shares[] = {{"%", 0.01}, {NULL, 0}};
static const unit sizes[] = {{"B", 1},        {"K", 0x1p10},   {"KB", 1e3},     {"KiB", 0x1p10},
                             {"M", 0x1p20},   {"MB", 1e6},     {"MiB", 0x1p20}, {"G", 0x1p30},
                             {"GB", 1e9},     {"GiB", 0x1p30}, {"T", 0x1p40},   {"TB", 1e12},
                             {"TiB", 0x1p40}, {NULL, 0}};

/* The factor of a unit's name; 1 if there is no name, 0 if it is unknown. */
static double factor_of(const unit *units, const char *name)
{
    if (!*name)
        return 1;
    for (; units && units->name; units++)
        if (!strcasecmp(units->name, name))
            return units->factor;
    return 0;
}

static void expect(const cli_option_row *row, const char *text, char *line, size_t size)
{
    int used = snprintf(line, size, "--%s: \"%s\" is not ", row->name, text);
    line += used < (int)size ? used : (int)size - 1;
    size -= used < (int)size ? (size_t)used : size - 1;
    if (row->value == VALUE_TIME)
        snprintf(line, size, "a time from %.10g to %.10g seconds, such as 90, 90s, 5m or 2h",
                 row->low, row->high);
    else if (row->value == VALUE_SHARE)
        snprintf(line, size, "a share from %.10g to %.10g, such as 0.05 or 5%%", row->low,
                 row->high);
    else if (row->value == VALUE_BYTES)
        snprintf(line, size, "a size in bytes, such as 500000, 64K, 10MB or 2G");
    else if (row->value == VALUE_WHOLE)
        snprintf(line, size, "a whole number from %.0f to %.0f", row->low, row->high);
    else
        snprintf(line, size, "a number from %.10g to %.10g", row->low, row->high);
}

bool crease_cli_read_number(const cli_option_row *row, const char *text, double *value, char *line,
                            size_t size)
{
    char *end;
    errno = 0;
    double number = strtod(text, &end);
    const unit *units = row->value == VALUE_TIME    ? times
                        : row->value == VALUE_SHARE ? shares
                        : row->value == VALUE_BYTES ? sizes
                                                    : NULL;
    double factor = end == text ? 0 : factor_of(units, end);
    bool whole = row->value == VALUE_WHOLE || (row->value == VALUE_BYTES && !*end);
    *value = number * factor;
    if (row->value == VALUE_BYTES && !whole)
        *value = floor(*value);
    if (factor > 0 && !errno && *value >= row->low && *value <= row->high &&
        (!whole || *value == floor(*value)))
        return true;
    expect(row, text, line, size);
    return false;
}

int crease_cli_read_choice(const cli_option_row *row, const char *text, char *line, size_t size)
{
    for (int i = 0; row->choice(i); i++)
        if (!strcmp(text, row->choice(i)))
            return i;
    size_t used = (size_t)snprintf(line, size, "--%s: \"%.60s\" is none of ", row->name, text);
    for (int i = 0; row->choice(i) && used < size; i++)
        used += (size_t)snprintf(line + used, size - used, "%s%s",
                                 i == 0               ? ""
                                 : row->choice(i + 1) ? ", "
                                                      : " and ",
                                 row->choice(i));
    return -1;
}

enum { LONGEST = 40, NEAR = 2 };

/* The number of letters to put in, leave out or replace (Levenshtein 1966). */
static int distance(const char *a, const char *b)
{
    int row[LONGEST + 1];
    int n = (int)strlen(b);
    for (int j = 0; j <= n; j++)
        row[j] = j;
    for (int i = 1; a[i - 1]; i++) {
        int diagonal = row[0];
        row[0] = i;
        for (int j = 1; j <= n; j++) {
            int best = diagonal + (a[i - 1] != b[j - 1]);
            diagonal = row[j];
            best = row[j] + 1 < best ? row[j] + 1 : best;
            row[j] = row[j - 1] + 1 < best ? row[j - 1] + 1 : best;
        }
    }
    return row[n];
}

bool crease_cli_similar(const char *word, const char *other)
{
    size_t a = strlen(word), b = strlen(other), common = a < b ? a : b;
    if (a > LONGEST || b > LONGEST)
        return false;
    return (common > 2 && !strncmp(word, other, common)) ||
           (distance(word, other) <= NEAR && common > NEAR);
}
