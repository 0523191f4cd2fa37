"""The file system: pipes, links, odd names, files that change while they are read."""
import os

from .base import TABLE, blocks, case, written


@case(TABLE, "a FIFO nobody writes to")
def fifo(folder):
    os.mkfifo(folder / "a.csv")
    return folder / "a.csv"


@case(TABLE, "a symbolic link to /dev/zero")
def dev_zero(folder):
    (folder / "a.csv").symlink_to("/dev/zero")
    return folder / "a.csv"


@case(TABLE, "a symbolic link to itself")
def loop(folder):
    (folder / "a.csv").symlink_to(folder / "a.csv")
    return folder / "a.csv"


@case(TABLE, "a folder named a.csv")
def directory(folder):
    (folder / "a.csv").mkdir()
    return folder / "a.csv"


@case(TABLE, "a path with line feed, ESC and a bidirectional override")
def odd_name(folder):
    return written(folder / "a\n\x1b[31m\u202etxt\u2066.csv", b"n,Q\n1,it is dark\n")


@case(TABLE, "the same, empty")
def odd_name_empty(folder):
    return written(folder / "b\n\x1b]0;x\x07\u202e.csv", b"")


# Rows of the file that shrinks; most of it stands in a column that nobody wants.
SHRINKS = 600


@case(TABLE, "a file that shrinks while it is read")
def shrinking(folder):
    row = b"1,it is dark at the bus stop," + b"x" * 200_000 + b"\n"
    return blocks(folder / "shrinks.csv", b"n,Q,x\n", row, SHRINKS)


@case(TABLE, "a file that grows while it is read")
def growing(folder):
    return blocks(folder / "grows.csv", b"n,Q\n", b"1,it is dark at the bus stop\n" * 1_000, 10)
