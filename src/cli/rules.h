/* Which options do not go together, and which need others: an option that would have no effect is
 * refused.  One table, which the parser goes through once it has seen the whole command line. */
#ifndef CREASE_CLI_RULES_H
#define CREASE_CLI_RULES_H

#include "cli/table.h"

/* What was given: the text of each option by its row in crease_cli_table, "" for a flag, NULL if it was
 * not given; and whether widths stand in place of a network. */
typedef struct {
    const char *text[CLI_MOST_OPTIONS];
    bool widths;
} cli_given;

bool crease_cli_rules_given(const cli_given *given, cli_option_key key);

/* Finds the first rule of the command that is broken and writes a line that names the options; false
 * if there is none. */
bool crease_cli_rules_broken(const cli_given *given, cli_command command, char *line, size_t size);

#endif
