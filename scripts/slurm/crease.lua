-- A module file for Lmod.  Set root to the PREFIX that crease was installed with.
local root = "/usr/local"
help([[Exact counts of the linear regions of piecewise-linear networks.]])
whatis("Name: crease")
prepend_path("PATH", pathJoin(root, "bin"))
prepend_path("LD_LIBRARY_PATH", pathJoin(root, "lib"))
prepend_path("PKG_CONFIG_PATH", pathJoin(root, "lib/pkgconfig"))
prepend_path("MANPATH", pathJoin(root, "share/man"))
