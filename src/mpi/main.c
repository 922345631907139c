/* crease over several ranks of MPI: the commands count and estimate by all of them; with one rank
 * it is crease. */
#include "cli/exit.h"
#include "cli/progress.h"
#include "cli/report.h"
#include "cli/overwrite.h"
#include "cli/run.h"
#include "cli/run_estimate.h"
#include "cli/scope.h"
#include "cli/signals.h"
#include "job/checkpoint.h"
#include "mpi/estimate.h"
#include "mpi/master.h"

#include <fcntl.h>
#include <mpi.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { VERSION = 64 };

static void finish_mpi(void)
{
    int done;
    MPI_Finalized(&done);
    if (!done)
        MPI_Finalize();
}

/* All ranks find the same about the command line; one of them says it. */
static void parse(int rank, int argc, char **argv, cli_options *options)
{
    int kept[2] = {-1, -1};
    if (rank) {
        int nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
        for (int i = 0; i < 2 && nowhere >= 0; i++) {
            kept[i] = dup(i + 1);
            dup2(nowhere, i + 1);
        }
        close(nowhere);
    }
    crease_cli_parse("crease-mpi", argc, argv, options);
    for (int i = 0; i < 2 && kept[i] >= 0; i++) {
        dup2(kept[i], i + 1);
        close(kept[i]);
    }
}

static const char *unfit(const cli_options *options)
{
    if ((options->command != CLI_COUNT && options->command != CLI_ESTIMATE) || options->job)
        return "several ranks can only count or estimate a whole network; run crease for the rest";
    if (options->count.engine == CREASE_ENGINE_WALK)
        return "the walk runs on one rank";
    return NULL;
}

/* Do all ranks have the version of rank 0?  Those that do not say so.  What they exchange here is
 * the same in all versions. */
static bool same_version(int rank)
{
    char first[VERSION] = CREASE_VERSION;
    static const char own[VERSION] = CREASE_VERSION;
    MPI_Bcast(first, VERSION, MPI_CHAR, 0, MPI_COMM_WORLD);
    first[VERSION - 1] = 0;
    int same = !strcmp(first, own), all;
    if (!same)
        fprintf(stderr, "crease-mpi: rank %d is crease %s, rank 0 is crease %s\n", rank, own,
                first);
    MPI_Allreduce(&same, &all, 1, MPI_INT, MPI_MIN, MPI_COMM_WORLD);
    return all;
}

/* The first rank that does not have what rank 0 has; negative: none. */
static int first_stranger(int rank, int ranks, crease_status status, const cli_part *part)
{
    crease_job_subject mine, first;
    memset(&mine, 0, sizeof mine);
    if (!status)
        crease_job_subject_of(&mine, part->network, part->domain);
    first = mine;
    MPI_Bcast(&first, sizeof first, MPI_BYTE, 0, MPI_COMM_WORLD);
    bool same = *first.network && !strcmp(first.network, mine.network) &&
                !strcmp(first.domain, mine.domain);
    int own = same ? ranks : rank, least;
    MPI_Allreduce(&own, &least, 1, MPI_INT, MPI_MIN, MPI_COMM_WORLD);
    return least == ranks ? -1 : least;
}

static int count(cli_options *options, const crease_network *network, const crease_domain *domain)
{
    crease_error error;
    crease_result result;
    bool keeps = options->checkpoint.write || options->checkpoint.resume;
    cli_estimate estimate;
    crease_cli_progress_setup(options);
    crease_status status = keeps ? crease_checkpoint_begin(network, domain, &options->count,
                                                           &options->checkpoint, &error)
                                 : CREASE_OK;
    if (status) {
        crease_master_dismiss();
        return crease_cli_fail_by(status, &error);
    }
    if (options->progress == CLI_PROGRESS_JSON) /* otherwise it would hold up rank 0 */
        crease_cli_progress_estimate(options, network, domain, &estimate);
    options->checkpoint.trouble = crease_cli_trouble;
    options->checkpoint.found = options->quiet ? NULL : crease_cli_found;
    status = crease_master_count(network, domain, &options->count, &options->checkpoint, &result,
                                 &error);
    crease_cli_progress_finish();
    if (status)
        return crease_cli_fail(&error);
    int code = crease_cli_written(crease_cli_report_count(options, network, &result, NULL));
    if (code || result.complete)
        return code;
    return result.stopped == CREASE_STOP_ASKED && keeps ? CLI_AGAIN : CLI_STOPPED;
}

static int estimate(cli_options *options, const cli_part *part)
{
    if (!crease_cli_keep_from_checkpoint(options, options->checkpoint.write))
        return crease_cli_estimate(options, part, crease_master_estimate);
    crease_master_dismiss();
    return CLI_INPUT;
}

static int run(cli_options *options, int rank, int ranks)
{
    bool counts = options->command == CLI_COUNT;
    crease_error error;
    cli_scope scope;
    cli_part part = {.network = NULL};
    int code = CLI_COMPLETE;
    options->count.stop = crease_cli_catch_signals();
    options->quiet = options->quiet || rank;
    crease_status status = crease_cli_scope_open(options, options->network, &scope, &error);
    if (!status)
        status = crease_cli_part_only(options, &scope, &part, &error);
    int stranger = first_stranger(rank, ranks, status, &part);
    if (stranger >= 0) {
        /* The rank that cannot read it says why. */
        if (rank == stranger && status)
            code = crease_cli_fail(&error);
        else if (rank == stranger)
            fprintf(stderr, "crease-mpi: rank %d reads another network or domain than rank 0\n",
                    rank);
        code = CLI_INPUT;
    } else if (rank == 0) {
        code = counts ? count(options, part.network, part.domain) : estimate(options, &part);
    } else {
        status = (counts ? crease_rank_serve : crease_rank_estimate)(part.network, part.domain,
                                                                     &options->count, &error);
        /* Rank 0 waits for a result that will not come. */
        if (status) {
            crease_cli_fail(&error);
            MPI_Abort(MPI_COMM_WORLD, CLI_INPUT);
        }
    }
    crease_cli_part_close(&part);
    crease_cli_scope_close(&scope);
    return code;
}

int main(int argc, char **argv)
{
    cli_options options;
    int granted, rank, ranks;
    crease_set_fatal(crease_cli_fatal);
    /* Starting takes MPI a while, during which a scheduler may ask for an end. */
    crease_cli_catch_signals();
    MPI_Init_thread(&argc, &argv, MPI_THREAD_FUNNELED, &granted);
    atexit(finish_mpi);
    MPI_Comm_rank(MPI_COMM_WORLD, &rank);
    MPI_Comm_size(MPI_COMM_WORLD, &ranks);
    parse(rank, argc, argv, &options);
    if (!same_version(rank))
        return CLI_INPUT;
    if (ranks == 1)
        return crease_cli_run(&options);
    const char *why = granted < MPI_THREAD_FUNNELED
                          ? "this MPI does not allow threads beside the one that calls it"
                          : unfit(&options);
    if (!why)
        return run(&options, rank, ranks);
    if (rank == 0)
        fprintf(stderr, "crease-mpi: %s\n", why);
    return CLI_INPUT;
}
