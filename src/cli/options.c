#include "cli/options.h"

#include "base/memory.h"
#include "base/status.h"
#include "bound/make.h"
#include "cli/rules.h"
#include "cli/table.h"

#include <argp.h>
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { EXIT_USAGE = 2 };

/* What the parser fills in. */
typedef struct {
    cli_options *options;
    cli_given given;
} parsing;

static double number_of(const cli_option_row *row, const char *text, struct argp_state *state)
{
    char *end;
    errno = 0;
    double value = strtod(text, &end);
    bool whole = row->value == VALUE_WHOLE || row->value == VALUE_BYTES;
    if (end != text && row->value == VALUE_BYTES && *end && strchr("KMGkmg", *end)) {
        static const char units[] = "KMG";
        value = ldexp(value, 10 * (int)(strchr(units, *end & ~32) - units) + 10);
        end++;
    }
    if (end != text && row->value == VALUE_TIME && *end && strchr("smh", *end))
        value *= *end == 's' ? 1 : *end == 'm' ? 60 : 3600, end++;
    if (end == text || *end || errno || !(value >= row->low && value <= row->high) ||
        (whole && value != floor(value)))
        argp_error(state, "--%s: \"%s\" is not %s from %.10g to %.10g", row->name, text,
                   whole ? "a whole number" : "a number", row->low, row->high);
    return value;
}

/* The index of text among the names that the option takes. */
static int choice_of(const cli_option_row *row, const char *text, struct argp_state *state)
{
    for (int i = 0; row->choice(i); i++)
        if (!strcmp(text, row->choice(i)))
            return i;
    argp_error(state, "--%s: \"%s\" is not known, see --help", row->name, text);
    return 0;
}

/* The row of an option that the command has; NULL: there is none of this key. */
static const cli_option_row *row_of(int key, cli_command command)
{
    for (const cli_option_row *row = crease_cli_table; row->name; row++)
        if (row->key == key && row->commands >> command & 1)
            return row;
    return NULL;
}

/* Notes that the option was given; all but --series may be given once. */
static void note(parsing *p, const cli_option_row *row, const char *text, struct argp_state *state)
{
    const char **given = &p->given.text[row - crease_cli_table];
    if (*given && row->argument && row->key != OPTION_SERIES)
        argp_failure(state, EXIT_USAGE, 0, "--%s=%s and --%s=%s: one of them", row->name, *given,
                     row->name, text);
    *given = text ? text : "";
}

static void take_argument(cli_options *o, const char *text, struct argp_state *state)
{
    if (o->command == CLI_COMPARE) {
        o->files = crease_realloc(o->files, o->file_count + 1, sizeof *o->files);
        o->files[o->file_count++] = (cli_file){text, o->series};
        o->network = o->files[0].path;
    } else if (!o->network) {
        o->network = text;
    } else if (o->command == CLI_CONVERT && !o->output) {
        o->output = text;
    } else {
        argp_error(state, "one %s at a time: \"%s\" is one too many",
                   o->command == CLI_MAKE ? "family" : "network", text);
    }
}

static void check_converted(const cli_options *o, struct argp_state *state)
{
    size_t length = o->output ? strlen(o->output) : 0;
    if (length == 0)
        argp_error(state, "where to? Give the path of the JSON file behind the network");
    else if (length < 5 || strcasecmp(o->output + length - 5, ".json"))
        argp_error(state, "%s: it is JSON that is written; end the name in .json", o->output);
}

/* Options that would have no effect. */
static void check_rules(const parsing *p, struct argp_state *state)
{
    char line[256];
    if (crease_cli_rules_broken(&p->given, p->options->command, line, sizeof line))
        argp_failure(state, EXIT_USAGE, 0, "%s", line);
    const cli_options *o = p->options;
    if (o->domain_output && o->output && !strcmp(o->domain_output, o->output))
        argp_failure(state, EXIT_USAGE, 0, "%s: both the network and its domain", o->output);
}

static void check_family(const parsing *p, struct argp_state *state)
{
    cli_options *o = p->options;
    o->family = o->network ? o->network : ""; /* making it says which there are */
    if (crease_cli_rules_given(&p->given, OPTION_SEED) && strcmp(o->family, "random"))
        argp_failure(state, EXIT_USAGE, 0, "--seed has an effect only with the family random");
}

/* The command line as a whole. */
static void check(parsing *p, struct argp_state *state)
{
    cli_options *o = p->options;
    bool jobs = o->trunk || o->job;
    if (o->command == CLI_MAKE) {
        check_family(p, state);
        return;
    }
    if (jobs && o->network)
        argp_error(state, "--%s stands for the network", o->trunk ? "trunk" : "job");
    if (!jobs && !o->network)
        argp_error(state, o->command == CLI_MERGE ? "which jobs? Give the path of their directory"
                                                  : "which network? Give the path of a file");
    if (o->command == CLI_BOUND && strspn(o->network, "0123456789,") == strlen(o->network)) {
        o->widths = o->network;
        p->given.widths = true;
    }
    check_rules(p, state);
    if (o->command == CLI_CERTIFY && !o->output && !jobs)
        argp_error(state, "where to? Give the certificate's path with --output");
    if (o->command == CLI_SHARD && !o->output)
        argp_error(state, "where to? Give a directory with --output");
    if (o->command == CLI_CONVERT)
        check_converted(o, state);
}

