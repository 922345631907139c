#include <crease.h>

#include <string.h>

void crease_options_default(crease_options *options)
{
    memset(options, 0, sizeof *options);
    options->progress_interval = 0.5;
}
