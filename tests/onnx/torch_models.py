#!/usr/bin/python3
"""Networks in PyTorch, as users write them; exported here by PyTorch itself.

torch_models.py --write FOLDER writes some of them, and what PyTorch computes, for tests without it."""
import io
import json
import sys
from pathlib import Path

import torch
from torch import nn

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).resolve().parent))
from points import point  # noqa: E402


class Do(nn.Module):
    """A module of a function and the layers that it uses."""

    def __init__(self, function, **layers):
        super().__init__()
        self.function = function
        for name, layer in layers.items():
            setattr(self, name, layer)

    def forward(self, x):
        return self.function(self, x)


def shift(m, x):
    return (x - torch.tensor([1.0, 2.0, -0.5], dtype=x.dtype)) / torch.tensor([2.0, 0.3, 5.0], dtype=x.dtype)


def dense_block(m, x):
    y = torch.relu(m.a(x))
    z = torch.relu(m.b(torch.cat([x, y], 1)))
    return m.c(torch.cat([x, y, z], 1))


def gates(m, x):
    a, b = m.a(x).chunk(2, dim=1)
    return m.b(torch.maximum(a, b) - torch.minimum(a, torch.tensor(0.25, dtype=x.dtype)))


def maxout(m, x):
    return m.b(m.a(x).view(x.size(0), 3, 4).amax(dim=2))


def residual(m, x):
    h = m.a(x)
    for block in (m.b, m.c):
        h = h + block(h)
    return m.d(torch.relu(h))


def image_block(m, x):
    """A residual block of convolutions with a projection."""
    y = torch.relu(m.bn1(m.conv1(x)))
    y = m.bn2(m.conv2(y))
    return m.last(torch.relu(y + m.short(x)).mean(dim=(2, 3)))


def views(m, x):
    x = x.unsqueeze(1).permute(0, 2, 1).reshape(-1, 2, 3)
    return m.a(torch.abs(x.transpose(1, 2)[:, 1:, :]).flatten(1)).unsqueeze(2).squeeze(2)


def models():
    """(name, module, shape of one input)."""
    torch.manual_seed(3)
    lin, relu = nn.Linear, nn.ReLU
    yield "mlp", nn.Sequential(lin(3, 5), relu(), lin(5, 4), relu(), lin(4, 2)), (3,)
    yield "no_bias", nn.Sequential(lin(3, 5, bias=False), relu(), nn.Dropout(0.3), lin(5, 2, bias=False)), (3,)
    yield "two_maps", nn.Sequential(lin(3, 2), lin(2, 4), relu(), nn.Identity(), lin(4, 1)), (3,)
    yield "norm", nn.Sequential(lin(2, 4), nn.BatchNorm1d(4), relu(), lin(4, 3), nn.BatchNorm1d(3, affine=False)), (2,)
    yield "leaky", nn.Sequential(lin(2, 4), nn.LeakyReLU(0.1), lin(4, 4), nn.PReLU(), lin(4, 1)), (2,)
    yield "clips", nn.Sequential(lin(2, 4), nn.Hardtanh(), lin(4, 4), nn.ReLU6(), lin(4, 3), nn.Hardsigmoid()), (2,)
    yield "softmax", nn.Sequential(lin(2, 4), relu(), lin(4, 3), nn.Softmax(dim=1)), (2,)
    yield "log_softmax", nn.Sequential(lin(2, 4), relu(), lin(4, 3), nn.LogSoftmax(dim=1)), (2,)
    yield "sigmoid", nn.Sequential(lin(2, 4), relu(), lin(4, 1), nn.Sigmoid()), (2,)
    yield "arg_max", Do(lambda m, x: m.a(x).argmax(1), a=nn.Sequential(lin(2, 3), relu(), lin(3, 3))), (2,)
    yield "shift", Do(lambda m, x: m.a(shift(m, x)), a=nn.Sequential(lin(3, 4), relu(), lin(4, 2))), (3,)
    yield "residual", Do(residual, a=lin(3, 4), b=nn.Sequential(lin(4, 6), relu(), lin(6, 4)),
                         c=nn.Sequential(relu(), lin(4, 5), nn.BatchNorm1d(5), relu(), lin(5, 4)), d=lin(4, 2)), (3,)
    yield "dense_block", Do(dense_block, a=lin(3, 4), b=lin(7, 3), c=lin(10, 2)), (3,)
    yield "gates", Do(gates, a=lin(3, 8), b=lin(4, 2)), (3,)
    yield "maxout", Do(maxout, a=lin(2, 12), b=lin(3, 2)), (2,)
    yield "bounds", Do(lambda m, x: m.a(x).clamp(min=-0.5).clamp(max=0.75).abs(), a=lin(2, 5)), (2,)
    yield "views", Do(views, a=lin(4, 2)), (6,)
    yield "cnn", nn.Sequential(nn.Conv2d(1, 3, 3, padding=1), relu(), nn.MaxPool2d(2), nn.Conv2d(3, 2, 2), relu(),
                               nn.Flatten(), lin(2, 2)), (1, 4, 4)
    yield "cnn_norm", nn.Sequential(nn.Conv2d(2, 4, 3, stride=2, padding=1, groups=2, bias=False), nn.BatchNorm2d(4),
                                    relu(), nn.AvgPool2d(2, stride=1, padding=1), nn.Conv2d(4, 2, 2, dilation=2),
                                    nn.AdaptiveAvgPool2d(1), nn.Flatten(), lin(2, 2)), (2, 5, 5)
    yield "cnn_1d", nn.Sequential(nn.Conv1d(1, 2, 3), relu(), nn.MaxPool1d(2, padding=1), nn.Flatten(), lin(6, 2)), (1, 6)
    yield "pads", nn.Sequential(nn.ZeroPad2d((1, 0, 2, 0)), nn.Conv2d(1, 1, 3), nn.ConstantPad2d(1, 0.5),
                                nn.AdaptiveMaxPool2d(1), nn.Flatten()), (1, 3, 4)
    yield "image_block", Do(image_block, conv1=nn.Conv2d(1, 2, 3, padding=1, bias=False), bn1=nn.BatchNorm2d(2),
                            conv2=nn.Conv2d(2, 2, 3, padding=1, bias=False), bn2=nn.BatchNorm2d(2),
                            short=nn.Conv2d(1, 2, 1), last=lin(2, 2)), (1, 3, 3)


