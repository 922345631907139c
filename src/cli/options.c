#include "cli/options.h"

#include "base/memory.h"
#include "base/status.h"
#include "bound/make.h"

#include <argp.h>
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum {
    EXIT_USAGE = 2,
    IN_CERTIFY = 1 << CLI_CERTIFY,
    ONLY_COUNT = 1 << CLI_COUNT,
    IN_COUNT = ONLY_COUNT | IN_CERTIFY,
    IN_INFO = 1 << CLI_INFO,
    IN_BOUND = 1 << CLI_BOUND,
    IN_MAKE = 1 << CLI_MAKE,
    IN_COMPARE = 1 << CLI_COMPARE,
    IN_CONVERT = 1 << CLI_CONVERT,
    IN_RUNS = IN_COUNT | IN_COMPARE,
    IN_READ = IN_RUNS | IN_INFO | IN_BOUND | IN_CONVERT
};

typedef enum {
    OPTION_BOX = 256,
    OPTION_DOMAIN,
    OPTION_VNNLIB,
    OPTION_PART,
    OPTION_SLICE,
    OPTION_DOMAIN_OUTPUT,
    OPTION_ENGINE,
    OPTION_DEFINITION,
    OPTION_LP,
    OPTION_CELL,
    OPTION_START,
    OPTION_SEED,
    OPTION_LIMIT_REGIONS,
    OPTION_LIMIT_SECONDS,
    OPTION_LIMIT_MEMORY,
    OPTION_PROGRESS,
    OPTION_JSON,
    OPTION_MAN,
    OPTION_MAXOUT,
    OPTION_INPUTS,
    OPTION_WIDTHS,
    OPTION_SERIES,
    OPTION_PLOT,
    OPTION_X,
    OPTION_CSV,
    OPTION_WEIGHTS,
    OPTION_ACTIVATION,
    OPTION_LAYERS,
    OPTION_NORMALISE,
    OPTION_OUTPUT = 'o',
    OPTION_THREADS = 't',
    OPTION_QUIET = 'q'
} option_key;

typedef struct {
    const char *name;
    int key;
    const char *argument; /* NULL: a flag */
    double low, high;     /* range of a number, inclusive; low > high: not a number */
    const char *standard; /* the default, as text */
    unsigned commands;
    const char *help;
} option_row;

