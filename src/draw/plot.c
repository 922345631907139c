#include "draw/plot.h"

#include "base/memory.h"
#include "base/output.h"
#include "base/status.h"
#include "draw/script.h"

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

static bool ends_with(const char *text, const char *end)
{
    size_t length = strlen(text), tail = strlen(end);
    return length > tail && !strcmp(text + length - tail, end);
}

/* Runs gnuplot with these descriptors as its standard streams, option after its name unless NULL.
 * Returns its exit status, 128 for a signal, or -1 if it cannot be run; errno says why. */
static int run(int in, int out, int err, const char *option)
{
    /* -d: whatever the user's own settings are. */
    char *arguments[] = {"gnuplot", "-d", (char *)(size_t)option, NULL};
    posix_spawn_file_actions_t actions;
    pid_t child;
    int state;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, in, 0);
    posix_spawn_file_actions_adddup2(&actions, out, 1);
    posix_spawn_file_actions_adddup2(&actions, err, 2);
    int failure = posix_spawnp(&child, "gnuplot", &actions, NULL, arguments, environ);
    posix_spawn_file_actions_destroy(&actions);
    if (failure) {
        errno = failure;
        return -1;
    }
    while (waitpid(child, &state, 0) < 0)
        if (errno != EINTR)
            return -1;
    return WIFEXITED(state) ? WEXITSTATUS(state) : 128;
}

static crease_status no_gnuplot(crease_error *error)
{
    return crease_fail(error, CREASE_INPUT,
                       "plot: gnuplot cannot be run (%s); Debian has it in the package gnuplot-nox",
                       strerror(errno));
}

crease_status crease_plot_ready(const char *path, crease_error *error)
{
    crease_output output;
    if (!ends_with(path, ".svg") && !ends_with(path, ".png"))
        return crease_fail(error, CREASE_INPUT, "%s: the name of a plot ends in .svg or .png",
                           path);
    crease_status status = crease_output_open(path, &output, error);
    if (status)
        return status;
    crease_output_close(&output);
    int null = open("/dev/null", O_RDWR | O_CLOEXEC);
    int code = null < 0 ? -1 : run(null, null, null, "--version");
    if (null >= 0)
        close(null);
    if (code > 0)
        errno = ENOEXEC;
    return code == 0 ? CREASE_OK : no_gnuplot(error);
}

/* The last line that says something. */
static void last_line(FILE *file, char *line, size_t size)
{
    char next[256];
    snprintf(line, size, "no message");
    rewind(file);
    while (fgets(next, sizeof next, file)) {
        size_t start = strspn(next, " \t\n^");
        next[strcspn(next, "\n")] = 0;
        if (start < strlen(next))
            snprintf(line, size, "%s", next + start);
    }
}

/* Does the file end as a whole picture does?  gnuplot does not say that a disk is full. */
static bool is_whole(int descriptor, bool svg)
{
    char tail[32];
    off_t length = lseek(descriptor, 0, SEEK_END), from = length < 16 ? 0 : length - 16;
    ssize_t got = pread(descriptor, tail, 16, from);
    return got > 0 && memmem(tail, (size_t)got, svg ? "</svg>" : "IEND", svg ? 6 : 4);
}

crease_status crease_plot_draw(const crease_plot *plot, const char *path, crease_error *error)
{
    bool svg = ends_with(path, ".svg");
    crease_output output;
    crease_status status = crease_output_open(path, &output, error);
    if (status)
        return status;
    FILE *script = tmpfile(), *complaints = tmpfile();
    if (!script || !complaints) {
        status = crease_fail(error, CREASE_INPUT, "plot: no temporary file: %s", strerror(errno));
    } else {
        crease_plot_script(plot, svg, script);
        rewind(script);
        int code = run(fileno(script), output.descriptor, fileno(complaints), NULL);
        char line[256];
        last_line(complaints, line, sizeof line);
        if (code < 0)
            status = no_gnuplot(error);
        else if (code)
            status = crease_fail(error, CREASE_INPUT, "%s: gnuplot failed: %s", path, line);
        else if (!is_whole(output.descriptor, svg))
            status = crease_fail(error, CREASE_INPUT, "%s: gnuplot wrote no whole picture", path);
        else if (!crease_output_commit(&output))
            status =
                crease_fail(error, CREASE_INPUT, "%s: cannot write: %s", path, strerror(errno));
    }
    if (script)
        fclose(script);
    if (complaints)
        fclose(complaints);
    crease_output_close(&output);
    return status;
}
