"""What the makers share: how one registers its file, and how large files are written.

In: a folder and bytes. Out: [(name, (kind of source, questions), maker)] in CASES.
"""

MEGA = 1 << 20
TABLE = ("comments", ["Q"])
TALK = ("interview", [])
NOTES = ("session-notes", [])
# A project of a tool for qualitative analysis: no source of a study, but people's codes.
PROJECT = ("project", [])

CASES = []


def case(kind, name):
    """Registers a maker: it gets a folder and returns a path."""
    def keep(make):
        CASES.append((name, kind, make))
        return make
    return keep


def blocks(path, head, block, n, tail=b""):
    with open(path, "wb") as f:
        f.write(head)
        for _ in range(n):
            f.write(block)
        f.write(tail)
    return path


def written(path, data):
    path.write_bytes(data)
    return path
