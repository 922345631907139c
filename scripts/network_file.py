"""The text of a network file from arrays of binary32 weights (for the other scripts)."""

import json


def number_text(value):
    """The shortest decimal that parses, as binary64, to this binary32 value."""
    return repr(float(value) + 0.0)  # + 0.0 turns -0.0 into 0.0


def row_text(row):
    return "[%s]" % ", ".join(map(number_text, row))


def network_text(layers, comment):
    """layers: pairs (weight rows, bias); all are relu but the last."""
    lines = [
        '{"comment": %s,' % json.dumps(comment),
        ' "input": %d,' % layers[0][0].shape[1],
        ' "layers": [',
    ]
    for number, (weight, bias) in enumerate(layers, 1):
        last = number == len(layers)
        lines.append('  {"weight": [')
        lines.append(",\n".join("    " + row_text(row) for row in weight) + "],")
        lines.append('   "bias": %s,' % row_text(bias))
        lines.append('   "activation": "%s"}%s' % ("linear" if last else "relu", "]}" if last else ","))
    return "\n".join(lines) + "\n"
