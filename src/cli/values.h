/* The arguments of options: numbers, times, sizes and names. */
#ifndef CREASE_CLI_VALUES_H
#define CREASE_CLI_VALUES_H

#include "cli/table.h"

#include <stdbool.h>
#include <stddef.h>

/* Reads the argument of a row whose value is VALUE_WHOLE, VALUE_NUMBER, VALUE_SHARE, VALUE_TIME (in
 * seconds) or VALUE_BYTES.  A time may end in ms, s, m, min, h or d.  A size may end in B; in K, M,
 * G or T, or these with iB, for powers of 1024; or in KB, MB, GB or TB for powers of 1000; capital
 * or not.  False if the text is no such value or out of range; then line says what is expected. */
bool crease_cli_read_number(const cli_option_row *row, const char *text, double *value, char *line,
                            size_t size);

/* The index of text among the names that the row takes; negative if it is none of them, and then
 * line has them all. */
int crease_cli_read_choice(const cli_option_row *row, const char *text, char *line, size_t size);

/* True if one word is a prefix of the other, of at least three letters, or if they differ by at
 * most two insertions, deletions or replacements of letters. */
bool crease_cli_similar(const char *word, const char *other);

#endif
