#!/usr/bin/env python3
"""Prepares everything that a plain `cargo build` of canvass needs.

    python3 scripts/setup.py [--only libtorch|model] [--verify] [--print-env] [--quiet]

Needs: Python 3.8+ (standard library only) with pip, cargo, a C++ compiler; Linux (x86_64, aarch64;
glibc) or macOS (arm64). The only thing it talks to is pip, as you have set pip up.

libtorch 2.4, the first of these that applies:
  1. LIBTORCH_USE_PYTORCH is exported: the PyTorch 2.4 of this Python;
  2. LIBTORCH is exported: that folder (tch's build script ranks the two the same way);
  3. the copy in the cache that an earlier run made;
  4. a PyTorch 2.4 that this Python can import;
  5. the pinned PyPI wheels: checksums verified, the C++ part unpacked into the cache, wheels deleted.
The model: the files named in models/all-MiniLM-L6-v2/model.toml, each verified against its sha256.

Writes the cache ($CANVASS_CACHE, else $XDG_CACHE_HOME/canvass, else ~/.cache/canvass), which all
clones share under a lock, and .cargo/config.toml of this checkout, which tells cargo where libtorch
is. A run that finds everything in place fetches and writes nothing. An item appears whole or not at
all: it is built in a folder `.partial-*` and renamed. CANVASS_PIP replaces the command `python -m pip`.

Exit: 0 done, 1 failed (an `error:` and a `hint:` line say why), 2 usage, 130 interrupted.
"""
import sys

if __name__ == "__main__":
    if sys.version_info < (3, 8):
        sys.exit("error: Python %d.%d is too old\nhint: run this with Python 3.8 or newer" % sys.version_info[:2])
    sys.dont_write_bytecode = True
    from setup.run import main
    sys.exit(main(description=__doc__.splitlines()[0]))
