"""JSON Lines and Parquet: depth, width, sizes that lie."""
import struct

from .base import MEGA, TABLE, blocks, case, written


@case(TABLE, "JSON Lines: 1,000,000 arrays nested")
def deep_json(folder):
    deep = b'{"n":' + b"[" * 1_000_000 + b"]" * 1_000_000 + b',"Q":"here"}\n'
    return written(folder / "a.jsonl", b'{"n":1,"Q":"here"}\n' + deep)


@case(TABLE, "JSON Lines: 1,000,000 objects nested, never closed")
def deep_objects(folder):
    return blocks(folder / "a.jsonl", b'{"n":1,"Q":"here"}\n', b'{"Q":' * 1_000_000, 1)


@case(TABLE, "JSON Lines: a string of 300 MB")
def long_json(folder):
    head = b'{"n":1,"Q":"here"}\n{"n":2,"Q":"'
    return blocks(folder / "a.jsonl", head, b"a" * MEGA, 300, b'"}\n')


@case(TABLE, "JSON Lines: an object of 2,000,000 keys")
def many_keys(folder):
    keys = b",".join(b'"k%d":1' % i for i in range(2_000_000))
    return written(folder / "a.jsonl", b'{"n":1,"Q":"here"}\n{"n":2,"Q":"x",' + keys + b"}\n")


@case(TABLE, "JSON Lines: numbers, surrogates, NUL and repeated keys")
def odd_json(folder):
    lines = [b'{"n":1,"Q":"here"}', b'{"n":1e999,"Q":1e999}', b'{"n":2,"Q":"\\ud800 \\u0000"}',
             b'{"n":3,"Q":"a","Q":"b"}', b'{"n":4,"Q":NaN}', b'[1,2]', b'"x"', b"null", b"{",
             b'{"n":5,"Q":"\xff"}', b'{"n":' + b"9" * 100_000 + b',"Q":"x"}']
    return written(folder / "a.jsonl", b"\n".join(lines))


@case(TABLE, "Parquet: a footer longer than the file")
def parquet_footer(folder):
    return written(folder / "a.parquet", b"PAR1" + bytes(100) + b"\xff\xff\xff\x7fPAR1")


@case(TABLE, "Parquet: 2,147,483,647 columns declared in 30 bytes")
def parquet_list(folder):
    # Thrift, compact: version 1, then a list of structs with a length of its own.
    footer = b"\x15\x02\x19\xfc\xff\xff\xff\xff\x07" + bytes(12)
    return written(folder / "a.parquet", b"PAR1" + footer + struct.pack("<I", len(footer)) + b"PAR1")


@case(TABLE, "Parquet: sizes of a real file set to their largest (pyarrow)")
def parquet_patched(folder):
    import pyarrow
    import pyarrow.parquet

    path = folder / "a.parquet"
    table = pyarrow.table({"n": [str(i) for i in range(1_000)], "Q": ["it is dark"] * 1_000})
    pyarrow.parquet.write_table(table, path, compression="snappy")
    data = bytearray(path.read_bytes())
    # Page headers begin behind the mark: a page's type, its sizes inflated and packed.
    at = data.index(b"\x15", 4)
    data[at + 2:at + 4] = b"\x15\xfe"
    data[at + 4:at + 8] = b"\xff\xff\xff\x0f"
    return written(path, bytes(data))


@case(TABLE, "Parquet: 20,000,000 equal rows in a few KB (pyarrow)")
def parquet_rows(folder):
    import pyarrow
    import pyarrow.parquet

    n = 20_000_000
    indices = pyarrow.array(memoryview(bytes(n)).cast("b"), pyarrow.int8())
    column = pyarrow.DictionaryArray.from_arrays(indices, ["it is dark"])
    path = folder / "a.parquet"
    pyarrow.parquet.write_table(pyarrow.table({"n": column, "Q": column}), path)
    return path
