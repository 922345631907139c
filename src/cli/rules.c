#include "cli/rules.h"

#include <stdio.h>
#include <string.h>

enum { MOST_UNLESS = 3, NETWORK_WIDTHS = -1 };

/* An option, with this value if value is not NULL; or widths in place of a network. */
typedef struct {
    int key;
    const char *value;
} term;

/* The option is refused if with is given or has no key, unless one of the terms in unless is
 * given. */
typedef struct {
    unsigned commands; /* a bit for each; 0: all that have the option */
    term option, with, unless[MOST_UNLESS];
} rule;

static const rule rules[] = {
    {.option = {OPTION_DOMAIN, NULL}, .with = {OPTION_BOX, NULL}},
    {.option = {OPTION_CANONICAL, NULL}, .with = {OPTION_JSON, NULL}},
    {.option = {OPTION_DOMAIN_TEXT, NULL}, .with = {OPTION_CANONICAL, NULL}},
    {.option = {OPTION_DOMAIN_TEXT, NULL}, .with = {OPTION_JSON, NULL}},
    {.commands = 1 << CLI_INFO,
     .option = {OPTION_BOX, NULL},
     .unless = {{OPTION_DOMAIN_TEXT, NULL}}},
    {.commands = 1 << CLI_INFO,
     .option = {OPTION_DOMAIN, NULL},
     .unless = {{OPTION_DOMAIN_TEXT, NULL}}},
    {.option = {OPTION_VNNLIB, NULL}, .with = {OPTION_BOX, NULL}},
    {.option = {OPTION_VNNLIB, NULL}, .with = {OPTION_DOMAIN, NULL}},
    /* A property is about the inputs x. */
    {.option = {OPTION_SLICE, NULL}, .with = {OPTION_VNNLIB, NULL}},
    {.option = {OPTION_THROUGH, NULL}, .with = {OPTION_SLICE, NULL}},
    {.option = {OPTION_THROUGH, NULL}, .unless = {{OPTION_DATA, NULL}}},
    {.option = {OPTION_BOUNDARY, NULL}, .with = {OPTION_COLOR, "class"}},
    {.option = {OPTION_COLOR, NULL}, .with = {OPTION_FOLD, NULL}},
    {.option = {OPTION_BOUNDARY, NULL}, .with = {OPTION_FOLD, NULL}},
    {.option = {OPTION_RASTER, NULL}, .with = {OPTION_FOLD, NULL}},
    {.option = {OPTION_DATA, NULL},
     .with = {OPTION_FOLD, NULL},
     .unless = {{OPTION_THROUGH, NULL}}},
    {.option = {OPTION_PART, NULL}, .unless = {{OPTION_VNNLIB, NULL}}},
    {.option = {OPTION_DOMAIN_OUTPUT, NULL},
     .unless = {{OPTION_VNNLIB, NULL}, {OPTION_DOMAIN, NULL}}},
    {.commands = 1 << CLI_CONVERT,
     .option = {OPTION_DOMAIN, NULL},
     .unless = {{OPTION_DOMAIN_OUTPUT, NULL}}},
    {.commands = 1 << CLI_COUNT,
     .option = {OPTION_RADIUS, NULL},
     .unless = {{OPTION_AROUND, NULL}}},
    {.option = {OPTION_NORM, NULL}, .unless = {{OPTION_AROUND, NULL}}},
    {.option = {OPTION_MARGIN, NULL}, .unless = {{OPTION_AROUND, NULL}}},
    {.option = {OPTION_ALONG, NULL}, .with = {OPTION_AROUND, NULL}},
    {.option = {OPTION_LINES, NULL}, .with = {OPTION_AROUND, NULL}},
    {.commands = 1 << CLI_COUNT, .option = {OPTION_DEFINITION, NULL}, .with = {OPTION_ALONG, NULL}},
    {.commands = 1 << CLI_COUNT, .option = {OPTION_DEFINITION, NULL}, .with = {OPTION_LINES, NULL}},
    {.commands = 1 << CLI_COUNT,
     .option = {OPTION_EXACT, NULL},
     .unless = {{OPTION_AROUND, NULL}, {OPTION_ALONG, NULL}}},
    {.commands = 1 << CLI_COUNT,
     .option = {OPTION_CSV, NULL},
     .unless = {{OPTION_AROUND, NULL}, {OPTION_ALONG, NULL}, {OPTION_LINES, NULL}}},
    /* The split engine has cells, the walk has a start. */
    {.option = {OPTION_CELL, NULL}, .with = {OPTION_ENGINE, "walk"}},
    {.commands = 1 << CLI_COUNT,
     .option = {OPTION_CELL, NULL},
     .with = {OPTION_DEFINITION, "open-connected"}},
    {.commands = 1 << CLI_COUNT,
     .option = {OPTION_CELL, NULL},
     .with = {OPTION_DEFINITION, "affine"}},
    {.option = {OPTION_MERGE, "on"}, .with = {OPTION_ENGINE, "walk"}},
    {.option = {OPTION_MERGE, "on"}, .with = {OPTION_CELL, "lp"}},
    {.option = {OPTION_MERGE, "on"}, .with = {OPTION_DEFINITION, "open-connected"}},
    {.option = {OPTION_MERGE, "on"}, .with = {OPTION_DEFINITION, "affine"}},
    /* The walk writes plain certificates. */
    {.option = {OPTION_ENGINE, "split"}, .with = {OPTION_PLAIN, NULL}},
    {.option = {OPTION_CELL, NULL}, .with = {OPTION_PLAIN, NULL}},
    {.option = {OPTION_MERGE, "on"}, .with = {OPTION_PLAIN, NULL}},
    {.option = {OPTION_PLAIN, NULL}, .with = {OPTION_JOB, NULL}},
    {.option = {OPTION_PLAIN, NULL}, .with = {OPTION_TRUNK, NULL}},
    {.option = {OPTION_GAP, NULL}, .with = {OPTION_ENGINE, "walk"}},
    {.option = {OPTION_GAP, NULL}, .with = {OPTION_DEFINITION, "open-connected"}},
    {.option = {OPTION_GAP, NULL}, .with = {OPTION_DEFINITION, "affine"}},
    {.option = {OPTION_GAP, NULL}, .with = {OPTION_JOB, NULL}},
    {.option = {OPTION_START, NULL}, .with = {OPTION_RESUME, NULL}},
    {.option = {OPTION_START, NULL}, .with = {OPTION_JOB, NULL}},
    {.option = {OPTION_START, NULL}, .with = {OPTION_TRUNK, NULL}},
    {.option = {OPTION_START, NULL},
     .unless = {{OPTION_ENGINE, "walk"},
                {OPTION_DEFINITION, "open-connected"},
                {OPTION_DEFINITION, "affine"}}},
    {.option = {OPTION_CHECKPOINT_EVERY, NULL},
     .unless = {{OPTION_CHECKPOINT, NULL}, {OPTION_RESUME, NULL}, {OPTION_JOB, NULL}}},
    /* Points around given ones. */
    {.commands = 1 << CLI_SAMPLE,
     .option = {OPTION_RADIUS, NULL},
     .unless = {{OPTION_POINTS, NULL}}},
    {.option = {OPTION_BY, "volume"}, .with = {OPTION_POINTS, NULL}},
    {.option = {OPTION_BY, "region"}, .with = {OPTION_POINTS, NULL}},
    {.option = {OPTION_BY, "data"}, .unless = {{OPTION_POINTS, NULL}}},
    {.option = {OPTION_RESAMPLE, NULL}, .with = {OPTION_BY, "volume"}},
    {.option = {OPTION_RESAMPLE, NULL}, .with = {OPTION_POINTS, NULL}},
    /* An estimate has one plan. */
    {.option = {OPTION_SECONDS, NULL}, .with = {OPTION_ERROR, NULL}},
    {.option = {OPTION_SECONDS, NULL}, .with = {OPTION_LEAVES, NULL}},
    {.option = {OPTION_ERROR, NULL}, .with = {OPTION_LEAVES, NULL}},
    {.commands = 1 << CLI_ESTIMATE, .option = {OPTION_QUIET, NULL}, .with = {OPTION_JSON, NULL}},
    /* A job has a network, a domain and a checkpoint of its own. */
    {.option = {OPTION_INDEX, NULL}, .unless = {{OPTION_JOB, NULL}}},
    {.option = {OPTION_CHECKPOINT, NULL}, .with = {OPTION_JOB, NULL}},
    {.option = {OPTION_RESUME, NULL}, .with = {OPTION_JOB, NULL}},
    {.option = {OPTION_JOB, NULL}, .with = {OPTION_TRUNK, NULL}},
    {.option = {OPTION_ENGINE, "walk"}, .with = {OPTION_JOB, NULL}},
    {.option = {OPTION_ENGINE, "walk"}, .with = {OPTION_TRUNK, NULL}},
    {.option = {OPTION_PROGRESS, NULL}, .with = {OPTION_TRUNK, NULL}},
    {.option = {OPTION_PROGRESS_EVERY, NULL}, .with = {OPTION_TRUNK, NULL}},
    /* Lists have the pieces of activation regions. */
    {.commands = 1 << CLI_BOUNDARY,
     .option = {OPTION_OUTPUT, NULL},
     .with = {OPTION_DEFINITION, "open-connected"}},
    {.commands = 1 << CLI_BOUNDARY,
     .option = {OPTION_OUTPUT, NULL},
     .with = {OPTION_DEFINITION, "affine"}},
    /* One region goes to standard output with all that is known of it. */
    {.option = {OPTION_OUTPUT, NULL}, .with = {OPTION_AT, NULL}},
    {.option = {OPTION_GRAPH, NULL}, .with = {OPTION_AT, NULL}},
    {.option = {OPTION_SORTED, NULL}, .with = {OPTION_AT, NULL}},
    {.option = {OPTION_WITH, NULL}, .with = {OPTION_AT, NULL}},
    {.option = {OPTION_CHECKPOINT, NULL}, .with = {OPTION_AT, NULL}},
    {.option = {OPTION_RESUME, NULL}, .with = {OPTION_AT, NULL}},
    /* Output. */
    {.option = {OPTION_PROGRESS, "always"}, .with = {OPTION_QUIET, NULL}},
    {.option = {OPTION_PROGRESS_EVERY, NULL}, .with = {OPTION_PROGRESS, "never"}},
    {.option = {OPTION_PROGRESS_EVERY, NULL},
     .with = {OPTION_QUIET, NULL},
     .unless = {{OPTION_PROGRESS, "json"}}},
    {.option = {OPTION_CSV, NULL}, .with = {OPTION_JSON, NULL}},
    /* Lists on standard output leave no place for a report. */
    {.commands = 1 << CLI_REGIONS,
     .option = {OPTION_JSON, NULL},
     .unless = {{OPTION_OUTPUT, NULL}, {OPTION_GRAPH, NULL}, {OPTION_AT, NULL}}},
    {.commands = 1 << CLI_REGIONS | 1 << CLI_SAMPLE | 1 << CLI_BOUNDARY,
     .option = {OPTION_JSON, NULL},
     .with = {OPTION_OUTPUT, "-"}},
    {.commands = 1 << CLI_SAMPLE, .option = {OPTION_MEAN, NULL}, .with = {OPTION_OUTPUT, "-"}},
    {.commands = 1 << CLI_BOUNDARY, .option = {OPTION_CSV, NULL}, .with = {OPTION_OUTPUT, "-"}},
    {.commands = 1 << CLI_MERGE, .option = {OPTION_QUIET, NULL}, .with = {OPTION_JSON, NULL}},
    {.option = {OPTION_X, NULL}, .unless = {{OPTION_PLOT, NULL}}},
};

