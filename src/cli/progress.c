#include "cli/progress.h"

#include <stdio.h>
#include <unistd.h>

static bool line_open;
static bool terminal;

void crease_cli_bytes(char *text, size_t size, uint64_t bytes)
{
    static const char *const unit[] = {"B", "KiB", "MiB", "GiB", "TiB"};
    double value = (double)bytes;
    int u = 0;
    for (; value >= 1024 && u < 4; u++)
        value /= 1024;
    snprintf(text, size, u ? "%.1f %s" : "%.0f %s", value, unit[u]);
}

static void show(void *context, const crease_progress *now)
{
    char memory[32], closed[32] = "";
    (void)context;
    crease_cli_bytes(memory, sizeof memory, now->memory);
    if (now->closed >= 0)
        snprintf(closed, sizeof closed, "%.1f%% of the tree, ", 100 * now->closed);
    fprintf(stderr, "%s%llu regions, %.0f/s, %s%llu open, %s, %.0f s%s", terminal ? "\r" : "",
            (unsigned long long)now->regions,
            now->seconds > 0 ? (double)now->regions / now->seconds : 0, closed,
            (unsigned long long)now->open, memory, now->seconds, terminal ? "\033[K" : "\n");
    fflush(stderr);
    line_open = terminal;
}

void crease_cli_progress_setup(cli_options *options)
{
    terminal = isatty(STDERR_FILENO);
    bool wanted = options->progress == CLI_PROGRESS_ALWAYS ||
                  (options->progress == CLI_PROGRESS_AUTO && terminal);
    if (wanted && !options->quiet)
        options->count.progress = show;
}

void crease_cli_progress_finish(void)
{
    if (line_open)
        fputs("\r\033[K", stderr);
    line_open = false;
}

void crease_cli_progress_notes(const cli_options *options, const char *file,
                               const crease_network *network)
{
    const char *notes = crease_network_notes(network);
    if (*notes && !options->quiet)
        fprintf(stderr, "crease: %s: note: %s\n", file, notes);
}
