"""Prints where this Python looks for modules below a directory PREFIX:

    python_directory.py PREFIX

If it looks nowhere there, the place where modules would go by its usual scheme."""
import site
import sys
import sysconfig

prefix = sys.argv[1].rstrip("/")
below = [path for path in site.getsitepackages() if path.startswith(prefix + "/lib")]
# Debian patches the default scheme; this one adds nothing to the prefix.
usual = sysconfig.get_path("purelib", "posix_prefix", {"base": prefix})
print(below[0] if below else usual)