static const option_row table[] = {
    {"box", OPTION_BOX, "LO:HI[,...]", 1, 0, "all of R^n", IN_RUNS | IN_BOUND,
     "count inside a box, or bound the count inside it: one LO:HI for every input or one per "
     "input; exact decimals or fractions"},
    {"domain", OPTION_DOMAIN, "FILE", 1, 0, "all of R^n", IN_RUNS | IN_BOUND,
     "count in the domain of a JSON file: {\"A\": [[a, ...], ...], \"b\": [b, ...]} for A x <= b, and "
     "\"box\": [[lo, hi], ...], or one of both; bounds see the box alone"},
    {"vnnlib", OPTION_VNNLIB, "FILE", 1, 0, "all of R^n", IN_RUNS | IN_BOUND | IN_CONVERT,
     "count where a VNN-LIB property has its inputs, once for each part of a disjunction; inputs "
     "that it fixes are put in"},
    {"part", OPTION_PART, "N", 1, 1e6, "all", IN_RUNS | IN_BOUND | IN_CONVERT,
     "this part of the property only; bound, certify, compare and convert need one"},
    {"slice", OPTION_SLICE, "FILE", 1, 0, "none", IN_READ,
     "count over u with x = x0 + T u, in a JSON file {\"origin\": x0, \"directions\": [t1, ...]}, T's "
     "columns; box and domain are then of u"},
    {"domain-output", OPTION_DOMAIN_OUTPUT, "FILE", 1, 0, "none", IN_CONVERT,
     "write the domain of --vnnlib here, for --domain"},
    {"output", OPTION_OUTPUT, "FILE", 1, 0, "none, must be given", IN_CERTIFY | IN_MAKE,
     "the certificate, compressed if the name ends in .zst; of make, the network"},
    {"engine", OPTION_ENGINE, "NAME", 1, 0, "auto", IN_RUNS, "walk, split or auto"},
    {"definition", OPTION_DEFINITION, "NAME", 1, 0, "activation", ONLY_COUNT,
     "what is a region: activation (one pattern), open-connected (activation regions joined "
     "through facets on which the affine map of the output does not change) or affine (one "
     "affine map); the last two take the walk engine"},
    {"lp", OPTION_LP, "NAME", 1, 0, "auto", IN_RUNS,
     "who proposes answers: glpk, dense or auto; the count does not depend on it"},
    {"cell", OPTION_CELL, "KIND", 1, 0, "auto", IN_RUNS,
     "cells of the split engine: lp (rows and points), rays (extreme rays) or auto"},
    {"threads", OPTION_THREADS, "N", 0, 1024, "0", IN_RUNS,
     "worker threads; 0 means all that OpenMP offers"},
    {"start", OPTION_START, "X1,X2,...", 1, 0, "middle of the domain", IN_COUNT,
     "start point of the walk, exact; it may lie on a boundary"},
    {"seed", OPTION_SEED, "N", 0, 9007199254740992.0, "0", IN_RUNS | IN_MAKE,
     "seed of the search, on which no count depends; of make, of the random weights"},
    {"limit-regions", OPTION_LIMIT_REGIONS, "N", 1, 9007199254740992.0, "none", IN_RUNS,
     "stop once this many activation regions are counted"},
    {"limit-seconds", OPTION_LIMIT_SECONDS, "S", 0.001, 1e9, "none", IN_RUNS,
     "stop after this time"},
    {"limit-memory", OPTION_LIMIT_MEMORY, "BYTES[K|M|G]", 1, 1e18, "none", IN_RUNS,
     "stop when the process holds more memory than this"},
    {"progress", OPTION_PROGRESS, "WHEN", 1, 0, "auto", IN_RUNS,
     "progress on stderr: auto (on a terminal), always or never"},
    {"maxout", OPTION_MAXOUT, "RANK", 2, CREASE_MAX_UNITS, "none, relu", IN_BOUND | IN_MAKE,
     "bounds for maxout units of this rank, or a network of them"},
    {"inputs", OPTION_INPUTS, "N", 0, 9007199254740992.0, "none, must be given", IN_MAKE,
     "number of inputs"},
    {"widths", OPTION_WIDTHS, "N1,N2,...", 1, 0, "none", IN_MAKE,
     "units of each hidden layer; for fold, serra, zigzag, arora, generic, maxout, maxout-fold, random"},
    {"weights", OPTION_WEIGHTS, "NAME", 1, 0, "float64 in JSON, float32 in .nnet", IN_READ,
     "what a decimal in JSON or .nnet means: float32 or float64, the nearest such number, or decimal, "
     "itself; strings in JSON are exact in any case"},
    {"activation", OPTION_ACTIVATION, "NAME[,...]", 1, 0, "relu", IN_READ,
     "of .nnet, .npz and .safetensors: of all hidden layers or one for each; relu, linear, abs, "
     "hard_tanh, leaky_relu:SLOPE or clip:LOW:HIGH"},
    {"layers", OPTION_LAYERS, "NAME[,...]", 1, 0, "all, by number", IN_READ,
     "of .npz and .safetensors: the layers in order, fc1 for fc1.weight and fc1.bias; other tensors "
     "are ignored"},
    {"nnet-normalise", OPTION_NORMALISE, NULL, 1, 0, "off", IN_READ,
     "of .nnet: apply the file's means and ranges of inputs and outputs, exactly"},
    {"json", OPTION_JSON, NULL, 1, 0, "off", IN_READ | IN_MAKE,
     "print exactly one JSON object on stdout"},
    {"quiet", OPTION_QUIET, NULL, 1, 0, "off", IN_COUNT,
     "no progress, and on stdout the bare count"},
    {"csv", OPTION_CSV, NULL, 1, 0, "off", IN_COMPARE,
     "print comma-separated values: a line of names, then one line for each network and bound"},
    {"plot", OPTION_PLOT, "FILE", 1, 0, "none", IN_COMPARE,
     "draw counts and bounds with gnuplot, to a file that ends in .svg or .png"},
    {"x", OPTION_X, "AXIS", 1, 0, "auto", IN_COMPARE,
     "what the picture is drawn over: depth, width (the widest hidden layer), units, step (numbers "
     "that rise in the names of the files, otherwise their order) or auto: the first that differs"},
    {"series", OPTION_SERIES, "NAME", 1, 0, "none", IN_COMPARE,
     "the networks that follow, up to the next --series, have a colour and this name in the "
     "picture"},
    {"man", OPTION_MAN, NULL, 1, 0, NULL, 0, "print the manual page"},
};
enum { ROWS = sizeof table / sizeof *table };

