/* Progress on stderr. */
#ifndef CREASE_CLI_PROGRESS_H
#define CREASE_CLI_PROGRESS_H

#include "cli/options.h"

/* Installs a progress callback in options->count if progress is wanted. */
void crease_cli_progress_setup(cli_options *options);

/* Ends the progress line, if one was printed. */
void crease_cli_progress_finish(void);

/* "12.3 MiB" and the like. */
void crease_cli_bytes(char *text, size_t size, uint64_t bytes);

#endif
