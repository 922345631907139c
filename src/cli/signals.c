#include "cli/signals.h"

#include <signal.h>
#include <stddef.h>
#include <string.h>
#include <time.h>

static crease_flag stop_asked;

/* Schedulers and timeout(1) send the same signal to a process and to its group. */
static void on_signal(int number)
{
    static volatile sig_atomic_t asked_at;
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    if (!stop_asked) {
        asked_at = (sig_atomic_t)now.tv_sec;
        atomic_store(&stop_asked, 1);
    } else if ((sig_atomic_t)now.tv_sec - asked_at > 1) {
        signal(number, SIG_DFL);
        raise(number);
    }
}

bool crease_cli_stop_asked(void)
{
    return stop_asked != 0;
}

const crease_flag *crease_cli_catch_signals(void)
{
    static const int caught[] = {SIGINT, SIGTERM, SIGHUP, SIGUSR1, SIGXCPU};
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_handler = on_signal;
    /* A network may come through a pipe. */
    action.sa_flags = SA_RESTART;
    for (size_t i = 0; i < sizeof caught / sizeof *caught; i++)
        sigaction(caught[i], &action, NULL);
    /* A file that grows too large is an error of write(2). */
    signal(SIGXFSZ, SIG_IGN);
    return &stop_asked;
}
