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

static void ask(cli_estimate *estimate, uint64_t leaves, double seconds)
{
    crease_estimation found;
    crease_estimate_plan plan;
    crease_estimate_plan_default(&plan);
    plan.leaves = leaves;
    plan.seconds = seconds;
    if (!crease_estimate(estimate->network, estimate->domain, &estimate->options, &plan, &found,
                         NULL) &&
        found.complete) {
        estimate->regions = found.estimate;
        estimate->standard_error = fmax(found.standard_error, 0);
        estimate->converges = found.exact || (found.spread >= 0 && found.spread <= 1);
    }
}

static double left(const cli_estimate *estimate, const crease_progress *now)
{
    double regions = estimate->regions - strtod(now->digits, NULL);
    return now->rate > 0 && regions >= 0 ? regions / now->rate : -1;
}

static void time_text(char *text, size_t size, double seconds)
{
    const double minute = 60, hour = 3600, day = 86400, most = 1e4;
    double days = seconds / day;
    if (days > most)
        snprintf(text, size, "years left");
    else if (seconds < 2 * minute)
        snprintf(text, size, "%.0f s left", seconds);
    else if (seconds < 2 * hour)
        snprintf(text, size, "%.0f min left", seconds / minute);
    else if (seconds < 2 * day)
        snprintf(text, size, "%.0f h left", seconds / hour);
    else
        snprintf(text, size, "%.0f days left", days);
}

static void end_line(void)
{
    fputs(terminal ? "\033[K" : "\n", stderr);
    fflush(stderr);
    line_open = terminal;
}

/* A tenth of the time of one worker goes into estimates until one converges. */
static void show(void *context, const crease_progress *now)
{
    const double first = 5, pause = 4, effort = 0.1, most_seconds = 5;
    cli_estimate *estimate = context;
    char memory[32], closed[32] = "", whole[32] = "", rest[32] = "";
    if (estimate && !estimate->converges && now->seconds >= fmax(estimate->next, first)) {
        ask(estimate, 0, fmin(effort * now->seconds, most_seconds));
        estimate->next = pause * now->seconds;
    }
    crease_cli_bytes(memory, sizeof memory, now->memory);
    if (estimate && estimate->converges && left(estimate, now) >= 0) {
        snprintf(whole, sizeof whole, " of about %.2g", estimate->regions);
        time_text(rest, sizeof rest, left(estimate, now));
    } else if (now->closed >= 0) {
        snprintf(closed, sizeof closed, "%.1f%% of the tree, ", 100 * now->closed);
    }
    fprintf(stderr, "%s%s%s regions, %.0f/s, %s%llu open, %s, %.0f s%s%s", terminal ? "\r" : "",
            now->digits, whole, now->rate, closed, (unsigned long long)now->open, memory,
            now->seconds, *rest ? ", " : "", rest);
    end_line();
}

/* Regions at random. */
static void show_drawn(void *context, const crease_progress *now)
{
    char memory[32];
    (void)context;
    crease_cli_bytes(memory, sizeof memory, now->memory);
    if (now->closed < 0)
        fprintf(stderr, "%sdrawing regions, ", terminal ? "\r" : "");
    else
        fprintf(stderr, "%s%s of %llu regions, ", terminal ? "\r" : "", now->digits,
                (unsigned long long)(now->regions + now->open));
    fprintf(stderr, "%s, %.0f s", memory, now->seconds);
    end_line();
}

/* Cells that jobs are made of. */
static void show_cells(void *context, const crease_progress *now)
{
    char memory[32];
    (void)context;
    crease_cli_bytes(memory, sizeof memory, now->memory);
    fprintf(stderr, "%s%llu cells, %s, %.0f s", terminal ? "\r" : "", (unsigned long long)now->open,
            memory, now->seconds);
    end_line();
}

static json_t *number_or_null(double value)
{
    return value >= 0 ? json_real(value) : json_null();
}

static void show_json(void *context, const crease_progress *now)
{
    static const cli_estimate none = {.regions = -1, .standard_error = -1};
    const cli_estimate *estimate = context ? context : &none;
    json_t *line =
        json_pack("{s:o, s:f, s:o, s:o, s:f, s:o, s:o, s:o, s:o}", "regions",
                  crease_total_json_exact(now->digits), "regions_per_second", now->rate, "closed",
                  number_or_null(now->closed), "open", crease_total_json(now->open), "seconds",
                  now->seconds, "memory_bytes", crease_total_json(now->memory), "estimate",
                  number_or_null(estimate->regions), "estimate_standard_error",
                  number_or_null(estimate->standard_error), "seconds_left",
                  number_or_null(left(estimate, now)));
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
    enum { LEAVES = 1000 };
    *estimate = (cli_estimate){.network = network,
                               .domain = domain,
                               .options = options->count,
                               .regions = -1,
                               .standard_error = -1};
    estimate->options.engine = CREASE_ENGINE_AUTO;
    estimate->options.start = NULL;
    estimate->options.progress = NULL;
    options->count.progress_context = estimate;
    if (options->count.progress == show_json) {
        ask(estimate, LEAVES, 0);
    } else {
        estimate->options.threads = 1;
        estimate->options.limit_seconds = 0;
    }
}

static void show_replicates(void *context, size_t finished, size_t of, double seconds_left)
{
    char rest[32];
    (void)context;
    time_text(rest, sizeof rest, seconds_left);
    fprintf(stderr, "%s%zu of %zu replicates, %s", terminal ? "\r" : "", finished, of, rest);
    end_line();
}

static void show_replicates_json(void *context, size_t finished, size_t of, double seconds_left)
{
    (void)context;
    fprintf(stderr, "{\"replicates\":%zu,\"of\":%zu,\"seconds_left\":%.6g}\n", finished, of,
            seconds_left);
    fflush(stderr);
}

static bool wants_lines(const cli_options *options)
{
    bool wanted = options->progress == CLI_PROGRESS_ALWAYS ||
                  (options->progress == CLI_PROGRESS_AUTO && terminal);
    return wanted && !options->quiet;
}

void crease_cli_progress_replicates(cli_options *options)
{
    terminal = isatty(STDERR_FILENO);
    if (options->progress == CLI_PROGRESS_JSON)
        options->plan.replicated = show_replicates_json;
    else if (wants_lines(options))
        options->plan.replicated = show_replicates;
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
    if (wants_lines(options))
        options->count.progress = options->command == CLI_SAMPLE  ? show_drawn
                                  : options->command == CLI_SHARD ? show_cells
                                                                  : show;
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
