#include "net/foreign.h"

#include <stdbool.h>
#include <string.h>

#define PYTORCH "; in Python, scripts/export_torch.py writes .onnx from the module (doc/python.md)"
#define PICKLE "; in Python, write .onnx, or weights and biases as .npz, from what it holds"
#define KERAS "; in Python, tf2onnx writes .onnx from the model (doc/formats.md)"

/* Kinds of files that begin with these bytes. */
static const struct {
    const char *start;
    size_t length;
    const char *words;
} starts[] = {
    {"\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19", 14,
     "a PyTorch file (an old one, a pickle)" PYTORCH},
    {"\x89HDF\r\n\x1a\n", 8, "an HDF5 file, as Keras writes" KERAS},
    {"\x93NUMPY", 6,
     "one array of NumPy; put the weights and biases of all layers into one .npz (np.savez)"},
    {"creasect", 8, "a certificate; crease-check NETWORK CERTIFICATE checks it"},
    {"crease-checkpoint ", 18, "a checkpoint; count NETWORK --checkpoint=FILE goes on from it"},
    {"crease-trunk ", 13, "the trunk of a count in jobs, not a network"},
    {"crease-job ", 11, "a job of a count, not a network; --job takes it"},
    {"BZh", 3, "compressed with bzip2; unpack it with bzip2 -d"},
    {"7z\xbc\xaf\x27\x1c", 6, "a 7z archive; unpack it"},
    {"\x80\x02", 2, "a Python pickle" PICKLE},
    {"\x80\x03", 2, "a Python pickle" PICKLE},
    {"\x80\x04", 2, "a Python pickle" PICKLE},
    {"\x80\x05", 2, "a Python pickle" PICKLE},
    {"(", 1, "a VNN-LIB property, or the like; --vnnlib reads it beside a network"},
    {";", 1, "a VNN-LIB property, or the like; --vnnlib reads it beside a network"},
};

static bool is_zip(const char *data, size_t length)
{
    return length >= 4 && !memcmp(data, "PK\3\4", 4);
}

/* Names stand in a zip archive as they are, in its directory. */
static bool holds(const char *data, size_t length, const char *name)
{
    return memmem(data, length, name, strlen(name)) != NULL;
}

static const char *zip_words(const char *data, size_t length)
{
    if (holds(data, length, "/code/__torch__"))
        return "a PyTorch file (TorchScript)" PYTORCH;
    if (holds(data, length, "/data.pkl"))
        return "a PyTorch file" PYTORCH;
    if (holds(data, length, "model.weights.h5"))
        return "a Keras file" KERAS;
    return NULL;
}

/* Version 1, then the length of a graph and its first field. */
static bool is_saved_model(const char *data, size_t length)
{
    size_t at = 3;
    if (length < 8 || memcmp(data, "\x08\x01\x12", at))
        return false;
    while (at < 7 && (data[at] & 0x80))
        at++;
    return data[at + 1] == 0x0a;
}

/* The length of a node, its name, and then the name of its operator. */
static bool is_graph(const char *data, size_t length)
{
    return length > 4 && data[0] == 0x0a && data[2] == 0x0a && data[3] > 0 &&
           length > 4 + (size_t)data[3] && data[4 + data[3]] == 0x12;
}

const char *crease_foreign_words(const char *data, size_t length)
{
    for (size_t i = 0; i < sizeof starts / sizeof *starts; i++)
        if (length >= starts[i].length && !memcmp(data, starts[i].start, starts[i].length))
            return starts[i].words;
    if (is_zip(data, length))
        return zip_words(data, length);
    if (is_graph(data, length))
        return "a graph of TensorFlow (GraphDef)" KERAS;
    if (is_saved_model(data, length))
        return "a SavedModel of TensorFlow" KERAS;
    if (length > 8 && !memcmp(data + 4, "TFL3", 4))
        return "a TensorFlow Lite file" KERAS;
    return NULL;
}
