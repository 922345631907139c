#include "base/output.h"

#include "base/memory.h"
#include "base/status.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/* Added to the path; users do not choose such names. */
static const char mark[] = ".unfinished-XXXXXX";
enum { RANDOM = 6, DAY = 86400, TRIES = 100 };

/* Puts random letters in the place of the last RANDOM characters. */
static bool draw_name(char *temporary)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz012345";
    unsigned char byte[RANDOM];
    char *at = temporary + strlen(temporary) - RANDOM;
    if (getrandom(byte, sizeof byte, 0) != (ssize_t)sizeof byte)
        return false;
    for (int i = 0; i < RANDOM; i++)
        at[i] = letters[byte[i] % (sizeof letters - 1)];
    return true;
}

/* A new file from the template, with the permissions that the process's umask leaves; mkstemp(3)
 * would grant fewer, and the umask cannot be read without setting it.  A standard stream that is
 * closed must not become the file. */
static int create(char *temporary)
{
    int descriptor = -1;
    for (int i = 0; i < TRIES && descriptor < 0; i++) {
        if (!draw_name(temporary))
            return -1;
        descriptor = open(temporary, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
        if (descriptor < 0 && errno != EEXIST)
            return -1;
    }
    if (descriptor < 0 || descriptor > 2)
        return descriptor;
    int low = descriptor;
    descriptor = fcntl(low, F_DUPFD_CLOEXEC, 3);
    close(low);
    if (descriptor < 0)
        unlink(temporary);
    return descriptor;
}

crease_status crease_output_open(const char *path, crease_output *output, crease_error *error)
{
    struct stat there;
    size_t length = strlen(path);
    if (length == 0)
        return crease_fail(error, CREASE_INPUT, "output: the path is empty");
    if (stat(path, &there) == 0 && !S_ISREG(there.st_mode))
        return crease_fail(error, CREASE_INPUT, "%s: not a regular file", path);
    output->path = crease_alloc(length + 1, 1);
    memcpy(output->path, path, length);
    output->temporary = crease_alloc(length + sizeof mark, 1);
    memcpy(output->temporary, path, length);
    memcpy(output->temporary + length, mark, sizeof mark);
    output->descriptor = create(output->temporary);
    if (output->descriptor >= 0)
        return CREASE_OK;
    crease_status status =
        crease_fail(error, CREASE_INPUT, "%s: cannot create: %s", path, strerror(errno));
    free(output->path);
    free(output->temporary);
    return status;
}

FILE *crease_output_stream(const crease_output *output)
{
    int descriptor = fcntl(output->descriptor, F_DUPFD_CLOEXEC, 3);
    FILE *stream = descriptor < 0 ? NULL : fdopen(descriptor, "w");
    if (!stream)
        crease_fatal("out of memory or of file descriptors");
    return stream;
}

bool crease_output_write(crease_output *output, const void *byte, size_t count)
{
    const char *at = byte;
    while (count) {
        ssize_t put = write(output->descriptor, at, count);
        if (put < 0 && errno == EINTR)
            continue;
        if (put < 0)
            return false;
        at += put;
        count -= (size_t)put;
    }
    return true;
}

/* NULL, and errno: it cannot be opened. */
static DIR *directory_of(const char *path)
{
    const char *slash = strrchr(path, '/');
    size_t length = slash ? (size_t)(slash - path) + 1 : 1;
    char *name = crease_alloc(length + 1, 1);
    memcpy(name, slash ? path : ".", length);
    DIR *directory = opendir(name);
    int failure = errno;
    free(name);
    errno = failure;
    return directory;
}

/* The new name is safe only when the directory is.  Some file systems cannot do that, which they
 * say by EINVAL; a directory that may not be read cannot be opened. */
static bool sync_directory(const char *path)
{
    DIR *directory = directory_of(path);
    if (!directory)
        return errno == EACCES;
    bool good = fsync(dirfd(directory)) == 0 || errno == EINVAL;
    int failure = errno;
    closedir(directory);
    errno = failure;
    return good;
}

bool crease_output_commit(crease_output *output)
{
    if (fsync(output->descriptor) || rename(output->temporary, output->path))
        return false;
    free(output->temporary);
    output->temporary = NULL;
    return sync_directory(output->path);
}

void crease_output_close(crease_output *output)
{
    close(output->descriptor);
    if (output->temporary)
        unlink(output->temporary);
    free(output->temporary);
    free(output->path);
}

/* By age, since file locks do not work on every file system of a cluster. */
void crease_output_sweep(const char *path)
{
    const char *slash = strrchr(path, '/'), *base = slash ? slash + 1 : path;
    size_t length = strlen(base), fixed = sizeof mark - 1 - RANDOM;
    time_t now = time(NULL);
    struct stat there;
    DIR *directory = directory_of(path);
    for (struct dirent *entry; directory && (entry = readdir(directory));) {
        const char *name = entry->d_name;
        if (!strncmp(name, base, length) && !strncmp(name + length, mark, fixed) &&
            strlen(name) == length + fixed + RANDOM &&
            !fstatat(dirfd(directory), name, &there, AT_SYMLINK_NOFOLLOW) &&
            S_ISREG(there.st_mode) && there.st_mtime < now - DAY)
            unlinkat(dirfd(directory), name, 0);
    }
    if (directory)
        closedir(directory);
}
