/* What the command line asks for. */
#ifndef CREASE_CLI_OPTIONS_H
#define CREASE_CLI_OPTIONS_H

#include <crease_network.h>
#include <crease_estimate.h>
#include <crease_jobs.h>
#include <crease_pictures.h>
#include <crease_points.h>
#include <crease_regions.h>
#include <crease_sample.h>

#include "cli/table.h"

typedef enum {
    CLI_PROGRESS_AUTO,
    CLI_PROGRESS_ALWAYS,
    CLI_PROGRESS_NEVER,
    CLI_PROGRESS_JSON
} cli_progress;

typedef enum { CLI_X_AUTO, CLI_X_DEPTH, CLI_X_WIDTH, CLI_X_UNITS, CLI_X_STEP } cli_axis;

/* One of the networks of compare or plot. */
typedef struct {
    const char *path;
    const char *series; /* that of the last --series before it; NULL: none */
} cli_file;

/* A text that is NULL and a number that is 0 were not given, unless a comment says otherwise.  The
 * texts are those of argv. */
typedef struct {
    cli_command command;
    const char *network; /* the path of a file; of merge, the directory */
    const char *widths;  /* of bound, in place of the network; of make, the hidden layers */
    const char *family;  /* of make, in place of the network */
    size_t inputs;       /* of make */
    const char *box, *domain, *vnnlib; /* at most one of them; none: the domain is R^n */
    const char *slice;
    size_t part;               /* of vnnlib, numbered from 1; 0: all */
    const char *domain_output; /* of convert: the file for the domain */
    crease_checkpoint checkpoint;
    const char *job;    /* in place of the network: a job's file, or the directory of job index */
    const char *trunk;  /* of certify, in place of the network: the directory of the jobs */
    long index;         /* negative: not given */
    size_t jobs;        /* of shard */
    const char *output; /* the certificate, the network that is written, or the directory of jobs */
    bool to_stdout;     /* output is "-" */
    bool force;         /* output may replace any file */
    crease_read_options read;
    const char *around, *radius, *along; /* of count */
    size_t lines;
    double margin;
    const char *level; /* of boundary */
    crease_norm norm;
    const char *with, *at, *graph; /* of regions */
    bool exact, sorted;            /* exact: also of count */
    unsigned stats;                /* of stats: bits CREASE_STATS_... */
    const char *through;           /* of plot */
    const char *data;              /* of plot and stats */
    bool canonical, domain_text;   /* of info */
    bool plain;                    /* of certify */
    crease_color_by color;
    bool boundary, raster, fold;
    size_t maxout;   /* rank of maxout units */
    cli_file *files; /* of commands that take several, malloc'd; network is the first of them */
    size_t file_count;
    const char *series; /* that the next file belongs to */
    const char *plot;   /* the picture's file */
    cli_axis x;
    bool csv;
    bool json;
    bool quiet;
    cli_progress progress;
    double progress_every; /* seconds */
    crease_options count;
    crease_estimate_plan plan; /* of estimate */
    crease_sample_plan sample; /* of sample; without its points */
    const char *points, *mean; /* of sample: a file, and names */
} cli_options;

/* Parses the command line; program is the name in messages.  Prints and exits 0 for --help and
 * --version; prints a message and exits 2 for a command line that is wrong.  An input "-" becomes
 * /dev/stdin. */
void crease_cli_parse(const char *program, int argc, char **argv, cli_options *options);

/* The options for reading the network as a command line would have them, a space before each.  The
 * text is malloc'd. */
char *crease_cli_read_options(const cli_options *options);

#endif
