#include "round_trip.h"

#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* Larger counts are certified in the default way alone. */
enum { LARGE = 3000, PATH_CHARS = 200 };

extern char **environ;

static const struct {
    crease_engine engine;
    crease_cell_kind cell;
    crease_merging merge;
    int threads;
    const char *name;
} ways[] = {
    {CREASE_ENGINE_SPLIT, CREASE_CELL_AUTO, CREASE_MERGE_OFF, 1, "split"},
    {CREASE_ENGINE_SPLIT, CREASE_CELL_AUTO, CREASE_MERGE_OFF, 3, "split, 3 threads"},
    {CREASE_ENGINE_SPLIT, CREASE_CELL_LP, CREASE_MERGE_OFF, 1, "split, LP cells"},
    {CREASE_ENGINE_SPLIT, CREASE_CELL_LP, CREASE_MERGE_OFF, 2, "split, LP cells, 2 threads"},
    {CREASE_ENGINE_WALK, CREASE_CELL_AUTO, CREASE_MERGE_OFF, 2, "walk"},
    {CREASE_ENGINE_SPLIT, CREASE_CELL_RAYS, CREASE_MERGE_ON, 1, "split, merged"},
};

/* Makes a directory, in memory if possible: certificates are forced to disk. */
static bool make_directory(char path[PATH_CHARS])
{
    const char *base = access("/dev/shm", W_OK) ? getenv("TMPDIR") : "/dev/shm";
    snprintf(path, PATH_CHARS, "%s/crease-XXXXXX", base ? base : ".");
    return mkdtemp(path) != NULL;
}

static bool write_text(const char *path, const char *text)
{
    FILE *file = fopen(path, "w");
    bool good = file && fputs(text, file) >= 0;
    return file && fclose(file) == 0 && good;
}

static bool same_files(const char *a, const char *b)
{
    FILE *x = fopen(a, "rb"), *y = fopen(b, "rb");
    bool same = x && y;
    for (int c = 0; same && c != EOF;) {
        c = getc(x);
        same = c == getc(y);
    }
    if (x)
        fclose(x);
    if (y)
        fclose(y);
    return same;
}

/* The exit code of the checker; its first line of output goes to line. */
static int check(const char *checker, const char *box, const char *domain, const char *network,
                 const char *certificate, char *line, size_t room)
{
    int ends[2], status = -1;
    pid_t child;
    posix_spawn_file_actions_t actions;
    char *with_box[] = {(char *)checker,     "--box", (char *)box, (char *)network,
                        (char *)certificate, NULL};
    bool half_spaces = box && *box == '{';
    char *with_domain[] = {(char *)checker, "--domain",          (char *)domain,
                           (char *)network, (char *)certificate, NULL};
    char *without[] = {(char *)checker, (char *)network, (char *)certificate, NULL};
    if (pipe(ends))
        return -1;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, ends[1], 1);
    posix_spawn_file_actions_adddup2(&actions, ends[1], 2);
    posix_spawn_file_actions_addclose(&actions, ends[0]);
    int failed = posix_spawn(&child, checker, &actions, NULL,
                             half_spaces ? with_domain
                             : box       ? with_box
                                         : without,
                             environ);
    posix_spawn_file_actions_destroy(&actions);
    close(ends[1]);
    FILE *output = fdopen(ends[0], "r");
    if (!fgets(line, (int)room, output))
        *line = 0;
    line[strcspn(line, "\n")] = 0;
    while (getc(output) != EOF)
        ;
    fclose(output);
    if (failed || waitpid(child, &status, 0) != child)
        return -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

bool round_trip(const char *checker, const char *json, const char *box,
                const crease_network *network, const crease_domain *domain, uint64_t regions,
                char *why, size_t room)
{
    char here[PATH_CHARS], text[PATH_CHARS + 16], first[PATH_CHARS + 16], path[PATH_CHARS + 16];
    char shape[PATH_CHARS + 16], line[300], expected[64];
    if (!checker)
        return true;
    bool good = make_directory(here);
    snprintf(text, sizeof text, "%s/net.json", here);
    snprintf(first, sizeof first, "%s/first.cert", here);
    snprintf(path, sizeof path, "%s/next.cert", here);
    snprintf(expected, sizeof expected, "VERIFIED %llu regions", (unsigned long long)regions);
    snprintf(shape, sizeof shape, "%s/domain.json", here);
    good = good && write_text(text, json) && write_text(shape, box ? box : "");
    if (!good)
        snprintf(why, room, "%s: cannot write", text);
    for (size_t i = 0; good && i < sizeof ways / sizeof *ways; i++) {
        crease_options options;
        crease_result result;
        crease_error error = {""};
        bool again = ways[i].threads > 1 && ways[i].engine == CREASE_ENGINE_SPLIT;
        const char *file = again ? path : first;
        if (i > 1 && regions > LARGE)
            break;
        crease_options_default(&options);
        options.engine = ways[i].engine;
        options.cell = ways[i].cell;
        options.merge = ways[i].merge;
        options.threads = ways[i].threads;
        crease_status status = crease_certify(network, domain, &options, file, &result, &error);
        good = false;
        if (status || !result.complete || result.regions != regions)
            snprintf(why, room, "certify, %s: status %d, %llu regions: %s", ways[i].name, status,
                     (unsigned long long)result.regions, error.text);
        else if (again && !same_files(first, path))
            snprintf(why, room, "certify, %s: not the file of one thread", ways[i].name);
        else if (!again && check(checker, box, shape, text, file, line, sizeof line) != 0)
            snprintf(why, room, "certify, %s: %s", ways[i].name, line);
        else if (!again && strcmp(line, expected))
            snprintf(why, room, "certify, %s: \"%s\" for %s", ways[i].name, line, expected);
        else
            good = true;
    }
    if (good) {
        unlink(text);
        unlink(shape);
        unlink(first);
        unlink(path);
        rmdir(here);
    }
    return good;
}
