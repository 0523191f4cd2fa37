"""Which libtorch the build uses, and whether it is the right one."""
import contextlib
import glob
import os
import re
import sys

from . import SetupError
from .pins import TORCH, libtorch_item, this_platform


def choose(cache, env, say):
    """Finds or fetches libtorch: the variables that cargo must pass to torch-sys."""
    item = None
    with contextlib.suppress(SetupError):
        item = libtorch_item(cache.folder, this_platform())
    exported = os.path.abspath(env["LIBTORCH"]) if env.get("LIBTORCH") else None
    if "LIBTORCH_USE_PYTORCH" in env:
        return use_named("LIBTORCH_USE_PYTORCH", find_pytorch(), env, say)
    if exported and not (item and exported == item.folder):
        return use_named("LIBTORCH", exported, env, say)
    if not (item and os.path.exists(item.folder)):
        with contextlib.suppress(ValueError):
            folder = find_pytorch()
            if folder:
                return use(folder, version(folder), env, say, "the PyTorch of this Python")
    item = item or libtorch_item(cache.folder, this_platform())  # here an unsupported platform is an error
    cache.ensure(item)
    return use(item.folder, TORCH, env, say)


def use_named(variable, folder, env, say):
    """The libtorch that an exported variable names; cargo would take it in any case, so it must be right."""
    if not folder:
        raise SetupError(f"{variable} is set, but {sys.executable} has no PyTorch 2.4",
                         f"install torch=={TORCH} there, or unset it and let this script fetch libtorch")
    try:
        return use(folder, version(folder), env, say, variable)
    except ValueError as error:
        raise SetupError(f"{variable}: {folder} is no libtorch 2.4: {error}",
                         f"point it to a libtorch {TORCH}, or unset it and let this script fetch one")


def use(folder, found, env, say, origin=None):
    """The variables for the libtorch in `folder`, whose version is `found`."""
    exported = env.get("LIBTORCH_CXX11_ABI")
    abi = cxx11_abi(folder) or exported or "1"
    if exported not in (None, abi):
        raise SetupError(f"LIBTORCH_CXX11_ABI={exported} is exported, but {folder} was built with {abi}",
                         "unset LIBTORCH_CXX11_ABI")
    if origin:
        say(f"libtorch {found}: ready, from {origin} ({folder})")
    variables = {"LIBTORCH": folder, "LIBTORCH_CXX11_ABI": abi}
    return variables if found == TORCH else dict(variables, LIBTORCH_BYPASS_VERSION_CHECK="1")


def version(folder):
    """The version of the libtorch in `folder`; a ValueError says what is wrong with it."""
    for part in ("include/torch", "lib/libtorch_cpu.*", "lib/libc10.*"):
        if not glob.glob(os.path.join(glob.escape(folder), part)):
            raise ValueError(f"it has no {part}")
    found = ""
    with contextlib.suppress(OSError), open(
            os.path.join(folder, "include/torch/csrc/api/include/torch/version.h"), encoding="utf-8") as header:
        found = ".".join(re.findall(r"define TORCH_VERSION_(?:MAJOR|MINOR|PATCH) (\d+)", header.read()))
    with contextlib.suppress(OSError), open(os.path.join(folder, "build-version"), encoding="utf-8") as text:
        found = text.read().strip().split("+")[0]
    if not re.fullmatch(r"2\.4\.\d+", found):
        raise ValueError(f"it is version {found or 'unknown'}")
    return found


def cxx11_abi(folder):
    """The C++ ABI of a libtorch, read from how libc10 spells one of its functions; None where there is no
    choice, as on macOS."""
    for path in glob.glob(os.path.join(glob.escape(folder), "lib", "libc10.*")):
        with open(path, "rb") as handle:
            data = handle.read()
        for abi, symbol in (("0", b"torchCheckFailEPKcS2_jRKSs"), ("1", b"torchCheckFailEPKcS2_jRKNSt7__cxx11")):
            if symbol in data:
                return abi
    return None


def find_pytorch():
    """The folder of the PyTorch 2.4 that this Python would import, found without importing it."""
    import importlib.metadata
    import importlib.util
    try:
        if importlib.metadata.version("torch").startswith("2.4."):
            return os.path.abspath(list(importlib.util.find_spec("torch").submodule_search_locations)[0])
    except (ImportError, AttributeError, ValueError, TypeError, IndexError):
        pass
    return None
