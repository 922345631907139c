/* Prints one of the files that are made from the tables of options:
 *
 *   manual page TEMPLATE | markdown FILE | bash | zsh
 */
#include "manual/manual.h"

#include <stdlib.h>
#include <string.h>

int main(int argc, char **argv)
{
    const char *what = argc > 1 ? argv[1] : "";
    FILE *in = argc > 2 ? fopen(argv[2], "r") : NULL;
    bool good = true;
    if (!strcmp(what, "page") && in) {
        good = crease_manual_page(in, stdout);
    } else if (!strcmp(what, "markdown") && in) {
        good = crease_manual_markdown(in, stdout);
    } else if (!strcmp(what, "bash") && argc == 2) {
        crease_manual_bash(stdout);
    } else if (!strcmp(what, "zsh") && argc == 2) {
        crease_manual_zsh(stdout);
    } else {
        fputs("usage: manual page TEMPLATE | markdown FILE | bash | zsh\n", stderr);
        return 2;
    }
    if (in)
        fclose(in);
    if (!good)
        fprintf(stderr, "manual: %s: a line of the template is wrong\n", argv[2]);
    return good && !fflush(stdout) && !ferror(stdout) ? EXIT_SUCCESS : EXIT_FAILURE;
}
