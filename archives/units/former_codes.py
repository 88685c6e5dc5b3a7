"""The codes that something had before (原档号): one element that names them all, the oldest first."""

import re
from collections.abc import Iterable, Sequence

from archives.errors import AmbiguousError, IdentifierError
from archives.message import message
from archives.record.description import Description
from archives.record.identifiers import ArchivalCode, archival_code_key, parse_archival_code, reference_code

_BETWEEN = re.compile(r"[；;\n]")
_JOINED = "；"
_REFERENCE = re.compile(r"[0-9A-Za-z]{1,8}(?:[-/·.,: ]+[0-9A-Za-z]{1,8})*")
"""A code of archives with a rule of their own (``HC/1/3``, ``RG 59, Box 3``): no part is as long as a number of a person."""


def former_codes(said: Description) -> tuple[str, ...]:
    """Return the codes that a description says it had before, as written, the oldest first."""
    return _each(said.former_code)


def public_former_codes(said: Description) -> tuple[str, ...]:
    """Return those of them of which the public is told: what reads as a code; whatever else stands there is for the archives."""
    return tuple(one for one in former_codes(said) if _reads_as_code(one))


def public_keys(said: Description, known: Iterable[str]) -> tuple[str, ...]:
    """Return those of the matching forms that a unit is known by without the ones of what is said there and is no code."""
    kept_back = former_keys(said) - {reference_code(one).key for one in public_former_codes(said)}
    return tuple(one for one in known if one not in kept_back)


def former_keys(said: Description) -> frozenset[str]:
    """Return the same in the form in which codes are matched, without the one that it has now."""
    return keys_before(said.former_code, said.code)


def keys_before(former: str, now: ArchivalCode) -> frozenset[str]:
    """Return the same of the element, and of the code that the unit has now."""
    return frozenset(reference_code(one).key for one in _each(former)) - {now.key, ""} if former else frozenset()


def had_too(said: Description, now: str) -> str:
    """Return the element for a description whose code becomes ``now``: the one that it has stands last, none twice."""
    keys = {archival_code_key(now)}
    kept: list[str] = []
    for one in reversed((*former_codes(said), said.code.written)):
        if one and (key := archival_code_key(one)) not in keys:
            keys.add(key)
            kept.insert(0, one)
    return _JOINED.join(kept)


def had_by_several(code: str, candidates: Sequence[str]) -> AmbiguousError:
    """Return the error that says that several things had a code before; ``candidates`` are their codes of now."""
    return AmbiguousError(
        message("档号 {code} 先后属于几件档案", "several records had the archival code {code}", code=code),
        candidates=(*candidates,),
        subject=code,
        advice=message("请用现在的档号：{all}", "name one by its code of now: {all}", all=", ".join(candidates)),
    )


def had_alike(code: str, candidates: Sequence[str]) -> AmbiguousError:
    """Return the error that says that several units of a repository have a code; ``candidates`` are their identifiers."""
    return AmbiguousError(
        message(
            "有 {n} 个单元的档号都是 {code}", "{n} units have the archival code {code}", n=len(candidates), code=code
        ),
        candidates=(*candidates,),
        subject=code,
        advice=message(
            "请写单元标识：{all}；要改其中一个的档号：jinkui renumber 单元标识 新档号",
            "name one by its identifier: {all}; to give one another code: jinkui renumber IDENTIFIER CODE",
            all=", ".join(candidates),
        ),
    )


def held_by_several(code: str, candidates: Sequence[str]) -> AmbiguousError:
    """Return the error that says that several repositories hold a code; ``candidates`` name each."""
    return AmbiguousError(
        message("档号 {code} 在几个馆（室）中都有", "several repositories hold the archival code {code}", code=code),
        candidates=(*candidates,),
        subject=code,
        advice=message("请写明其中一个：{all}", "name one of them: {all}", all=", ".join(candidates)),
    )


def _reads_as_code(text: str) -> bool:
    try:
        parse_archival_code(text)
    except IdentifierError:
        return bool(_REFERENCE.fullmatch(text)) and any(one.isdigit() for one in text)
    return any(one.isdigit() for one in text)


def _each(former: str) -> tuple[str, ...]:
    return tuple(one.strip() for one in _BETWEEN.split(former) if one.strip())
