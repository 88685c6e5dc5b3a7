"""Identifiers: archival codes (档号), reference codes of any archives, repository codes, package identifiers.

Both living syntaxes of the archival code are read: DA/T 22-2015 (``Z109-WS·2011-Y-BGS-0001``) and DA/T 13-2022
(``Z109-WS·2011·Y·办公室-0001``). The written form is kept; matching uses ``key``, in which dots, hyphens, width and
case no longer differ. An archival code is an access point and unique within one repository, never a primary key.
"""

import re
import unicodedata
import uuid
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache

from archives.errors import IdentifierError
from archives.message import Message, message
from archives.text.unseen import without_unseen

_DOTS = dict.fromkeys(map(ord, "·•‧∙⋅・･．.ᐧ"), "·")
_HYPHENS = dict.fromkeys(map(ord, "‐‑‒–—―−﹣－"), "-")
_LIKE_BLANKS = dict.fromkeys(map(ord, "\u00a0\u2002\u2003\u2005\u2007\u2009\u200a\u202f\u205f\u2800"), "")
_PLAIN = re.compile(r"[0-9A-Z·\-\u4e00-\u9fa5]*")
_FORBIDDEN = re.compile(r"[\x00-\x1f\x7f/\\:;*?\"<>|\s]")
_EMPTY_PART = re.compile(r"(?:\A|-)·*(?:-|\Z)")
_YEAR = re.compile(r"(?:18|19|20)\d\d")
_LIKE_DIGITS = str.maketrans("OoIl", "0011")
_AMONG_DIGITS = re.compile(r"(?<![0-9A-Za-z])[A-HJ-NP-Z]?(?=[OolI]*[0-9])(?=[0-9]*[OolI])[0-9OolI]{2,}(?![0-9A-Za-z])")
_RETENTION = re.compile(r"Y|D\d{1,3}|永久|长期|短期|\d{1,3}年")
_CATEGORY = re.compile(r"[A-Z]{2}")
_LONGEST_CODE = 200
_LIKE_LOW_LINES = dict.fromkeys(map(ord, '·/\\:*?"<>|'), "_")
SEPARATORS = "-/·,. "
"""What stands between the parts of a code of any archives."""
_FONDS = re.compile(r"[A-Z]+(?: [A-Z]+)* \d+|[^-/·,. ]*")
_CONTROLS = re.compile(r"[\x00-\x1f\x7f]")
_NUMBER = re.compile(r"(\d+)")
_DIVIDERS = re.compile(r"[-/·,. ]+")


@dataclass(frozen=True, slots=True, order=True)
class RepositoryCode:
    """The code of an archives or records room, such as a six-digit 档案馆代码."""

    value: str

    def __post_init__(self) -> None:
        if not re.fullmatch(r"[0-9A-Za-z][0-9A-Za-z_-]{0,31}", self.value):
            raise IdentifierError(
                message("不是合规的馆（室）代码：{value}", "not a repository code: {value}", value=self.value),
                subject=self.value,
                advice=message(
                    "代码由 1 至 32 个字母、数字、- 或 _ 组成", "use 1 to 32 letters, digits, hyphens or underscores"
                ),
            )

    def __str__(self) -> str:
        return self.value


@dataclass(frozen=True, slots=True)
class ArchivalCode:
    """An archival code (档号) as it was written, with the parts that could be told apart.

    ``fonds`` is the 全宗号; ``category`` the two-letter 门类代码; ``retention`` the code as it stands (``Y``, ``D30``,
    ``永久``); ``office`` the 机构（问题）代码. A part that the code does not show is empty or None. Equality and order
    are those of ``key``.
    """

    written: str = field(compare=False)
    key: str
    fonds: str = field(compare=False)
    category: str = field(compare=False)
    year: int | None = field(compare=False)
    retention: str = field(compare=False)
    office: str = field(compare=False)

    def __str__(self) -> str:
        return self.written

    def rest_below(self, above: "ArchivalCode") -> str | None:
        """Return what this code adds to that of a unit above it, None where it does not begin with the whole of that one."""
        if (
            not above.key
            or not self.key.startswith(above.key)
            or self.key[len(above.key) :][:1] not in tuple(SEPARATORS)
        ):
            return None
        same = self.written.startswith(above.written)
        return self.written[len(above.written) :] if same else self.key[len(above.key) :]

    @property
    def order(self) -> str:
        """A text that orders codes as people do: numbers by value, what is above before what is below it."""
        return "".join([_by_value(one) for one in _NUMBER.split(self.key)])


