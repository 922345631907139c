"""Evaluates an ONNX model at a point, in fractions; written from the description of the operators,
apart from the reader of crease, and accepting at least what that accepts.

Model(data) may raise Refused, and so may .at(point)."""
import math
import sys

sys.dont_write_bytecode = True
import operators  # noqa: E402, F401  (fills OPERATORS)
import wire  # noqa: E402
from tensors import OPERATORS, REAL, STATES, Node, Refused, Tensor, need, read_tensor  # noqa: E402

ENDS = ("Softmax", "LogSoftmax", "Sigmoid", "Tanh", "ArgMax")
ACCEPTS = ("Cast", "Clip", "Constant", "ConstantOfShape", "Dropout", "Expand", "Flatten", "Gather",
           "Identity", "Pad", "Reshape", "Shape", "Slice", "Split", "Squeeze", "Transpose", "Unsqueeze")

class Model:
    def __init__(self, data, folder=None):
        model = wire.decode("Model", data)
        need("graph" in model, "graph")
        self.folder, self.graph = folder, model["graph"]
        versions = [o.get("version", 0) for o in model["opset_import"]
                    if o.get("domain", "") in ("", "ai.onnx")]
        need(len(versions) == 1 and 7 <= versions[0] <= 25, "opset")
        self.opset = versions[0]
        self.constants = {t.get("name", ""): t for t in self.graph["initializer"]}
        self.inputs = [(v.get("name", ""), *self.shape(v)) for v in self.graph["input"]
                       if v.get("name", "") not in self.constants]
        self.size = sum(math.prod(shape) for _, shape, _ in self.inputs)
        names = list(self.constants) + [name for name, _, _ in self.inputs] + \
            [o for n in self.graph["node"] for o in n["output"] if o]
        need(len(set(names)) == len(names) and len(self.constants) == len(self.graph["initializer"]),
             "names")

    def shape(self, info):
        tensor = info.get("type", {}).get("tensor_type", {})
        need("shape" in tensor and tensor.get("elem_type") in REAL, "input")
        sizes = [d.get("dim_value", 0) for d in tensor["shape"]["dim"]]
        if len(sizes) > 1 and sizes[0] <= 0:
            sizes[0] = 1
        need(min(sizes, default=1) > 0, "input")
        return tuple(sizes), tensor["elem_type"]

    def needed(self):
        wanted, nodes = {o.get("name", "") for o in self.graph["output"]}, []
        for message in reversed(self.graph["node"]):
            if wanted & set(message["output"]) - {""}:
                wanted |= set(message["input"])
                nodes.append(message)
        return reversed(nodes)

    def at(self, point):
        """The outputs, stacked; STATES are those of this point."""
        STATES.clear()
        values, ended, begin = {}, set(), 0
        for name, shape, kind in self.inputs:
            size = math.prod(shape)
            values[name] = Tensor(shape, point[begin:begin + size], kind)
            begin += size

        def get(name):
            if name and name not in values:
                need(name in self.constants, f"{name} is undefined")
                values[name] = read_tensor(self.constants[name], self.folder)
            return values[name] if name else None
        for message in self.needed():
            inputs = [get(name) for name in message["input"]]
            while inputs and inputs[-1] is None:
                inputs.pop()
            node = Node(message, self.opset)
            need(message.get("domain", "") in ("", "ai.onnx"), "domain")
            if node.type in ENDS or ended & set(message["input"]):
                out = inputs[0]
                ended |= set(message["output"])
            else:
                need(node.type in OPERATORS, node.type)
                if node.type not in ACCEPTS:
                    for value in inputs:
                        need(value is None or value.kind not in REAL or value.real())
                try:
                    out = OPERATORS[node.type](node, *inputs)
                except (TypeError, KeyError, IndexError, AttributeError, ZeroDivisionError) as error:
                    raise Refused(repr(error)) from error
            for name, value in zip(message["output"], out if isinstance(out, list) else [out]):
                values[name] = value
        outputs = []
        for output in self.graph["output"]:
            outputs += get(output.get("name", "")).real().data
        return outputs
