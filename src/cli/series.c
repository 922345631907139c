#include "cli/series.h"

#include "base/status.h"
#include "cli/exit.h"
#include "cli/progress.h"
#include "cli/reading.h"
#include "cli/report.h"
#include "cli/report_stats.h"
#include "cli/signals.h"

enum { DIGITS = 17 };

int crease_cli_fail_network(const cli_options *options, crease_status status,
                            const crease_error *error)
{
    crease_error named;
    if (options->file_count < 2)
        return crease_cli_fail_by(status, error);
    crease_fail(&named, status, "%s: %s", options->network, error->text);
    return crease_cli_fail_by(status, &named);
}

crease_status crease_cli_name_network(const cli_options *options, char **name, crease_error *error)
{
    *name = NULL;
    if (options->file_count < 2)
        return CREASE_OK;
    json_t *text = json_string(options->network);
    if (!text)
        return crease_fail(error, CREASE_INPUT, "a name that is not UTF-8 cannot be in a line");
    *name = json_dumps(text, JSON_ENCODE_ANY);
    json_decref(text);
    return CREASE_OK;
}

bool crease_cli_series_begins(const cli_options *options)
{
    return options->network == options->files[0].path;
}

void crease_cli_print_series_name(const cli_options *options)
{
    if (options->file_count < 2)
        return;
    crease_cli_print_quoted(options->network);
    putchar(',');
}

static int run_one(cli_options *options, cli_run_one *run, json_t *list, void *context)
{
    cli_scope scope;
    crease_error error;
    crease_cli_reading_begin(options);
    crease_status status = crease_cli_scope_open(options, options->network, &scope, &error);
    crease_cli_reading_end(options);
    int code = status ? crease_cli_fail(&error) : run(options, &scope, list, context);
    crease_cli_scope_close(&scope);
    crease_cli_progress_finish();
    return code;
}

int crease_cli_run_series(cli_options *options, cli_run_one *run, void *context)
{
    bool several = options->file_count > 1;
    json_t *list = several && options->json ? json_array() : NULL;
    double limit = options->count.limit_seconds;
    int code = CLI_COMPLETE;
    options->count.stop = crease_cli_catch_signals();
    crease_cli_progress_setup(options);
    for (size_t i = 0; i < options->file_count; i++) {
        if (i && *options->count.stop) {
            code = CLI_STOPPED;
            break;
        }
        options->network = options->files[i].path;
        options->count.limit_seconds = limit;
        int one = run_one(options, run, list, context);
        code = one ? one : code;
        if (code && code != CLI_STOPPED)
            break;
    }
    if (json_array_size(list) && (code == CLI_COMPLETE || code == CLI_STOPPED)) {
        bool good = crease_cli_print_object(
            json_pack("{s:b, s:O}", "complete", !code, "networks", list), DIGITS);
        code = good ? code : crease_cli_written(false);
    }
    json_decref(list);
    return code;
}
