#include "manual/manual.h"

#include <string.h>

/* A cell of a table: "|" is escaped. */
static void put_cell(const char *text, FILE *out)
{
    for (; *text; text++)
        fprintf(out, *text == '|' ? "\\|" : "%c", *text);
}

static void put_commands(const cli_option_row *row, FILE *out)
{
    const char *between = "";
    for (int c = 0; crease_cli_commands[c].name; c++)
        if (crease_manual_has(row, (cli_command)c)) {
            fprintf(out, "%s`%s`", between, crease_cli_commands[c].name);
            between = ", ";
        }
}

static void put_row(const cli_option_row *row, FILE *out)
{
    fprintf(out, "| `--%s", row->name);
    if (row->argument) {
        putc('=', out);
        put_cell(row->argument, out);
    }
    putc('`', out);
    if (crease_manual_letter(row))
        fprintf(out, ", `-%c`", crease_manual_letter(row));
    fprintf(out, " | %s | ", row->standard);
    put_cell(row->help, out);
    fputs(" | ", out);
    put_commands(row, out);
    fputs(" |\n", out);
}

static void put_options(FILE *out)
{
    for (int topic = 0; topic < TOPICS; topic++) {
        fprintf(out, "\n%s:\n\n| Option | Default | Meaning | Commands |\n|---|---|---|---|\n",
                crease_cli_topics[topic]);
        for (const cli_option_row *row = crease_cli_table; row->name; row++)
            if ((int)row->topic == topic)
                put_row(row, out);
    }
    putc('\n', out);
}

bool crease_manual_markdown(FILE *document, FILE *out)
{
    char line[1024];
    bool inside = false;
    int marks = 0;
    while (fgets(line, sizeof line, document)) {
        bool begin = !strcmp(line, "<!-- options -->\n"), end = !strcmp(line, "<!-- end -->\n");
        if (!inside || end)
            fputs(line, out);
        if (begin)
            put_options(out);
        inside = (inside || begin) && !end;
        marks += begin || end;
    }
    return marks == 2 && !inside;
}
