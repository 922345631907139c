/* What the parser, the help and the manual page are made from. */
#ifndef CREASE_CLI_TABLE_H
#define CREASE_CLI_TABLE_H

#include "cli/options.h"

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
    OPTION_CHECKPOINT,
    OPTION_CHECKPOINT_EVERY,
    OPTION_RESUME,
    OPTION_JOB,
    OPTION_TRUNK,
    OPTION_INDEX,
    OPTION_PROGRESS,
    OPTION_PROGRESS_EVERY,
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
    OPTION_JOBS = 'n',
    OPTION_OUTPUT = 'o',
    OPTION_THREADS = 't',
    OPTION_QUIET = 'q'
} cli_option_key;

typedef struct {
    const char *name;
    int key;
    const char *argument; /* NULL: a flag */
    double low, high;     /* range of a number, inclusive; low > high: not a number */
    const char *standard; /* the default, as text */
    unsigned commands;
    const char *help;
} cli_option_row;

/* The options; the last has no name. */
extern const cli_option_row crease_cli_table[];
enum { CLI_MOST_OPTIONS = 100 };

typedef struct {
    const char *name, *summary;
} cli_command_row;

/* The commands, in the order of cli_command; the last has no name. */
extern const cli_command_row crease_cli_commands[];

/* What the exit codes mean. */
extern const char crease_cli_exit_codes[];

#endif
