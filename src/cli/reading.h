/* Limits and signals while a network is read.
 *
 * Nothing is counted yet, and no file is half written, so the program may end at any instruction.
 * A timer checks every 20 ms and ends it by _exit, with a message that nothing was counted. */
#ifndef CREASE_CLI_READING_H
#define CREASE_CLI_READING_H

#include "cli/options.h"

/* From now on a limit on seconds or memory, or a signal that is caught (cli/signals.h), ends the
 * program with CLI_STOPPED.  If the first checkpoint is still to be written, this happens half a
 * second after the signal.  If a count is resumed or a job is read, the exit code is CLI_AGAIN. */
void crease_cli_reading_begin(const cli_options *options);

/* To be called once the network is read.  Subtracts the time that this took from the limit on
 * seconds. */
void crease_cli_reading_end(cli_options *options);

#endif
