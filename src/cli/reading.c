#include "cli/reading.h"

#include "base/clock.h"
#include "cli/exit.h"
#include "cli/signals.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <unistd.h>

enum { TICK = 20000 }; /* microseconds */
static const double patience = 0.5;

/* For the handler of the timer. */
static struct {
    double begin, limit;   /* seconds; limit 0: none */
    uint64_t memory;       /* bytes; 0: no limit */
    double asked, patient; /* when a signal came, or 0; how long to go on after it */
    int code;              /* after a signal */
    bool json, quiet, estimates;
    volatile bool over;
} watch;

static void put(int descriptor, const char *text)
{
    /* A failure cannot be reported here. */
    ssize_t written = write(descriptor, text, strlen(text));
    (void)written;
}

static void leave(int code, const char *why)
{
    if (watch.json) {
        put(STDOUT_FILENO,
            watch.estimates ? "{\"estimate\": null" : "{\"regions\": 0, \"proved\": true");
        put(STDOUT_FILENO, ", \"complete\": false, \"stopped\": \"");
        put(STDOUT_FILENO, why);
        put(STDOUT_FILENO, "\"}\n");
    } else if (watch.quiet) {
        put(STDOUT_FILENO, "0\n");
    }
    put(STDERR_FILENO, program_invocation_short_name);
    put(STDERR_FILENO, ": stopped ");
    put(STDERR_FILENO, why);
    put(STDERR_FILENO, " before anything was counted\n");
    _exit(code);
}

/* As crease_clock_memory, using only functions that a signal handler may call. */
static uint64_t memory(void)
{
    char text[128] = "";
    int file = open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
    ssize_t length = file < 0 ? -1 : read(file, text, sizeof text - 1);
    if (file >= 0)
        close(file);
    const char *at = length > 0 ? strchr(text, ' ') : NULL;
    uint64_t pages = 0;
    for (at = at ? at + 1 : ""; *at >= '0' && *at <= '9'; at++)
        pages = 10 * pages + (uint64_t)(*at - '0');
    return pages * (uint64_t)sysconf(_SC_PAGESIZE);
}

static void on_tick(int number)
{
    (void)number;
    if (watch.over)
        return;
    double now = crease_clock_seconds();
    if (crease_cli_stop_asked() && !watch.asked)
        watch.asked = now;
    if (watch.asked && now - watch.asked >= watch.patient)
        leave(watch.code, "by a signal");
    if (watch.limit > 0 && now - watch.begin >= watch.limit)
        leave(CLI_STOPPED, "at the time limit");
    if (watch.memory && memory() > watch.memory)
        leave(CLI_STOPPED, "at the memory limit");
}

static void set_timer(long microseconds)
{
    const struct itimerval timer = {{0, microseconds}, {0, microseconds}};
    setitimer(ITIMER_REAL, &timer, NULL);
}

void crease_cli_reading_begin(const cli_options *options)
{
    const char *kept = options->checkpoint.write;
    bool resumes = options->checkpoint.resume || (kept && !access(kept, F_OK));
    bool first = options->job || (kept && !resumes);
    watch.over = false;
    watch.begin = crease_clock_seconds();
    watch.limit = options->count.limit_seconds;
    watch.memory = options->count.limit_memory;
    watch.patient = first ? patience : 0;
    watch.code = resumes || options->job ? CLI_AGAIN : CLI_STOPPED;
    watch.json = options->json && !options->job;
    watch.estimates = options->command == CLI_ESTIMATE;
    watch.quiet = options->quiet && !options->job;
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_handler = on_tick;
    action.sa_flags = SA_RESTART;
    sigaction(SIGALRM, &action, NULL);
    set_timer(TICK);
}

void crease_cli_reading_end(cli_options *options)
{
    set_timer(0);
    watch.over = true; /* a tick may be on its way */
    double spent = crease_clock_seconds() - watch.begin, least = 1e-9;
    if (options->count.limit_seconds > 0)
        options->count.limit_seconds = fmax(options->count.limit_seconds - spent, least);
}
