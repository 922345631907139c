#include "cli/progress.h"

#include "base/total.h"

#include <crease_estimate.h>

#include <errno.h>
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
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
    fprintf(stderr, "%s%s regions, %.0f/s, %s%llu open, %s, %.0f s%s", terminal ? "\r" : "",
            now->digits, now->rate, closed, (unsigned long long)now->open, memory, now->seconds,
            terminal ? "\033[K" : "\n");
    fflush(stderr);
    line_open = terminal;
}

/* What is left of so many regions at this rate, as a number; null if it cannot be said. */
static json_t *seconds_for(double regions, double rate)
{
    return rate > 0 && regions >= 0 ? json_real(regions / rate) : json_null();
}

static json_t *number_or_null(double value)
{
    return value >= 0 ? json_real(value) : json_null();
}

static void show_json(void *context, const crease_progress *now)
{
    static const cli_estimate none = {-1, -1};
    const cli_estimate *estimate = context ? context : &none;
    double regions = strtod(now->digits, NULL);
    json_t *line =
        json_pack("{s:o, s:f, s:o, s:o, s:f, s:o, s:o, s:o, s:o}", "regions",
                  crease_total_json_exact(now->digits), "regions_per_second", now->rate, "closed",
                  number_or_null(now->closed), "open", crease_total_json(now->open), "seconds",
                  now->seconds, "memory_bytes", crease_total_json(now->memory), "estimate",
                  number_or_null(estimate->regions), "estimate_standard_error",
                  number_or_null(estimate->standard_error), "seconds_left",
                  seconds_for(estimate->regions - regions, now->rate));
    char *text = crease_total_json_text(line, JSON_COMPACT | JSON_REAL_PRECISION(6));
    if (text)
        fprintf(stderr, "%s\n", text);
    free(text);
    json_decref(line);
    fflush(stderr);
}

void crease_cli_progress_estimate(cli_options *options, const crease_network *network,
                                  const crease_domain *domain, cli_estimate *estimate)
{
    if (options->count.progress != show_json)
        return;
    enum { LEAVES = 1000 };
    crease_estimation found;
    crease_estimate_plan plan;
    crease_estimate_plan_default(&plan);
    plan.leaves = LEAVES;
    *estimate = (cli_estimate){-1, -1};
    if (!crease_estimate(network, domain, &options->count, &plan, &found, NULL) && found.complete)
        *estimate = (cli_estimate){found.estimate, fmax(found.standard_error, 0)};
    options->count.progress_context = estimate;
}

void crease_cli_progress_setup(cli_options *options)
{
    terminal = isatty(STDERR_FILENO);
    if (options->progress == CLI_PROGRESS_JSON) {
        terminal = false;
        options->count.progress = show_json;
        options->count.progress_interval = 60;
    }
    if (options->progress_every > 0)
        options->count.progress_interval = options->progress_every;
    if (options->progress == CLI_PROGRESS_JSON)
        return;
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
        fprintf(stderr, "%s: %s: note: %s\n", program_invocation_short_name, file, notes);
}
