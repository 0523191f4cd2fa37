"""Hostile files, made with the standard library alone: each function writes one and returns its
path, its kind, and what it hopes for.

In: an empty folder. Out: (path, kind of source, questions). Every file is small on disk or written
in blocks, so that making it takes no memory; the caller makes each in a process of its own. One
module a family of formats; the order of the imports is that of the cases.
"""
# flake8: noqa: F401, F403
from .base import *
from .ooxml import *
from .odf import *
from .entities import *
from .compound_file import *
from .portable import *
from .delimited import *
from .records import *
from .talk import *
from .project import *
from .disk import *