/* Options about the file of the network and its inputs. */
static const int of_network[] = {OPTION_BOX,        OPTION_DOMAIN, OPTION_VNNLIB,
                                 OPTION_PART,       OPTION_SLICE,  OPTION_WEIGHTS,
                                 OPTION_ACTIVATION, OPTION_LAYERS, OPTION_TRANSPOSE,
                                 OPTION_NORMALISE,  OPTION_BATCH};
/* What may stand in place of the network. */
static const int in_its_place[] = {OPTION_JOB, OPTION_TRUNK, NETWORK_WIDTHS};

/* Of count: options for one whole count, and what asks for many small ones. */
static const int of_one_count[] = {OPTION_CHECKPOINT, OPTION_RESUME, OPTION_JOB, OPTION_START,
                                   OPTION_GAP};
static const int of_many_counts[] = {OPTION_AROUND, OPTION_ALONG, OPTION_LINES};

static bool is_given(const cli_given *given, term t)
{
    if (t.key == NETWORK_WIDTHS)
        return given->widths;
    for (int i = 0; crease_cli_table[i].name; i++)
        if (crease_cli_table[i].key == t.key && given->text[i])
            return !t.value || !strcmp(given->text[i], t.value);
    return false;
}

bool crease_cli_rules_given(const cli_given *given, cli_option_key key)
{
    return is_given(given, (term){(int)key, NULL});
}

