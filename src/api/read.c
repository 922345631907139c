#include "api/read.h"

#include "base/input.h"
#include "base/rounding.h"
#include "base/status.h"
#include "net/foreign.h"
#include "onnx/reader.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

typedef struct {
    const char *extension;
    crease_status (*read)(const crease_source *source, crease_network **network);
    bool (*looks)(const char *data, size_t length); /* by its content */
    bool decimals; /* it is text, so that options->weights matters */
    bool bare;     /* it does not say the activations */
    bool named;    /* its tensors have names */
    bool normalised;
    bool batched;
} format;

/* A length in 8 bytes, then a JSON object. */
static bool looks_safetensors(const char *data, size_t length)
{
    return length > 8 && data[8] == '{' && data[7] == 0;
}

static bool looks_npz(const char *data, size_t length)
{
    return length >= 4 && (!memcmp(data, "PK\3\4", 4) || !memcmp(data, "PK\5\6", 4));
}

/* The version of the format, the first field of every writer, and another field. */
static bool looks_onnx(const char *data, size_t length)
{
    return length > 2 && data[0] == 8 && data[1] > 0 && data[1] < 32;
}

static bool looks_nnet(const char *data, size_t length)
{
    return length > 0 && strchr("/0123456789", data[0]) && data[0];
}

static bool looks_json(const char *data, size_t length)
{
    size_t at = 0;
    while (at < length && data[at] && strchr(" \t\r\n", data[at]))
        at++;
    return at < length && data[at] == '{';
}

static const format formats[] = {
    {".safetensors", crease_safetensors_read, looks_safetensors, .bare = true, .named = true},
    {".npz", crease_npz_read, looks_npz, .bare = true, .named = true},
    {".onnx", crease_onnx_read, looks_onnx, .batched = true},
    {".nnet", crease_nnet_read, looks_nnet, .decimals = true, .bare = true, .normalised = true},
    {".json", crease_json_read, looks_json, .decimals = true},
};
enum { FORMATS = sizeof formats / sizeof *formats };

static bool ends_in(const char *name, size_t length, const char *end)
{
    size_t own = strlen(end);
    return length >= own && !strncasecmp(name + length - own, end, own);
}

/* The length of the name without what says that the file is compressed. */
static size_t bare_length(const char *name)
{
    size_t length = strlen(name);
    return ends_in(name, length, ".gz")    ? length - strlen(".gz")
           : ends_in(name, length, ".zst") ? length - strlen(".zst")
                                           : length;
}

/* By the name, or else by the content; NULL if neither says. */
static const format *choose(const crease_source *source)
{
    size_t length = bare_length(source->name);
    const format *found = NULL;
    for (int i = 0; i < FORMATS; i++) {
        if (ends_in(source->name, length, formats[i].extension))
            return &formats[i];
        if (!found && formats[i].looks(source->data, source->length))
            found = &formats[i];
    }
    return found;
}

crease_status crease_source_read(const crease_source *source, crease_network **network)
{
    const char *foreign = looks_safetensors(source->data, source->length)
                              ? NULL /* whose first bytes are a number */
                              : crease_foreign_words(source->data, source->length);
    *network = NULL;
    if (foreign)
        return crease_fail(source->error, CREASE_INPUT, "%s: %s", source->name, foreign);
    const format *f = choose(source);
    if (!f)
        return crease_fail(source->error, CREASE_INPUT,
                           "%s: not a network: neither JSON nor .onnx, .nnet, .npz or .safetensors",
                           source->name);
    const crease_read_options *o = source->options;
    const char *unused = o->weights && !f->decimals            ? "weights"
                         : o->activation && !f->bare           ? "activation"
                         : o->layers && !f->named              ? "layers"
                         : o->transpose && !f->named           ? "transpose"
                         : o->nnet_normalise && !f->normalised ? "nnet-normalise"
                         : o->whole_batch && !f->batched       ? "batch=all"
                                                               : NULL;
    if (unused)
        return crease_fail(source->error, CREASE_INPUT, "%s: a %s file has no use for --%s",
                           source->name, f->extension, unused);
    return f->read(source, network);
}

void crease_read_options_default(crease_read_options *options)
{
    memset(options, 0, sizeof *options);
}

crease_status crease_network_read_with(const char *path, const crease_read_options *options,
                                       crease_network **network, crease_error *error)
{
    crease_read_options standard;
    char *text = NULL;
    size_t length = 0;
    *network = NULL;
    crease_read_options_default(&standard);
    bool packed;
    crease_status status = crease_input_unpack(path, &text, &length, &packed, error);
    if (status)
        return status;
    crease_source source = {path, text, length, options ? options : &standard, error};
    crease_rounding mode;
    crease_rounding_enter(&mode);
    status = crease_source_read(&source, network);
    crease_rounding_leave(&mode);
    free(text);
    if (!status && packed)
        (*network)->checkable = false; /* crease-check reads no compressed files */
    return status;
}

crease_status crease_network_read(const char *path, crease_network **network, crease_error *error)
{
    return crease_network_read_with(path, NULL, network, error);
}

crease_status crease_network_parse(const char *text, size_t length, const char *name,
                                   crease_network **network, crease_error *error)
{
    crease_read_options standard;
    crease_error unused;
    crease_read_options_default(&standard);
    crease_source source = {name, text, length, &standard, error ? error : &unused};
    crease_rounding mode;
    crease_rounding_enter(&mode);
    crease_status status = crease_json_read(&source, network);
    crease_rounding_leave(&mode);
    return status;
}
