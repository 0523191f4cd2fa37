"""Delimited text: endless lines, quotes, columns and rows; bytes that are no text."""
import random

from .base import MEGA, TABLE, blocks, case, written


@case(TABLE, "CSV: a line of 1 GB, one character")
def long_line(folder):
    return blocks(folder / "a.csv", b"n,Q\n1,", b"a" * (8 * MEGA), 128)


@case(TABLE, "CSV: 300 MB of quotes")
def quotes(folder):
    return blocks(folder / "a.csv", b"n,Q\n", b'"' * (4 * MEGA), 75)


@case(TABLE, "CSV: 300 MB behind a quote that never closes")
def open_quote(folder):
    return blocks(folder / "a.csv", b'n,Q\n1,"', b"word, word\n" * 100_000, 273)


@case(TABLE, "CSV: a cell of 200 MB")
def long_cell(folder):
    return blocks(folder / "a.csv", b'n,Q\n1,"', b"word " * 200_000, 200, b'"\n2,here\n')


@case(TABLE, "CSV: 1,000,000 columns")
def many_columns(folder):
    names = b",".join(b"c%d" % i for i in range(1_000_000))
    return written(folder / "a.csv", b"n,Q," + names + b"\n1,a," + b"," * 999_999 + b"\n")


@case(TABLE, "CSV: 20,000,000 rows of one character")
def many_rows(folder):
    return blocks(folder / "a.csv", b"n,Q\n", b",a\n" * 1_000_000, 20)


@case(TABLE, "CSV: 50 MB of NUL bytes")
def nuls(folder):
    return blocks(folder / "a.csv", b"n,Q\n1,", bytes(MEGA), 50)


@case(TABLE, "CSV: 50 MB of CR")
def all_cr(folder):
    return blocks(folder / "a.csv", b"", b"\r" * MEGA, 50)


@case(TABLE, "CSV: 50,000,000 delimiters of 1 row")
def delimiters(folder):
    return blocks(folder / "a.csv", b"n,Q\n", b"," * MEGA, 50)


@case(TABLE, "CSV: bytes that are no UTF-8")
def no_utf8(folder):
    return blocks(folder / "a.csv", b"n,Q\n", b'1,"\xff\xfe\x80\xc0\xaf caf\xe9"\n', 1_000)


@case(TABLE, "CSV: UTF-16 with half a character and lone surrogates")
def no_utf16(folder):
    text = "n,Q\n1,here\n".encode("utf-16") + b"\x00\xd8\x00\xd8a\x00\n\x00" * 999 + b"x"
    return written(folder / "a.csv", text)


@case(TABLE, "CSV: UTF-32")
def utf32(folder):
    return written(folder / "a.csv", ("n,Q\n" + "1,here\n" * 1_000).encode("utf-32"))


@case(TABLE, "CSV: EBCDIC")
def ebcdic(folder):
    return written(folder / "a.csv", ("n,Q\n" + "1,it is dark\n" * 1_000).encode("cp500"))


@case(TABLE, "CSV: 100 MB of noise")
def noise(folder):
    return blocks(folder / "a.csv", b"", random.Random(4).randbytes(MEGA), 100)


@case(TABLE, "CSV: escape sequences, BEL, bidirectional controls in names and answers")
def escapes(folder):
    risky = "\x1b]0;owned\x07\x1b[2J\x1b[31mred\x9b1A\u202edrowssap\u2066\u0085"
    said = "it is dark at the stop and nobody came when we called them, twice, in one night"
    head = f'n,Q,"{risky}","{risky} district"\n'
    rows = "".join(f'{i},"{said} {risky if i % 30 == 0 else i}",{i % 3},"north {risky[:9]}"\n'
                   for i in range(90))
    return written(folder / "a.csv", (head + rows).encode())
