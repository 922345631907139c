/* Manual pages, completions and doc/commands.md from the tables of cli/table.h. */
#ifndef CREASE_MANUAL_MANUAL_H
#define CREASE_MANUAL_MANUAL_H

#include "cli/table.h"

#include <stdbool.h>
#include <stdio.h>

/* The options of crease-check, which shares no file with crease; ended by a row without a name.
 * tests/house/test_install.sh compares them with crease-check --help. */
extern const cli_option_row crease_manual_checker[];

/* Does the row belong to this command? */
bool crease_manual_has(const cli_option_row *row, cli_command command);

/* Does the row belong to this command and no other? */
bool crease_manual_alone(const cli_option_row *row, cli_command command);

/* The short option, 0 if there is none. */
char crease_manual_letter(const cli_option_row *row);

/* Copies a template to out.  A line "@NAME@" of a manual page is replaced by what the tables say:
 * commands, options, families, exits, count (names of the options of count), checker.  "@VERSION@"
 * within a line is the version.  False if a name is unknown. */
bool crease_manual_page(FILE *template, FILE *out);

/* Copies doc/commands.md to out; what is between the lines "<!-- options -->" and "<!-- end -->" is
 * replaced by tables of all options.  False if one of these lines is missing. */
bool crease_manual_markdown(FILE *document, FILE *out);

/* Completion scripts for crease, crease-mpi and crease-check. */
void crease_manual_bash(FILE *out);
void crease_manual_zsh(FILE *out);

#endif