@lru_cache(maxsize=1 << 12)
def parse_archival_code(text: str) -> ArchivalCode:
    """Read an archival code in either syntax.

    Raises ``IdentifierError`` when it is empty, has no hyphen, an empty part, or a character that no archival code
    holds (controls, blanks inside, ``/ \\ : ;`` and the other characters that file systems forbid).
    """
    is_plain = _PLAIN.fullmatch(text) is not None
    written = text if is_plain else unicodedata.normalize("NFC", _seen(text).strip())
    key = text if is_plain else archival_code_key(written)
    is_forbidden = not is_plain and _FORBIDDEN.search(key)
    if len(key) > _LONGEST_CODE or is_forbidden or "-" not in key or _EMPTY_PART.search(key):
        raise IdentifierError(
            message("不是合规的档号：{value}", "not an archival code (档号): {value}", value=text),
            subject=text,
            advice=message(
                "写成全宗号-类别号-件号的形式，例如 Z109-WS·2011-Y-BGS-0001",
                "write fonds-category-item, for example Z109-WS·2011-Y-BGS-0001",
            ),
        )
    fonds, *between = key.split("-")
    tokens = "·".join(between[:-1]).split("·")
    if not _CATEGORY.fullmatch(tokens[0]):
        return ArchivalCode(written, key, fonds, "", None, "", "")
    year = next((int(t) for t in tokens if _YEAR.fullmatch(t)), None)
    retention = next((t for t in tokens[1:] if _RETENTION.fullmatch(t)), "")
    return ArchivalCode(written, key, fonds, tokens[0], year, retention, _after(tokens, retention) if retention else "")


def as_read_alike(text: str) -> str:
    """Return a code, or a part of one, so that what looks the same is the same: O as 0, l and I as 1."""
    return text.translate(_LIKE_DIGITS)


def digits_meant(code: ArchivalCode) -> ArchivalCode | None:
    """Return the code with digits for the letters O, o, l, I that stand among digits, None where there are none or it is no code.

    Only what a part has of nothing but digits and such letters is read so: ``l998`` and ``OO31``, of ``J0O5`` what follows
    the J; never a part without any digit, nor letters beside other letters.
    """
    meant = _AMONG_DIGITS.sub(lambda found: as_read_alike(found[0]), code.written)
    if meant == code.written:
        return None
    try:
        return parse_archival_code(meant)
    except IdentifierError:
        return None


def reference_code(text: str) -> ArchivalCode:
    """Return a code of any archives as it is written (``HC/1/3``, ``RG 59, Box 3``), an archival code where it is one.

    Nothing is refused: a code that nobody can read is kept, and a unit may have none (the empty text).
    """
    try:
        return parse_archival_code(text)
    except IdentifierError:
        written = unicodedata.normalize("NFC", _seen(text).strip())
        key = archival_code_key(written)
        return ArchivalCode(written, key, fonds_of_key(key), "", None, "", "")


def fonds_of_key(key: str) -> str:
    """Return the number of the fonds in the matching form of a code: ``J019``, ``HC`` of ``HC/1/3``, ``RG 59``, ``MS 123``."""
    found = _FONDS.match(key)
    return found[0] if found else ""


