/* The command line: one table of options feeds the parser, --help and the manual page. */
#ifndef CREASE_CLI_OPTIONS_H
#define CREASE_CLI_OPTIONS_H

#include <crease.h>
#include <crease_jobs.h>

typedef enum {
    CLI_COUNT,
    CLI_CERTIFY,
    CLI_INFO,
    CLI_BOUND,
    CLI_MAKE,
    CLI_COMPARE,
    CLI_CONVERT,
    CLI_SHARD,
    CLI_MERGE
} cli_command;
typedef enum {
    CLI_PROGRESS_AUTO,
    CLI_PROGRESS_ALWAYS,
    CLI_PROGRESS_NEVER,
    CLI_PROGRESS_JSON
} cli_progress;

typedef enum { CLI_X_AUTO, CLI_X_DEPTH, CLI_X_WIDTH, CLI_X_UNITS, CLI_X_STEP } cli_axis;

/* One of the networks of compare. */
typedef struct {
    const char *path;
    const char *series; /* the --series in front of it; NULL: none */
} cli_file;

typedef struct {
    cli_command command;
    const char *network; /* path */
    const char *widths;  /* of bound in place of a network; of make, then they may be NULL */
    const char *family;  /* of the command make, in place of a network */
    size_t inputs;       /* of the command make; 0: not given */
    const char *box;     /* of box, domain and vnnlib at most one; all NULL: all of R^n */
    const char *domain, *vnnlib;
    const char *slice;
    size_t part;               /* of vnnlib, numbered from 1; 0: all */
    const char *domain_output; /* of convert: where the domain of vnnlib goes; or NULL */
    crease_checkpoint checkpoint;
    const char *job;    /* in place of a network: a job's file, or the directory of job index */
    const char *trunk;  /* of certify in place of a network: the directory of the jobs */
    long index;         /* negative: not given */
    size_t jobs;        /* of shard */
    const char *output; /* path of the certificate, or of the network that is made or converted */
    crease_read_options read;
    size_t maxout;   /* rank of maxout units; 0: none */
    cli_file *files; /* of compare; network is the first of them */
    size_t file_count;
    const char *series; /* that the next file belongs to */
    const char *plot;   /* path of the picture; NULL: none */
    cli_axis x;         /* what the picture is drawn over */
    bool csv;
    bool json;
    bool quiet;
    cli_progress progress;
    double progress_every; /* seconds; 0: not given */
    crease_options count;
} cli_options;

/* Parses the command line.  Prints and exits 0 for --help, --version and --man, prints a
 * message and exits 2 for a wrong one. */
void crease_cli_parse(int argc, char **argv, cli_options *options);

/* The options of reading a network as they stand on the command line, a space before each;
 * text is the caller's. */
char *crease_cli_read_options(const cli_options *options);

#endif
