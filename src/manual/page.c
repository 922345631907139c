#include "manual/manual.h"

#include <crease.h>

#include "bound/make.h"

#include <ctype.h>
#include <string.h>

/* ---- Plain text as roff ---- */

enum { WIDTH = 64 };

/* A hyphen of an option is one that can be copied: "\-". */
static void put_escaped(const char *text, size_t length, bool option, FILE *out)
{
    for (size_t i = 0; i < length; i++)
        if (text[i] == '\\')
            fputs("\\e", out);
        else if (text[i] == '-' && option)
            fputs("\\-", out);
        else
            putc(text[i], out);
}

/* One word; the name of an option is bold. */
static void put_word(const char *word, size_t length, bool first, FILE *out)
{
    size_t name = 0;
    if (length > 2 && word[0] == '-' && word[1] == '-')
        for (name = 2; name < length && (islower((unsigned char)word[name]) || word[name] == '-');)
            name++;
    if (first && (*word == '.' || *word == '\''))
        fputs("\\&", out);
    if (name) {
        fputs("\\fB", out);
        put_escaped(word, name, true, out);
        fputs("\\fR", out);
    }
    put_escaped(word + name, length - name, false, out);
}

static bool ends_sentence(const char *word, size_t length)
{
    return length > 1 && word[length - 1] == '.' && word[length - 2] != '.' && word[length] &&
           isupper((unsigned char)word[length + 1]);
}

/* In lines of at most WIDTH characters or so, a new one for each sentence.  The text ends with a
 * full stop if it is to have one. */
static void put_text(const char *text, bool stop, FILE *out)
{
    size_t column = 0;
    while (*text) {
        size_t length = strcspn(text, " ");
        bool first = column == 0 || column + length > WIDTH;
        if (column)
            putc(first ? '\n' : ' ', out);
        put_word(text, length, first, out);
        column = (first ? 0 : column + 1) + length;
        if (ends_sentence(text, length)) {
            putc('\n', out);
            column = 0;
        }
        text += length + (text[length] == ' ');
    }
    fputs(stop ? ".\n" : "\n", out);
}

static void put_row(const cli_option_row *row, FILE *out)
{
    fputs(".TP\n\\fB", out);
    if (crease_manual_letter(row))
        fprintf(out, "\\-%c\\fR, \\fB", crease_manual_letter(row));
    fputs("\\-\\-", out);
    put_escaped(row->name, strlen(row->name), true, out);
    fputs("\\fR", out);
    if (row->argument)
        fprintf(out, "=\\fI%s\\fR", row->argument);
    putc('\n', out);
    char help[512];
    snprintf(help, sizeof help, "%c%s", toupper((unsigned char)*row->help), row->help + 1);
    put_text(help, true, out);
    if (row->more)
        put_text(row->more, false, out);
    if (strcmp(row->standard, "none") && strcmp(row->standard, "off"))
        fprintf(out, "Default: %s.\n", row->standard);
}

/* ---- The parts of a page ---- */

/* The names of the options of a command, or only of those that others have as well. */
static void put_names(cli_command command, bool shared, FILE *out)
{
    const char *between = "";
    for (const cli_option_row *row = crease_cli_table; row->name; row++) {
        if (!crease_manual_has(row, command) || (shared && crease_manual_alone(row, command)))
            continue;
        fprintf(out, "%s\\fB\\-\\-", between);
        put_escaped(row->name, strlen(row->name), true, out);
        fputs("\\fR", out);
        between = ",\n";
    }
    fputs(".\n", out);
}

static void put_families(FILE *out)
{
    const crease_make_family *family;
    for (size_t i = 0; (family = crease_make_family_at(i)); i++) {
        fprintf(out, ".TP\n.B %s\n", family->name);
        put_text(family->summary, false, out);
    }
}

static void put_commands(FILE *out)
{
    for (int c = 0; crease_cli_commands[c].name; c++) {
        const cli_command_row *command = &crease_cli_commands[c];
        fprintf(out, ".SS \"crease %s\"\n.B crease %s\n[\\fIOPTION\\fR...] ", command->name,
                command->name);
        fprintf(out, "\\fI%s\\fR\n.PP\n", command->arguments);
        put_text(command->description, false, out);
        for (const cli_option_row *row = crease_cli_table; row->name; row++)
            if (crease_manual_alone(row, (cli_command)c))
                put_row(row, out);
        fputs(".PP\nOptions that other commands have as well, described under OPTIONS:\n", out);
        put_names((cli_command)c, true, out);
        if (c == CLI_MAKE) {
            fputs(".PP\nThe families are:\n", out);
            put_families(out);
        }
    }
}

static void put_options(FILE *out)
{
    int topic = -1;
    for (const cli_option_row *row = crease_cli_table; row->name; row++) {
        bool several = row->commands & (row->commands - 1);
        if (several && (int)row->topic != topic)
            fprintf(out, ".SS %s\n", crease_cli_topics[topic = (int)row->topic]);
        if (several)
            put_row(row, out);
    }
}

static void put_exits(FILE *out)
{
    for (const cli_exit_row *row = crease_cli_exits; row->meaning; row++) {
        char text[256];
        snprintf(text, sizeof text, "%c%s", toupper((unsigned char)*row->meaning),
                 row->meaning + 1);
        fprintf(out, ".TP\n.B %d\n", row->code);
        put_text(text, true, out);
    }
}

/* What a line "@NAME@" stands for; false: nothing of this name. */
static bool put_part(const char *line, FILE *out)
{
    if (!strcmp(line, "@commands@\n"))
        put_commands(out);
    else if (!strcmp(line, "@options@\n"))
        put_options(out);
    else if (!strcmp(line, "@exits@\n"))
        put_exits(out);
    else if (!strcmp(line, "@count@\n"))
        put_names(CLI_COUNT, false, out);
    else if (!strcmp(line, "@checker@\n"))
        for (const cli_option_row *row = crease_manual_checker; row->name; row++)
            put_row(row, out);
    else
        return false;
    return true;
}

bool crease_manual_page(FILE *template, FILE *out)
{
    char line[512];
    static const char version[] = "@VERSION@";
    while (fgets(line, sizeof line, template)) {
        char *at = strstr(line, version);
        if (at)
            fprintf(out, "%.*s%s%s", (int)(at - line), line, CREASE_VERSION, at + strlen(version));
        else if (*line != '@')
            fputs(line, out);
        else if (!put_part(line, out))
            return false;
    }
    return true;
}
