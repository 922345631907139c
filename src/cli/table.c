#include "cli/table.h"

enum {
    IN_CERTIFY = 1 << CLI_CERTIFY,
    ONLY_COUNT = 1 << CLI_COUNT,
    IN_COUNT = ONLY_COUNT | IN_CERTIFY,
    IN_INFO = 1 << CLI_INFO,
    IN_BOUND = 1 << CLI_BOUND,
    IN_MAKE = 1 << CLI_MAKE,
    IN_COMPARE = 1 << CLI_COMPARE,
    IN_CONVERT = 1 << CLI_CONVERT,
    IN_SHARD = 1 << CLI_SHARD,
    IN_MERGE = 1 << CLI_MERGE,
    IN_RUNS = IN_COUNT | IN_COMPARE,
    IN_READ = IN_RUNS | IN_INFO | IN_BOUND | IN_CONVERT | IN_SHARD
};

const cli_option_row crease_cli_table[] = {
    {"box", OPTION_BOX, "LO:HI[,...]", 1, 0, "all of R^n", IN_RUNS | IN_BOUND | IN_SHARD,
     "count inside a box, or bound the count inside it: one LO:HI for every input or one per "
     "input; exact decimals or fractions"},
    {"domain", OPTION_DOMAIN, "FILE", 1, 0, "all of R^n",
     IN_RUNS | IN_BOUND | IN_SHARD | IN_CONVERT,
     "count in the domain of a JSON file: {\"A\": [[a, ...], ...], \"b\": [b, ...]} for A x <= b, "
     "and "
     "\"box\": [[lo, hi], ...], or one of both; bounds see the box alone"},
    {"vnnlib", OPTION_VNNLIB, "FILE", 1, 0, "all of R^n",
     IN_RUNS | IN_BOUND | IN_SHARD | IN_CONVERT,
     "count where a VNN-LIB property has its inputs, once for each part of a disjunction; inputs "
     "that it fixes are put in"},
    {"part", OPTION_PART, "N", 1, 1e6, "all", IN_RUNS | IN_BOUND | IN_SHARD | IN_CONVERT,
     "this part of the property only; bound, certify, compare and convert need one"},
    {"slice", OPTION_SLICE, "FILE", 1, 0, "none", IN_READ,
     "count over u with x = x0 + T u, in a JSON file {\"origin\": x0, \"directions\": [t1, ...]}, "
     "T's "
     "columns; box and domain are then of u"},
    {"domain-output", OPTION_DOMAIN_OUTPUT, "FILE", 1, 0, "none", IN_CONVERT,
     "write the domain of --vnnlib or --domain here, every number exact, for --domain"},
    {"output", OPTION_OUTPUT, "FILE", 1, 0, "none, must be given", IN_CERTIFY | IN_MAKE | IN_SHARD,
     "the certificate, compressed if the name ends in .zst; of make, the network; of shard, the "
     "directory of the jobs"},
    {"engine", OPTION_ENGINE, "NAME", 1, 0, "auto", IN_RUNS, "walk, split or auto"},
    {"definition", OPTION_DEFINITION, "NAME", 1, 0, "activation", ONLY_COUNT,
     "what is a region: activation (one pattern), open-connected (activation regions joined "
     "through facets on which the affine map of the output does not change) or affine (one "
     "affine map); the last two take the walk engine"},
    {"lp", OPTION_LP, "NAME", 1, 0, "auto", IN_RUNS | IN_SHARD,
     "who proposes answers: glpk, dense or auto; the count does not depend on it"},
    {"cell", OPTION_CELL, "KIND", 1, 0, "auto", IN_RUNS | IN_SHARD,
     "cells of the split engine: lp (rows and points), rays (extreme rays) or auto"},
    {"threads", OPTION_THREADS, "N", 0, 1024, "0", IN_RUNS | IN_SHARD,
     "worker threads; 0 means all that OpenMP offers"},
    {"start", OPTION_START, "X1,X2,...", 1, 0, "middle of the domain", IN_COUNT,
     "start point of the walk, exact; it may lie on a boundary"},
    {"seed", OPTION_SEED, "N", 0, 9007199254740992.0, "0", IN_RUNS | IN_MAKE | IN_SHARD,
     "seed of the search, on which no count depends; of make, of the random weights"},
    {"limit-regions", OPTION_LIMIT_REGIONS, "N", 1, 9007199254740992.0, "none", IN_RUNS,
     "stop once this many activation regions are counted, unless these are all"},
    {"limit-seconds", OPTION_LIMIT_SECONDS, "S", 0.001, 1e9, "none", IN_RUNS,
     "stop after this time"},
    {"limit-memory", OPTION_LIMIT_MEMORY, "BYTES[K|M|G]", 1, 1e18, "none", IN_RUNS,
     "stop when the process holds more memory than this"},
    {"checkpoint", OPTION_CHECKPOINT, "FILE", 1, 0, "none", ONLY_COUNT,
     "keep a file there from which the count can go on after a signal, a limit or a crash"},
    {"checkpoint-every", OPTION_CHECKPOINT_EVERY, "TIME[s|m|h]", 0.001, 1e9, "60s", ONLY_COUNT,
     "time between checkpoints; longer if writing them takes over one percent of it"},
    {"resume", OPTION_RESUME, "FILE", 1, 0, "none", ONLY_COUNT,
     "go on from this checkpoint, and keep it up to date unless --checkpoint names another file"},
    {"job", OPTION_JOB, "PATH", 1, 0, "none", IN_COUNT,
     "count one job of shard, NETWORK left out: its file, or with --index the directory; writes a "
     "result beside it; count also a checkpoint, from which its next run goes on, certify the "
     "part of the certificate, 0000.cert.zst, unless --output names it"},
    {"trunk", OPTION_TRUNK, "DIRECTORY", 1, 0, "none", IN_CERTIFY,
     "write the certificate that holds those of all jobs of shard together, trunk.cert.zst there "
     "unless --output names it; NETWORK left out"},
    {"index", OPTION_INDEX, "I", 0, 1e9, "none", IN_COUNT,
     "which job of the directory that --job names"},
    {"jobs", OPTION_JOBS, "N", 1, 1e6, "256", IN_SHARD, "number of jobs"},
    {"progress", OPTION_PROGRESS, "WHEN", 1, 0, "auto", IN_RUNS,
     "progress on stderr: auto (on a terminal), always, never, or json, a line each minute, with "
     "an "
     "estimate of the whole and its standard error"},
    {"progress-every", OPTION_PROGRESS_EVERY, "TIME[s|m|h]", 0.001, 1e9, "0.5s, 60s for json",
     IN_RUNS, "time between reports of progress"},
    {"maxout", OPTION_MAXOUT, "RANK", 2, CREASE_MAX_UNITS, "none, relu", IN_BOUND | IN_MAKE,
     "bounds for maxout units of this rank, or a network of them"},
    {"inputs", OPTION_INPUTS, "N", 0, 9007199254740992.0, "none, must be given", IN_MAKE,
     "number of inputs"},
    {"widths", OPTION_WIDTHS, "N1,N2,...", 1, 0, "none", IN_MAKE,
     "units of each hidden layer; for fold, serra, zigzag, arora, generic, maxout, maxout-fold, "
     "random"},
    {"weights", OPTION_WEIGHTS, "NAME", 1, 0, "float64 in JSON, float32 in .nnet", IN_READ,
     "what a decimal in JSON, --domain and --slice included, or .nnet means: float32 or float64, "
     "the "
     "nearest such number, or decimal, itself; strings in JSON are exact in any case"},
    {"activation", OPTION_ACTIVATION, "NAME[,...]", 1, 0, "relu", IN_READ,
     "of .nnet, .npz and .safetensors: of all hidden layers or one for each; relu, linear, abs, "
     "hard_tanh, leaky_relu:SLOPE or clip:LOW:HIGH"},
    {"layers", OPTION_LAYERS, "NAME[,...]", 1, 0, "all, by number", IN_READ,
     "of .npz and .safetensors: the layers in order, fc1 for fc1.weight and fc1.bias; other "
     "tensors "
     "are ignored"},
    {"nnet-normalise", OPTION_NORMALISE, NULL, 1, 0, "off", IN_READ,
     "of .nnet: apply the file's means and ranges of inputs and outputs, exactly"},
    {"json", OPTION_JSON, NULL, 1, 0, "off", IN_READ | IN_MAKE | IN_MERGE,
     "print exactly one JSON object on stdout"},
    {"quiet", OPTION_QUIET, NULL, 1, 0, "off", IN_COUNT | IN_MERGE,
     "no progress, and on stdout the bare count"},
    {"csv", OPTION_CSV, NULL, 1, 0, "off", IN_COMPARE,
     "print comma-separated values: a line of names, then one line for each network and bound"},
    {"plot", OPTION_PLOT, "FILE", 1, 0, "none", IN_COMPARE,
     "draw counts and bounds with gnuplot, to a file that ends in .svg or .png"},
    {"x", OPTION_X, "AXIS", 1, 0, "auto", IN_COMPARE,
     "what the picture is drawn over: depth, width (the widest hidden layer), units, step (numbers "
     "that rise in the names of the files, otherwise their order) or auto: the first that differs"},
    {"series", OPTION_SERIES, "NAME", 1, 0, "none", IN_COMPARE,
     "the networks that follow, up to the next --series, have a colour and this name in the "
     "picture"},
    {"man", OPTION_MAN, NULL, 1, 0, NULL, 0, "print the manual page"},
    {.name = NULL},
};

const cli_command_row crease_cli_commands[] = {
    [CLI_COUNT] = {"count", "count the linear regions of a network and prove the count"},
    [CLI_CERTIFY] = {"certify", "count, and write a certificate that crease-check verifies"},
    [CLI_INFO] = {"info", "print layers, widths, parameters and the digest of the exact network"},
    [CLI_BOUND] = {"bound", "print the published bounds for a network or for widths (2,10,10)"},
    [CLI_MAKE] = {"make", "write a network whose count is known from theory, or a random one"},
    [CLI_COMPARE] = {"compare", "count networks and set the counts beside all bounds"},
    [CLI_CONVERT] = {"convert", "write a network of any format as exact JSON, for crease-check"},
    [CLI_SHARD] = {"shard",
                   "divide a count into jobs of similar size, for count --job or certify --job"},
    [CLI_MERGE] = {"merge", "add up the results of the jobs in a directory"},
    {NULL, NULL},
};

const char crease_cli_exit_codes[] =
    "Exit status: 0 complete; 2 usage or bad input; 3 stopped at a limit or by a signal, the "
    "count so far is a lower bound; 75 stopped by a signal with a checkpoint written, run again "
    "with "
    "--resume; 1 internal failure.";
