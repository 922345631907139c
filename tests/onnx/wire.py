"""The messages of ONNX as dictionaries, to bytes and back; in plain Python, from the format's
description. decode refuses (ValueError) what is malformed or given twice."""
import struct

VARINT, EIGHT, LENGTH, FOUR = 0, 1, 2, 5
# message: {field: (name, type)}; "*" means repeated, "+" repeated and packed when written; int has
# 64 bits, short 32.
SCHEMA = {
    "Model": {1: ("ir_version", "int"), 2: ("producer_name", "str"), 3: ("producer_version", "str"),
              4: ("domain", "str"), 5: ("model_version", "int"), 6: ("doc_string", "str"),
              7: ("graph", "Graph"), 8: ("opset_import", "*OperatorSet"),
              14: ("metadata_props", "*Entry"), 20: ("training_info", "*Opaque"),
              25: ("functions", "*Function")},
    "Function": {1: ("name", "str"), 4: ("input", "*str"), 5: ("output", "*str"), 6: ("attribute", "*str"),
                 7: ("node", "*Node"), 8: ("doc_string", "str"), 9: ("opset_import", "*OperatorSet"),
                 10: ("domain", "str")},
    "SparseTensor": {1: ("values", "Tensor"), 2: ("indices", "Tensor"), 3: ("dims", "*int")},
    "OperatorSet": {1: ("domain", "str"), 2: ("version", "int")},
    "Graph": {1: ("node", "*Node"), 2: ("name", "str"), 5: ("initializer", "*Tensor"),
              10: ("doc_string", "str"), 11: ("input", "*ValueInfo"), 12: ("output", "*ValueInfo"),
              13: ("value_info", "*ValueInfo"), 14: ("quantization_annotation", "*Opaque"),
              15: ("sparse_initializer", "*SparseTensor")},
    "Node": {1: ("input", "*str"), 2: ("output", "*str"), 3: ("name", "str"), 4: ("op_type", "str"),
             5: ("attribute", "*Attribute"), 6: ("doc_string", "str"), 7: ("domain", "str")},
    "Attribute": {1: ("name", "str"), 2: ("f", "float"), 3: ("i", "int"), 4: ("s", "bytes"),
                  5: ("t", "Tensor"), 6: ("g", "Graph"), 7: ("floats", "*float"),
                  8: ("ints", "*int"), 9: ("strings", "*bytes"), 10: ("tensors", "*Tensor"),
                  11: ("graphs", "*Graph"), 13: ("doc_string", "str"), 14: ("tp", "Opaque"),
                  15: ("type_protos", "*Opaque"), 20: ("type", "short"), 21: ("ref_attr_name", "str"),
                  22: ("sparse_tensor", "Opaque"), 23: ("sparse_tensors", "*Opaque")},
    "ValueInfo": {1: ("name", "str"), 2: ("type", "Type"), 3: ("doc_string", "str")},
    "Type": {1: ("tensor_type", "TensorType"), 4: ("sequence_type", "Opaque"),
             5: ("map_type", "Opaque"), 6: ("denotation", "str"),
             8: ("sparse_tensor_type", "Opaque"), 9: ("optional_type", "Opaque")},
    "TensorType": {1: ("elem_type", "short"), 2: ("shape", "Shape")},
    "Shape": {1: ("dim", "*Dim")},
    "Dim": {1: ("dim_value", "int"), 2: ("dim_param", "str"), 3: ("denotation", "str")},
    "Tensor": {1: ("dims", "*int"), 2: ("data_type", "short"), 3: ("segment", "Opaque"),
               4: ("float_data", "+float"), 5: ("int32_data", "+short"), 6: ("string_data", "*bytes"),
               7: ("int64_data", "+int"), 8: ("name", "str"), 9: ("raw_data", "bytes"),
               10: ("double_data", "+double"), 11: ("uint64_data", "+int"),
               12: ("doc_string", "str"), 13: ("external_data", "*Entry"),
               14: ("data_location", "short")},
    "Entry": {1: ("key", "str"), 2: ("value", "str")},
    "Opaque": {},
}
CHOICES = {"Type": ("tensor_type", "sequence_type", "map_type", "sparse_tensor_type", "optional_type"),
           "Dim": ("dim_value", "dim_param")}
