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

static double number_of(const cli_option_row *row, const char *text, struct argp_state *state)
{
    char *end;
    errno = 0;
    double value = strtod(text, &end);
    if (end != text && row->key == OPTION_LIMIT_MEMORY && *end && strchr("KMGkmg", *end)) {
        static const char units[] = "KMG";
        value = ldexp(value, 10 * (int)(strchr(units, *end & ~32) - units) + 10);
        end++;
    }
    bool time = row->key == OPTION_CHECKPOINT_EVERY || row->key == OPTION_PROGRESS_EVERY;
    if (end != text && time && *end && strchr("smh", *end))
        value *= *end == 's' ? 1 : *end == 'm' ? 60 : 3600, end++;
    bool whole = row->key != OPTION_LIMIT_SECONDS && !time;
    if (end == text || *end || errno || !(value >= row->low && value <= row->high) ||
        (whole && value != floor(value)))
        argp_error(state, "--%s: \"%s\" is not %s from %.10g to %.10g", row->name, text,
                   whole ? "a whole number" : "a number", row->low, row->high);
    return value;
}

static void must_be_known(bool known, const cli_option_row *row, const char *text,
                          struct argp_state *state)
{
    if (!known)
        argp_error(state, "--%s: \"%s\" is not known, see --help", row->name, text);
}

/* The index of text among the names, which end with NULL. */
static int choice(const cli_option_row *row, const char *text, struct argp_state *state,
                  const char *const *names)
{
    int i = 0;
    while (names[i] && strcmp(text, names[i]))
        i++;
    must_be_known(names[i] != NULL, row, text, state);
    return i;
}

