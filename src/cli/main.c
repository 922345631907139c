#include "cli/run.h"

int main(int argc, char **argv)
{
    cli_options options;
    crease_set_fatal(crease_cli_fatal);
    crease_cli_parse("crease", argc, argv, &options);
    return crease_cli_run(&options);
}
