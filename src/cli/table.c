#include "cli/table.h"

#include <crease_bounds.h>
#include <crease_network.h>
#include <crease_pictures.h>
#include <crease_points.h>

enum {
    IN_CERTIFY = 1 << CLI_CERTIFY,
    IN_ESTIMATE = 1 << CLI_ESTIMATE,
    ONLY_COUNT = 1 << CLI_COUNT,
    IN_COUNT = ONLY_COUNT | IN_CERTIFY,
    IN_INFO = 1 << CLI_INFO,
    IN_BOUND = 1 << CLI_BOUND,
    IN_MAKE = 1 << CLI_MAKE,
    IN_COMPARE = 1 << CLI_COMPARE,
    IN_CONVERT = 1 << CLI_CONVERT,
    IN_SHARD = 1 << CLI_SHARD,
    IN_MERGE = 1 << CLI_MERGE,
    IN_STATUS = 1 << CLI_STATUS,
    IN_REGIONS = 1 << CLI_REGIONS,
    IN_KEPT = ONLY_COUNT | IN_ESTIMATE | IN_REGIONS,
    IN_STATS = 1 << CLI_STATS,
    IN_PLOT = 1 << CLI_PLOT,
    IN_BOUNDARY = 1 << CLI_BOUNDARY,
    IN_PIECES = ONLY_COUNT | IN_BOUNDARY,
    IN_LISTS = IN_REGIONS | IN_STATS | IN_BOUNDARY,
    IN_SAMPLE = 1 << CLI_SAMPLE,
    IN_IDENTIFY = 1 << CLI_IDENTIFY,
    IN_RUNS = IN_COUNT | IN_COMPARE,
    IN_SEARCH = IN_RUNS | IN_ESTIMATE | IN_SAMPLE,
    IN_DOMAIN = IN_SEARCH | IN_BOUND | IN_SHARD | IN_LISTS | IN_IDENTIFY,
    IN_READ = IN_DOMAIN | IN_INFO | IN_CONVERT | IN_PLOT,
    IN_PROGRESS = IN_RUNS | IN_SHARD | IN_LISTS | IN_SAMPLE | IN_IDENTIFY | IN_PLOT
};

/* 2^53: up to here a double holds every whole number. */
#define MOST 9007199254740992.0

/* The names of a choice are those of the library. */

/* Without the first name, AUTO. */
static const char *weights(int i)
{
    return crease_weights_name((crease_weights)(i + 1));
}

static const char *samples(int i)
{
    static const char *const names[] = {"one", "all", NULL};
    return names[i];
}

static const char *drawing(int i)
{
    static const char *const names[] = {"region", "volume", "data", NULL};
    return names[i];
}

static const char *engine(int i)
{
    return crease_engine_name((crease_engine)i);
}

static const char *definition(int i)
{
    return crease_definition_name((crease_definition)i);
}

static const char *solver(int i)
{
    return crease_lp_name((crease_lp)i);
}

static const char *cell(int i)
{
    return crease_cell_kind_name((crease_cell_kind)i);
}

static const char *merging(int i)
{
    return crease_merging_name((crease_merging)i);
}

static const char *norm(int i)
{
    return crease_norm_name((crease_norm)i);
}

/* Names that only the options use, in the order of their types. */

static const char *progress(int i)
{
    static const char *const names[] = {"auto", "always", "never", "json", NULL};
    return names[i];
}

static const char *color(int i)
{
    return crease_color_by_name((crease_color_by)i);
}

static const char *axis(int i)
{
    static const char *const names[] = {"auto", "depth", "width", "units", "step", NULL};
    return names[i];
}

const char *const crease_cli_topics[TOPICS] = {
    [TOPIC_READING] = "Reading the network",
    [TOPIC_DOMAIN] = "The domain",
    [TOPIC_SEARCH] = "The search",
    [TOPIC_LIMITS] = "Limits and checkpoints",
    [TOPIC_JOBS] = "Jobs",
    [TOPIC_BOUNDS] = "Bounds and networks with known counts",
    [TOPIC_OUTPUT] = "Output",
};

