#include "cli/run_jobs.h"

#include "base/total.h"
#include "cli/exit.h"
#include "cli/overwrite.h"
#include "cli/progress.h"
#include "cli/reading.h"
#include "cli/report.h"
#include "cli/signals.h"

#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

enum { DIGITS = 6 };

static bool print_text(void)
{
    return fflush(stdout) == 0 && !ferror(stdout);
}

static bool report_shards(const cli_options *options, const crease_shards *shards)
{
    if (options->json)
        return crease_cli_print_object(
            json_pack(
                "{s:s, s:I, s:o, s:b, s:o, s:o, s:o, s:o}", "directory", options->output, "jobs",
                (json_int_t)shards->jobs, "regions", crease_total_json(shards->regions), "found",
                shards->found, "estimate", crease_cli_known(shards->estimate), "standard_error",
                crease_cli_known(shards->standard_error), "smallest",
                crease_cli_known(shards->smallest), "largest", crease_cli_known(shards->largest)),
            DIGITS);
    printf("jobs       %zu in %s%s\n", shards->jobs, options->output,
           shards->found ? ", made before and taken up again" : "");
    if (shards->found)
        return print_text();
    printf("regions    %llu counted already, ", (unsigned long long)shards->regions);
    if (shards->estimate >= 0)
        printf("estimate %.3g in all, standard error %.1g\n", shards->estimate,
               shards->standard_error);
    else
        printf("no estimate of all in the time for it\n");
    if (shards->jobs)
        printf("sizes      estimated at %.2f to %.2f of the mean\n", shards->smallest,
               shards->largest);
    return print_text();
}

int crease_cli_run_shard(cli_options *options, const cli_scope *scope)
{
    crease_error error;
    crease_shards shards;
    cli_part part;
    char place[CLI_DOMAIN];
    options->count.stop = crease_cli_catch_signals();
    crease_cli_progress_setup(options);
    if (crease_cli_keep_from_jobs(options, options->output))
        return CLI_INPUT;
    crease_status status = crease_cli_part_only(options, scope, &part, &error);
    if (!status && options->force)
        status = crease_shard_clear(options->output, &error);
    crease_cli_domain_words(options, crease_network_inputs(part.network), place);
    if (!status)
        status = crease_shard(part.network, part.domain, &options->count, options->network, place,
                              options->jobs, options->output, &shards, &error);
    crease_cli_progress_finish();
    crease_cli_part_close(&part);
    if (!status)
        return crease_cli_written(report_shards(options, &shards));
    int code = crease_cli_fail_by(status, &error);
    return *options->count.stop ? CLI_STOPPED : code;
}

static bool report_trunk(const cli_options *options, const crease_result *result, size_t parts)
{
    if (options->json)
        return crease_cli_print_object(
            json_pack("{s:b, s:I, s:o, s:o}", "complete", 1, "parts", (json_int_t)parts, "regions",
                      crease_total_json_exact(result->digits), "certificate_bytes",
                      crease_total_json(result->certificate_bytes)),
            DIGITS);
    if (options->quiet)
        puts(result->digits);
    else
        printf("trunk      %llu bytes, for the certificates of %zu jobs\n"
               "regions    %s outside of the jobs, proved\n",
               (unsigned long long)result->certificate_bytes, parts, result->digits);
    return print_text();
}

int crease_cli_run_trunk(cli_options *options)
{
    crease_error error;
    crease_result result;
    size_t parts;
    options->count.stop = crease_cli_catch_signals();
    if (crease_cli_keep_from_certificate(options, options->output))
        return CLI_INPUT;
    crease_status status = crease_shard_certify(options->trunk, &options->count, options->output,
                                                &result, &parts, &error);
    if (status)
        return crease_cli_fail_by(status, &error);
    if (result.complete)
        return crease_cli_written(report_trunk(options, &result, parts));
    fprintf(stderr, "%s: %s: stopped, no trunk was written\n", program_invocation_short_name,
            options->trunk);
    return CLI_STOPPED;
}

static int count_job(cli_options *options, const crease_job *job, const crease_network *network)
{
    crease_error error;
    crease_domain *domain = NULL;
    crease_result result;
    char *line;
    const char *path = crease_job_domain(job);
    if (path && crease_domain_read(path, crease_network_inputs(network), &domain, &error))
        return crease_cli_fail(&error);
    options->checkpoint.trouble = crease_cli_trouble;
    crease_cli_progress_setup(options);
    bool certify = options->command == CLI_CERTIFY;
    crease_status status = certify ? crease_job_certify(job, network, domain, &options->count,
                                                        options->output, &result, &line, &error)
                                   : crease_job_count(job, network, domain, &options->count,
                                                      &options->checkpoint, &result, &line, &error);
    crease_cli_progress_finish();
    crease_domain_free(domain);
    if (status)
        return crease_cli_fail_by(status, &error);
    printf("%s\n", line);
    free(line);
    int code = crease_cli_written(print_text());
    if (code || result.complete)
        return code;
    return result.stopped == CREASE_STOP_ASKED && !certify ? CLI_AGAIN : CLI_STOPPED;
}

static bool is_directory(const char *path)
{
    struct stat there;
    return !stat(path, &there) && S_ISDIR(there.st_mode);
}

