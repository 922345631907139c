#include "base/memory.h"
#include "cli/compare.h"
#include "cli/options.h"
#include "cli/progress.h"
#include "cli/report.h"
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

/* Is what is written, the certificate, say, to take the network's place? */
static bool refuse_same_file(const cli_options *options, const char *what)
{
    struct stat network, output;
    bool same = options->output && !stat(options->network, &network) &&
                !stat(options->output, &output) && network.st_dev == output.st_dev &&
                network.st_ino == output.st_ino;
    if (same)
        fprintf(stderr, "crease: %s: the %s would replace the network\n", options->output, what);
    return same;
}

static int run_count(cli_options *options, const crease_network *network)
{
    crease_error error;
    crease_domain *domain = NULL;
    crease_result result;
    if (refuse_same_file(options, "certificate"))
        return EXIT_INPUT;
    if (options->box &&
        crease_domain_box(options->box, crease_network_inputs(network), &domain, &error))
        return fail(&error);
    catch_signals();
    crease_cli_progress_setup(options);
    options->count.stop = &stop_asked;
    crease_status status =
        options->command == CLI_CERTIFY
            ? crease_certify(network, domain, &options->count, options->output, &result, &error)
            : crease_count(network, domain, &options->count, &result, &error);
    crease_domain_free(domain);
    if (status)
        return fail(&error);
    crease_cli_progress_finish();
    int code = written(crease_cli_report_count(options, network, &result));
    return code ? code : result.complete ? EXIT_COMPLETE : EXIT_STOPPED;
}

/* network is NULL if widths are given. */
static int run_bound(const cli_options *options, const crease_network *network)
{
    crease_error error;
    crease_domain *domain = NULL;
    crease_bounds *bounds;
    if (options->box && network &&
        crease_domain_box(options->box, crease_network_inputs(network), &domain, &error))
        return fail(&error);
    crease_status status =
        network ? crease_bounds_network(network, domain, options->maxout, &bounds, &error)
                : crease_bounds_widths(options->widths, options->maxout, &bounds, &error);
    crease_domain_free(domain);
    if (status)
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

static int run_convert(const cli_options *options, const crease_network *network)
{
    crease_error error;
    if (refuse_same_file(options, "new file"))
        return EXIT_INPUT;
    crease_status status = crease_network_write(network, options->output, &error);
    if (status)
        return status == CREASE_INTERNAL ? (fail(&error), EXIT_INTERNAL) : fail(&error);
    return written(crease_cli_report_converted(options, network));
}

int main(int argc, char **argv)
{
    cli_options options;
    crease_error error;
    crease_network *network;
    crease_set_fatal(on_fatal);
    crease_memory_guard_gmp();
    crease_cli_parse(argc, argv, &options);
    if (options.command == CLI_MAKE)
        return run_make(&options);
    if (options.command == CLI_COMPARE)
        return run_compare(&options);
    if (options.widths)
        return run_bound(&options, NULL);
    if (crease_network_read_with(options.network, &options.read, &network, &error))
        return fail(&error);
    crease_cli_progress_notes(&options, options.network, network);
    int code = options.command == CLI_INFO      ? written(crease_cli_report_info(&options, network))
               : options.command == CLI_BOUND   ? run_bound(&options, network)
               : options.command == CLI_CONVERT ? run_convert(&options, network)
                                                : run_count(&options, network);
    crease_network_free(network);
    return code;
}