/* Adds "--engine=walk" or the like to the line. */
static void add(char *line, size_t size, const char *before, term t)
{
    size_t end = strlen(line);
    const char *name = "widths in place of a network";
    for (int i = 0; crease_cli_table[i].name; i++)
        if (crease_cli_table[i].key == t.key)
            name = crease_cli_table[i].name;
    snprintf(line + end, size - end, "%s%s%s%s%s", before, t.key == NETWORK_WIDTHS ? "" : "--",
             name, t.value ? "=" : "", t.value ? t.value : "");
}

static bool has(cli_command command, int key)
{
    for (int i = 0; crease_cli_table[i].name; i++)
        if (crease_cli_table[i].key == key && crease_cli_table[i].commands >> command & 1)
            return true;
    return false;
}

static bool broken(const cli_given *given, const rule *r, cli_command command, char *line,
                   size_t size)
{
    bool needs = !r->with.key;
    if (!is_given(given, r->option) || (!needs && !is_given(given, r->with)))
        return false;
    for (size_t i = 0; i < MOST_UNLESS; i++)
        if (r->unless[i].key && is_given(given, r->unless[i]))
            return false;
    *line = '\0';
    add(line, size, "", r->option);
    if (!needs)
        add(line, size, " has no effect with ", r->with);
    const char *before = needs ? " has an effect only with " : " unless there is ";
    for (size_t i = 0; i < MOST_UNLESS && r->unless[i].key; i++)
        if (has(command, r->unless[i].key)) {
            add(line, size, before, r->unless[i]);
            before = " or ";
        }
    return true;
}

/* Does one of the options exclude one of the others? */
static bool any_broken(const cli_given *given, cli_command command, const int *options,
                       size_t count, const int *others, size_t other_count, char *line, size_t size)
{
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < other_count; k++) {
            rule r = {.option = {options[i], NULL}, .with = {others[k], NULL}};
            if (broken(given, &r, command, line, size))
                return true;
        }
    return false;
}

bool crease_cli_rules_broken(const cli_given *given, cli_command command, char *line, size_t size)
{
    if (any_broken(given, command, of_network, sizeof of_network / sizeof *of_network, in_its_place,
                   sizeof in_its_place / sizeof *in_its_place, line, size) ||
        any_broken(given, command, of_one_count, sizeof of_one_count / sizeof *of_one_count,
                   of_many_counts, sizeof of_many_counts / sizeof *of_many_counts, line, size))
        return true;
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++)
        if ((!rules[i].commands || rules[i].commands >> command & 1) &&
            broken(given, &rules[i], command, line, size))
            return true;
    return false;
}
