/* Checks before a command replaces a file.
 *
 * A command replaces files of the kind that it writes, and no others without --force.  The kind
 * of a file is determined by its content, not by its name.  An empty file may be replaced. */
#ifndef CREASE_CLI_OVERWRITE_H
#define CREASE_CLI_OVERWRITE_H

#include "cli/options.h"

/* Prints a line and returns true if the file exists and is of another kind, and --force was not
 * given.  The same for one of the input files, even with --force.  path NULL: false. */
bool crease_cli_keep_from_certificate(const cli_options *options, const char *path);
bool crease_cli_keep_from_network(const cli_options *options, const char *path);

bool crease_cli_keep_from_regions(const cli_options *options, const char *path);
bool crease_cli_keep_from_picture(const cli_options *options, const char *path);

/* The same for a domain of so many inputs. */
bool crease_cli_keep_from_domain(const cli_options *options, const char *path, size_t inputs);

/* The same for a checkpoint and for the directory of jobs; only input files matter. */
bool crease_cli_keep_from_checkpoint(const cli_options *options, const char *path);
bool crease_cli_keep_from_jobs(const cli_options *options, const char *directory);

#endif
