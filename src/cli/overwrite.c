#include "cli/overwrite.h"

#include "base/input.h"
#include "proof/file.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static bool same_file(const char *a, const char *b)
{
    struct stat one, other;
    return a && b && !stat(a, &one) && !stat(b, &other) && one.st_dev == other.st_dev &&
           one.st_ino == other.st_ino;
}

/* Would the output, such as the certificate, replace an input file? */
static bool is_input(const cli_options *options, const char *output, const char *what)
{
    const char *const input[] = {options->network, options->domain, options->vnnlib, options->slice,
                                 options->data};
    static const char *const name[] = {"network", "domain", "property", "slice", "data"};
    for (size_t i = 0; i < sizeof input / sizeof *input; i++)
        if (same_file(input[i], output)) {
            fprintf(stderr, "%s: %s: the %s would replace the %s\n", program_invocation_short_name,
                    output, what, name[i]);
            return true;
        }
    for (size_t i = 0; i < options->file_count; i++)
        if (same_file(options->files[i].path, output)) {
            fprintf(stderr, "%s: %s: the %s would replace a network\n",
                    program_invocation_short_name, output, what);
            return true;
        }
    return false;
}

/* Is there a regular file that is not empty?  Other kinds of files are refused when opened. */
static bool is_filled(const char *path)
{
    struct stat there;
    return !stat(path, &there) && S_ISREG(there.st_mode) && there.st_size > 0;
}

static bool keep(const char *path, const char *kind)
{
    fprintf(stderr, "%s: %s: is there and is no %s; --force replaces it\n",
            program_invocation_short_name, path, kind);
    return true;
}

static bool is_network(const char *path)
{
    char *text;
    size_t length;
    crease_error why;
    crease_network *network = NULL;
    if (crease_input_read(path, &text, &length, &why))
        return false;
    bool is = !crease_network_parse(text, length, path, &network, &why);
    crease_network_free(network);
    free(text);
    return is;
}

static bool is_domain(const char *path, size_t inputs)
{
    crease_error why;
    crease_domain *domain = NULL;
    bool is = !crease_domain_read(path, inputs, &domain, &why);
    crease_domain_free(domain);
    return is;
}

bool crease_cli_keep_from_certificate(const cli_options *options, const char *path)
{
    if (!path)
        return false;
    if (is_input(options, path, "certificate"))
        return true;
    return is_filled(path) && !options->force && !crease_certificate_is(path) &&
           keep(path, "certificate");
}

bool crease_cli_keep_from_network(const cli_options *options, const char *path)
{
    if (!path)
        return false;
    if (is_input(options, path, "new file"))
        return true;
    return is_filled(path) && !options->force && !is_network(path) && keep(path, "network in JSON");
}

/* Lines of JSON, or arrays, both as regions writes them. */
static bool is_regions(const char *path)
{
    enum { LEAST = 64, NAME = 30 }; /* NAME: in the first header of an archive */
    char head[8192] = "";
    FILE *file = fopen(path, "rb");
    size_t length = file ? fread(head, 1, sizeof head - 1, file) : 0;
    if (file)
        fclose(file);
    bool arrays = !memcmp(head, "PK", 2) && (!memcmp(head + NAME, "pattern.npy", 11) ||
                                             !memcmp(head + NAME, "indptr.npy", 10));
    bool of_several = !memcmp(head, "{\"file\":", 8) && strstr(head, ",\"pattern\":[");
    return length >= LEAST && (arrays || of_several || !memcmp(head, "{\"pattern\":", 11));
}

bool crease_cli_keep_from_regions(const cli_options *options, const char *path)
{
    if (!path)
        return false;
    if (is_input(options, path, "list of regions"))
        return true;
    return is_filled(path) && !options->force && !is_regions(path) && keep(path, "list of regions");
}

static bool is_picture(const char *path)
{
    char head[10] = "";
    FILE *file = fopen(path, "rb");
    size_t length = file ? fread(head, 1, sizeof head, file) : 0;
    if (file)
        fclose(file);
    return length == sizeof head && (!memcmp(head, "<?xml", 5) || !memcmp(head, "<svg", 4) ||
                                     !memcmp(head, "%PDF-", 5) || !memcmp(head, "\x89PNG", 4) ||
                                     !memcmp(head, "ply\n", 4) || !memcmp(head, "# crease: ", 10));
}

bool crease_cli_keep_from_picture(const cli_options *options, const char *path)
{
    if (is_input(options, path, "picture"))
        return true;
    return is_filled(path) && !options->force && !is_picture(path) && keep(path, "picture");
}

bool crease_cli_keep_from_domain(const cli_options *options, const char *path, size_t inputs)
{
    if (!path)
        return false;
    if (is_input(options, path, "new file"))
        return true;
    return is_filled(path) && !options->force && !is_domain(path, inputs) &&
           keep(path, "domain of this network");
}

bool crease_cli_keep_from_checkpoint(const cli_options *options, const char *path)
{
    return path && is_input(options, path, "checkpoint");
}

bool crease_cli_keep_from_jobs(const cli_options *options, const char *directory)
{
    static const char *const name[] = {"network.json", "domain.json"};
    char path[4096];
    for (size_t i = 0; i < sizeof name / sizeof *name; i++)
        if (snprintf(path, sizeof path, "%s/%s", directory, name[i]) < (int)sizeof path &&
            options->force && is_input(options, path, "jobs"))
            return true;
    return false;
}
