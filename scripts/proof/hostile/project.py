"""Projects of tools for qualitative analysis (QDPX): endless, nested, with more selections, codings or
people than anybody has."""
from .base import MEGA, PROJECT, case
from .ooxml import XML, archive

QDE_HEAD = ('<Users><User guid="u" name="Ana"/><User guid="v" name="Ben"/></Users><CodeBook><Codes>'
        '<Code guid="k" name="Dark" isCodable="true"/><Code guid="m" name="b" isCodable="true"/>'
        "</Codes></CodeBook><Sources>")
QDE_TAIL = "</Sources></Project>"
SELECTION = ('<PlainTextSelection guid="p" startPosition="0" endPosition="9"><Coding creatingUser="u">'
             '<CodeRef targetGUID="k"/></Coding></PlainTextSelection>')
QDE_TEXT = '<TextSource guid="s" name="T" plainTextPath="internal://0.txt">'


def project(sources, origin="QualCoder", before=""):
    """A description."""
    return (f'{XML}{before}<Project xmlns="urn:QDA-XML:project:1.0" name="P" origin="{origin}">'
            f"{QDE_HEAD}{sources}{QDE_TAIL}")


def around_sources():
    """What stands before a project's sources, and behind them."""
    return project("").split(QDE_TAIL)[0], QDE_TAIL


def qdpx(folder, description, texts=("It is dark.\n",)):
    parts = {"project.qde": description}
    parts.update({f"sources/{n}.txt": text for n, text in enumerate(texts)})
    return archive(folder / "a.qdpx", parts)


@case(PROJECT, "QDPX: a hundred selections")
def plain_project(folder):
    return qdpx(folder, project(QDE_TEXT + SELECTION * 100 + "</TextSource>"))


@case(PROJECT, "QDPX: 3,000,000 selections, 500 MB")
def too_many_selections(folder):
    start, end = around_sources()
    # Each block differs, so that the limit on compression is not what stops it.
    blocks = [("".join(SELECTION.replace('"0"', f'"{i * 7919 % 100_003}"') for i in range(30_000)), 100)]
    return qdpx(folder, [(start + QDE_TEXT, 1), *blocks, ("</TextSource>" + end, 1)])


@case(PROJECT, "QDPX: 550,000 selections, 95 MB")
def many_selections(folder):
    start, end = around_sources()
    blocks = [("".join(SELECTION.replace('"0"', f'"{i * 7919 % 100_003}"') for i in range(55_000)), 10)]
    return qdpx(folder, [(start + QDE_TEXT, 1), *blocks, ("</TextSource>" + end, 1)])


@case(PROJECT, "QDPX: 490,000 users who all coded")
def many_users(folder):
    start, end = around_sources()
    coded = "".join(f'<Coding creatingUser="{i * 7919 % 1_000_003:x}"><CodeRef targetGUID="k"/></Coding>'
                    for i in range(490_000))
    return qdpx(folder, [(start + QDE_TEXT, 1), (coded, 1), ("</TextSource>" + end, 1)], ("a\n" * 50_000,))


@case(PROJECT, "QDPX: 3,000,000 elements nested")
def nested_elements(folder):
    start, end = around_sources()
    return qdpx(folder, [(start, 1), ("<a>", 3_000_000), ("</a>", 3_000_000), (end, 1)])


@case(PROJECT, "QDPX: a text of 400 MB")
def long_text(folder):
    return qdpx(folder, project(QDE_TEXT + SELECTION + "</TextSource>"), ([(b"a" * MEGA, 400)],))


@case(PROJECT, "QDPX: a text of 150 MB inside the description")
def inline_text(folder):
    start, end = around_sources()
    return qdpx(folder, [(start + '<TextSource guid="s" name="T"><PlainTextContent>', 1),
                         (bytes(range(97, 123)) * (MEGA // 26), 150),
                         ("</PlainTextContent>" + SELECTION + "</TextSource>" + end, 1)])


@case(PROJECT, "QDPX: 200,000 texts of one path")
def many_texts(folder):
    start, end = around_sources()
    return qdpx(folder, [(start, 1), (QDE_TEXT + SELECTION + "</TextSource>", 200_000), (end, 1)],
                ("It is dark.\n" * 1_000,))


@case(PROJECT, "QDPX: entities that grow a billionfold")
def project_entities(folder):
    names = "".join(f'<!ENTITY e{i} "{f"&e{i - 1};" * 10}">' for i in range(1, 10))
    grow = f'<!DOCTYPE Project [<!ENTITY e0 "ha">{names}]>'
    return qdpx(folder, project(QDE_TEXT + "<Description>&e9;</Description></TextSource>", before=grow))


@case(PROJECT, "QDPX: a path that leads outside")
def path_outside(folder):
    path = QDE_TEXT.replace("internal://0.txt", "internal://../../../../etc/passwd")
    return qdpx(folder, project(path + SELECTION + "</TextSource>"))
