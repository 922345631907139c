/* Which options exclude each other, and which need others.  An option that would have no effect is
 * an error; the parser checks this at the end of the command line. */
#ifndef CREASE_CLI_RULES_H
#define CREASE_CLI_RULES_H

#include "cli/table.h"

#include <stdbool.h>
#include <stddef.h>

/* What the command line holds. */
typedef struct {
    /* For each row of crease_cli_table the option's argument, "" for a flag; NULL: not given. */
    const char *text[CLI_MOST_OPTIONS];
    bool widths; /* widths stand in place of the network */
} cli_given;

bool crease_cli_rules_given(const cli_given *given, cli_option_key key);

/* Finds the first rule that is broken, if there is one, and writes a line that names the
 * options. */
bool crease_cli_rules_broken(const cli_given *given, cli_command command, char *line, size_t size);

#endif
