"""Projects of tools for qualitative analysis (QDPX): endless, nested, with more selections, codings or
people than anybody has."""
from .base import MEGA, PROJECT, case
from .ooxml import XML, archive

HEAD = ('<Users><User guid="u" name="Ana"/><User guid="v" name="Ben"/></Users><CodeBook><Codes>'
        '<Code guid="k" name="Dark" isCodable="true"/><Code guid="m" name="b" isCodable="true"/>'
        "</Codes></CodeBook><Sources>")
TAIL = "</Sources></Project>"
SELECTION = ('<PlainTextSelection guid="p" startPosition="0" endPosition="9"><Coding creatingUser="u">'
             '<CodeRef targetGUID="k"/></Coding></PlainTextSelection>')
TEXT = '<TextSource guid="s" name="T" plainTextPath="internal://0.txt">'


def project(sources, origin="QualCoder", before=""):
    """A description."""
    return (f'{XML}{before}<Project xmlns="urn:QDA-XML:project:1.0" name="P" origin="{origin}">'
            f"{HEAD}{sources}{TAIL}")


def around():
    """What stands before a project's sources, and behind them."""
    return project("").split(TAIL)[0], TAIL


def qdpx(folder, description, texts=("It is dark.\n",)):
    parts = {"project.qde": description}
    parts.update({f"sources/{n}.txt": text for n, text in enumerate(texts)})
    return archive(folder / "a.qdpx", parts)


@case(PROJECT, "QDPX: one selection a hundred times coded")
def plain(folder):
    return qdpx(folder, project(TEXT + SELECTION * 100 + "</TextSource>"))


@case(PROJECT, "QDPX: 3,000,000 selections, 500 MB")
def selections(folder):
    start, end = around()
    # Each block differs, so that the limit on compression is not what stops it.
    blocks = [("".join(SELECTION.replace('"0"', f'"{i * 7919 % 100_003}"') for i in range(30_000)), 100)]
    return qdpx(folder, [(start + TEXT, 1), *blocks, ("</TextSource>" + end, 1)])


@case(PROJECT, "QDPX: 550,000 selections, 95 MB")
def many_selections(folder):
    start, end = around()
    blocks = [("".join(SELECTION.replace('"0"', f'"{i * 7919 % 100_003}"') for i in range(55_000)), 10)]
    return qdpx(folder, [(start + TEXT, 1), *blocks, ("</TextSource>" + end, 1)])


@case(PROJECT, "QDPX: 490,000 users who all coded")
def users(folder):
    start, end = around()
    coded = "".join(f'<Coding creatingUser="{i * 7919 % 1_000_003:x}"><CodeRef targetGUID="k"/></Coding>'
                    for i in range(490_000))
    return qdpx(folder, [(start + TEXT, 1), (coded, 1), ("</TextSource>" + end, 1)], ("a\n" * 50_000,))


@case(PROJECT, "QDPX: 3,000,000 elements nested")
def nested(folder):
    start, end = around()
    return qdpx(folder, [(start, 1), ("<a>", 3_000_000), ("</a>", 3_000_000), (end, 1)])


@case(PROJECT, "QDPX: a text of 400 MB")
def text(folder):
    return qdpx(folder, project(TEXT + SELECTION + "</TextSource>"), ([(b"a" * MEGA, 400)],))


@case(PROJECT, "QDPX: a text of 150 MB inside the description")
def inline(folder):
    start, end = around()
    return qdpx(folder, [(start + '<TextSource guid="s" name="T"><PlainTextContent>', 1),
                         (bytes(range(97, 123)) * (MEGA // 26), 150),
                         ("</PlainTextContent>" + SELECTION + "</TextSource>" + end, 1)])


@case(PROJECT, "QDPX: 200,000 texts of one path")
def texts(folder):
    start, end = around()
    return qdpx(folder, [(start, 1), (TEXT + SELECTION + "</TextSource>", 200_000), (end, 1)],
                ("It is dark.\n" * 1_000,))


@case(PROJECT, "QDPX: entities that grow a billionfold")
def entities(folder):
    names = "".join(f'<!ENTITY e{i} "{f"&e{i - 1};" * 10}">' for i in range(1, 10))
    grow = f'<!DOCTYPE Project [<!ENTITY e0 "ha">{names}]>'
    return qdpx(folder, project(TEXT + "<Description>&e9;</Description></TextSource>", before=grow))


@case(PROJECT, "QDPX: a path that leads outside")
def outside(folder):
    path = TEXT.replace("internal://0.txt", "internal://../../../../etc/passwd")
    return qdpx(folder, project(path + SELECTION + "</TextSource>"))
