#include "base/memory.h"
#include "cli/compare.h"
#include "cli/options.h"
#include "cli/progress.h"
#include "cli/report.h"
#include "cli/scope.h"
#include "draw/plot.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { EXIT_COMPLETE = 0, EXIT_INTERNAL = 1, EXIT_INPUT = 2, EXIT_STOPPED = 3 };

static volatile int stop_asked;

/* The first signal asks for a clean stop; one that comes a second or more later ends the
 * program. Schedulers and timeout(1) send the same signal to a process and to its group. */
static void on_signal(int number)
{
    static volatile sig_atomic_t asked_at;
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    if (!stop_asked) {
        asked_at = (sig_atomic_t)now.tv_sec;
        __atomic_store_n(&stop_asked, 1, __ATOMIC_RELAXED);
    } else if ((sig_atomic_t)now.tv_sec - asked_at > 1) {
        signal(number, SIG_DFL);
        raise(number);
    }
}

static void on_fatal(const char *line)
{
    fprintf(stderr, "crease: %s\n", line);
    _exit(EXIT_INTERNAL);
}

static void catch_signals(void)
{
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_handler = on_signal;
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    sigaction(SIGHUP, &action, NULL);
    sigaction(SIGXCPU, &action, NULL);
    /* A file that grows too large is an error of write(2). */
    signal(SIGXFSZ, SIG_IGN);
}

static int fail(const crease_error *error)
{
    crease_cli_progress_finish();
    fprintf(stderr, "crease: %s\n", error->text);
    return EXIT_INPUT;
}

static int written(bool good)
{
    if (!good)
        fprintf(stderr, "crease: cannot write to standard output: %s\n", strerror(errno));
    return good ? EXIT_COMPLETE : EXIT_INPUT;
}

static bool same_file(const char *a, const char *b)
{
    struct stat one, other;
    return a && b && !stat(a, &one) && !stat(b, &other) && one.st_dev == other.st_dev &&
           one.st_ino == other.st_ino;
}

/* Is what is written, the certificate, say, to take the place of what is read? */
static bool refuse_same_file(const cli_options *options, const char *output, const char *what)
{
    const char *const input[] = {options->network, options->domain, options->vnnlib,
                                 options->slice};
    static const char *const name[] = {"network", "domain", "property", "slice"};
    for (size_t i = 0; i < sizeof input / sizeof *input; i++)
        if (same_file(input[i], output)) {
            fprintf(stderr, "crease: %s: the %s would replace the %s\n", output, what, name[i]);
            return true;
        }
    return false;
}

static crease_status count_part(const cli_options *options, const cli_part *part,
                                crease_result *result, crease_error *error)
{
    return options->command == CLI_CERTIFY
               ? crease_certify(part->network, part->domain, &options->count, options->output,
                                result, error)
               : crease_count(part->network, part->domain, &options->count, result, error);
}

/* Several parts are counted one after the other; a signal ends that. */
static int run_count(cli_options *options, const cli_scope *scope)
{
    crease_error error;
    bool several = scope->first < scope->end, complete = true, good = true;
    json_t *list = several && options->json ? json_array() : NULL;
    crease_status status = CREASE_OK;
    if (refuse_same_file(options, options->output, "certificate"))
        return EXIT_INPUT;
    catch_signals();
    crease_cli_progress_setup(options);
    options->count.stop = &stop_asked;
    for (size_t i = scope->first; i <= scope->end && !status && !(i > scope->first && stop_asked);
         i++) {
        cli_part part;
        crease_result result;
        options->part = several ? i : options->part;
        status = options->command == CLI_CERTIFY
                     ? crease_cli_part_only(options, scope, &part, &error)
                     : crease_cli_part_open(options, scope, i, &part, &error);
        if (!status)
            status = count_part(options, &part, &result, &error);
        if (!status) {
            crease_cli_progress_finish();
            good = crease_cli_report_count(options, part.network, &result, list) && good;
            complete = complete && result.complete && (i == scope->end || !stop_asked);
        }
        crease_cli_part_close(&part);
    }
    if (status) {
        json_decref(list);
        return fail(&error);
    }
    if (list)
        good = crease_cli_report_parts(options, list, complete) && good;
    int code = written(good);
    return code ? code : complete ? EXIT_COMPLETE : EXIT_STOPPED;
}

