"""Exact counts of the linear regions of piecewise-linear networks, with proof.

    import crease
    result = crease.count([(W1, b1), (W2, b2)], box="-1:1")     # ReLU between the layers
    result = crease.count("net.onnx", threads=4)
    result = crease.count(model, input_shape=(1, 28, 28), box=(0, 1), limit_seconds=60)
    print(result.regions, result.complete, result.seconds)
    guess = crease.estimate("large.onnx", seconds=60)           # where there are too many to count
    mean, error = crease.sample("large.onnx").mean(lambda region: sum(region.pattern))
    result.certificate("net.cert", "net.json")                  # for crease-check

The package calls libcrease and needs no other one. It takes the library that CREASE_LIBRARY names,
otherwise build/libcrease.so of the source tree, the one of the same prefix, one that the linker
finds, or one that pkg-config finds."""
from ._along import Along, Breakpoint, Lines, Segment, along, lines
from ._around import Around, Ball, Margin, around
from ._boundary import Boundary, Piece, Pieces, boundary, boundary_pieces
from ._bounds import Bound, bounds
from ._count import Count, Decisions, count, count_parts
from ._errors import Error, InputError, LibraryError, Mismatch, NetworkWarning, Stopped
from ._estimate import Estimate, estimate
from ._graph import Graph, graph
from ._identify import Border, Identification, identify
from ._library import library_version
from ._network import Network
from ._pictures import Picture, Polygons, plot, polygons, write_mesh
from ._progress import Progress
from ._regions import Batch, Facet, Region, region_at, region_batches, regions
from ._sample import Sample, sample
from ._stats import LayerStats, Norm, Stats, stats
from ._torch import write_onnx
from ._verify import Verified, verify

__version__ = "0.1.0"
__all__ = ["count", "count_parts", "estimate", "identify", "bounds", "verify", "Network", "Count",
           "Decisions", "Progress", "Estimate", "Identification", "Border", "Bound", "Verified",
           "Error", "InputError", "LibraryError",
           "Stopped", "Mismatch", "NetworkWarning", "library_version", "write_onnx",
           "regions", "region_batches", "region_at", "Region", "Facet", "Batch",
           "graph", "Graph", "stats", "Stats", "LayerStats", "Norm",
           "around", "Around", "Ball", "Margin", "along", "Along", "Segment", "Breakpoint", "lines",
           "Lines", "boundary", "Boundary", "boundary_pieces", "Pieces", "Piece", "sample", "Sample",
           "plot", "Picture", "polygons", "Polygons", "write_mesh"]