def settle(model):
    """Means and variances as after some training."""
    for module in model.modules():
        if isinstance(module, nn.modules.batchnorm._BatchNorm):
            nn.init.uniform_(module.running_mean, -0.5, 0.5)
            nn.init.uniform_(module.running_var, 0.2, 2)
            if module.affine:
                nn.init.uniform_(module.weight, 0.5, 1.5)
                nn.init.uniform_(module.bias, -0.5, 0.5)
    return model.eval()


def exported(model, shape, opset, fold=True, preserve=False):
    """The bytes of the .onnx file."""
    out, kind = io.BytesIO(), next(model.parameters()).dtype if list(model.parameters()) else torch.float32
    keep = torch.onnx.TrainingMode.PRESERVE if preserve else torch.onnx.TrainingMode.EVAL
    torch.onnx.export(model, torch.zeros(1, *shape, dtype=kind), out, opset_version=opset, training=keep,
                      do_constant_folding=fold, input_names=["input"], dynamic_axes={"input": {0: "batch"}})
    return out.getvalue()


# What crease leaves out at the end.
ENDS = {"softmax": 1, "log_softmax": 1, "sigmoid": 1}


def values(name, model, shape, points):
    """What PyTorch computes at the points, in 64 bits, before a final Softmax or the like."""
    twin = model.double()
    if name in ENDS:
        twin = twin[:-ENDS[name]]
    if name == "arg_max":
        twin = twin.a
    rows = []
    size = torch.Size(shape).numel()
    for p in range(points):
        x = torch.tensor([float(v) for v in point(p, size)], dtype=torch.float64).reshape(1, *shape)
        rows.append([float(v) for v in twin(x).detach().flatten()])
    return rows


def main():
    folder, expected = Path(sys.argv[2]), {}
    for name, model, shape in models():
        if name in ("residual", "gates", "maxout", "cnn", "cnn_norm", "softmax", "norm"):
            settle(model)
            data = exported(model, shape, 13, preserve=name == "norm")
            (folder / f"{name}.onnx").write_bytes(data)
            expected[name] = values(name, model, shape, 3)
    text = ",\n".join(f' "{name}": {json.dumps(rows)}' for name, rows in expected.items())
    (folder / "expected.json").write_text("{\n" + text + "\n}\n", encoding="ascii")


if __name__ == "__main__":
    main()
