"""Compound files (OLE2): old workbooks (XLS) and what encryption makes of an XLSX."""
import random
import struct

from .base import TABLE, case, written


def compound(streams, fat_patch=None):
    """A compound file (OLE2) with the given streams in its root."""
    free, end, fat_mark = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
    streams = {name: data.ljust(4096, b"\0") for name, data in streams.items()}
    counts = [-(-len(d) // 512) for d in streams.values()]
    n_dir = -(-(len(streams) + 1) // 4)
    n_fat = 1
    while n_fat * 128 < n_fat + n_dir + sum(counts):
        n_fat += 1
    fat = [fat_mark] * n_fat + [n_fat + i + 1 for i in range(n_dir)]
    fat[-1] = end
    starts = []
    for n in counts:
        starts.append(len(fat))
        fat += [len(fat) + i + 1 for i in range(n)]
        fat[-1] = end
    if fat_patch:
        fat_patch(fat, starts)
    fat += [free] * (n_fat * 128 - len(fat))

    def entry(name, kind, child, start, size, right=free):
        raw = name.encode("utf-16-le") + b"\0\0"
        return (raw.ljust(64, b"\0") + struct.pack("<HBBIII", len(raw), kind, 1, free, right, child)
                + bytes(36) + struct.pack("<IQ", start, size))
    directory = entry("Root Entry", 5, 1, end, 0)
    names = sorted(streams, key=lambda n: (len(n), n))
    for i, name in enumerate(names, 1):
        at = list(streams).index(name)
        right = i + 1 if i < len(names) else free
        directory += entry(name, 2, free, starts[at], len(streams[name]), right)
    directory = directory.ljust(n_dir * 512, b"\0")
    header = (bytes.fromhex("D0CF11E0A1B11AE1") + bytes(16) + struct.pack(
        "<HHHHH6xIIIIIIIII", 0x3E, 3, 0xFFFE, 9, 6, 0, n_fat, n_fat, 0, 4096, end, 0, end, 0)
        + struct.pack("<109I", *[*range(n_fat), *[free] * (109 - n_fat)]))
    body = b"".join(d.ljust(n * 512, b"\0") for d, n in zip(streams.values(), counts))
    return header + struct.pack(f"<{len(fat)}I", *fat) + directory + body


def record(kind, data):
    return struct.pack("<HH", kind, len(data)) + data


def biff(cells, extra=b""):
    """A BIFF8 workbook of one sheet with labels at (row, column)."""
    def label(row, column, text):
        return record(0x0204, struct.pack("<HHHHB", row, column, 0, len(text), 0) + text.encode())
    bof = record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0005, 0, 0, 0, 0))
    name = struct.pack("<HBB", 0, 1, 0) + b"S"
    at = len(bof) + len(extra) + 4 + 4 + len(name) + 4
    head = bof + extra + record(0x0085, struct.pack("<I", at) + name) + record(0x000A, b"")
    body = record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0010, 0, 0, 0, 0))
    body += b"".join(label(*c) for c in cells) + record(0x000A, b"")
    return head + body


PLAIN = [(0, 0, "n"), (0, 1, "Q"), (1, 0, "1"), (1, 1, "here")]


@case(TABLE, "XLS: two cells, the last at row and column 65,535")
def xls_far(folder):
    return written(folder / "a.xls", compound({"Workbook": biff([*PLAIN, (65535, 65535, "x")])}))


@case(TABLE, "XLS: 4,294,967,295 shared strings declared")
def xls_strings(folder):
    table = record(0x00FC, struct.pack("<II", 0xFFFFFFFF, 0xFFFFFFFF) + b"\x01\0\0a")
    return written(folder / "a.xls", compound({"Workbook": biff(PLAIN, table)}))


@case(TABLE, "XLS: a chain of sectors that runs in a circle")
def xls_circle(folder):
    def circle(fat, starts):
        fat[starts[0] + 3] = starts[0]
    return written(folder / "a.xls", compound({"Workbook": biff(PLAIN)}, circle))


@case(TABLE, "XLSX: encrypted (EncryptedPackage)")
def encrypted(folder):
    noise = random.Random(3).randbytes(8_000)
    streams = {"EncryptionInfo": b"\4\0\4\0\x40\0\0\0<encryption/>", "EncryptedPackage": noise}
    return written(folder / "a.xlsx", compound(streams))