WIRE = {"int": VARINT, "short": VARINT, "float": FOUR, "double": EIGHT}


# ---- To bytes ----

def varint(value):
    value &= (1 << 64) - 1
    out = bytearray()
    while value > 127:
        out.append(value & 127 | 128)
        value >>= 7
    return bytes(out) + bytes([value])


def number(kind, value):
    return varint(value) if kind in ("int", "short") else struct.pack("<f" if kind == "float" else "<d", value)


def tag(field, wire):
    return varint(field << 3 | wire)


def with_length(field, data):
    return tag(field, LENGTH) + varint(len(data)) + data


def one(field, kind, value):
    if kind in WIRE:
        return tag(field, WIRE[kind]) + number(kind, value)
    if kind == "str":
        value = value.encode()
    return with_length(field, value if kind in ("str", "bytes", "Opaque") else encode(kind, value))


def encode(message, content):
    """Fields in the order of their numbers; content may also have raw bytes under "tail"."""
    out = b""
    for field, (name, kind) in sorted(SCHEMA[message].items()):
        value = content.get(name)
        if value is None:
            continue
        if kind[0] == "+":
            out += with_length(field, b"".join(number(kind[1:], v) for v in value)) if value else b""
        elif kind[0] == "*":
            out += b"".join(one(field, kind[1:], v) for v in value)
        else:
            out += one(field, kind, value)
    return out + content.get("tail", b"")


# ---- From bytes ----

def read_varint(data, at):
    value = shift = 0
    while True:
        if at >= len(data) or shift > 63:
            raise ValueError("varint")
        byte = data[at]
        at += 1
        value |= (byte & 127) << shift
        if byte < 128:
            break
        shift += 7
    if value >> 64:
        raise ValueError("varint")
    return value, at


def fields(data):
    """(field, wire type, content) of a message, one after another."""
    at = 0
    while at < len(data):
        key, at = read_varint(data, at)
        field, wire = key >> 3, key & 7
        if field == 0 or key >> 32:
            raise ValueError("field")
        if wire == VARINT:
            value, at = read_varint(data, at)
        else:
            size = {EIGHT: 8, FOUR: 4}.get(wire)
            if wire == LENGTH:
                size, at = read_varint(data, at)
            if size is None or at + size > len(data):
                raise ValueError("field")
            value, at = data[at:at + size], at + size
        yield field, wire, value


def signed(value, kind):
    """Of 64 or, the upper half cut off, 32 bits."""
    bits = 64 if kind == "int" else 32
    value &= (1 << bits) - 1
    return value - (1 << bits) if value >> bits - 1 else value


def numbers(kind, data):
    if kind in ("int", "short"):
        at, out = 0, []
        while at < len(data):
            value, at = read_varint(data, at)
            out.append(signed(value, kind))
        return out
    size = 4 if kind == "float" else 8
    if len(data) % size:
        raise ValueError("packed")
    return list(struct.unpack(f"<{len(data) // size}{'f' if size == 4 else 'd'}", data))


def read_one(kind, wire, value):
    if wire != WIRE.get(kind, LENGTH):
        raise ValueError("wire type")
    if kind in ("int", "short"):
        return signed(value, kind)
    if kind in WIRE:
        return numbers(kind, value)[0]
    if kind == "str":
        if b"\0" in value:
            raise ValueError("zero byte")
        return value.decode(errors="surrogateescape")
    return value if kind in ("bytes", "Opaque") else decode(kind, value)


def decode(message, data):
    content = {name: [] for name, kind in SCHEMA[message].values() if kind[0] in "*+"}
    for field, wire, value in fields(data):
        name, kind = SCHEMA[message].get(field, (None, None))
        if name is None:
            continue
        if kind[0] in "*+":
            if wire == LENGTH and kind[1:] in WIRE:
                content[name] += numbers(kind[1:], value)
            else:
                content[name].append(read_one(kind[1:], wire, value))
            continue
        group = CHOICES.get(message, ())
        if any(other in content for other in (group if name in group else (name,))):
            raise ValueError(f"{name} twice")
        content[name] = read_one(kind, wire, value)
    return content
