#include "base/input.h"

#include "base/memory.h"
#include "base/status.h"
#include "base/unpack.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static const size_t limit = (size_t)1 << 31, unpacked_limit = (size_t)1 << 30;

/* What the file system says against reading the file, or NULL; *room: how much to allocate. */
static const char *look(FILE *file, size_t *room)
{
    struct stat info;
    *room = 1 << 16;
    if (fstat(fileno(file), &info))
        return strerror(errno);
    if (S_ISDIR(info.st_mode))
        return "is a directory";
    if (!S_ISREG(info.st_mode))
        return NULL;
    if ((unsigned long long)info.st_size > limit)
        return "larger than 2 GiB";
    *room = (size_t)info.st_size + 2; /* one more than the file, so that its end is seen */
    return NULL;
}

crease_status crease_input_read(const char *path, char **text, size_t *length, crease_error *error)
{
    FILE *file = fopen(path, "rb");
    if (!file)
        return crease_fail(error, CREASE_INPUT, "%s: %s", path, strerror(errno));
    size_t room, used = 0;
    const char *problem = look(file, &room);
    char *data = problem ? NULL : crease_alloc(room, 1);
    for (size_t got; !problem && (got = fread(data + used, 1, room - used - 1, file)) > 0;) {
        used += got;
        if (used > limit)
            problem = "larger than 2 GiB";
        else if (room - used - 1 == 0)
            data = crease_realloc(data, room *= 2, 1);
    }
    if (!problem && ferror(file))
        problem = strerror(errno);
    fclose(file);
    if (problem) {
        free(data);
        return crease_fail(error, CREASE_INPUT, "%s: %s", path, problem);
    }
    data[used] = 0;
    *text = data;
    *length = used;
    return CREASE_OK;
}

crease_status crease_input_unpack(const char *path, char **text, size_t *length, bool *packed,
                                  crease_error *error)
{
    bool unused;
    packed = packed ? packed : &unused;
    *packed = false;
    crease_status status = crease_input_read(path, text, length, error);
    if (status)
        return status;
    *packed = crease_unpack_wanted(*text, *length);
    if (*packed && (status = crease_unpack(path, text, length, unpacked_limit, error)))
        return status;
    if (*length)
        return CREASE_OK;
    free(*text);
    *text = NULL;
    return crease_fail(error, CREASE_INPUT, "%s: the file is empty", path);
}

bool crease_input_is_packed(const char *path)
{
    char head[16];
    FILE *file = fopen(path, "rb");
    size_t length = file ? fread(head, 1, sizeof head, file) : 0;
    if (file)
        fclose(file);
    return crease_unpack_wanted(head, length);
}
