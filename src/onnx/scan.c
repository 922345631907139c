#include "onnx/onnx.h"

#include "base/memory.h"
#include "base/status.h"

#include <stdlib.h>
#include <string.h>

enum { MAX_DEPTH = 32, VARINT = 0, EIGHT_BYTES = 1, LENGTH = 2, FOUR_BYTES = 5 };

typedef struct {
    const crease_source *source;
    const uint8_t *begin; /* of the file */
    const uint8_t *at;
} cursor;

static crease_status fail(const cursor *c, const char *why, const char *where)
{
    return crease_fail(c->source->error, CREASE_INPUT, "%s: not a good ONNX file: byte %zu: %s%s%s",
                       c->source->name, (size_t)(c->at - c->begin), why, where ? " in " : "",
                       where ? where : "");
}

static bool read_varint(cursor *c, const uint8_t *end, uint64_t *value)
{
    *value = 0;
    for (int shift = 0; shift < 64 && c->at < end; shift += 7) {
        uint8_t byte = *c->at++;
        *value |= (uint64_t)(byte & 0x7f) << shift;
        if (byte < 0x80)
            return shift < 63 || byte < 2;
    }
    return false;
}

/* The wire type of one number of this field. */
static unsigned wire_type(ProtobufCType type)
{
    switch (type) {
    case PROTOBUF_C_TYPE_STRING:
    case PROTOBUF_C_TYPE_BYTES:
    case PROTOBUF_C_TYPE_MESSAGE: return LENGTH;
    case PROTOBUF_C_TYPE_FLOAT:
    case PROTOBUF_C_TYPE_FIXED32:
    case PROTOBUF_C_TYPE_SFIXED32: return FOUR_BYTES;
    case PROTOBUF_C_TYPE_DOUBLE:
    case PROTOBUF_C_TYPE_FIXED64:
    case PROTOBUF_C_TYPE_SFIXED64: return EIGHT_BYTES;
    default: return VARINT;
    }
}

/* Passes the content of a field; *length is that of what follows, for LENGTH. */
static bool pass(cursor *c, const uint8_t *end, unsigned wire, uint64_t *length)
{
    uint64_t unused;
    *length = 0;
    if (wire == VARINT)
        return read_varint(c, end, &unused);
    if (wire == LENGTH && !read_varint(c, end, length))
        return false;
    uint64_t bytes = wire == FOUR_BYTES ? 4 : wire == EIGHT_BYTES ? 8 : *length;
    if ((uint64_t)(end - c->at) < bytes)
        return false;
    c->at += bytes;
    return true;
}

static crease_status scan(cursor *c, const uint8_t *end, const ProtobufCMessageDescriptor *message,
                          int depth);

static crease_status scan_known(cursor *c, const uint8_t *end, unsigned wire, uint64_t *seen,
                                const ProtobufCMessageDescriptor *message,
                                const ProtobufCFieldDescriptor *field, int depth)
{
    uint64_t length, bit = (uint64_t)1 << (field - message->fields);
    bool repeated = field->label == PROTOBUF_C_LABEL_REPEATED;
    unsigned expected = wire_type(field->type);
    if (wire != expected && !(repeated && wire == LENGTH))
        return fail(c, "a field of the wrong type", field->name);
    for (unsigned i = 0; field->flags & PROTOBUF_C_FIELD_FLAG_ONEOF && i < message->n_fields; i++)
        if (message->fields[i].quantifier_offset == field->quantifier_offset)
            bit |= (uint64_t)1 << i;
    if (!repeated && *seen & bit)
        return fail(c, "a second value of a field that has one", field->name);
    *seen |= bit;
    if (!pass(c, end, wire, &length))
        return fail(c, "the end is missing", field->name);
    const uint8_t *content = c->at - length;
    if (field->type == PROTOBUF_C_TYPE_STRING && memchr(content, 0, length))
        return fail(c, "a zero byte", field->name);
    if (field->type != PROTOBUF_C_TYPE_MESSAGE)
        return CREASE_OK;
    cursor inner = {c->source, c->begin, content};
    return scan(&inner, c->at, field->descriptor, depth + 1);
}

/* protobuf-c goes down as deep as the file says and takes what it finds. */
static crease_status scan(cursor *c, const uint8_t *end, const ProtobufCMessageDescriptor *message,
                          int depth)
{
    uint64_t seen = 0, tag, length;
    if (depth > MAX_DEPTH)
        return fail(c, "nested too deep", message->short_name);
    while (c->at < end) {
        if (!read_varint(c, end, &tag) || tag > UINT32_MAX || tag >> 3 == 0)
            return fail(c, "not the number of a field", message->short_name);
        unsigned wire = tag & 7;
        const ProtobufCFieldDescriptor *field =
            protobuf_c_message_descriptor_get_field(message, (unsigned)(tag >> 3));
        if (wire != VARINT && wire != LENGTH && wire != FOUR_BYTES && wire != EIGHT_BYTES)
            return fail(c, "not the type of a field", message->short_name);
        if (field) {
            crease_status status = scan_known(c, end, wire, &seen, message, field, depth);
            if (status)
                return status;
        } else if (!pass(c, end, wire, &length)) {
            return fail(c, "the end is missing", message->short_name);
        }
    }
    return CREASE_OK;
}

static void *take(void *left, size_t bytes)
{
    size_t *room = left;
    if (bytes > *room)
        return NULL;
    *room -= bytes;
    return crease_alloc(bytes, 1);
}

static void give(void *left, void *block)
{
    (void)left;
    free(block);
}

crease_status crease_onnx_load(const crease_source *source, Onnx__ModelProto **model)
{
    /* A message of two bytes may take some hundred; one of data takes at most eight for one. */
    size_t left = ((size_t)1 << 26) + 8 * source->length;
    ProtobufCAllocator allocator = {take, give, &left};
    const uint8_t *data = (const uint8_t *)source->data;
    cursor c = {source, data, data};
    *model = NULL;
    crease_status status = scan(&c, data + source->length, &onnx__model_proto__descriptor, 0);
    if (status)
        return status;
    *model = onnx__model_proto__unpack(&allocator, source->length, data);
    if (!*model)
        return crease_fail(source->error, CREASE_INPUT,
                           "%s: not a good ONNX file: it does not unpack", source->name);
    return CREASE_OK;
}

void crease_onnx_unload(Onnx__ModelProto *model)
{
    size_t left = 0;
    ProtobufCAllocator allocator = {take, give, &left};
    if (model)
        onnx__model_proto__free_unpacked(model, &allocator);
}
