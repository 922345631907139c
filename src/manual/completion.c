#include "manual/manual.h"

#include "bound/make.h"

#include <string.h>

static const char bash_begin[] =
    "# bash completion for crease, made from its table of options\n"
    "\n"
    "# _crease_words WORD...: those that begin with what is typed\n"
    "_crease_words()\n"
    "{\n"
    "    mapfile -t COMPREPLY < <(compgen -W \"$*\" -- \"$cur\")\n"
    "    # No space where an argument follows.\n"
    "    [[ ${COMPREPLY[0]} != *= ]] || compopt -o nospace 2>/dev/null\n"
    "}\n"
    "\n"
    "_crease_files()\n"
    "{\n"
    "    compopt -o filenames 2>/dev/null\n"
    "    mapfile -t COMPREPLY < <(compgen \"$1\" -- \"$cur\")\n"
    "}\n"
    "\n"
    "# What is typed, and the option whose argument it is.\n"
    "_crease_start()\n"
    "{\n"
    "    local last=${COMP_WORDS[COMP_CWORD - 1]}\n"
    "    COMPREPLY=()\n"
    "    cur=${COMP_WORDS[COMP_CWORD]} option=\n"
    "    # Bash makes a word of its own of \"=\".\n"
    "    case $cur:$last in\n"
    "    =:--*) option=$last cur= ;;\n"
    "    *:=) option=${COMP_WORDS[COMP_CWORD - 2]} ;;\n"
    "    *:-*) option=$last ;;\n"
    "    esac\n"
    "}\n";

static void put_families(FILE *out)
{
    const crease_make_family *family;
    for (size_t i = 0; (family = crease_make_family_at(i)); i++)
        fprintf(out, "%s%s", i ? " " : "", family->name);
}

static void put_choices(const cli_option_row *row, FILE *out)
{
    for (int i = 0; row->choice(i); i++)
        fprintf(out, "%s%s", i ? " " : "", row->choice(i));
}

/* ---- bash ---- */

static void bash_pattern(const cli_option_row *row, FILE *out)
{
    fprintf(out, "    --%s", row->name);
    if (crease_manual_letter(row))
        fprintf(out, " | -%c", crease_manual_letter(row));
    fputs(") ", out);
}

/* A case for what follows the option; nothing for a flag. */
static void bash_value(const cli_option_row *row, FILE *out)
{
    if (!row->argument)
        return;
    bash_pattern(row, out);
    if (row->value == VALUE_CHOICE) {
        fputs("_crease_words ", out);
        put_choices(row, out);
        fputs("; ", out);
    } else if (row->value == VALUE_FILE || row->value == VALUE_DIRECTORY) {
        fprintf(out, "_crease_files %s; ", row->value == VALUE_FILE ? "-f" : "-d");
    }
    fputs("return ;;\n", out);
}

static void bash_name(const cli_option_row *row, FILE *out)
{
    fprintf(out, " --%s%s", row->name, row->argument ? "=" : "");
}

void crease_manual_bash(FILE *out)
{
    fprintf(out,
            "%s\n_crease()\n{\n    local cur option command=${COMP_WORDS[1]} options\n"
            "    _crease_start\n"
            "    if ((COMP_CWORD == 1)); then\n        _crease_words",
            bash_begin);
    for (int c = 0; crease_cli_commands[c].name; c++)
        fprintf(out, " %s", crease_cli_commands[c].name);
    fputs(" --help --version\n        return\n    fi\n    case $command in\n", out);
    for (int c = 0; crease_cli_commands[c].name; c++) {
        fprintf(out, "    %s) options=\"--help --usage --version", crease_cli_commands[c].name);
        for (const cli_option_row *row = crease_cli_table; row->name; row++)
            if (crease_manual_has(row, (cli_command)c))
                bash_name(row, out);
        fputs("\" ;;\n", out);
    }
    fputs("    *) return ;;\n    esac\n    case $option in\n", out);
    for (const cli_option_row *row = crease_cli_table; row->name; row++) {
        /* Of an option with several rows, the first. */
        bool seen = false;
        for (const cli_option_row *other = crease_cli_table; other < row; other++)
            seen = seen || !strcmp(other->name, row->name);
        if (!seen)
            bash_value(row, out);
    }
    fputs("    esac\n    case $command:$cur in\n    *:-*) _crease_words \"$options\" ;;\n"
          "    make:*) _crease_words ",
          out);
    put_families(out);
    fputs(" ;;\n    merge:* | status:*) _crease_files -d ;;\n    *) _crease_files -f ;;\n    "
          "esac\n}\n\n"
          "_crease_check()\n{\n    local cur option\n    _crease_start\n    case $option in\n",
          out);
    for (const cli_option_row *row = crease_manual_checker; row->name; row++)
        bash_value(row, out);
    fputs("    esac\n    case $cur in\n    -*) _crease_words", out);
    for (const cli_option_row *row = crease_manual_checker; row->name; row++)
        bash_name(row, out);
    fputs(" ;;\n    *) _crease_files -f ;;\n    esac\n}\n\n"
          "complete -F _crease crease crease-mpi\ncomplete -F _crease_check crease-check\n",
          out);
}