/* Says which jobs there are, and which of them are not done. */
static int ask_for_index(const char *directory)
{
    enum { SHOWN = 8 };
    crease_error error;
    crease_census census;
    if (crease_shard_census(directory, &census, &error))
        return crease_cli_fail(&error);
    size_t left = census.jobs - census.count[CREASE_JOB_DONE], shown = 0;
    if (!census.jobs) {
        fprintf(stderr, "%s: %s: no jobs: all regions were counted before; crease merge adds up\n",
                program_invocation_short_name, directory);
        crease_census_free(&census);
        return CLI_INPUT;
    }
    fprintf(stderr, "%s: %s: %zu jobs, 0 to %zu, of which %zu are done",
            program_invocation_short_name, directory, census.jobs, census.jobs - 1,
            census.jobs - left);
    for (size_t i = 0; i < census.jobs && shown < SHOWN; i++)
        if (census.phase[i] != CREASE_JOB_DONE)
            fprintf(stderr, "%s%zu", shown++ ? ", " : ", not yet: ", i);
    if (left > shown)
        fprintf(stderr, " and %zu more", left - shown);
    fputs("; choose one with --index\n", stderr);
    crease_census_free(&census);
    return CLI_INPUT;
}

int crease_cli_run_job(cli_options *options)
{
    crease_error error;
    crease_job *job;
    crease_network *network;
    /* Before the network is read, which may take a while. */
    options->count.stop = crease_cli_catch_signals();
    if (crease_cli_keep_from_certificate(options, options->output))
        return CLI_INPUT;
    if (options->index < 0 && is_directory(options->job))
        return ask_for_index(options->job);
    if (crease_job_open(options->job, options->index, &job, &error))
        return crease_cli_fail(&error);
    crease_cli_reading_begin(options);
    crease_status status = crease_network_read(crease_job_network(job), &network, &error);
    crease_cli_reading_end(options);
    int code = status ? crease_cli_fail(&error) : count_job(options, job, network);
    if (!status)
        crease_network_free(network);
    crease_job_free(job);
    return code;
}

static bool report_merged(const cli_options *options, const crease_merged *merged)
{
    if (options->json)
        return crease_cli_print_object(
            json_pack("{s:o, s:b, s:b, s:{s:s, s:s}, s:s, s:s, s:I, s:f, s:f, s:f, s:o}", "regions",
                      crease_total_json_exact(merged->regions), "complete", 1, "proved", 1,
                      "network", "file", merged->source, "digest", merged->network, "domain",
                      merged->place ? merged->place : "R^n", "domain_digest", merged->domain,
                      "jobs", (json_int_t)merged->jobs, "seconds", merged->seconds, "shortest",
                      merged->shortest, "longest", merged->longest, "decisions",
                      crease_total_json_decisions(&merged->decisions)),
            DIGITS);
    if (options->quiet) {
        printf("%s\n", merged->regions);
        return print_text();
    }
    printf("network    %s\n           %s\n", merged->source, merged->network);
    printf("domain     %s\n", merged->place ? merged->place : "all of R^n");
    printf("regions    %s, complete, proved\n", merged->regions);
    printf("time       %.3g s in %zu job%s, %.3g to %.3g s each\n", merged->seconds, merged->jobs,
           merged->jobs == 1 ? "" : "s", merged->shortest, merged->longest);
    return print_text();
}

int crease_cli_run_merge(const cli_options *options)
{
    crease_error error;
    crease_merged merged;
    if (crease_merge(options->network, &merged, &error))
        return crease_cli_fail(&error);
    int code = crease_cli_written(report_merged(options, &merged));
    crease_merged_free(&merged);
    return code;
}

static json_t *not_done(const crease_census *census)
{
    json_t *list = json_array();
    for (size_t i = 0; i < census->jobs; i++)
        if (census->phase[i] != CREASE_JOB_DONE)
            json_array_append_new(list, json_integer((json_int_t)i));
    return list;
}

static bool report_census(const cli_options *options, const crease_census *census)
{
    const size_t *count = census->count;
    bool complete = count[CREASE_JOB_DONE] == census->jobs;
    if (options->json)
        return crease_cli_print_object(
            json_pack(
                "{s:s, s:{s:s, s:s}, s:s, s:I, s:I, s:I, s:I, s:I, s:o, s:I, s:o, s:b, s:b, s:f, "
                "s:o}",
                "directory", options->network, "network", "file", census->source, "digest",
                census->network, "domain", census->place ? census->place : "R^n", "jobs",
                (json_int_t)census->jobs, "done", (json_int_t)count[CREASE_JOB_DONE], "running",
                (json_int_t)count[CREASE_JOB_RUNNING], "stopped",
                (json_int_t)count[CREASE_JOB_STOPPED], "missing",
                (json_int_t)count[CREASE_JOB_MISSING], "not_done", not_done(census),
                "foreign_results", (json_int_t)census->foreign, "regions",
                crease_total_json_exact(census->regions), "complete", complete, "proved", 1,
                "seconds", census->seconds, "seconds_left", crease_cli_known(census->seconds_left)),
            DIGITS);
    printf("network    %s\ndomain     %s\n", census->source,
           census->place ? census->place : "all of R^n");
    printf("jobs       %zu: %zu done, %zu running, %zu stopped, %zu missing\n", census->jobs,
           count[CREASE_JOB_DONE], count[CREASE_JOB_RUNNING], count[CREASE_JOB_STOPPED],
           count[CREASE_JOB_MISSING]);
    if (census->foreign)
        printf("           %zu result%s damaged, there twice or foreign: see crease merge\n",
               census->foreign, census->foreign == 1 ? "" : "s");
    printf("regions    %s%s, proved\n", complete ? "" : "at least ", census->regions);
    printf("time       %.3g s so far", census->seconds);
    if (census->seconds_left < 0)
        printf(", what is left is not known before a job is done");
    else if (!complete)
        printf(", about %.3g s left for one job after the other", census->seconds_left);
    putchar('\n');
    return print_text();
}

int crease_cli_run_status(const cli_options *options)
{
    crease_error error;
    crease_census census;
    if (crease_shard_census(options->network, &census, &error))
        return crease_cli_fail(&error);
    int code = crease_cli_written(report_census(options, &census));
    crease_census_free(&census);
    return code;
}