static void apply(cli_options *o, const cli_option_row *row, const char *text,
                  struct argp_state *state)
{
    static const char *const whens[] = {"auto", "always", "never", "json", NULL};
    static const char *const axes[] = {"auto", "depth", "width", "units", "step", NULL};
    double number = row->low <= row->high ? number_of(row, text, state) : 0;
    switch ((cli_option_key)row->key) {
    case OPTION_BOX: o->box = text; break;
    case OPTION_DOMAIN: o->domain = text; break;
    case OPTION_VNNLIB: o->vnnlib = text; break;
    case OPTION_PART: o->part = (size_t)number; break;
    case OPTION_SLICE: o->slice = text; break;
    case OPTION_DOMAIN_OUTPUT: o->domain_output = text; break;
    case OPTION_OUTPUT: o->output = text; break;
    case OPTION_ENGINE:
        must_be_known(crease_engine_find(text, &o->count.engine), row, text, state);
        break;
    case OPTION_DEFINITION:
        must_be_known(crease_definition_find(text, &o->count.definition), row, text, state);
        break;
    case OPTION_LP: must_be_known(crease_lp_find(text, &o->count.lp), row, text, state); break;
    case OPTION_CELL:
        must_be_known(crease_cell_kind_find(text, &o->count.cell), row, text, state);
        break;
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
    case OPTION_PROGRESS: o->progress = (cli_progress)choice(row, text, state, whens); break;
    case OPTION_MAXOUT: o->maxout = (size_t)number; break;
    case OPTION_INPUTS: o->inputs = (size_t)number; break;
    case OPTION_WIDTHS: o->widths = text; break;
    case OPTION_SERIES: o->series = text; break;
    case OPTION_PLOT: o->plot = text; break;
    case OPTION_X: o->x = (cli_axis)choice(row, text, state, axes); break;
    case OPTION_CSV: o->csv = true; break;
    case OPTION_WEIGHTS:
        must_be_known(crease_weights_find(text, &o->read.weights) && o->read.weights, row, text,
                      state);
        break;
    case OPTION_ACTIVATION: o->read.activation = text; break;
    case OPTION_LAYERS: o->read.layers = text; break;
    case OPTION_NORMALISE: o->read.nnet_normalise = true; break;
    case OPTION_JSON: o->json = true; break;
    case OPTION_QUIET: o->quiet = true; break;
    case OPTION_MAN: break;
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

static void check_jobs(const cli_options *o, struct argp_state *state)
{
    if ((o->trunk || o->job) && o->network)
        argp_error(state, "--%s stands for the network", o->trunk ? "trunk" : "job");
}

/* What the parser fills in. */
typedef struct {
    cli_options *options;
    cli_given given;
} parsing;

/* An option would have no effect. */
static void check_rules(const parsing *p, struct argp_state *state)
{
    char line[256];
    if (crease_cli_rules_broken(&p->given, p->options->command, line, sizeof line))
        argp_failure(state, EXIT_USAGE, 0, "%s", line);
    const cli_options *o = p->options;
    if (o->domain_output && o->output && !strcmp(o->domain_output, o->output))
        argp_failure(state, EXIT_USAGE, 0, "%s: both the network and its domain", o->output);
}

static void take(parsing *p, int i, char *text, struct argp_state *state)
{
    const cli_option_row *row = &crease_cli_table[i];
    if (p->given.text[i] && row->argument && row->key != OPTION_SERIES)
        argp_failure(state, EXIT_USAGE, 0, "--%s=%s and --%s=%s: one of them", row->name,
                     p->given.text[i], row->name, text);
    p->given.text[i] = text ? text : "";
    apply(p->options, row, text, state);
}

static error_t parse_option(int key, char *text, struct argp_state *state)
{
    parsing *p = state->input;
    cli_options *o = p->options;
    if (key == ARGP_KEY_ARG && o->command == CLI_COMPARE) {
        o->files = crease_realloc(o->files, o->file_count + 1, sizeof *o->files);
        o->files[o->file_count++] = (cli_file){text, o->series};
        o->network = o->files[0].path;
        return 0;
    }
    if (key == ARGP_KEY_ARG) {
        if (o->network && o->command == CLI_CONVERT && !o->output) {
            o->output = text;
            return 0;
        }
        if (o->network)
            argp_error(state, "one %s at a time: \"%s\" is one too many",
                       o->command == CLI_MAKE ? "family" : "network", text);
        o->network = text;
        return 0;
    }
    if (key == ARGP_KEY_END && o->command == CLI_MAKE) {
        o->family = o->network ? o->network : ""; /* making it says which there are */
        if (crease_cli_rules_given(&p->given, OPTION_SEED) && strcmp(o->family, "random"))
            argp_failure(state, EXIT_USAGE, 0, "--seed has an effect only with the family random");
        return 0;
    }
    if (key == ARGP_KEY_END)
        check_jobs(o, state);
    if (key == ARGP_KEY_END && !o->network && !o->job && !o->trunk)
        argp_error(state, o->command == CLI_MERGE ? "which jobs? Give the path of their directory"
                                                  : "which network? Give the path of a file");
    if (key == ARGP_KEY_END && o->command == CLI_BOUND &&
        strspn(o->network, "0123456789,") == strlen(o->network)) {
        o->widths = o->network;
        p->given.widths = true;
    }
    if (key == ARGP_KEY_END)
        check_rules(p, state);
    if (key == ARGP_KEY_END && o->command == CLI_CERTIFY && !o->output && !o->job && !o->trunk)
        argp_error(state, "where to? Give the certificate's path with --output");
    if (key == ARGP_KEY_END && o->command == CLI_SHARD && !o->output)
        argp_error(state, "where to? Give a directory with --output");
    if (key == ARGP_KEY_END && o->command == CLI_CONVERT)
        check_converted(o, state);
    for (int i = 0; crease_cli_table[i].name; i++)
        if (crease_cli_table[i].key == key) {
            take(p, i, text, state);
            return 0;
        }
    return ARGP_ERR_UNKNOWN;
}

static void parse_command(int argc, char **argv, cli_options *options)
{
    static char text[CLI_MOST_OPTIONS][320], name[64], document[2048];
    struct argp_option rows[CLI_MOST_OPTIONS + 1];
    int count = 0;
    memset(rows, 0, sizeof rows);
    for (int i = 0; crease_cli_table[i].name; i++) {
        if (!(crease_cli_table[i].commands >> options->command & 1))
            continue;
        snprintf(text[i], sizeof text[i], "%s (default: %s)", crease_cli_table[i].help,
                 crease_cli_table[i].standard);
        rows[count++] = (struct argp_option){.name = crease_cli_table[i].name,
                                             .key = crease_cli_table[i].key,
                                             .arg = crease_cli_table[i].argument,
                                             .doc = text[i]};
    }
    snprintf(name, sizeof name, "crease %s", crease_cli_commands[options->command].name);
    int end =
        snprintf(document, sizeof document, "%s.\v", crease_cli_commands[options->command].summary);
    const crease_make_family *family;
    for (size_t i = 0; options->command == CLI_MAKE && (family = crease_make_family_at(i)); i++)
        end += snprintf(document + end, sizeof document - (size_t)end, "%s%-10s %s\n",
                        i ? "" : "Families:\n", family->name, family->summary);
    snprintf(document + end, sizeof document - (size_t)end, "%s%s",
             options->command == CLI_MAKE ? "\n" : "", crease_cli_exit_codes);
    argv[0] = name;
    program_invocation_name = name;
    struct argp parser = {.options = rows,
                          .parser = parse_option,
                          .doc = document,
                          .args_doc = options->command == CLI_BOUND     ? "NETWORK|N0,N1,..."
                                      : options->command == CLI_MAKE    ? "FAMILY"
                                      : options->command == CLI_CONVERT ? "NETWORK FILE.json"
                                      : options->command == CLI_COMPARE ? "NETWORK..."
                                      : options->command == CLI_MERGE   ? "DIRECTORY"
                                                                        : "NETWORK"};
    /* In order: --series is for what follows. */
    parsing p = {.options = options};
    argp_parse(&parser, argc, argv, ARGP_IN_ORDER, NULL, &p);
}

static void print_help(FILE *stream)
{
    fputs("Usage: crease COMMAND [OPTION...] NETWORK\n\n"
          "Counts the linear regions of piecewise-linear networks, and proves the count.\n\n",
          stream);
    for (int i = 0; crease_cli_commands[i].name; i++)
        fprintf(stream, "  crease %-8s %s\n", crease_cli_commands[i].name,
                crease_cli_commands[i].summary);
    fprintf(stream,
            "\n\"crease COMMAND --help\" lists the options of a command, \"crease --version\" the "
            "version,\n\"crease --man\" prints the manual page.\n\n%s\n",
            crease_cli_exit_codes);
}

static void print_manual(void)
{
    printf(".TH CREASE 1 \"\" \"crease %s\" \"User Commands\"\n.SH NAME\ncrease \\- count the "
           "linear regions of a network and prove the count\n.SH SYNOPSIS\n.B crease\n.I COMMAND\n"
           "[\\fIOPTION\\fR...] \\fINETWORK\\fR\n.SH COMMANDS\n",
           CREASE_VERSION);
    for (int i = 0; crease_cli_commands[i].name; i++)
        printf(".TP\n.B %s\n%s\n", crease_cli_commands[i].name, crease_cli_commands[i].summary);
    printf(".SH FAMILIES OF MAKE\n");
    const crease_make_family *family;
    for (size_t i = 0; (family = crease_make_family_at(i)); i++)
        printf(".TP\n.B %s\n%s\n", family->name, family->summary);
    printf(".SH OPTIONS\n");
    for (int i = 0; crease_cli_table[i].name; i++) {
        if (!crease_cli_table[i].commands)
            continue;
        printf(".TP\n\\fB\\-\\-%s\\fR", crease_cli_table[i].name);
        if (crease_cli_table[i].argument)
            printf("=\\fI%s\\fR", crease_cli_table[i].argument);
        printf("\n%s (default: %s)\n", crease_cli_table[i].help, crease_cli_table[i].standard);
    }
    printf(".SH EXIT STATUS\n%s\n", crease_cli_exit_codes);
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
    if (!strcmp(word, "--man")) {
        print_manual();
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
    if (asprintf(&text, "%s%s%s%s%s%s%s%s%s", r->weights ? " --weights=" : "",
                 r->weights ? crease_weights_name(r->weights) : "",
                 r->activation ? " --activation=" : "", r->activation ? r->activation : "",
                 r->layers ? " --layers=" : "", r->layers ? r->layers : "",
                 r->nnet_normalise ? " --nnet-normalise" : "", options->slice ? " --slice=" : "",
                 options->slice ? options->slice : "") < 0)
        crease_fatal("out of memory");
    return text;
}
