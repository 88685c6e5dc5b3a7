"""The pages of the manual as tests read them: headings, tables, blocks to be run with what is shown of them, commands, links."""

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass

from archives.message import Language
from scripts.manual import page_path

_FENCE = re.compile(
    r"^(?:<!-- test: (?P<mark>[^>]*) -->\n)?```(?P<kind>\w*)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL
)
_HEADING = re.compile(r"^(#{1,6}) (.+)$", re.MULTILINE)
_ROW = re.compile(r"^\|(.*)\|$")
_CELLS = re.compile(r"(?<!\\)\|")
_LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)")
_PICTURE = re.compile(r"!\[([^\]]*)\]\(([^)\s]+)\)")
_CODE = re.compile(r"(?<!`)`([^`\n]+)`(?!`)")
_ENDS = re.compile(r"ends with (\d+)")


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block: what it is in, what its mark says to the tests, the text that it holds."""

    kind: str
    mark: str
    text: str

    @property
    def is_run(self) -> bool:
        """Whether a test runs it as it stands."""
        return self.kind == "sh" and not self.mark.startswith("not run")

    @property
    def ends_with(self) -> int:
        """The exit code of its only command; 0 where nothing else is said."""
        found = _ENDS.search(self.mark)
        return int(found[1]) if found else 0


@dataclass(frozen=True, slots=True)
class Page:
    """One page in one language."""

    language: Language
    name: str
    text: str

    @property
    def prose(self) -> str:
        """The page without its blocks."""
        return _FENCE.sub("", self.text)

    @property
    def blocks(self) -> tuple[Block, ...]:
        """Its fenced blocks, in order."""
        return tuple(Block(one["kind"], one["mark"] or "", one["text"]) for one in _FENCE.finditer(self.text))

    @property
    def headings(self) -> tuple[tuple[int, str], ...]:
        """Its headings, each with its depth."""
        return tuple((len(marks), text) for marks, text in _HEADING.findall(self.prose))

    @property
    def tables(self) -> tuple[tuple[tuple[str, ...], ...], ...]:
        """Its tables, as rows of cells."""
        tables: list[list[tuple[str, ...]]] = [[]]
        for line in self.prose.splitlines():
            if row := _ROW.match(line):
                tables[-1].append(tuple(cell.strip() for cell in _CELLS.split(row[1])))
            elif tables[-1]:
                tables.append([])
        return tuple(tuple(one) for one in tables if one)

    @property
    def links(self) -> tuple[str, ...]:
        """What it links to."""
        return tuple(_LINK.findall(self.prose))

    @property
    def pictures(self) -> tuple[tuple[str, str], ...]:
        """Its pictures, each with the words that stand for it."""
        return tuple(_PICTURE.findall(self.prose))

    @property
    def code(self) -> tuple[str, ...]:
        """What it names as code within its sentences and tables."""
        return tuple(one.replace("\\|", "|") for one in _CODE.findall(self.prose))

    @property
    def outline(self) -> tuple[str, ...]:
        """What both languages have alike: how deep headings are, how wide and long tables, what blocks and pictures are there."""
        shape: list[str] = []
        text = _FENCE.sub(lambda one: f"```{one['kind']} {one['mark'] or ''}", self.text)
        for line in text.splitlines():
            if line.startswith("#"):
                shape.append(line.split(" ")[0])
            elif line.startswith("|"):
                shape.append(f"| {len(_CELLS.split(line))}")
            elif line.startswith(("```", "![", "<!-- made", "- ", "1. ")):
                shape.append(line if line.startswith(("```", "<!--")) else line[:2])
        return tuple(shape)


def page(language: Language, name: str) -> Page:
    """Return a page."""
    return Page(language, name, page_path(language, name).read_text("utf-8"))


def commands_of(block: Block) -> Iterator[tuple[str, ...]]:
    """Yield every call of jinkui in a block of a shell, as words; what the shell puts in for itself stays as it is written."""
    text = re.sub(r"<<'(\w+)'\n.*?^\1$", "", block.text.replace("\\\n", " "), flags=re.MULTILINE | re.DOTALL)
    for line in text.splitlines():
        for part in re.findall(r"(?:^|[;&|(] ?)(jinkui .*)", line):
            words = shlex.split(re.sub(r"\s[|;&)].*|\s>.*|\)$", "", part), comments=True)
            yield tuple(words[1:])


def slug(heading: str) -> str:
    """Return the name under which code hosts let a heading be linked to."""
    plain = re.sub(r"[`*]", "", heading).strip().lower()
    return re.sub(r"[^\w\- ]", "", plain).replace(" ", "-")
