/* Exit codes and final messages. */
#ifndef CREASE_CLI_EXIT_H
#define CREASE_CLI_EXIT_H

#include <crease.h>

enum { CLI_COMPLETE = 0, CLI_INTERNAL = 1, CLI_INPUT = 2, CLI_STOPPED = 3, CLI_AGAIN = 75 };

/* Prints the error and returns CLI_INPUT. */
int crease_cli_fail(const crease_error *error);

/* The same, but returns CLI_INTERNAL if the status says that an invariant is broken.  The status is
 * not CREASE_OK. */
int crease_cli_fail_by(crease_status status, const crease_error *error);

/* Returns CLI_COMPLETE if good; otherwise prints that standard output could not be written, and
 * returns CLI_INPUT. */
int crease_cli_written(bool good);

/* Callbacks for crease_checkpoint: a checkpoint could not be written; the count goes on from one
 * that was there. */
void crease_cli_trouble(void *context, const char *line);
void crease_cli_found(void *context, const char *line);

#endif