/* Laid out by hand: the strings read as text. */
/* clang-format off */
const cli_option_row crease_cli_table[] = {
    {"weights", OPTION_WEIGHTS, "NAME", VALUE_CHOICE, "float64 in JSON, float32 in .nnet",
     IN_READ, TOPIC_READING,
     .help = "what a decimal number in JSON or .nnet stands for: float32 or float64, the nearest "
             "number of that type, or decimal, the number itself",
     .more = "This applies to the files of --domain and --slice as well. Strings in JSON are "
             "always exact numbers.",
     .choice = weights},
    {"activation", OPTION_ACTIVATION, "NAME[,...]", VALUE_TEXT, "relu", IN_READ, TOPIC_READING,
     .help = "activation of the hidden layers of .nnet, .npz and .safetensors, one for all or one "
             "for each",
     .more = "The names are relu, linear, abs, hard_tanh, leaky_relu:SLOPE and clip:LOW:HIGH."},
    {"layers", OPTION_LAYERS, "NAME[,...]", VALUE_TEXT, "all, by number", IN_READ, TOPIC_READING,
     .help = "the layers of .npz or .safetensors, in order; fc1 stands for fc1.weight and "
             "fc1.bias",
     .more = "Other tensors are ignored. If they change the function, as a BatchNorm does, the "
             "count is that of another network."},
    {"transpose", OPTION_TRANSPOSE, NULL, VALUE_NONE, "off", IN_READ, TOPIC_READING,
     .help = "weights of .npz and .safetensors are inputs x units, as in Keras and Flax",
     .more = "Tensors with the name kernel are always read so."},
    {"nnet-normalise", OPTION_NORMALISE, NULL, VALUE_NONE, "off", IN_READ, TOPIC_READING,
     .help = "apply the means and ranges of a .nnet file to its inputs and outputs, exactly"},
    {"batch", OPTION_BATCH, "NAME", VALUE_CHOICE, "one", IN_READ, TOPIC_READING,
     .help = "for an .onnx file that takes several samples at once: one reads the network of one "
             "sample, all takes all samples as the input of one network",
     .more = "With one, the graph must treat all samples separately and alike.",
     .choice = samples},
    {"slice", OPTION_SLICE, "FILE", VALUE_FILE, "none", IN_READ, TOPIC_READING,
     .help = "restrict the network to an affine slice of its inputs, given by a JSON file",
     .more = "The file {\"origin\": x0, \"directions\": [t1, ...]} means the points x = x0 + T u, "
             "where t1, ... are the columns of T. The inputs are then u, also for --box and "
             "--domain."},

    {"through", OPTION_THROUGH, "A,B,C", VALUE_TEXT, "none", IN_PLOT, TOPIC_READING,
     .help = "restrict the network to the plane through three points, rows of the file of --data, "
             "numbered from 0",
     .more = "The axes are distances in the input space: along the line from A to B, and from this "
             "line towards C."},

    {"box", OPTION_BOX, "LO:HI[,...]", VALUE_TEXT, "all of R^n",
     IN_DOMAIN | IN_INFO, TOPIC_DOMAIN,
     .help = "the domain is a box: one interval for all inputs or one for each",
     .more = "The ends are exact decimals or fractions."},
    {"box", OPTION_BOX, "LO:HI[,...]", VALUE_TEXT, "where the creases or the data are", IN_PLOT,
     TOPIC_DOMAIN,
     .help = "the part of the plane that is drawn: one interval for both inputs or one for each",
     .more = "The ends are exact decimals or fractions."},
    {"domain", OPTION_DOMAIN, "FILE", VALUE_FILE, "all of R^n",
     IN_DOMAIN | IN_INFO, TOPIC_DOMAIN,
     .help = "the domain is given by a JSON file of half-spaces, a box, or both",
     .more = "The file {\"A\": [[a, ...], ...], \"b\": [b, ...], \"box\": [[lo, hi], ...]} means "
             "A x <= b inside the box. A and b, or the box, may be left out. Bounds use only the "
             "box."},
    {"domain", OPTION_DOMAIN, "FILE", VALUE_FILE, "none", IN_CONVERT, TOPIC_DOMAIN,
     .help = "the domain that --domain-output writes, from a JSON file of half-spaces, a box, or "
             "both"},
    {"vnnlib", OPTION_VNNLIB, "FILE", VALUE_FILE, "all of R^n",
     IN_DOMAIN | IN_CONVERT, TOPIC_DOMAIN,
     .help = "the domain is the set of inputs of a VNN-LIB property",
     .more = "Each part of a disjunction is a domain of its own. Inputs that the property fixes "
             "are replaced by their values."},
    {"part", OPTION_PART, "N", VALUE_WHOLE, "all",
     IN_DOMAIN | IN_CONVERT, TOPIC_DOMAIN,
     .help = "use only this part of the VNN-LIB property, numbered from 1",
     .more = "Only count can take several parts, and only without a checkpoint.",
     .low = 1, .high = 1e6},
    {"domain-output", OPTION_DOMAIN_OUTPUT, "FILE", VALUE_FILE, "none", IN_CONVERT, TOPIC_DOMAIN,
     .help = "write the domain of --vnnlib or --domain here, every number exact, for use with "
             "--domain"},

    {"around", OPTION_AROUND, "FILE", VALUE_FILE, "none", ONLY_COUNT, TOPIC_DOMAIN,
     .help = "count in a ball around each point of a file, .npy, .npz or comma-separated numbers",
     .more = "A row is printed for each point: the regions of the ball within the domain, and how "
             "far the point is from the nearest facet of its region. --limit-regions holds for "
             "each ball. Rows of several networks begin with the network."},
    {"radius", OPTION_RADIUS, "R", VALUE_TEXT, "none", ONLY_COUNT, TOPIC_DOMAIN,
     .help = "the radius of these balls, an exact number; required with --around"},
    {"norm", OPTION_NORM, "NAME", VALUE_CHOICE, "linf", ONLY_COUNT, TOPIC_DOMAIN,
     .help = "the norm of these balls: linf or l1",
     .more = "A ball of l1 has 2^n facets; if n is more than 10, it takes as long as the box around it.",
     .choice = norm},
    {"margin", OPTION_MARGIN, "MOST", VALUE_NUMBER, "none", ONLY_COUNT, TOPIC_DOMAIN,
     .help = "with --around: also the class of each point, and proved bounds on its distance by the "
             "norm from other classes, up to MOST",
     .more = "They are the distance, rounded, with up to 40 inputs. Classes are those of boundary.",
     .low = 1e-9, .high = 1e9},
    {"along", OPTION_ALONG, "FILE", VALUE_FILE, "none", ONLY_COUNT, TOPIC_DOMAIN,
     .help = "follow the segments from each point of a file to the next, and print where which "
             "units change",
     .more = "The file is one of those that --around reads. A place on a segment is p + t (q - p). "
             "With --domain or --box, only the part in the domain counts. There may be several networks."},
    {"lines", OPTION_LINES, "N", VALUE_WHOLE, "none", ONLY_COUNT, TOPIC_DOMAIN,
     .help = "count on random segments: between two points of --along, or of the box",
     .more = "Prints the number of boundaries that are crossed for each unit of length, with its "
             "standard error. --seed gives other segments.",
     .low = 1, .high = 1e7},

    {"definition", OPTION_DEFINITION, "NAME", VALUE_CHOICE, "activation", IN_PIECES, TOPIC_SEARCH,
     .help = "what counts as one region or piece: activation, open-connected or affine",
     .more = "An activation region has one activation pattern, an open-connected one joins those "
             "with one affine map across facets, an affine one all with one map. The last two need "
             "the walk. Pieces in one hyperplane are joined if they share a ridge, or all.",
     .choice = definition},
    {"engine", OPTION_ENGINE, "NAME", VALUE_CHOICE, "auto", IN_RUNS, TOPIC_SEARCH,
     .help = "the algorithm: walk, split or auto",
     .more = "The walk crosses facets from region to region; split divides the domain unit by "
             "unit, as a tree of cells. Both give the same count.",
     .choice = engine},
    {"cell", OPTION_CELL, "KIND", VALUE_CHOICE, "auto", IN_SEARCH | IN_SHARD | IN_LISTS,
     TOPIC_SEARCH,
     .help = "cells of the split engine: lp (inequalities and points), rays (extreme rays) or "
             "auto",
     .choice = cell},
    {"plain", OPTION_PLAIN, NULL, VALUE_NONE, "off", IN_CERTIFY, TOPIC_SEARCH,
     .help = "write the nodes SPLIT, FORCE and LEAF alone, by the walk; not for maxout of rank 3"},
    {"merge", OPTION_MERGE, "WHEN", VALUE_CHOICE, "auto", IN_RUNS, TOPIC_SEARCH,
     .help = "count one of the cells that a layer maps onto the same image: on, off or auto",
     .more = "All of them have equally many regions, so the count is the same. auto stops looking "
             "where no images are equal; on compares every cell, which may take long. Only the "
             "split engine merges, in cells that carry their extreme rays. A certificate has merged "
             "cells only with on.",
     .choice = merging},
    {"merge", OPTION_MERGE, "WHEN", VALUE_CHOICE, "auto", IN_IDENTIFY, TOPIC_SEARCH,
     .help = "search one cell of each class (on, auto) or every cell (off)",
     .more = "The result is the same.",
     .choice = merging},
    {"lp", OPTION_LP, "NAME", VALUE_CHOICE, "auto", IN_SEARCH | IN_SHARD, TOPIC_SEARCH,
     .help = "the linear program solver that proposes answers: glpk, dense or auto",
     .more = "Every answer is proved, so the count does not depend on it.",
     .choice = solver},
    {"threads", OPTION_THREADS, "N", VALUE_WHOLE, "0",
     IN_SEARCH | IN_SHARD | IN_LISTS | IN_IDENTIFY | IN_PLOT, TOPIC_SEARCH,
     .help = "number of worker threads; 0 means all that OpenMP offers",
     .low = 0, .high = 1024},
    {"start", OPTION_START, "X1,X2,...", VALUE_TEXT, "middle of the domain", IN_COUNT, TOPIC_SEARCH,
     .help = "start point of the walk, exact; it may lie on a boundary between regions"},
    {"seed", OPTION_SEED, "N", VALUE_WHOLE, "0", IN_RUNS | IN_SHARD, TOPIC_SEARCH,
     .help = "seed of the search; the count does not depend on it",
     .low = 0, .high = MOST},
    {"seed", OPTION_SEED, "N", VALUE_WHOLE, "0", IN_ESTIMATE | IN_SAMPLE, TOPIC_SEARCH,
     .help = "seed of the random choices; another seed gives another result",
     .low = 0, .high = MOST},
    {"seconds", OPTION_SECONDS, "TIME", VALUE_TIME, "10s", IN_ESTIMATE, TOPIC_SEARCH,
     .help = "take about this time, in seconds or such as 90s, 5m or 2h",
     .more = "The work is planned after a first part of this time. After three times as long it "
             "is stopped.",
     .low = 0.001, .high = 1e9},
    {"error", OPTION_ERROR, "SHARE", VALUE_SHARE, "none", IN_ESTIMATE, TOPIC_SEARCH,
     .help = "work until the interval reaches about this share of the estimate to both sides, such "
             "as 5%; in place of --seconds",
     .more = "The time that this will take is printed before the work begins.",
     .low = 1e-5, .high = 1},
    {"leaves", OPTION_LEAVES, "N", VALUE_WHOLE, "none", IN_ESTIMATE, TOPIC_SEARCH,
     .help = "count about this many parts of the input space; in place of --seconds",
     .more = "The result then depends only on the network, the domain, this number and the seed.",
     .low = 20, .high = MOST},
    {"confidence", OPTION_CONFIDENCE, "SHARE", VALUE_SHARE, "95%", IN_ESTIMATE, TOPIC_SEARCH,
     .help = "how often the interval is to hold the true number",
     .low = 0.01, .high = 0.9999},

    {"number", OPTION_NUMBER, "N", VALUE_WHOLE, "1000", IN_SAMPLE, TOPIC_SEARCH,
     .help = "draw about this many regions; by volume, and with --radius, use this many points",
     .more = "With --resample it is exact, where a region that is drawn twice counts twice.",
     .low = 1, .high = 1e9},
    {"by", OPTION_BY, "NAME", VALUE_CHOICE, "region", IN_SAMPLE, TOPIC_SEARCH,
     .help = "how regions are drawn: region (by weights, all have a chance), volume (those of "
             "uniform points of the box) or data (those of the points of a file)",
     .choice = drawing},
    {"resample", OPTION_RESAMPLE, NULL, VALUE_NONE, "off", IN_SAMPLE, TOPIC_SEARCH,
     .help = "draw four times as many regions and pick from these, with nearly equal chances",
     .more = "All draws then have the same weight."},
    {"points", OPTION_POINTS, "FILE", VALUE_FILE, "none", IN_SAMPLE, TOPIC_SEARCH,
     .help = "draw the regions of these points: comma-separated numbers, .npy or .npz",
     .more = "This is --by=data."},
    {"radius", OPTION_RADIUS, "R", VALUE_TEXT, "none", IN_SAMPLE, TOPIC_SEARCH,
     .help = "use uniform points of cubes around those of --points, which reach R to each side"},

    {"limit-regions", OPTION_LIMIT_REGIONS, "N", VALUE_WHOLE, "none", IN_RUNS | IN_LISTS | IN_PLOT, TOPIC_LIMITS,
     .help = "stop after this many activation regions, unless there are no more",
     .low = 1, .high = MOST},
    {"limit-seconds", OPTION_LIMIT_SECONDS, "TIME", VALUE_TIME, "none",
     IN_SEARCH | IN_LISTS | IN_IDENTIFY | IN_PLOT, TOPIC_LIMITS,
     .help = "stop after this time, in seconds or such as 90s, 5m or 2h",
     .more = "The units of time are ms, s, m or min, h and d. The time to read the network is "
             "included. For compare the limit holds for each count.",
     .low = 0.001, .high = 1e9},
    {"gap", OPTION_GAP, "SHARE", VALUE_SHARE, "none", IN_COUNT, TOPIC_LIMITS,
     .help = "stop when the upper bound exceeds the count by at most this share of it, such as 0.1 or 10%",
     .more = "Every count that stops early has an upper bound, which is proved.",
     .low = 1e-9, .high = 1e9},
    {"limit-memory", OPTION_LIMIT_MEMORY, "SIZE", VALUE_BYTES, "none",
     IN_SEARCH | IN_LISTS | IN_IDENTIFY | IN_PLOT, TOPIC_LIMITS,
     .help = "stop when the process uses more memory than this, in bytes or such as 500M or 2GB",
     .more = "K, M, G and T, or KiB and so on, mean powers of 1024; KB, MB, GB and TB powers of "
             "1000.",
     .low = 1, .high = 1e18},
    {"checkpoint", OPTION_CHECKPOINT, "FILE", VALUE_FILE, "none", IN_KEPT, TOPIC_LIMITS,
     .help = "keep the state of the run in a file, and resume from it if it exists",
     .more = "To resume a run that was ended by a signal, a limit or a crash, start it again "
             "in the same way. A file that is not a checkpoint of the same run is refused and "
             "not replaced. A list of regions is kept beside it, in FILE.records-0 and -1."},
    {"checkpoint-every", OPTION_CHECKPOINT_EVERY, "TIME", VALUE_TIME, "60s", IN_KEPT, TOPIC_LIMITS,
     .help = "time between checkpoints, in seconds or such as 90s, 5m or 2h",
     .more = "It is extended if writing would take more than one percent of the time.",
     .low = 0.001, .high = 1e9},
    {"resume", OPTION_RESUME, "FILE", VALUE_FILE, "none", IN_KEPT, TOPIC_LIMITS,
     .help = "resume from a checkpoint, which must exist, and keep it up to date",
     .more = "If --checkpoint names another file, which must be new, that file is kept up to date "
             "instead."},

    {"jobs", OPTION_NUMBER, "N", VALUE_WHOLE, "256", IN_SHARD, TOPIC_JOBS,
     .help = "number of jobs",
     .low = 1, .high = 1e6},
    {"job", OPTION_JOB, "PATH", VALUE_FILE, "none", ONLY_COUNT, TOPIC_JOBS,
     .help = "count one job of shard: PATH is its file, or with --index the directory",
     .more = "NETWORK is left out. The result goes to a file beside the job, and so does a "
             "checkpoint, from which the next run of the same job resumes."},
    {"job", OPTION_JOB, "PATH", VALUE_FILE, "none", IN_CERTIFY, TOPIC_JOBS,
     .help = "certify one job of shard: PATH is its file, or with --index the directory",
     .more = "NETWORK is left out. The result goes to a file beside the job, and so does its part "
             "of the certificate, 0000.cert.zst, unless --output names another file."},
    {"index", OPTION_INDEX, "I", VALUE_WHOLE, "none", IN_COUNT, TOPIC_JOBS,
     .help = "which job of the directory that --job names, numbered from 0",
     .low = 0, .high = 1e9},
    {"trunk", OPTION_TRUNK, "DIRECTORY", VALUE_DIRECTORY, "none", IN_CERTIFY, TOPIC_JOBS,
     .help = "write the part of the certificate that joins the parts of all jobs of shard",
     .more = "NETWORK is left out. The file is trunk.cert.zst in the directory, unless --output "
             "names another."},

    {"inputs", OPTION_INPUTS, "N", VALUE_WHOLE, "none", IN_MAKE, TOPIC_BOUNDS,
     .help = "number of inputs; required",
     .low = 0, .high = MOST},
    {"widths", OPTION_WIDTHS, "N1,N2,...", VALUE_TEXT, "none", IN_MAKE, TOPIC_BOUNDS,
     .help = "number of units of each hidden layer",
     .more = "The families fold, serra, zigzag, arora, generic, maxout, maxout-fold and random "
             "need it."},
    {"maxout", OPTION_MAXOUT, "RANK", VALUE_WHOLE, "relu", IN_BOUND, TOPIC_BOUNDS,
     .help = "take all units as maxout units of this rank",
     .low = 2, .high = CREASE_BOUNDS_MOST},
    {"maxout", OPTION_MAXOUT, "RANK", VALUE_WHOLE, "relu", IN_MAKE, TOPIC_BOUNDS,
     .help = "make a network of maxout units of this rank",
     .low = 2, .high = CREASE_BOUNDS_MOST},
    {"seed", OPTION_SEED, "N", VALUE_WHOLE, "0", IN_MAKE, TOPIC_BOUNDS,
     .help = "seed of the random weights, only for the family random",
     .low = 0, .high = MOST},
    {"plot", OPTION_PLOT, "FILE", VALUE_FILE, "none", IN_COMPARE | IN_STATS, TOPIC_OUTPUT,
     .help = "draw counts and bounds, or histograms, to a file that ends in .svg, .pdf or .png"},
    {"x", OPTION_X, "AXIS", VALUE_CHOICE, "auto", IN_COMPARE, TOPIC_BOUNDS,
     .help = "horizontal axis of the picture: depth, width, units, step or auto",
     .more = "The width is that of the widest hidden layer. The step is the last number in the "
             "file names, if these numbers rise, else the position on the command line. With "
             "auto, the axis is the first of these that differs between the networks.",
     .choice = axis},
    {"series", OPTION_SERIES, "NAME", VALUE_TEXT, "none", IN_COMPARE, TOPIC_BOUNDS,
     .help = "give the networks that follow, up to the next --series, a name and a colour in the "
             "picture"},

    {"output", OPTION_OUTPUT, "FILE", VALUE_FILE, "none", IN_CERTIFY, TOPIC_OUTPUT,
     .help = "the certificate; it is compressed if the name ends in .zst",
     .more = "Required, except with --job or --trunk. With \"-\" the certificate goes to standard "
             "output, and the report to standard error."},
    {"output", OPTION_OUTPUT, "FILE", VALUE_FILE, "none", IN_MAKE, TOPIC_OUTPUT,
     .help = "the network, as JSON; required",
     .more = "With \"-\" the network goes to standard output, and the report to standard error."},
    {"output", OPTION_OUTPUT, "DIRECTORY", VALUE_DIRECTORY, "none",
     IN_SHARD, TOPIC_OUTPUT,
     .help = "the directory of the jobs; required",
     .more = "It is created. If it has the same jobs already, they stay as they are."},
    {"output", OPTION_OUTPUT, "FILE", VALUE_FILE, "-", IN_REGIONS | IN_SAMPLE, TOPIC_OUTPUT,
     .help = "where the regions go: arrays if the name ends in .npz, otherwise lines of JSON",
     .more = "The file gets its name only when it is complete. With \"-\" the lines go to "
             "standard output as they are found."},
    {"with", OPTION_WITH, "NAME[,...]", VALUE_TEXT, "none", IN_REGIONS | IN_SAMPLE, TOPIC_OUTPUT,
     .help = "what is written besides the pattern and a point: facets, neighbours, map, class, "
             "volume, vertices, center, inradius",
     .more = "Facets come with their inequalities and say whether the region is bounded; "
             "neighbours are the patterns across them; the map is that of the outputs, A x + b; the class is that of the point. "
             "Volumes, vertices, the largest ball's center and its inradius are found in exact "
             "fractions, which takes longer: see doc/regions.md."},
    {"mean", OPTION_MEAN, "NAME[,...]", VALUE_TEXT, "none", IN_SAMPLE, TOPIC_OUTPUT,
     .help = "print means over the regions, with standard errors: facets, active, bounded, volume, "
             "class",
     .more = "The mean of class is the share of the regions in whose point an output is the "
             "largest. By volume and data, regions count by their share of the points. The regions "
             "themselves are then written only with --output."},
    {"exact", OPTION_EXACT, NULL, VALUE_NONE, "off", IN_REGIONS | IN_SAMPLE | IN_BOUNDARY, TOPIC_OUTPUT,
     .help = "write all numbers as exact fractions, in strings"},
    {"exact", OPTION_EXACT, NULL, VALUE_NONE, "off", ONLY_COUNT, TOPIC_OUTPUT,
     .help = "with --around or --along: print exact fractions, the distance by l2 as its square"},
    {"canonical", OPTION_CANONICAL, NULL, VALUE_NONE, "off", IN_INFO, TOPIC_OUTPUT,
     .help = "print the canonical text of the network alone, with exact numbers",
     .more = "Its SHA-256 is the digest. crease-verify reads it (verified/README.md)."},
    {"domain-text", OPTION_DOMAIN_TEXT, NULL, VALUE_NONE, "off", IN_INFO, TOPIC_OUTPUT,
     .help = "print the canonical text of the domain of --box or --domain, for crease-verify"},
    {"at", OPTION_AT, "X1,X2,...", VALUE_TEXT, "none", IN_REGIONS, TOPIC_OUTPUT,
     .help = "print all about the region that contains this point",
     .more = "If the point lies on a boundary, it is one of the regions around it. With --json "
             "it is printed as a line of JSON."},
    {"graph", OPTION_GRAPH, "FILE.npz", VALUE_FILE, "none", IN_REGIONS, TOPIC_OUTPUT,
     .help = "write who shares a facet with whom: compressed sparse rows, and the unit that "
             "changes",
     .more = "Regions are numbered from 0 in the order of the output. All of them are kept in "
             "memory."},
    {"sorted", OPTION_SORTED, NULL, VALUE_NONE, "off", IN_REGIONS, TOPIC_OUTPUT,
     .help = "write the lines in the order of the patterns; all of them are kept in memory"},
    {"output", OPTION_OUTPUT, "FILE", VALUE_FILE, "none", IN_PLOT, TOPIC_OUTPUT,
     .help = "a picture if the name ends in .svg, .pdf or .png; of three inputs a mesh if it ends in .ply or .obj; required"},
    {"color", OPTION_COLOR, "WHAT", VALUE_CHOICE, "none", IN_PLOT, TOPIC_OUTPUT,
     .help = "what the colour of a region shows: none, layer, active, class, map, value or volume",
     .more = "layer: the regions of the first layer, in two tones; active: how many units are "
             "active; class: the largest output, or the sign of a single one; map: equal affine "
             "maps; value: output 0 in the middle of the region; volume: the area.",
     .choice = color},
    {"boundary", OPTION_BOUNDARY, NULL, VALUE_NONE, "only with --color=class", IN_PLOT,
     TOPIC_OUTPUT,
     .help = "draw the decision boundary: where the largest outputs are equal, or a single one is 0"},
    {"data", OPTION_DATA, "FILE", VALUE_FILE, "none", IN_PLOT, TOPIC_OUTPUT,
     .help = "draw these points on top, from .npy, .npz or comma-separated numbers: its inputs for "
             "each and, if there is one number more, its class",
     .more = "On a slice, the points that lie in it are drawn."},
    {"fold", OPTION_FOLD, NULL, VALUE_NONE, "off", IN_PLOT, TOPIC_OUTPUT,
     .help = "draw how each hidden layer folds the plane: its cells, and their images in what the "
             "next layer receives",
     .more = "Cells with equal images have one colour. More than two numbers are projected to "
             "their two principal directions."},
    {"raster", OPTION_RASTER, NULL, VALUE_NONE, "off", IN_PLOT, TOPIC_OUTPUT,
     .help = "draw the regions as an image within the .svg or .pdf file; for very many of them"},
    {"force", OPTION_FORCE, NULL, VALUE_NONE, "off",
     IN_CERTIFY | IN_CONVERT | IN_MAKE | IN_SHARD | IN_REGIONS | IN_SAMPLE | IN_PLOT | IN_STATS | IN_BOUNDARY, TOPIC_OUTPUT,
     .help = "replace existing output of any kind",
     .more = "Without it, certify replaces only certificates, convert and make only networks in JSON "
             "(convert --domain-output only domains), regions and sample only lists of regions, plot only pictures, and shard nothing. With it, shard first "
             "removes the jobs in the directory, with their results."},
    {"json", OPTION_JSON, NULL, VALUE_NONE, "off", IN_READ | IN_MAKE | IN_MERGE | IN_STATUS,
     TOPIC_OUTPUT,
     .help = "print exactly one JSON object on standard output"},
    {"csv", OPTION_CSV, NULL, VALUE_NONE, "off", IN_COMPARE, TOPIC_OUTPUT,
     .help = "print comma-separated values: a line of names, then one line for each network and "
             "bound"},
    {"csv", OPTION_CSV, NULL, VALUE_NONE, "off", ONLY_COUNT, TOPIC_OUTPUT,
     .help = "print balls, segments or lines as comma-separated values, first a line of names"},
    {"output", OPTION_OUTPUT, "FILE", VALUE_FILE, "none", IN_BOUNDARY, TOPIC_OUTPUT, .help = "write every piece as a line of JSON"},
    {"level", OPTION_LEVEL, "Y", VALUE_TEXT, "0", IN_BOUNDARY, TOPIC_OUTPUT,
     .help = "of a network with one output: the boundary is where the output is Y, an exact number"},
    {"csv", OPTION_CSV, NULL, VALUE_NONE, "off", IN_BOUNDARY, TOPIC_OUTPUT,
     .help = "print comma-separated values: a line of names, then one line for each pair of "
             "classes"},
    {"csv", OPTION_CSV, NULL, VALUE_NONE, "off", IN_STATS, TOPIC_OUTPUT,
     .help = "print comma-separated values: a line of names, then one line for each number"},
    {"csv", OPTION_CSV, NULL, VALUE_NONE, "off", IN_IDENTIFY, TOPIC_OUTPUT,
     .help = "print comma-separated values: a line of names, then one line for each layer and class size"},
    {"norms", OPTION_NORMS, NULL, VALUE_NONE, "off", IN_STATS, TOPIC_OUTPUT,
     .help = "also the largest norms of the affine maps, exactly, and where they are",
     .more = "These are the norms of A from l1 to l1, from l-infinity to l-infinity and, between "
             "proved bounds, from l2 to l2: the smallest Lipschitz constants of the outputs in a "
             "convex domain."},
    {"maps", OPTION_MAPS, NULL, VALUE_NONE, "off", IN_STATS, TOPIC_OUTPUT,
     .help = "also the number of different affine maps, as count --definition=affine finds it"},
    {"graph", OPTION_GRAPH, NULL, VALUE_NONE, "off", IN_STATS, TOPIC_OUTPUT,
     .help = "also bounds on the radius and the diameter of the graph of neighbours, which is kept in memory"},
    {"volumes", OPTION_VOLUMES, NULL, VALUE_NONE, "off", IN_STATS, TOPIC_OUTPUT, .help = "also the volumes of the bounded regions, by powers of two"},
    {"data", OPTION_DATA, "FILE", VALUE_FILE, "none", IN_STATS, TOPIC_OUTPUT,
     .help = "also how many of these points lie in each region; .npy, .npz or CSV"},
    {"quiet", OPTION_QUIET, NULL, VALUE_NONE, "off", IN_COUNT | IN_ESTIMATE | IN_MERGE | IN_REGIONS | IN_SAMPLE | IN_PLOT | IN_BOUNDARY,
     TOPIC_OUTPUT,
     .help = "print the bare count, and no progress or notes on standard error"},
    {"progress", OPTION_PROGRESS, "WHEN", VALUE_CHOICE, "auto", IN_PROGRESS | IN_ESTIMATE, TOPIC_OUTPUT,
     .help = "progress on standard error: auto (on a terminal), always, never, or json",
     .more = "With json, one object is printed each minute, of a count with an estimate of the "
             "whole and its standard error; of an estimate, one for each replicate.",
     .choice = progress},
    {"progress-every", OPTION_PROGRESS_EVERY, "TIME", VALUE_TIME, "0.5s, 60s for json", IN_PROGRESS, TOPIC_OUTPUT,
     .help = "time between reports of progress, in seconds or such as 90s, 5m or 2h",
     .low = 0.001, .high = 1e9},
    {.name = NULL},
};
const cli_command_row crease_cli_commands[] = {
    [CLI_COUNT] = {"count", "NETWORK",
     .summary = "count the linear regions of a network and prove the count",
     .description = "Counts the regions of the network in its whole input space or in a domain. "
                    "Each decision is proved as it is made. If a limit or a signal stops the "
                    "count, the printed number is a lower bound."},
    [CLI_CERTIFY] = {"certify", "NETWORK",
     .summary = "count, and write a certificate that crease-check verifies",
     .description = "Counts activation regions as count does, and writes a proof of the count to "
                    "the file of --output. A stopped count leaves no certificate."},
    [CLI_ESTIMATE] = {"estimate", "NETWORK",
     .summary = "estimate the number of regions where there are too many to count",
     .description = "Counts random parts of the input space and estimates the number of activation "
                    "regions from them, without bias, with an interval that is likely to hold it. "
                    "Only the bounds that are printed as proved are proved. If there are few "
                    "regions, all are counted."},
    [CLI_INFO] = {"info", "NETWORK",
     .summary = "print layers, widths, parameters and the digest of the exact network",
     .description = "Reads the network and prints what was read. The digest is the SHA-256 of a "
                    "canonical text of the network with exact numbers: two files have the same "
                    "digest if they hold the same network."},
    [CLI_BOUND] = {"bound", "NETWORK|N0,N1,...|RxCxD,RxCxD[/S],...",
     .summary = "print the published bounds for a network or for widths (2,10,10)",
     .description = "Prints every published upper and lower bound on the number of regions, and "
                    "says where each is from. In place of a network, the number of inputs and the "
                    "widths of the hidden layers may be given; for a convolutional network rows, "
                    "columns and channels of the input (3x3x1), then for each layer those of its "
                    "filters and, if not 1, the stride (2x2x3/2)."},
    [CLI_MAKE] = {"make", "FAMILY",
     .summary = "write a network whose count is known from theory, or a random one",
     .description = "Writes a network of one of the families below as JSON, and prints the number "
                    "of regions that theory predicts."},
    [CLI_COMPARE] = {"compare", "NETWORK...",
     .summary = "count networks and compare the counts with all bounds",
     .description = "Counts each network and prints the counts beside the bounds as a table, as "
                    "CSV or as JSON, and draws them if --plot is given."},
    [CLI_CONVERT] = {"convert", "NETWORK FILE.json",
     .summary = "write a network of any format as exact JSON, for crease-check",
     .description = "Writes the network that was read as JSON in which every number is exact. "
                    "crease-check reads only JSON, so certificates of networks in other formats "
                    "are checked with the converted file."},
    [CLI_SHARD] = {"shard", "NETWORK",
     .summary = "divide a count into jobs of similar size, for count --job or certify --job",
     .description = "Splits the input space and writes a directory of jobs that can be counted "
                    "independently, on any machine, in any order."},
    [CLI_MERGE] = {"merge", "DIRECTORY",
     .summary = "add up the results of the jobs in a directory",
     .description = "Adds up the results of all jobs that shard wrote into the directory. Results "
                    "that are missing, incomplete, damaged or do not belong together are refused."},
    [CLI_STATUS] = {"status", "DIRECTORY",
     .summary = "print how far the jobs in a directory are",
     .description = "Prints how many jobs that shard wrote into the directory are done, running, "
                    "stopped or missing, how many regions they have found so far, which is a "
                    "proved lower bound, and how much time is left. A job is taken to be running "
                    "if it wrote a checkpoint in the last five minutes. Jobs of certify have no "
                    "checkpoints, and are missing until they are done."},
    [CLI_REGIONS] = {"regions", "NETWORK...",
     .summary = "write every activation region: its pattern, a point, facets, neighbours, map",
     .description = "Writes each region once, as it is found; the regions are those that count "
                    "counts, and as many. Lines of several networks have its name. If a limit or a signal stops it, there is no file."},
    [CLI_STATS] = {"stats", "NETWORK...",
     .summary = "print how facets, active units and the like are distributed over the regions",
     .description = "Visits every region and prints the regions after each layer, histograms of "
                    "facets, neighbours and active units, how many regions are bounded, and how "
                    "many units never switch. Nothing is stored. Of several networks, as those of "
                    "a training run, each has a line. A limit holds for the visit and for the "
                    "count after each layer."},
    [CLI_IDENTIFY] = {"identify", "NETWORK",
     .summary = "print how many cells the layers map onto the same images",
     .description = "At the border into each layer, the cells are the regions of the layers before "
                    "it. Cells with one image meet the same layers from there on; they form a "
                    "class. For each layer, identify prints the number of cells, of different "
                    "images, the cells of the largest class, and how many classes there are of "
                    "each size. All of it is exact."},
    [CLI_PLOT] = {"plot", "NETWORK...",
     .summary = "draw the regions of networks with two or three inputs or of slices, or graphs with one input",
     .description = "Draws every region in a part of the plane as an exact polygon, with the "
                    "creases of all layers; of a network with one input, the graph with its "
                    "breakpoints. A box of three inputs is drawn cut open, or written as a mesh. "
                    "Several networks are drawn side by side and to one scale. If a limit or a signal stops it, there is no file."},
    [CLI_SAMPLE] = {"sample", "NETWORK",
     .summary = "draw regions at random, with weights, and estimate means over all regions",
     .description = "Draws regions where there are too many to list, and writes them as regions "
                    "does, with their weights. By region, the weights estimate sums over all "
                    "regions without bias. By volume and by data, a weight is the share of the "
                    "points that lie in the region."},
    [CLI_BOUNDARY] = {"boundary", "NETWORK...",
     .summary = "count the pieces of the decision boundary, for each pair of classes",
     .description = "The class of an input is the number of its largest output, and of a single "
                    "output whether it is greater than --level. A piece is a facet between two "
                    "parts of activation regions with different classes. Each of several networks "
                    "has a line. If a limit or a signal stops it, numbers are lower bounds."},
    {.name = NULL},
};
/* clang-format on */

const cli_exit_row crease_cli_exits[] = {
    {0, "complete"},
    {1, "internal failure"},
    {2, "usage error, bad input, or output that cannot be written"},
    {3, "stopped at a limit or by a signal; the count so far is a lower bound"},
    {75, "stopped by a signal after a checkpoint was written; run again to resume"},
    {.meaning = NULL},
};
