#include "base/input.h"

#include "base/memory.h"
#include "base/status.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

crease_status crease_input_read(const char *path, char **text, size_t *length, crease_error *error)
{
    const size_t limit = (size_t)1 << 31;
    FILE *file = fopen(path, "rb");
    if (!file)
        return crease_fail(error, CREASE_INPUT, "%s: %s", path, strerror(errno));
    size_t room = 1 << 16, used = 0;
    char *data = crease_alloc(room, 1);
    for (size_t got; (got = fread(data + used, 1, room - used - 1, file)) > 0;) {
        used += got;
        if (room - used - 1 == 0)
            data = crease_realloc(data, room *= 2, 1);
        if (used > limit)
            break;
    }
    int failed = ferror(file) ? errno : 0;
    fclose(file);
    if (failed || used > limit) {
        free(data);
        return crease_fail(error, CREASE_INPUT, "%s: %s", path,
                           failed ? strerror(failed) : "larger than 2 GiB");
    }
    data[used] = 0;
    *text = data;
    *length = used;
    return CREASE_OK;
}
