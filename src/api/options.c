#include <crease.h>

#include <string.h>

void crease_options_default(crease_options *options)
{
    memset(options, 0, sizeof *options);
    options->progress_interval = 0.5;
}

void crease_sizes(size_t sizes[3])
{
    sizes[0] = sizeof(crease_options);
    sizes[1] = sizeof(crease_result);
    sizes[2] = sizeof(crease_layer_shape);
}
