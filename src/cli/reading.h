/* Stops while a network is read.
 *
 * Nothing is counted then, and nothing on disk is half written, so the program may end at any
 * instruction: a timer looks every 20 ms, and ends it by _exit, saying that nothing was counted. */
#ifndef CREASE_CLI_READING_H
#define CREASE_CLI_READING_H

#include "cli/options.h"

/* From now on a limit on seconds or memory ends the program with CLI_STOPPED, and so does a signal that is
 * caught (cli/signals.h).  Where the first checkpoint is still to be written, half a second after it;
 * where a count is resumed or a job is read, with CLI_AGAIN. */
void crease_cli_reading_begin(const cli_options *options);

/* It is read; the time that it took goes off the limit on seconds. */
void crease_cli_reading_end(cli_options *options);

#endif
