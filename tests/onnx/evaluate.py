"""Evaluates an ONNX model at a point, in fractions; written from the description of the operators,
apart from the reader of crease, and accepting at least what that accepts.

Model(data) may raise Refused, and so may .at(point)."""
import math
import sys

sys.dont_write_bytecode = True
import functions  # noqa: E402, F401  (fills OPERATORS)
import moving  # noqa: E402, F401
import operators  # noqa: E402, F401
import wire  # noqa: E402
from tensors import OPERATORS, REAL, STATES, Node, Refused, Tensor, need, read_tensor  # noqa: E402

ENDS = ("Softmax", "LogSoftmax", "Sigmoid", "Tanh", "ArgMax")
BEHIND = ("Add", "Sub", "Mul", "Div", "Neg", "Concat", "ArrayFeatureExtractor", "ZipMap", "Normalizer", "LabelEncoder")
ACCEPTS = ("Cast", "Clip", "Constant", "ConstantOfShape", "Dropout", "Expand", "Flatten", "Gather",
           "Identity", "Pad", "Reshape", "Shape", "Slice", "Split", "Squeeze", "Transpose", "Unsqueeze")

class Model:
    def __init__(self, data, folder=None):
        model = wire.decode("Model", data)
        need("graph" in model, "graph")
        self.folder, self.graph = folder, model["graph"]
        versions = [o.get("version", 0) for o in model["opset_import"]
                    if o.get("domain", "") in ("", "ai.onnx")]
        need(len(set(versions)) == 1 and 6 <= versions[0] <= 25, "opset")
        self.opset = versions[0]
        self.functions = {(f.get("domain", ""), f.get("name", "")): f for f in model["functions"]}
        self.nodes = self.expanded(self.graph["node"], 0)
        self.constants = {t.get("name", ""): t for t in self.graph["initializer"]}
        self.constants.update({t["values"].get("name", ""): t for t in self.graph["sparse_initializer"]})
        self.inputs = [(v.get("name", ""), *self.shape(v)) for v in self.graph["input"]
                       if v.get("name", "") not in self.constants]
        self.size = sum(math.prod(shape) for _, shape, _ in self.inputs)
        names = list(self.constants) + [name for name, _, _ in self.inputs] + \
            [o for n in self.nodes for o in n["output"] if o]
        need(len(set(names)) == len(names) and len(self.constants) == len(
            self.graph["initializer"]) + len(self.graph["sparse_initializer"]), "names")

    def expanded(self, nodes, depth):
        """With the nodes of the model's functions in the place of their calls."""
        out = []
        need(depth < 20, "depth")
        for node in nodes:
            function = self.functions.get((node.get("domain", ""), node.get("op_type", "")))
            if function is None:
                out.append(node)
                continue
            self.calls = getattr(self, "calls", 0) + 1
            names = dict(zip(function["output"], node["output"]))
            names.update({name: "" for name in function["input"]})
            names.update(zip(function["input"], node["input"]))
            given, prefix = {a.get("name"): a for a in node["attribute"]}, f"{self.calls}:"

            def own(name):
                return names.get(name, prefix + name) if name else ""
            inner = []
            for n in function["node"]:
                attributes = [{**given[a["ref_attr_name"]], "name": a["name"]} if a.get("ref_attr_name") else a
                              for a in n["attribute"]]
                inner.append({**n, "input": list(map(own, n["input"])), "output": list(map(own, n["output"])),
                              "attribute": attributes})
            out += self.expanded(inner, depth + 1)
        return out

    def constant(self, name):
        message = self.constants[name]
        if "values" not in message:
            return read_tensor(message, self.folder)
        entries, index, shape = read_tensor(message["values"]), read_tensor(message["indices"]), message["dims"]
        data = [type(entries.data[0])(0)] * math.prod(shape)
        for k, value in enumerate(entries.data):
            row = index.data[k * len(shape):(k + 1) * len(shape)] if len(index.shape) > 1 else [index.data[k]]
            at = 0
            for i, size in zip(row, shape if len(index.shape) > 1 else [len(data)]):
                need(0 <= i < size, "sparse")
                at = at * size + i
            data[at] = value
        return Tensor(shape, data, entries.kind)

    def shape(self, info):
        tensor = info.get("type", {}).get("tensor_type", {})
        need("shape" in tensor and tensor.get("elem_type") in REAL, "input")
        sizes = [d.get("dim_value", 0) for d in tensor["shape"]["dim"]]
        if len(sizes) > 1 and sizes[0] <= 0:
            sizes[0] = 1
        need(min(sizes, default=1) > 0, "input")
        return tuple(sizes), tensor["elem_type"]

    def needed(self):
        """What the outputs need, in an order in which it can be computed."""
        makers = {o: n for n, message in enumerate(self.nodes) for o in message["output"] if o}
        order, begun = [], set()

        def add(name):
            n = makers.get(name)
            if n is None or n in order:
                return
            need(n not in begun, "a circle")
            begun.add(n)
            for name in self.nodes[n]["input"]:
                add(name)
            order.append(n)
        for output in self.graph["output"]:
            add(output.get("name", ""))
        return [self.nodes[n] for n in order]

    def at(self, point):
        """The outputs, stacked; STATES are those of this point."""
        STATES.clear()
        values, ended, begin = {}, {}, 0
        for name, shape, kind in self.inputs:
            size = math.prod(shape)
            values[name] = Tensor(shape, point[begin:begin + size], kind)
            values[name].varies = True
            begin += size

        def get(name):
            if name and name not in values:
                need(name in self.constants, f"{name} is undefined")
                values[name] = self.constant(name)
            return values[name] if name else None
        for message in self.needed():
            inputs = [get(name) for name in message["input"]]
            while inputs and inputs[-1] is None:
                inputs.pop()
            node = Node(message, self.opset)
            need(message.get("domain", "") in ("", "ai.onnx", "ai.onnx.ml"), "domain")
            logits = [ended[name] for name in message["input"] if name in ended]
            if logits or node.type in ENDS:  # all that follows stands for what went in
                need(node.type in ENDS + ACCEPTS + BEHIND, node.type)
                logits = logits or [message["input"][0]]
                out = [values[logits[0]]] * len(message["output"])
                ended.update({name: logits[0] for name in message["output"]})
            else:
                need(node.type in OPERATORS, node.type)
                if node.type not in ACCEPTS:
                    for value in inputs:
                        need(value is None or value.kind not in REAL or value.real())
                try:
                    out = OPERATORS[node.type](node, *inputs)
                except (TypeError, KeyError, IndexError, AttributeError, ZeroDivisionError) as error:
                    raise Refused(repr(error)) from error
            varies = any(value is not None and value.varies for value in inputs)
            for name, value in zip(message["output"], out if isinstance(out, list) else [out]):
                values[name] = value
                value.varies = value.varies or varies
        outputs, names = [], [output.get("name", "") for output in self.graph["output"]]
        for k, name in enumerate(names):  # those behind one end are one output
            others = names[:k] + [n for n in names if n not in ended]
            if name in ended and ended[name] in [ended.get(n, n) for n in others]:
                continue
            outputs += get(name).real().data
        return outputs
