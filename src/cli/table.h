/* The commands and their options: the parser, --help, the manual pages, the completions and
 * doc/commands.md are all made from these tables. */
#ifndef CREASE_CLI_TABLE_H
#define CREASE_CLI_TABLE_H

typedef enum {
    CLI_COUNT,
    CLI_CERTIFY,
    CLI_ESTIMATE,
    CLI_INFO,
    CLI_BOUND,
    CLI_MAKE,
    CLI_COMPARE,
    CLI_CONVERT,
    CLI_SHARD,
    CLI_MERGE,
    CLI_STATUS,
    CLI_REGIONS,
    CLI_STATS,
    CLI_IDENTIFY,
    CLI_PLOT,
    CLI_SAMPLE,
    CLI_BOUNDARY
} cli_command;

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
    OPTION_MERGE,
    OPTION_START,
    OPTION_SEED,
    OPTION_SECONDS,
    OPTION_ERROR,
    OPTION_LEAVES,
    OPTION_CONFIDENCE,
    OPTION_LIMIT_REGIONS,
    OPTION_LIMIT_SECONDS,
    OPTION_LIMIT_MEMORY,
    OPTION_GAP,
    OPTION_CHECKPOINT,
    OPTION_CHECKPOINT_EVERY,
    OPTION_RESUME,
    OPTION_JOB,
    OPTION_TRUNK,
    OPTION_INDEX,
    OPTION_PROGRESS,
    OPTION_PROGRESS_EVERY,
    OPTION_JSON,
    OPTION_MAXOUT,
    OPTION_INPUTS,
    OPTION_WIDTHS,
    OPTION_SERIES,
    OPTION_PLOT,
    OPTION_X,
    OPTION_WITH,
    OPTION_EXACT,
    OPTION_CANONICAL,
    OPTION_DOMAIN_TEXT,
    OPTION_PLAIN,
    OPTION_AT,
    OPTION_GRAPH,
    OPTION_SORTED,
    OPTION_NORMS,
    OPTION_THROUGH,
    OPTION_COLOR,
    OPTION_BOUNDARY,
    OPTION_DATA,
    OPTION_RASTER,
    OPTION_MAPS,
    OPTION_VOLUMES,
    OPTION_FOLD,
    OPTION_CSV,
    OPTION_AROUND,
    OPTION_RADIUS,
    OPTION_NORM,
    OPTION_ALONG,
    OPTION_LINES,
    OPTION_LEVEL,
    OPTION_MARGIN,
    OPTION_WEIGHTS,
    OPTION_ACTIVATION,
    OPTION_LAYERS,
    OPTION_TRANSPOSE,
    OPTION_NORMALISE,
    OPTION_BATCH,
    OPTION_FORCE,
    OPTION_BY,
    OPTION_POINTS,
    OPTION_RESAMPLE,
    OPTION_MEAN,
    OPTION_NUMBER = 'n', /* of jobs, or of regions */
    OPTION_OUTPUT = 'o',
    OPTION_THREADS = 't',
    OPTION_QUIET = 'q'
} cli_option_key;

/* What the argument of an option is. */
typedef enum {
    VALUE_NONE, /* the option is a flag */
    VALUE_TEXT,
    VALUE_FILE,
    VALUE_DIRECTORY,
    VALUE_CHOICE, /* one of the row's names */
    VALUE_WHOLE,  /* a whole number */
    VALUE_NUMBER,
    VALUE_SHARE, /* a number, or one of a hundred with % behind it */
    VALUE_TIME,  /* seconds, or another unit behind the number */
    VALUE_BYTES  /* bytes, or another unit behind the number */
} cli_value;

/* The headings under which options are listed. */
typedef enum {
    TOPIC_READING,
    TOPIC_DOMAIN,
    TOPIC_SEARCH,
    TOPIC_LIMITS,
    TOPIC_JOBS,
    TOPIC_BOUNDS,
    TOPIC_OUTPUT,
    TOPICS
} cli_topic;

/* One option of some commands.  An option that means different things to different commands has
 * several rows with the same name and key; each command has at most one of them. */
typedef struct {
    const char *name;
    int key;              /* a cli_option_key; a letter is also the short option */
    const char *argument; /* NULL: a flag */
    cli_value value;
    const char *standard; /* the default, as text */
    unsigned commands;    /* bit i: command i has the option */
    cli_topic topic;
    const char *help;             /* one phrase */
    const char *more;             /* further sentences for the manual; NULL: none */
    double low, high;             /* the range of a number, inclusive */
    const char *(*choice)(int i); /* the names of VALUE_CHOICE, NULL after the last */
} cli_option_row;

/* The options, sorted by topic; the last row has no name. */
extern const cli_option_row crease_cli_table[];
enum { CLI_MOST_OPTIONS = 100 };

/* The heading of each topic. */
extern const char *const crease_cli_topics[TOPICS];

typedef struct {
    const char *name, *arguments;
    const char *summary;     /* one phrase */
    const char *description; /* sentences for the manual */
} cli_command_row;

/* The commands, in the order of cli_command; the last has no name. */
extern const cli_command_row crease_cli_commands[];

typedef struct {
    int code;
    const char *meaning;
} cli_exit_row;

/* The exit codes; the last has no meaning. */
extern const cli_exit_row crease_cli_exits[];

#endif