static int run_bound(const cli_options *options, const cli_scope *scope)
{
    crease_error error;
    crease_bounds *bounds;
    cli_part part;
    crease_status status = crease_cli_part_only(options, scope, &part, &error);
    if (!status)
        status =
            crease_bounds_network(part.network, part.domain, options->maxout, &bounds, &error);
    crease_cli_part_close(&part);
    if (status)
        return fail(&error);
    int code = written(crease_cli_report_bounds(options, bounds));
    crease_bounds_free(bounds);
    return code;
}

static int run_widths(const cli_options *options)
{
    crease_error error;
    crease_bounds *bounds;
    if (crease_bounds_widths(options->widths, options->maxout, &bounds, &error))
        return fail(&error);
    int code = written(crease_cli_report_bounds(options, bounds));
    crease_bounds_free(bounds);
    return code;
}

static int run_make(const cli_options *options)
{
    crease_error error;
    crease_made *made;
    if (crease_make(options->family, options->inputs, options->widths, options->maxout,
                    options->count.seed, &made, &error))
        return fail(&error);
    if (!options->output) {
        fprintf(stderr, "crease: make: where to? Give the path of the network with --output\n");
        crease_made_free(made);
        return EXIT_INPUT;
    }
    catch_signals();
    int code = crease_made_write(made, options->output, &stop_asked, &error)
                   ? fail(&error)
                   : written(crease_cli_report_made(options, made));
    crease_made_free(made);
    return code;
}

static int run_compare(cli_options *options)
{
    crease_error error;
    cli_comparison comparison;
    crease_status status = crease_cli_compare_read(options, &comparison, &error);
    if (!status && options->plot)
        status = crease_plot_ready(options->plot, &error);
    catch_signals();
    crease_cli_progress_setup(options);
    options->count.stop = &stop_asked;
    if (!status)
        status = crease_cli_compare_count(options, &comparison, &error);
    crease_cli_progress_finish();
    int code = status ? fail(&error) : written(crease_cli_report_comparison(options, &comparison));
    if (!code && options->plot && crease_cli_plot_comparison(options, &comparison, &error))
        code = fail(&error);
    if (!code && !crease_cli_compare_complete(&comparison))
        code = EXIT_STOPPED;
    crease_cli_compare_free(&comparison);
    free(options->files);
    return code;
}

static int run_convert(const cli_options *options, const cli_scope *scope)
{
    crease_error error;
    cli_part part;
    if (refuse_same_file(options, options->output, "new file") ||
        refuse_same_file(options, options->domain_output, "new file"))
        return EXIT_INPUT;
    crease_status status = crease_cli_part_only(options, scope, &part, &error);
    if (!status && options->domain_output)
        status = crease_domain_write(part.domain, options->domain_output, &error);
    if (!status)
        status = crease_network_write(part.network, options->output, &error);
    int code = status == CREASE_INTERNAL ? (fail(&error), EXIT_INTERNAL)
               : status                  ? fail(&error)
                        : written(crease_cli_report_converted(options, part.network));
    crease_cli_part_close(&part);
    return code;
}

int main(int argc, char **argv)
{
    cli_options options;
    crease_error error;
    cli_scope scope;
    crease_set_fatal(on_fatal);
    crease_memory_guard_gmp();
    crease_cli_parse(argc, argv, &options);
    if (options.command == CLI_MAKE)
        return run_make(&options);
    if (options.command == CLI_COMPARE)
        return run_compare(&options);
    if (options.widths)
        return run_widths(&options);
    crease_status status = crease_cli_scope_open(&options, options.network, &scope, &error);
    int code = status                           ? fail(&error)
               : options.command == CLI_INFO    ? written(crease_cli_report_info(&options, scope.network))
               : options.command == CLI_BOUND   ? run_bound(&options, &scope)
               : options.command == CLI_CONVERT ? run_convert(&options, &scope)
                                                : run_count(&options, &scope);
    crease_cli_scope_close(&scope);
    return code;
}
