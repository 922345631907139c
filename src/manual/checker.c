#include "manual/manual.h"

/* One field of sentences after the other. */
/* clang-format off */
const cli_option_row crease_manual_checker[] = {
    {"box", 256, "LO:HI[,...]", VALUE_TEXT, "all of R^n", 0, TOPIC_DOMAIN,
     .help = "the count is inside a box: one interval for all inputs or one for each"},
    {"domain", 257, "FILE", VALUE_FILE, "all of R^n", 0, TOPIC_DOMAIN,
     .help = "the count is in the domain of a JSON file of half-spaces, a box, or both",
     .more = "The file {\"A\": [[a, ...], ...], \"b\": [b, ...], \"box\": [[lo, hi], ...]} means A "
             "x <= b inside the box. A and b, or the box, may be left out."},
    {"part", 258, NULL, VALUE_NONE, "off", 0, TOPIC_JOBS,
     .help = "check the trunk and some parts, and print a verdict on these"},
    {"total", 259, NULL, VALUE_NONE, "off", 0, TOPIC_JOBS,
     .help = "add up verdicts, which are believed"},
    {"threads", 't', "N", VALUE_WHOLE, "one per processor", 0, TOPIC_OUTPUT,
     .help = "processes that share the nodes; by default, one if the certificate is small"},
    {"json", 260, NULL, VALUE_NONE, "off", 0, TOPIC_OUTPUT,
     .help = "print one JSON object on standard output"},
    {"dump", 261, NULL, VALUE_NONE, "off", 0, TOPIC_OUTPUT,
     .help = "print the certificate as text, and check nothing"},
    {"help", 'h', NULL, VALUE_NONE, "off", 0, TOPIC_OUTPUT, .help = "print the usage"},
    {"version", 262, NULL, VALUE_NONE, "off", 0, TOPIC_OUTPUT,
     .help = "print the version, and that of the format of certificates"},
    {.name = NULL},
};
/* clang-format on */
