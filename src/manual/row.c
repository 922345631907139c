#include "manual/manual.h"

bool crease_manual_has(const cli_option_row *row, cli_command command)
{
    return row->commands >> command & 1;
}

bool crease_manual_alone(const cli_option_row *row, cli_command command)
{
    return row->commands == 1U << command;
}

char crease_manual_letter(const cli_option_row *row)
{
    return (char)(row->key < 256 ? row->key : 0);
}