static error_t parse_option(int key, char *text, struct argp_state *state)
{
    parsing *p = state->input;
    cli_options *o = p->options;
    const cli_option_row *row = row_of(key, o->command);
    if (row)
        note(p, row, text, state);
    int choice = row && row->value == VALUE_CHOICE ? choice_of(row, text, state) : 0;
    double number = row && row->value >= VALUE_WHOLE ? number_of(row, text, state) : 0;
    switch (key) {
    case ARGP_KEY_ARG: take_argument(o, text, state); break;
    case ARGP_KEY_END: check(p, state); break;
    case OPTION_BOX: o->box = text; break;
    case OPTION_DOMAIN: o->domain = text; break;
    case OPTION_VNNLIB: o->vnnlib = text; break;
    case OPTION_PART: o->part = (size_t)number; break;
    case OPTION_SLICE: o->slice = text; break;
    case OPTION_DOMAIN_OUTPUT: o->domain_output = text; break;
    case OPTION_OUTPUT: o->output = text; break;
    case OPTION_ENGINE: o->count.engine = (crease_engine)choice; break;
    case OPTION_DEFINITION: o->count.definition = (crease_definition)choice; break;
    case OPTION_LP: o->count.lp = (crease_lp)choice; break;
    case OPTION_CELL: o->count.cell = (crease_cell_kind)choice; break;
    case OPTION_THREADS: o->count.threads = (int)number; break;
    case OPTION_START: o->count.start = text; break;
    case OPTION_SEED: o->count.seed = (uint64_t)number; break;
    case OPTION_LIMIT_REGIONS: o->count.limit_regions = (uint64_t)number; break;
    case OPTION_LIMIT_SECONDS: o->count.limit_seconds = number; break;
    case OPTION_LIMIT_MEMORY: o->count.limit_memory = (uint64_t)number; break;
    case OPTION_CHECKPOINT: o->checkpoint.write = text; break;
    case OPTION_CHECKPOINT_EVERY: o->checkpoint.every = number; break;
    case OPTION_RESUME: o->checkpoint.resume = text; break;
    case OPTION_JOB: o->job = text; break;
    case OPTION_TRUNK: o->trunk = text; break;
    case OPTION_INDEX: o->index = (long)number; break;
    case OPTION_JOBS: o->jobs = (size_t)number; break;
    case OPTION_PROGRESS_EVERY: o->progress_every = number; break;
    case OPTION_PROGRESS: o->progress = (cli_progress)choice; break;
    case OPTION_MAXOUT: o->maxout = (size_t)number; break;
    case OPTION_INPUTS: o->inputs = (size_t)number; break;
    case OPTION_WIDTHS: o->widths = text; break;
    case OPTION_SERIES: o->series = text; break;
    case OPTION_PLOT: o->plot = text; break;
    case OPTION_X: o->x = (cli_axis)choice; break;
    case OPTION_CSV: o->csv = true; break;
    case OPTION_WEIGHTS: o->read.weights = (crease_weights)(choice + 1); break;
    case OPTION_ACTIVATION: o->read.activation = text; break;
    case OPTION_LAYERS: o->read.layers = text; break;
    case OPTION_TRANSPOSE: o->read.transpose = true; break;
    case OPTION_NORMALISE: o->read.nnet_normalise = true; break;
    case OPTION_BATCH: o->read.whole_batch = choice == 1; break;
    case OPTION_JSON: o->json = true; break;
    case OPTION_QUIET: o->quiet = true; break;
    default: return ARGP_ERR_UNKNOWN;
    }
    return 0;
}

static void write_exits(FILE *stream)
{
    fputs("Exit status:\n", stream);
    for (const cli_exit_row *row = crease_cli_exits; row->meaning; row++)
        fprintf(stream, "  %-3d %s\n", row->code, row->meaning);
}

/* What --help says around the options; malloc'd. */
static char *document_of(cli_command command)
{
    char *text;
    size_t size;
    FILE *stream = open_memstream(&text, &size);
    if (!stream)
        crease_fatal("out of memory");
    fprintf(stream, "%s.\v", crease_cli_commands[command].summary);
    const crease_make_family *family;
    for (size_t i = 0; command == CLI_MAKE && (family = crease_make_family_at(i)); i++)
        fprintf(stream, "%s%-11s %s\n", i ? "" : "Families:\n", family->name, family->summary);
    fputs(command == CLI_MAKE ? "\n" : "", stream);
    write_exits(stream);
    if (fclose(stream))
        crease_fatal("out of memory");
    return text;
}

