#include "cli/streams.h"

#include "base/status.h"
#include "cli/exit.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* False on failure; errno says why. */
static bool copy(const char *path, int to)
{
    char byte[1 << 16];
    int from = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t count = from < 0 ? -1 : 1;
    while (count > 0 && (count = read(from, byte, sizeof byte)) > 0)
        for (ssize_t at = 0, put; at < count; at += put)
            if ((put = write(to, byte + at, (size_t)(count - at))) < 0) {
                count = -1;
                break;
            }
    int failure = errno;
    if (from >= 0)
        close(from);
    errno = failure;
    return count == 0;
}

int crease_cli_to_stdout(cli_options *options, int (*command)(cli_options *options))
{
    crease_error error;
    char path[4096];
    const char *place = getenv("TMPDIR");
    snprintf(path, sizeof path, "%s/crease-XXXXXX", place && *place ? place : "/tmp");
    int file = mkstemp(path), out = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3);
    if (file < 0 || out < 0 || dup2(STDERR_FILENO, STDOUT_FILENO) < 0) {
        crease_fail(&error, CREASE_INPUT, "%s: %s", file < 0 ? path : "standard output",
                    strerror(errno));
        if (file >= 0)
            unlink(path);
        return crease_cli_fail(&error);
    }
    close(file);
    options->output = path;
    int code = command(options);
    if (code == CLI_COMPLETE && !copy(path, out))
        code = crease_cli_written(false);
    close(out);
    unlink(path);
    return code;
}

const char *crease_cli_output_name(const cli_options *options)
{
    return options->to_stdout ? "standard output" : options->output;
}
