#include "fuzz/fuzz.h"

#include "api/read.h"
#include "base/rounding.h"
#include "job/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

void fuzz_claim(bool claim, const char *line)
{
    if (claim)
        return;
    fprintf(stderr, "fuzz: %s\n", line);
    abort();
}

void fuzz_refused(crease_status status, const crease_error *error, const char *name)
{
    fuzz_claim(status == CREASE_INPUT, "the status is not that of bad input");
    fuzz_claim(*error->text && !strchr(error->text, '\n'), "the message is not one line");
    fuzz_claim(strstr(error->text, name), "the message does not name the file");
}

static void read_network(const char *name, const char *text, size_t count,
                         const crease_read_options *options)
{
    crease_error error = {""};
    crease_source source = {name, text, count, options, &error};
    crease_network *network = NULL;
    crease_rounding mode;
    crease_rounding_enter(&mode);
    crease_status status = crease_source_read(&source, &network);
    crease_rounding_leave(&mode);
    if (status) {
        fuzz_claim(!network, "refused, but there is a network");
        fuzz_refused(status, &error, name);
        return;
    }
    char hex[65];
    crease_network_digest(network, hex);
    fuzz_claim(strlen(hex) == 64 && *crease_network_origin(network), "no digest, or no origin");
    crease_network_free(network);
}

void fuzz_network(const char *name, const uint8_t *byte, size_t count)
{
    char *text = malloc(count + 1); /* exactly, so that a read past its end is seen */
    fuzz_claim(text, "out of memory");
    memcpy(text, byte, count);
    text[count] = 0;
    crease_read_options options;
    crease_read_options_default(&options);
    read_network(name, text, count, &options);
    options.transpose = strstr(name, ".npz") || strstr(name, ".safetensors");
    options.nnet_normalise = strstr(name, ".nnet");
    options.whole_batch = strstr(name, ".onnx");
    if (options.transpose || options.nnet_normalise || options.whole_batch)
        read_network(name, text, count, &options);
    free(text);
}

const char *fuzz_file(const uint8_t *byte, size_t count)
{
    static int file = -1;
    static char path[64];
    if (file < 0) {
        file = memfd_create("fuzz", 0);
        snprintf(path, sizeof path, "/proc/self/fd/%d", file);
    }
    fuzz_claim(file >= 0 && !ftruncate(file, 0) && pwrite(file, byte, count, 0) == (ssize_t)count,
               "no file in memory");
    return path;
}

char *fuzz_directory(void)
{
    const char *parent = getenv("FUZZ_DIRECTORY");
    crease_text path = {NULL, 0, 0};
    fuzz_claim(parent, "FUZZ_DIRECTORY is not set");
    crease_text_add(&path, "%s/XXXXXX", parent);
    fuzz_claim(mkdtemp(path.text), "no directory");
    return path.text;
}

char *fuzz_write(const char *directory, const char *name, const uint8_t *byte, size_t count,
                 bool sealed)
{
    crease_text path = {NULL, 0, 0};
    char hex[65];
    crease_text_add(&path, "%s/%s", directory, name);
    FILE *file = fopen(path.text, "wb");
    bool good = file && fwrite(byte, 1, count, file) == count;
    crease_text_digest(byte, count, hex);
    if (good && sealed)
        good = fprintf(file, "sha256 %s\n", hex) > 0;
    fuzz_claim(file && !fclose(file) && good, "a file cannot be written");
    return path.text;
}

crease_network *fuzz_counted(void)
{
    crease_network *network = NULL;
    fuzz_claim(!crease_network_read("data/moons-2-16-16-2.json", &network, NULL), "no network");
    return network;
}
