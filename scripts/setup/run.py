"""The command: checks the machine, prepares libtorch and the model, writes .cargo/config.toml."""
import argparse
import errno
import json
import os
import platform
import shlex
import shutil
import signal
import sys

from . import SetupError, libtorch
from .pins import DEFAULT_MODEL, model_item

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
HEADER = "# Written by scripts/setup.py for this machine; not in git. Run the script again instead of editing.\n"


def main(argv=None, description=None, root=ROOT):
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--only", choices=("libtorch", "model"), help="prepare just this")
    parser.add_argument("--verify", action="store_true", help="hash every file in the cache again")
    parser.add_argument("--print-env", action="store_true", help="print export lines for a shell on stdout")
    parser.add_argument("--quiet", action="store_true", help="say nothing but errors")
    args = parser.parse_args(argv)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        run(args, root, dict(os.environ))
        return 0
    except KeyboardInterrupt:
        print("interrupted: nothing half-made is left; run again to go on", file=sys.stderr)
        return 130
    except SetupError as error:
        failure = error
    except (OSError, UnicodeError) as error:
        failure = plain(error)
    print(f"error: {failure}\nhint: {failure.hint}", file=sys.stderr)
    return 1


def run(args, root, env):
    if os.name != "posix":
        raise SetupError(f"{platform.system()} is not supported", "use Linux or macOS; on Windows, WSL")
    from . import cache  # needs fcntl, which Windows has not
    from .pip import Pip

    def say(text, end="\n"):
        if not args.quiet:
            print(text, end=end, file=sys.stderr, flush=True)

    store = cache.Cache(cache.folder(env), Pip(env, say), say, args.verify)
    config = os.path.join(root, ".cargo", "config.toml")
    variables = None
    if args.only != "model":
        check_tools(env)
        own_config(config)
        variables = libtorch.choose(store, env, say)
    if args.only != "libtorch":
        store.ensure(model_item(store.folder, root, DEFAULT_MODEL))
    if variables:
        text = config_text(variables)
        if own_config(config) != text:
            cache.write_file(config, text)
            say(f".cargo/config.toml: written ({config})")
        if args.print_env:
            print("".join(f"export {name}={shlex.quote(value)}\n" for name, value in variables.items()), end="")


def check_tools(env):
    """cargo, and a C++ compiler, since torch-sys compiles a little C++."""
    def found(program):
        return shutil.which(program, path=env.get("PATH"))
    if not found("cargo"):
        raise SetupError("cargo was not found", "install Rust with rustup; if you did, put ~/.cargo/bin on the PATH")
    if not any(map(found, shlex.split(env.get("CXX", ""))[:1] + ["c++", "g++", "clang++"])):
        raise SetupError("no C++ compiler was found (c++, g++, clang++ or $CXX)",
                         "install one: g++ (build-essential, gcc-c++), or `xcode-select --install` on macOS")


def own_config(path):
    """The text of .cargo/config.toml if this script wrote it, None where there is none."""
    if not os.path.exists(path):
        return None
    with open(path, encoding="utf-8", errors="replace") as handle:
        text = handle.read()
    if not text.startswith(HEADER):
        raise SetupError(f"{path} was not written by this script",
                         "move it away; settings of your own belong in ~/.cargo/config.toml")
    return text


def config_text(variables):
    """The cargo settings. A JSON string is a TOML string; what the user exports still wins."""
    lines = [f"{name} = {json.dumps(value, ensure_ascii=False)}\n" for name, value in variables.items()]
    return HEADER + "[env]\n" + "".join(lines)


def plain(error):
    """What the system refused, as a SetupError."""
    from .pip import OTHER_DISK
    if isinstance(error, UnicodeError):
        return SetupError(f"a path is not valid UTF-8: {error}", "choose another with CANVASS_CACHE=/some/folder")
    where = f" ({error.filename})" if error.filename else ""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return SetupError("no space left on the disk" + where, OTHER_DISK)
    return SetupError(f"{error.strerror or error}{where}",
                      "check that folder, or choose another with CANVASS_CACHE=/some/folder")