class CodeRule(StrEnum):
    """By which rule an archives writes its codes: those of DA/T 13 and DA/T 22, or reference codes of its own."""

    DA_T = "da-t"
    FREE = "free"

    def parse(self, text: str) -> ArchivalCode:
        """Read a code; raises ``IdentifierError`` for what is none by this rule, or has lost a character."""
        is_whole = "\ufffd" not in text
        if self is CodeRule.DA_T and is_whole:
            return parse_archival_code(text)
        code = reference_code(text)
        is_text = is_whole and not _CONTROLS.search(text.strip())
        if not code.key.strip(SEPARATORS) or len(code.key) > _LONGEST_CODE or not is_text:
            raise IdentifierError(
                message("不能用作档号：{value}", "this cannot be a reference code: {value}", value=text),
                subject=text,
                advice=message("须有字母或数字，在一行之内", "it has letters or digits, on one line"),
            )
        return code

    @property
    def label(self) -> Message:
        """What readers call it."""
        return message("DA/T 13、DA/T 22", "DA/T 13, DA/T 22") if self is CodeRule.DA_T else message("自定", "free")


@lru_cache(maxsize=1 << 12)
def _by_value(part: str) -> str:
    """Return what orders a part of a code that is a number, or has none in it: a number by how long it is, then as it is."""
    if _NUMBER.fullmatch(part):
        digits = part.lstrip("0")
        return f"{len(digits):02}{digits}"
    return _DIVIDERS.sub("\t", part)


def archival_code_key(text: str) -> str:
    """Return the form in which two writings of one code are equal.

    Widths are folded (NFKC), letters are capitals, every dot is ``·`` and every dash is ``-``, blanks are one; what nobody sees
    is left out.
    """
    if _PLAIN.fullmatch(text):  # as nearly every code is written
        return text
    dashed = _seen(text).strip().translate(_HYPHENS).translate(_DOTS)
    folded = unicodedata.normalize("NFKC", dashed).translate(_HYPHENS).translate(_DOTS)
    return " ".join(folded.upper().split())


def _seen(text: str) -> str:
    """Return text without what nobody sees in it; a blank that only looks like one is no part of a code either."""
    return text if text.isascii() else without_unseen(text.translate(_LIKE_BLANKS))


def as_in_file_names(key: str) -> str:
    """Return the matching form of a code or a name in which what no file name holds (``/``), dots and low lines are equal."""
    return key.translate(_LIKE_LOW_LINES)


def is_fonds_number(key: str) -> bool:
    """Return whether a 全宗号, in the form of ``archival_code_key``, can begin an archival code as a part of its own."""
    try:
        return parse_archival_code(f"{key}-1").fonds == key
    except IdentifierError:
        return False


def archival_code_order(key: str) -> tuple[tuple[int, int, str], ...]:
    """Return what orders the matching forms of codes by their parts, numbers by value (件号 9 before 10)."""
    return tuple(
        (0, int(part), part) if part.isascii() and part.isdigit() else (1, 0, part) for part in re.split(r"[-·]", key)
    )


def _after(tokens: list[str], token: str) -> str:
    place = tokens.index(token) + 1
    following = tokens[place] if place < len(tokens) else ""
    return "" if following.isdigit() and len(following) > 3 else following


@dataclass(frozen=True, slots=True, order=True)
class PackageId:
    """The identifier of a package: a UUID, and the same as a URN for OCFL."""

    value: str

    def __post_init__(self) -> None:
        try:
            canonical = str(uuid.UUID(self.value))
        except ValueError:
            canonical = ""
        if canonical != self.value:
            raise IdentifierError(
                message("不是合规的信息包标识符：{value}", "not a package identifier: {value}", value=self.value),
                subject=self.value,
            )

    def __str__(self) -> str:
        return self.value

    @property
    def urn(self) -> str:
        """The identifier as a URN (RFC 9562 §4)."""
        return f"urn:uuid:{self.value}"


def parse_package_urn(urn: str) -> PackageId:
    """Read a package identifier from its URN; raises ``IdentifierError``."""
    return PackageId(urn.removeprefix("urn:uuid:"))


@dataclass(frozen=True, slots=True, order=True)
class RecordKey:
    """What identifies a record: its repository and the matching form of its archival code."""

    repository: str
    code_key: str

    def __str__(self) -> str:
        return f"{self.repository}:{self.code_key}"
