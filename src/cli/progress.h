/* Progress and notes on standard error. */
#ifndef CREASE_CLI_PROGRESS_H
#define CREASE_CLI_PROGRESS_H

#include "cli/options.h"

/* Installs a progress callback in options->count if progress is wanted. */
void crease_cli_progress_setup(cli_options *options);

/* The number of all regions, estimated for progress.  It must live until the count ends. */
typedef struct {
    const crease_network *network;
    const crease_domain *domain;
    crease_options options; /* of the estimate */
    double next;            /* not before so many seconds of the count */
    bool converges;
    double regions, standard_error; /* negative: not known */
} cli_estimate;

/* For progress as JSON: estimates before the count starts.  For progress in lines: estimates when
 * the count has taken some seconds. */
void crease_cli_progress_estimate(cli_options *options, const crease_network *network,
                                  const crease_domain *domain, cli_estimate *estimate);

/* For estimates: reports replicates, if progress is wanted. */
void crease_cli_progress_replicates(cli_options *options);

/* Ends the progress line, if one was printed. */
void crease_cli_progress_finish(void);

/* Prints what the reader noted about the file, in one line, unless options are quiet. */
void crease_cli_progress_notes(const cli_options *options, const char *file,
                               const crease_network *network);

/* "12.3 MiB" and the like. */
void crease_cli_bytes(char *text, size_t size, uint64_t bytes);

#endif
