/* Signals that stop a count cleanly. */
#ifndef CREASE_CLI_SIGNALS_H
#define CREASE_CLI_SIGNALS_H

#include <crease.h>
#include <stdbool.h>

/* From now on SIGINT, SIGTERM, SIGHUP, SIGUSR1 and SIGXCPU set *stop, which is 0 before, instead of
 * ending the program; a second one, more than a second later, ends it. */
const crease_flag *crease_cli_catch_signals(void);

/* Has one of these signals arrived? */
bool crease_cli_stop_asked(void);

#endif