/* ---- zsh ---- */

/* Part of a specification of _arguments, in single quotes. */
static void zsh_text(const char *text, FILE *out)
{
    for (; *text; text++)
        if (*text == '\'')
            fputs("'\\''", out);
        else if (strchr(":[]\\", *text))
            fprintf(out, "\\%c", *text);
        else
            putc(*text, out);
}

static void zsh_row(const cli_option_row *row, FILE *out)
{
    const char *mark = row->argument ? "=" : "";
    char letter = crease_manual_letter(row);
    fputs("            ", out);
    if (letter)
        fprintf(out, "'(-%c --%s)'{-%c%s,--%s%s}'[", letter, row->name, letter,
                row->argument ? "+" : "", row->name, mark);
    else
        fprintf(out, "'%s--%s%s[", row->key == OPTION_SERIES ? "*" : "", row->name, mark);
    zsh_text(row->help, out);
    putc(']', out);
    if (row->argument) {
        putc(':', out);
        zsh_text(row->argument, out);
        putc(':', out);
    }
    if (row->value == VALUE_CHOICE) {
        putc('(', out);
        put_choices(row, out);
        putc(')', out);
    } else if (row->value == VALUE_FILE || row->value == VALUE_DIRECTORY) {
        fputs(row->value == VALUE_FILE ? "_files" : "_files -/", out);
    } else if (row->argument) {
        putc(' ', out);
    }
    fputs("'\n", out);
}

static void zsh_command(cli_command command, FILE *out)
{
    fprintf(out, "    %s)\n        specs+=(\n", crease_cli_commands[command].name);
    for (const cli_option_row *row = crease_cli_table; row->name; row++)
        if (crease_manual_has(row, command))
            zsh_row(row, out);
    fputs("            '", out);
    if (command == CLI_MAKE) {
        fputs("1:FAMILY:(", out);
        put_families(out);
        putc(')', out);
    } else {
        bool directory = command == CLI_MERGE || command == CLI_STATUS;
        fputs(directory ? "1:DIRECTORY:_files -/" : "*:NETWORK:_files", out);
    }
    fputs("'\n        )\n        ;;\n", out);
}

void crease_manual_zsh(FILE *out)
{
    fputs("#compdef crease crease-mpi crease-check\n"
          "# zsh completion for crease, made from its table of options\n\n"
          "_crease_command()\n{\n    local -a specs=('--help[list the options]' '--usage[list them "
          "in short]' '--version[print the version]')\n    case $words[1] in\n",
          out);
    for (int c = 0; crease_cli_commands[c].name; c++)
        zsh_command((cli_command)c, out);
    fputs("    esac\n    _arguments -S $specs\n}\n\n_crease_check()\n{\n    local -a specs=(\n",
          out);
    for (const cli_option_row *row = crease_manual_checker; row->name; row++)
        zsh_row(row, out);
    fputs("            '*:FILE:_files'\n    )\n    _arguments -S $specs\n}\n\n"
          "_crease()\n{\n    local curcontext=$curcontext state line\n"
          "    if [[ $service = crease-check ]]; then\n        _crease_check\n        return\n    "
          "fi\n"
          "    local -a commands=(\n",
          out);
    for (int c = 0; crease_cli_commands[c].name; c++) {
        fprintf(out, "        '%s:", crease_cli_commands[c].name);
        zsh_text(crease_cli_commands[c].summary, out);
        fputs("'\n", out);
    }
    fputs("    )\n    _arguments -C '(- *)--help[list the commands]' '(- *)--version[print the "
          "version]' '1:command:->command' '*::argument:->argument'\n    case $state in\n"
          "    command) _describe command commands ;;\n    argument) _crease_command ;;\n    esac\n"
          "}\n\n_crease \"$@\"\n",
          out);
}