static const struct {
    const char *name, *summary;
} commands[] = {
    [CLI_COUNT] = {"count", "count the linear regions of a network and prove the count"},
    [CLI_CERTIFY] = {"certify", "count, and write a certificate that crease-check verifies"},
    [CLI_INFO] = {"info", "print layers, widths, parameters and the digest of the exact network"},
    [CLI_BOUND] = {"bound", "print the published bounds for a network or for widths (2,10,10)"},
    [CLI_MAKE] = {"make", "write a network whose count is known from theory, or a random one"},
    [CLI_COMPARE] = {"compare", "count networks and set the counts beside all bounds"},
    [CLI_CONVERT] = {"convert", "write a network of any format as exact JSON, for crease-check"},
};
enum { COMMANDS = sizeof commands / sizeof *commands };

static const char exit_codes[] =
    "Exit status: 0 complete; 2 usage or bad input; 3 stopped at a limit or by a signal, the "
    "count so far is a lower bound; 1 internal failure.";

/* In the order of crease_weights. */
static const char *const meanings[] = {"auto", "float32", "float64", "decimal", NULL};

static double number_of(const option_row *row, const char *text, struct argp_state *state)
{
    char *end;
    errno = 0;
    double value = strtod(text, &end);
    if (end != text && row->key == OPTION_LIMIT_MEMORY && *end && strchr("KMGkmg", *end)) {
        static const char units[] = "KMG";
        value = ldexp(value, 10 * (int)(strchr(units, *end & ~32) - units) + 10);
        end++;
    }
    bool whole = row->key != OPTION_LIMIT_SECONDS;
    if (end == text || *end || errno || !(value >= row->low && value <= row->high) ||
        (whole && value != floor(value)))
        argp_error(state, "--%s: \"%s\" is not %s from %.10g to %.10g", row->name, text,
                   whole ? "a whole number" : "a number", row->low, row->high);
    return value;
}

/* The index of text among the names, which end with NULL. */
static int choice(const option_row *row, const char *text, struct argp_state *state,
                  const char *const *names)
{
    for (int i = 0; names[i]; i++)
        if (!strcmp(text, names[i]))
            return i;
    argp_error(state, "--%s: \"%s\" is not known, see --help", row->name, text);
    return 0;
}