/* The options of the command as argp wants them, by topic; help is what their texts point into. */
static void list_options(cli_command command, struct argp_option *rows, char help[][320])
{
    int count = 0, topic = -1;
    for (int i = 0; crease_cli_table[i].name; i++) {
        const cli_option_row *row = &crease_cli_table[i];
        if (!(row->commands >> command & 1))
            continue;
        if ((int)row->topic != topic)
            rows[count++] = (struct argp_option){.doc = crease_cli_topics[row->topic],
                                                 .group = (int)row->topic + 1};
        topic = (int)row->topic;
        if (!strcmp(row->standard, "none") || !strcmp(row->standard, "off"))
            snprintf(help[i], 320, "%s", row->help);
        else
            snprintf(help[i], 320, "%s (default: %s)", row->help, row->standard);
        rows[count++] = (struct argp_option){.name = row->name,
                                             .key = row->key,
                                             .arg = row->argument,
                                             .doc = help[i],
                                             .group = topic + 1};
    }
    rows[count] = (struct argp_option){.name = NULL};
}

static void parse_command(int argc, char **argv, cli_options *options)
{
    char help[CLI_MOST_OPTIONS][320], name[64];
    struct argp_option rows[CLI_MOST_OPTIONS + TOPICS + 1];
    const cli_command_row *command = &crease_cli_commands[options->command];
    char *document = document_of(options->command);
    list_options(options->command, rows, help);
    snprintf(name, sizeof name, "crease %s", command->name);
    char *names[] = {argv[0], program_invocation_name};
    argv[0] = program_invocation_name = name;
    struct argp parser = {
        .options = rows, .parser = parse_option, .doc = document, .args_doc = command->arguments};
    /* In order: --series is for what follows. */
    parsing p = {.options = options};
    argp_parse(&parser, argc, argv, ARGP_IN_ORDER, NULL, &p);
    argv[0] = names[0];
    program_invocation_name = names[1];
    free(document);
}

static void print_help(FILE *stream)
{
    fputs("Usage: crease COMMAND [OPTION...] NETWORK\n\n"
          "Counts the linear regions of piecewise-linear networks, and proves the count.\n\n",
          stream);
    for (int i = 0; crease_cli_commands[i].name; i++)
        fprintf(stream, "  crease %-8s %s\n", crease_cli_commands[i].name,
                crease_cli_commands[i].summary);
    fputs("\n\"crease COMMAND --help\" lists the options of a command, \"crease --version\" prints "
          "the "
          "version,\n\"man crease\" is the manual.\n\n",
          stream);
    write_exits(stream);
}

static void finish(void)
{
    if (fflush(stdout) || ferror(stdout)) {
        perror("crease: cannot write to standard output");
        exit(EXIT_USAGE);
    }
    exit(0);
}

void crease_cli_parse(int argc, char **argv, cli_options *options)
{
    memset(options, 0, sizeof *options);
    crease_options_default(&options->count);
    crease_read_options_default(&options->read);
    crease_checkpoint_default(&options->checkpoint);
    options->index = -1;
    options->jobs = 256;
    argp_err_exit_status = EXIT_USAGE;
    const char *word = argc > 1 ? argv[1] : "";
    if (!strcmp(word, "--help") || !strcmp(word, "-?") || !strcmp(word, "help")) {
        print_help(stdout);
        finish();
    }
    if (!strcmp(word, "--version") || !strcmp(word, "-V")) {
        printf("crease %s\n", CREASE_VERSION);
        finish();
    }
    for (int i = 0; crease_cli_commands[i].name; i++)
        if (!strcmp(word, crease_cli_commands[i].name)) {
            options->command = (cli_command)i;
            parse_command(argc - 1, argv + 1, options);
            return;
        }
    if (*word)
        fprintf(stderr, "crease: unknown command \"%s\"\n", word);
    print_help(stderr);
    exit(EXIT_USAGE);
}

char *crease_cli_read_options(const cli_options *options)
{
    const crease_read_options *r = &options->read;
    char *text;
    if (asprintf(&text, "%s%s%s%s%s%s%s%s%s%s%s", r->weights ? " --weights=" : "",
                 r->weights ? crease_weights_name(r->weights) : "",
                 r->activation ? " --activation=" : "", r->activation ? r->activation : "",
                 r->layers ? " --layers=" : "", r->layers ? r->layers : "",
                 r->transpose ? " --transpose" : "", r->nnet_normalise ? " --nnet-normalise" : "",
                 r->whole_batch ? " --batch=all" : "", options->slice ? " --slice=" : "",
                 options->slice ? options->slice : "") < 0)
        crease_fatal("out of memory");
    return text;
}
