#include "cli/options.h"

#include "base/memory.h"
#include "base/status.h"
#include "bound/make.h"
#include "cli/region_text.h"
#include "cli/rules.h"
#include "cli/table.h"
#include "cli/values.h"

#include <errno.h>
#include <argp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

enum { EXIT_USAGE = 2 };

/* What the parser fills in. */
typedef struct {
    cli_options *options;
    cli_given given;
} parsing;

static const char standard_input[] = "/dev/stdin";

static double number_of(const cli_option_row *row, const char *text, struct argp_state *state)
{
    char line[256];
    double value;
    if (!crease_cli_read_number(row, text, &value, line, sizeof line))
        argp_failure(state, EXIT_USAGE, 0, "%s", line);
    return value;
}

static int choice_of(const cli_option_row *row, const char *text, struct argp_state *state)
{
    char line[256];
    int choice = crease_cli_read_choice(row, text, line, sizeof line);
    if (choice < 0)
        argp_failure(state, EXIT_USAGE, 0, "%s", line);
    return choice;
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
    const unsigned several = 1 << CLI_COMPARE | 1 << CLI_PLOT | 1 << CLI_STATS | 1 << CLI_BOUNDARY |
                             1 << CLI_REGIONS | 1 << CLI_COUNT;
    if (several >> o->command & 1) {
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

/* "-" is standard input or output. */
static void check_streams(cli_options *o, struct argp_state *state)
{
    const char **input[] = {&o->network, &o->domain, &o->vnnlib, &o->slice,
                            &o->around,  &o->along,  &o->points};
    const char *const never[] = {
        o->job,  o->trunk, o->domain_output, o->checkpoint.write, o->checkpoint.resume,
        o->plot, o->graph, o->data};
    bool directory = o->command == CLI_MERGE || o->command == CLI_STATUS || o->command == CLI_SHARD;
    int readers = 0;
    for (size_t i = 0; i < sizeof input / sizeof *input; i++)
        if (*input[i] && !strcmp(*input[i], "-")) {
            *input[i] = standard_input;
            readers++;
        }
    for (size_t i = 1; i < o->file_count; i++)
        readers += !strcmp(o->files[i].path, "-");
    for (size_t i = 0; i < o->file_count; i++)
        if (!strcmp(o->files[i].path, "-"))
            o->files[i].path = standard_input;
    if (readers > 1)
        argp_failure(state, EXIT_USAGE, 0, "-: standard input can be read once");
    for (size_t i = 0; i < sizeof never / sizeof *never; i++)
        if (never[i] && !strcmp(never[i], "-"))
            argp_failure(state, EXIT_USAGE, 0, "-: give a path here, not a standard stream");
    o->to_stdout = o->output && !strcmp(o->output, "-");
    if ((directory || o->command == CLI_PLOT) && (o->to_stdout || o->network == standard_input))
        argp_failure(state, EXIT_USAGE, 0, "-: give a path here, not a standard stream");
}

static void check_converted(const cli_options *o, struct argp_state *state)
{
    size_t length = o->output ? strlen(o->output) : 0;
    if (length == 0)
        argp_error(state, "where to? Give the path of the JSON file behind the network");
    else if (o->to_stdout)
        return;
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
    check_streams(o, state);
    if (o->command == CLI_MAKE) {
        check_family(p, state);
        return;
    }
    if (jobs && o->network)
        argp_error(state, "--%s stands for the network", o->trunk ? "trunk" : "job");
    if (!jobs && !o->network)
        argp_error(state, o->command == CLI_MERGE || o->command == CLI_STATUS
                              ? "which jobs? Give the path of their directory"
                              : "which network? Give the path of a file");
    if (o->command == CLI_BOUND && strspn(o->network, "0123456789,x/") == strlen(o->network)) {
        o->widths = o->network;
        p->given.widths = true;
    }
    if (o->command == CLI_COUNT && o->file_count > 1 && !o->around && !o->along && !o->lines)
        argp_error(state, "one network at a time: \"%s\" is one too many; compare counts several",
                   o->files[1].path);
    check_rules(p, state);
    if (o->command == CLI_CERTIFY && !o->output && !jobs)
        argp_error(state, "where to? Give the certificate's path with --output");
    if (o->command == CLI_SHARD && !o->output)
        argp_error(state, "where to? Give a directory with --output");
    if (o->around && !o->radius)
        argp_error(state, "how large are the balls? Give --radius");
    if (o->command == CLI_PLOT && !o->output)
        argp_error(state, "where to? Give the picture's path with --output");
    if (o->command == CLI_CONVERT)
        check_converted(o, state);
}

static void take_fields(cli_options *o, const char *text, struct argp_state *state)
{
    unsigned with;
    if (!crease_cli_region_fields(text, &with))
        argp_failure(state, EXIT_USAGE, 0,
                     "--with=%s: expected facets, neighbours, map, class, volume, vertices, center "
                     "or inradius",
                     text);
    o->with = text;
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
    case 'h': argp_state_help(state, stdout, ARGP_HELP_STD_HELP); break;
    case ARGP_KEY_ARG: take_argument(o, text, state); break;
    case ARGP_KEY_END: check(p, state); break;
    case OPTION_BOX: o->box = text; break;
    case OPTION_DOMAIN: o->domain = text; break;
    case OPTION_VNNLIB: o->vnnlib = text; break;
    case OPTION_PART: o->part = (size_t)number; break;
    case OPTION_SLICE: o->slice = text; break;
    case OPTION_AROUND: o->around = text; break;
    case OPTION_ALONG: o->along = text; break;
    case OPTION_MARGIN: o->margin = number; break;
    case OPTION_LEVEL: o->level = text; break;
    case OPTION_LINES: o->lines = (size_t)number; break;
    case OPTION_RADIUS: o->radius = text; break;
    case OPTION_NORM: o->norm = (crease_norm)choice; break;
    case OPTION_DOMAIN_OUTPUT: o->domain_output = text; break;
    case OPTION_OUTPUT: o->output = text; break;
    case OPTION_ENGINE: o->count.engine = (crease_engine)choice; break;
    case OPTION_DEFINITION: o->count.definition = (crease_definition)choice; break;
    case OPTION_LP: o->count.lp = (crease_lp)choice; break;
    case OPTION_CELL: o->count.cell = (crease_cell_kind)choice; break;
    case OPTION_MERGE: o->count.merge = (crease_merging)choice; break;
    case OPTION_THREADS: o->count.threads = (int)number; break;
    case OPTION_START: o->count.start = text; break;
    case OPTION_SEED: o->count.seed = (uint64_t)number; break;
    case OPTION_SECONDS: o->plan.seconds = number; break;
    case OPTION_LEAVES: o->plan.leaves = (uint64_t)number; break;
    case OPTION_CONFIDENCE: o->plan.confidence = number; break;
    case OPTION_ERROR:
        o->plan.error = number;
        o->plan.seconds = 0;
        break;
    case OPTION_LIMIT_REGIONS: o->count.limit_regions = (uint64_t)number; break;
    case OPTION_LIMIT_SECONDS: o->count.limit_seconds = number; break;
    case OPTION_GAP: o->count.gap = number; break;
    case OPTION_LIMIT_MEMORY: o->count.limit_memory = (uint64_t)number; break;
    case OPTION_CHECKPOINT: o->checkpoint.write = text; break;
    case OPTION_CHECKPOINT_EVERY: o->checkpoint.every = number; break;
    case OPTION_RESUME: o->checkpoint.resume = text; break;
    case OPTION_JOB: o->job = text; break;
    case OPTION_TRUNK: o->trunk = text; break;
    case OPTION_INDEX: o->index = (long)number; break;
    case OPTION_NUMBER:
        *(o->command == CLI_SAMPLE ? &o->sample.size : &o->jobs) = (size_t)number;
        break;
    case OPTION_PROGRESS_EVERY: o->progress_every = number; break;
    case OPTION_PROGRESS: o->progress = (cli_progress)choice; break;
    case OPTION_MAXOUT: o->maxout = (size_t)number; break;
    case OPTION_INPUTS: o->inputs = (size_t)number; break;
    case OPTION_WIDTHS: o->widths = text; break;
    case OPTION_SERIES: o->series = text; break;
    case OPTION_PLOT: o->plot = text; break;
    case OPTION_WITH: take_fields(o, text, state); break;
    case OPTION_EXACT: o->exact = true; break;
    case OPTION_CANONICAL: o->canonical = true; break;
    case OPTION_DOMAIN_TEXT: o->domain_text = true; break;
    case OPTION_PLAIN: o->plain = true; break;
    case OPTION_AT: o->at = text; break;
    case OPTION_GRAPH:
        o->graph = text;
        o->stats |= text ? 0 : CREASE_STATS_GRAPH;
        break;
    case OPTION_SORTED: o->sorted = true; break;
    case OPTION_NORMS: o->stats |= CREASE_STATS_NORMS; break;
    case OPTION_VOLUMES: o->stats |= CREASE_STATS_VOLUMES; break;
    case OPTION_MAPS: o->stats |= CREASE_STATS_MAPS; break;
    case OPTION_THROUGH: o->through = text; break;
    case OPTION_COLOR: o->color = (crease_color_by)choice; break;
    case OPTION_BOUNDARY: o->boundary = true; break;
    case OPTION_DATA: o->data = text; break;
    case OPTION_FOLD: o->fold = true; break;
    case OPTION_RASTER: o->raster = true; break;
    case OPTION_BY: o->sample.by = (crease_sample_by)choice; break;
    case OPTION_POINTS:
        o->points = text;
        o->sample.by = CREASE_SAMPLE_DATA;
        break;
    case OPTION_RESAMPLE: o->sample.resample = true; break;
    case OPTION_MEAN: o->mean = text; break;
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
    case OPTION_FORCE: o->force = true; break;
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
    /* argp itself has --help, -?, --usage, --version and -V. */
    rows[count++] = (struct argp_option){.key = 'h', .flags = OPTION_HIDDEN};
    rows[count] = (struct argp_option){.name = NULL};
}

static void parse_command(const char *program, int argc, char **argv, cli_options *options)
{
    char help[CLI_MOST_OPTIONS][320], name[64];
    struct argp_option rows[CLI_MOST_OPTIONS + TOPICS + 2];
    const cli_command_row *command = &crease_cli_commands[options->command];
    char *document = document_of(options->command);
    list_options(options->command, rows, help);
    snprintf(name, sizeof name, "%s %s", program, command->name);
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

static void print_help(const char *program, FILE *stream)
{
    fprintf(stream,
            "Usage: %s COMMAND [OPTION...] NETWORK\n\n"
            "Counts the linear regions of piecewise-linear networks, and proves the count.\n\n",
            program);
    for (int i = 0; crease_cli_commands[i].name; i++)
        fprintf(stream, "  %s %-8s %s\n", program, crease_cli_commands[i].name,
                crease_cli_commands[i].summary);
    fprintf(stream,
            "\n\"%s COMMAND --help\" lists the options of a command, \"%s --version\" prints the "
            "version,\n\"man %s\" is the manual.\n\n",
            program, program, program);
    write_exits(stream);
}

static void finish(void)
{
    if (fflush(stdout) || ferror(stdout)) {
        fprintf(stderr, "%s: cannot write to standard output: %s\n", program_invocation_short_name,
                strerror(errno));
        exit(EXIT_USAGE);
    }
    exit(0);
}

static bool is_one_of(const char *word, const char *a, const char *b, const char *c)
{
    return !strcmp(word, a) || !strcmp(word, b) || !strcmp(word, c);
}

/* The index of the command; negative: there is none of this name. */
static int command_of(const char *word)
{
    for (int i = 0; crease_cli_commands[i].name; i++)
        if (!strcmp(word, crease_cli_commands[i].name))
            return i;
    return -1;
}

static _Noreturn void refuse_command(const char *program, const char *word)
{
    fprintf(stderr, "%s: there is no command \"%s\"", program, word);
    for (int i = 0; crease_cli_commands[i].name; i++)
        if (crease_cli_similar(word, crease_cli_commands[i].name)) {
            fprintf(stderr, "; did you mean %s?\n", crease_cli_commands[i].name);
            exit(EXIT_USAGE);
        }
    if (access(word, F_OK))
        fprintf(stderr, "; \"%s --help\" lists the commands\n", program);
    else
        fprintf(stderr, "; did you mean \"%s count %s\"?\n", program, word);
    exit(EXIT_USAGE);
}

void crease_cli_parse(const char *program, int argc, char **argv, cli_options *options)
{
    memset(options, 0, sizeof *options);
    crease_options_default(&options->count);
    crease_read_options_default(&options->read);
    crease_checkpoint_default(&options->checkpoint);
    crease_estimate_plan_default(&options->plan);
    crease_sample_plan_default(&options->sample);
    options->index = -1;
    options->jobs = 256;
    argp_err_exit_status = EXIT_USAGE;
    argp_program_version = "crease " CREASE_VERSION;
    const char *word = argc > 1 ? argv[1] : "";
    bool help = is_one_of(word, "--help", "-h", "-?") || !strcmp(word, "help");
    if (help && argc == 2) {
        print_help(program, stdout);
        finish();
    }
    if (is_one_of(word, "--version", "-V", "version")) {
        printf("%s\n", argp_program_version);
        finish();
    }
    if (!*word) {
        print_help(program, stderr);
        exit(EXIT_USAGE);
    }
    int command = command_of(help ? argv[2] : word);
    if (command < 0)
        refuse_command(program, help ? argv[2] : word);
    options->command = (cli_command)command;
    if (help) {
        char *asked[] = {argv[2], "--help", NULL};
        parse_command(program, 2, asked, options);
    }
    parse_command(program, argc - 1, argv + 1, options);
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