static void apply(cli_options *o, const option_row *row, const char *text, struct argp_state *state)
{
    static const char *const engines[] = {"auto", "walk", "split", NULL};
    static const char *const definitions[] = {"activation", "open-connected", "affine", NULL};
    static const char *const solvers[] = {"auto", "glpk", "dense", NULL};
    static const char *const kinds[] = {"auto", "lp", "rays", NULL};
    static const char *const whens[] = {"auto", "always", "never", NULL};
    static const char *const axes[] = {"auto", "depth", "width", "units", "step", NULL};
    double number = row->low <= row->high ? number_of(row, text, state) : 0;
    switch ((option_key)row->key) {
    case OPTION_BOX: o->box = text; break;
    case OPTION_DOMAIN: o->domain = text; break;
    case OPTION_VNNLIB: o->vnnlib = text; break;
    case OPTION_PART: o->part = (size_t)number; break;
    case OPTION_SLICE: o->slice = text; break;
    case OPTION_DOMAIN_OUTPUT: o->domain_output = text; break;
    case OPTION_OUTPUT: o->output = text; break;
    case OPTION_ENGINE: o->count.engine = (crease_engine)choice(row, text, state, engines); break;
    case OPTION_DEFINITION:
        o->count.definition = (crease_definition)choice(row, text, state, definitions);
        break;
    case OPTION_LP: o->count.lp = (crease_lp)choice(row, text, state, solvers); break;
    case OPTION_CELL: o->count.cell = (crease_cell_kind)choice(row, text, state, kinds); break;
    case OPTION_THREADS: o->count.threads = (int)number; break;
    case OPTION_START: o->count.start = text; break;
    case OPTION_SEED: o->count.seed = (uint64_t)number; break;
    case OPTION_LIMIT_REGIONS: o->count.limit_regions = (uint64_t)number; break;
    case OPTION_LIMIT_SECONDS: o->count.limit_seconds = number; break;
    case OPTION_LIMIT_MEMORY: o->count.limit_memory = (uint64_t)number; break;
    case OPTION_PROGRESS: o->progress = (cli_progress)choice(row, text, state, whens); break;
    case OPTION_MAXOUT: o->maxout = (size_t)number; break;
    case OPTION_INPUTS: o->inputs = (size_t)number; break;
    case OPTION_WIDTHS: o->widths = text; break;
    case OPTION_SERIES: o->series = text; break;
    case OPTION_PLOT: o->plot = text; break;
    case OPTION_X: o->x = (cli_axis)choice(row, text, state, axes); break;
    case OPTION_CSV: o->csv = true; break;
    case OPTION_WEIGHTS:
        o->read.weights = (crease_weights)(choice(row, text, state, meanings + 1) + 1);
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

static void check_scope(const cli_options *o, struct argp_state *state)
{
    if (!!o->box + !!o->domain + !!o->vnnlib > 1)
        argp_error(state, "--box, --domain or --vnnlib, one of them");
    if (o->vnnlib && o->slice)
        argp_error(state, "--vnnlib is about the inputs x, not about those of --slice");
    if (o->part && !o->vnnlib)
        argp_error(state, "--part goes with --vnnlib");
    if (o->domain_output && !o->vnnlib)
        argp_error(state, "--domain-output goes with --vnnlib");
    if (o->widths && (o->box || o->domain || o->vnnlib || o->slice))
        argp_error(state, "--box, --domain, --vnnlib and --slice go with a network, not with widths");
}

static error_t parse_option(int key, char *text, struct argp_state *state)
{
    cli_options *o = state->input;
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
        return 0;
    }
    if (key == ARGP_KEY_END && !o->network)
        argp_error(state, "which network? Give the path of a file");
    if (key == ARGP_KEY_END && o->command == CLI_BOUND &&
        strspn(o->network, "0123456789,") == strlen(o->network)) {
        o->widths = o->network;
    }
    if (key == ARGP_KEY_END)
        check_scope(o, state);
    if (key == ARGP_KEY_END && o->command == CLI_CERTIFY && !o->output)
        argp_error(state, "where to? Give the certificate's path with --output");
    if (key == ARGP_KEY_END && o->csv && o->json)
        argp_error(state, "--csv or --json, not both");
    if (key == ARGP_KEY_END && o->command == CLI_CONVERT)
        check_converted(o, state);
    for (int i = 0; i < ROWS; i++)
        if (table[i].key == key) {
            apply(o, &table[i], text, state);
            return 0;
        }
    return ARGP_ERR_UNKNOWN;
}

static void parse_command(int argc, char **argv, cli_options *options)
{
    static char text[ROWS][320], name[64], document[2048];
    struct argp_option rows[ROWS + 1];
    int count = 0;
    memset(rows, 0, sizeof rows);
    for (int i = 0; i < ROWS; i++) {
        if (!(table[i].commands >> options->command & 1))
            continue;
        snprintf(text[i], sizeof text[i], "%s (default: %s)", table[i].help, table[i].standard);
        rows[count++] = (struct argp_option){.name = table[i].name, .key = table[i].key,
                                             .arg = table[i].argument, .doc = text[i]};
    }
    snprintf(name, sizeof name, "crease %s", commands[options->command].name);
    int end = snprintf(document, sizeof document, "%s.\v", commands[options->command].summary);
    const crease_make_family *family;
    for (size_t i = 0; options->command == CLI_MAKE && (family = crease_make_family_at(i)); i++)
        end += snprintf(document + end, sizeof document - (size_t)end, "%s%-10s %s\n",
                        i ? "" : "Families:\n", family->name, family->summary);
    snprintf(document + end, sizeof document - (size_t)end, "%s%s",
             options->command == CLI_MAKE ? "\n" : "", exit_codes);
    argv[0] = name;
    program_invocation_name = name;
    struct argp parser = {.options = rows, .parser = parse_option, .doc = document,
                          .args_doc = options->command == CLI_BOUND     ? "NETWORK|N0,N1,..."
                                      : options->command == CLI_MAKE    ? "FAMILY"
                                      : options->command == CLI_CONVERT ? "NETWORK FILE.json"
                                      : options->command == CLI_COMPARE ? "NETWORK..."
                                                                        : "NETWORK"};
    /* In order: --series is for what follows. */
    argp_parse(&parser, argc, argv, ARGP_IN_ORDER, NULL, options);
}

static void print_help(FILE *stream)
{
    fputs("Usage: crease COMMAND [OPTION...] NETWORK\n\n"
          "Counts the linear regions of piecewise-linear networks, and proves the count.\n\n", stream);
    for (int i = 0; i < COMMANDS; i++)
        fprintf(stream, "  crease %-8s %s\n", commands[i].name, commands[i].summary);
    fprintf(stream,
            "\n\"crease COMMAND --help\" lists the options of a command, \"crease --version\" the "
            "version,\n\"crease --man\" prints the manual page.\n\n%s\n", exit_codes);
}

static void print_manual(void)
{
    printf(".TH CREASE 1 \"\" \"crease %s\" \"User Commands\"\n.SH NAME\ncrease \\- count the "
           "linear regions of a network and prove the count\n.SH SYNOPSIS\n.B crease\n.I COMMAND\n"
           "[\\fIOPTION\\fR...] \\fINETWORK\\fR\n.SH COMMANDS\n", CREASE_VERSION);
    for (int i = 0; i < COMMANDS; i++)
        printf(".TP\n.B %s\n%s\n", commands[i].name, commands[i].summary);
    printf(".SH FAMILIES OF MAKE\n");
    const crease_make_family *family;
    for (size_t i = 0; (family = crease_make_family_at(i)); i++)
        printf(".TP\n.B %s\n%s\n", family->name, family->summary);
    printf(".SH OPTIONS\n");
    for (int i = 0; i < ROWS; i++) {
        if (!table[i].commands)
            continue;
        printf(".TP\n\\fB\\-\\-%s\\fR", table[i].name);
        if (table[i].argument)
            printf("=\\fI%s\\fR", table[i].argument);
        printf("\n%s (default: %s)\n", table[i].help, table[i].standard);
    }
    printf(".SH EXIT STATUS\n%s\n", exit_codes);
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
    for (int i = 0; i < COMMANDS; i++)
        if (!strcmp(word, commands[i].name)) {
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
                 r->weights ? meanings[r->weights] : "", r->activation ? " --activation=" : "",
                 r->activation ? r->activation : "", r->layers ? " --layers=" : "",
                 r->layers ? r->layers : "", r->nnet_normalise ? " --nnet-normalise" : "",
                 options->slice ? " --slice=" : "", options->slice ? options->slice : "") < 0)
        crease_fatal("out of memory");
    return text;
}
