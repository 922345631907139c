"""Which regions share a facet."""
from __future__ import annotations

import ctypes
from typing import Any

from ._count import Count, _options
from ._errors import Stopped
from ._library import RegionGraph, library
from ._network import network_of
from ._regions import _array
from ._run import Run
from ._scope import scope_of


class Graph:
    """The regions, numbered from 0 on, and which of them share a facet; arrays of NumPy
    (memoryviews without NumPy):

      indptr   the neighbours of region r are indices[indptr[r]], ..., indices[indptr[r + 1] - 1]
      indices  each pair of neighbours stands twice, once for each of them
      unit     for each of them, the column of pattern of a unit that changes on the way
      pattern  regions x units: the states"""

    def __init__(self, found: RegionGraph) -> None:
        self._regions, edges, units = int(found.regions), int(found.edges), int(found.units)
        self._units = units
        self.indptr = _array(ctypes.string_at(found.begin, 8 * (self._regions + 1)), "q",
                             self._regions + 1)
        self.indices = _array(ctypes.string_at(found.neighbour, 8 * edges), "q", edges)
        self.unit = _array(ctypes.string_at(found.unit, 8 * edges), "q", edges)
        self._patterns = ctypes.string_at(found.pattern, self._regions * units)
        self.pattern = _array(self._patterns, "B", self._regions, units)

    def __len__(self) -> int:
        return self._regions

    def state(self, region: int) -> bytes:
        """The pattern of a region as bytes, like Region.pattern."""
        return self._patterns[region * self._units:(region + 1) * self._units]

    def sparse(self) -> Any:
        """The adjacency matrix: a scipy.sparse.csr_matrix of ones."""
        import numpy
        from scipy.sparse import csr_matrix
        ones = numpy.ones(len(self.indices), dtype=numpy.int8)
        return csr_matrix((ones, self.indices, self.indptr), shape=(len(self), len(self)))

    def to_networkx(self) -> Any:
        """A networkx.Graph: a node for each number, with `pattern` (bytes); `unit` of the edges."""
        import networkx
        graph = networkx.Graph()
        for region in range(len(self)):
            graph.add_node(region, pattern=self.state(region))
        for region in range(len(self)):
            for i in range(self.indptr[region], self.indptr[region + 1]):
                graph.add_edge(region, int(self.indices[i]), unit=int(self.unit[i]))
        return graph


def graph(network: Any, box: Any = None, *, domain: Any = None, slice: Any = None,
          vnnlib: Any = None, part: int | None = None, input_shape: Any = None,
          activation: str | None = None, cell: str = "auto", threads: int = 0,
          limit_regions: int | None = None, limit_seconds: float | None = None,
          limit_memory: int | None = None) -> Graph:
    """Which regions share a facet. The arguments are those of count. The graph is kept in memory;
    if a limit stops the search, there is none, and the exception Stopped."""
    options = _options("activation", "auto", "auto", cell, "auto", threads, 0, None, limit_regions,
                       limit_seconds, limit_memory, None, 1)
    own, place = scope_of(network_of(network, input_shape, activation), box, domain, slice, vnnlib,
                          part)
    found = RegionGraph()
    result = Run(own._handle, place.handle, options, None).of("regions_graph", Run.OPTIONS,
                                                              ctypes.byref(found))
    try:
        if not result.complete:
            raise Stopped(Count._of(result, None))
        return Graph(found)
    finally:
        library().crease_region_graph_free(ctypes.byref(found))
