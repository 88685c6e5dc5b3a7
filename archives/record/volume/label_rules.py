"""From the names of files to the labels of pages: rules as data, those of a profile before the usual ones of practice."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import count

from archives.errors import ConfigurationError
from archives.message import message
from archives.record.volume.page_label import PageKind, PageLabel, parse_page_number
from archives.text.numerals import HAN, han_value


@dataclass(frozen=True, slots=True)
class LabelRule:
    """What names of a pattern are called; the pattern fits the whole name beyond the volume's code, without its ending.

    Its group ``number`` (or else its first) is the number; ``number`` is that of names without one. Names are compared in
    one width and in small letters.
    """

    pattern: re.Pattern[str]
    kind: PageKind
    number: int | None = None

    def label(self, plain: str) -> PageLabel | None:
        """Return the label of a name, None for one that the rule does not fit."""
        found = self.pattern.fullmatch(plain)
        if not found:
            return None
        groups = found.groupdict()
        digits = groups.get("number") or ("" if groups else next(filter(None, found.groups()), ""))
        if self.kind is PageKind.PAGE:
            return parse_page_number(digits or plain)
        number = _value(digits)
        if number is None:
            number, digits = self.number, str(self.number or "")
        return PageLabel(self.kind, number, digits if digits.isdecimal() else str(number or ""))


_ZEROS = re.compile("0+")
"""What comes before page 1 and has a number all the same: nobody numbers a page 0 on paper, and scanners the cover."""
_SIGN = r"[-_. /]*"
_COUNT = rf"(?P<number>\d{{1,4}}|[{HAN}]{{1,3}})"


def _usual(words: str, kind: PageKind, number: int | None = None) -> LabelRule:
    """Return the rule of words that name a page, with a number behind them; a running one before them says nothing."""
    return LabelRule(re.compile(rf"(?:\d{{1,4}}{_SIGN})?(?:{words})(?:{_SIGN}第?{_COUNT}[页頁]?)?"), kind, number)


USUAL: tuple[LabelRule, ...] = (
    _usual(r"(?:案卷|卷|正面?)?封面|封一|[封卷]皮|卷封|fm|front ?cover|cover|front", PageKind.COVER),
    _usual(r"封二", PageKind.COVER, 2),
    _usual(r"扉[页頁]|title ?page|title", PageKind.COVER, 3),
    _usual(r"(?:卷内|卷內)?(?:文件)?目[录錄]|(?:jn|jnwj)?ml|contents|toc|list of contents", PageKind.CONTENTS),
    _usual(r"(?:卷内|卷內)?[备備]考表?|(?:jn)?bkb?|closing(?: note)?", PageKind.CLOSING),
    _usual(r"封三", PageKind.BACK, 3),
    _usual(r"封底|底封|封四|[封后][背封]|fd|df|back ?cover|back", PageKind.BACK),
)
"""What scanning contracts and vendors call the parts of a volume that have no 页号."""

PAGE_KINDS = {
    "cover": PageKind.COVER,
    "contents": PageKind.CONTENTS,
    "page": PageKind.PAGE,
    "closing": PageKind.CLOSING,
    "back": PageKind.BACK,
}
_KEYS = frozenset({"name", "kind", "number"})


def label_of(name: str, rules: Sequence[LabelRule] = ()) -> PageLabel:
    """Return what a page is called by its file's name beyond the volume's code (folders and all, without the ending).

    A profile's ``rules`` come before the usual ones. What no rule knows is of the kind ``OTHER``, as written.
    """
    plain = unicodedata.normalize("NFKC", name).casefold().strip(" -_.·/")
    for rule in rules:
        if found := rule.label(plain):
            return found
    if number := parse_page_number(plain):
        return PageLabel(PageKind.COVER) if _ZEROS.fullmatch(plain) else number
    usual = (found for rule in USUAL if (found := rule.label(plain)))
    return next(usual, PageLabel(PageKind.OTHER, digits=name.strip(" -_./") or name))


def labels_of(names: Sequence[str], rules: Sequence[LabelRule] = ()) -> tuple[PageLabel, ...]:
    """Return what the pages of one volume are called; of a kind without numbers, several are numbered in the order of names."""
    labels = [label_of(name, rules) for name in names]
    bare: dict[PageKind, list[int]] = {}
    for place, label in enumerate(labels):
        if not label.digits and label.kind is not PageKind.OTHER:
            bare.setdefault(label.kind, []).append(place)
    for kind, places in bare.items():
        taken = {label.number for label in labels if label.kind is kind and label.number is not None}
        free = (number for number in count(1) if number not in taken)
        for place in sorted(places, key=lambda one: names[one]) if len(places) > 1 else ():
            number = next(free)
            labels[place] = replace(labels[place], number=number, digits=str(number))
    return tuple(labels)


def label_in_item(name: str, item: str, rules: Sequence[LabelRule] = ()) -> PageLabel:
    """Return the label of a page that is counted within its item, of which ``item`` is the number."""
    label = label_of(name, rules)
    if label.kind is PageKind.COVER and (zero := parse_page_number(name)):
        label = zero  # within an item it is a page that the item counts from 0
    return replace(label, item=item) if label.kind is PageKind.PAGE else label


def parse_rules(tables: Sequence[Mapping[str, object]]) -> tuple[LabelRule, ...]:
    """Read the rules of a profile, as TOML gives them (``[[pages]] name = 'C(\\d+)' kind = 'cover'``).

    ``name`` is a regular expression, ``kind`` one of cover, contents, page, closing and back, ``number`` a whole number.
    Raises ``ConfigurationError``.
    """
    return tuple(map(_rule, tables))


def _rule(table: Mapping[str, object]) -> LabelRule:
    name, kind, number = table.get("name"), table.get("kind"), table.get("number")
    if not isinstance(name, str) or kind not in PAGE_KINDS or not (number is None or isinstance(number, int)):
        raise _unusable(", ".join(f"{key} = {value}" for key, value in table.items()))
    if unknown := sorted(set(table) - _KEYS):
        raise _unusable(", ".join(unknown))
    try:
        return LabelRule(
            re.compile(name.casefold() if name.isalnum() else name, re.IGNORECASE), PAGE_KINDS[kind], number
        )
    except re.error as cause:
        raise _unusable(f"{name} ({cause})") from cause


def _unusable(what: str) -> ConfigurationError:
    return ConfigurationError(
        message("页标识的规则不能用：{what}", "a rule for page labels that cannot be used: {what}", what=what),
        subject=what,
        advice=message(
            "每条规则写 name（正则表达式，整名匹配）和 kind（{kinds} 之一），可写 number",
            "a rule has name (a regular expression for the whole name) and kind (one of {kinds}), and may have number",
            kinds=", ".join(PAGE_KINDS),
        ),
    )


def _value(digits: str) -> int | None:
    if not digits:
        return None
    return int(digits) if digits.isdecimal() else han_value(digits)
