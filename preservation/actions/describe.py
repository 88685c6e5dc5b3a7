"""What an archive knows of repositories, described and looked up."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Literal

from archives.errors import ConfigurationError, ConflictError, NotFoundError, UsageProblem
from archives.journal.concern import Subject, SubjectKind
from archives.journal.facts import RepositoryAdded, RepositoryNamed
from archives.message import message
from archives.record.description import Repository
from archives.record.identifiers import CodeRule, RepositoryCode
from preservation.archive import Archive

_LISTED = message("已有的用 jinkui repository list 列出", "jinkui repository list says which there are")


def add_repository(
    archive: Archive,
    code: str,
    *,
    name: str,
    name_en: str,
    kind: Literal["馆", "室"],
    parent: str | None,
    codes: CodeRule | None = None,
) -> Repository:
    """Describe an archives or a records room; may be called again with the same description, or another rule for its codes.

    Raises ``NotFoundError`` for an unknown repository above it, ``ConflictError`` for a code that is described otherwise.
    """
    known = {one.code.value: one for one in archive.catalogue.repositories()}
    if parent is not None and parent not in known:
        raise NotFoundError(
            message("没有上级馆 {code}", "there is no repository {code}", code=parent), subject=parent, advice=_LISTED
        )
    above = RepositoryCode(parent) if parent else None
    stands = known.get(code)
    rule = codes or (stands.codes if stands else CodeRule.DA_T)
    new = Repository(RepositoryCode(code), name, name_en, kind, above, rule)
    if stands is not None and replace(stands, codes=rule) != new:
        raise ConflictError(
            message("代码 {code} 已登记为 {name}", "{code} is {name} already", code=code, name=stands.name),
            subject=code,
            advice=message(
                "写错的名称用 jinkui repository correct 改正，更名用 jinkui repository rename",
                "jinkui repository correct mends a name that is wrong, jinkui repository rename says a later one",
            ),
        )
    if stands != new:
        archive.begin_writing()
        archive.vault.ledger.append([RepositoryAdded(new)])
        archive.refresh()
    return new


@dataclass(frozen=True, slots=True)
class RepositoryName:
    """How a repository was described for a time: from a day on and until one (None: not known, or still).

    ``corrected`` tells that it was a mistake, and never so. ``said_at``, ``person`` and ``reason`` are of who said it.
    """

    repository: Repository
    since: date | None
    until: date | None
    corrected: bool
    said_at: datetime
    person: str
    reason: str


@dataclass(frozen=True, slots=True)
class Named:
    """What is to be said of a repository from now on: what is None stays."""

    name: str | None = None
    name_en: str | None = None
    kind: Literal["馆", "室"] | None = None
    parent: str | None = None


def name_repository(
    archive: Archive, code: str, named: Named, *, since: date | None, reason: str, person: str
) -> Repository:
    """Say that a repository was renamed on a day, or (``since`` None) that what was said of it was a mistake.

    Raises ``NotFoundError`` for an unknown repository, ``UsageProblem`` for nothing to say, or a day that cannot be.
    """
    stands, new = _renamed(archive, code, named)
    if new == stands:
        raise _nothing_to_change(code)
    if since is not None:
        names = repository_names(archive, code)
        _require_day(since, [one for one in names if not one.corrected], archive.world.today())
    return _say(archive, RepositoryNamed(new, reason, person, since))


def correct_day(archive: Archive, code: str, named: Named, since: date, *, reason: str, person: str) -> Repository:
    """Say that the day from which the present name of a repository holds was a mistake, and which is right.

    What else ``named`` says was a mistake, too. Raises as ``name_repository`` does.
    """
    stands, new = _renamed(archive, code, named)
    *before, present = [one for one in repository_names(archive, code) if not one.corrected]
    if new == stands and since == present.since:
        raise _nothing_to_change(code)
    _require_day(since, before, archive.world.today())
    return _say(archive, RepositoryNamed(new, reason, person, since, corrects=True))


def repository_names(archive: Archive, code: str) -> tuple[RepositoryName, ...]:
    """Return how a repository was described, from first to last, mistakes that were corrected too."""
    names: list[RepositoryName] = []
    for entry in archive.reading.entries_about(Subject(SubjectKind.REPOSITORY, code)):
        fact = entry.fact
        if not isinstance(fact, RepositoryAdded | RepositoryNamed):
            continue
        before = names.pop() if names else None
        reason, person = (fact.reason, fact.person) if isinstance(fact, RepositoryNamed) else ("", entry.agent)
        since = fact.since if isinstance(fact, RepositoryNamed) else None
        corrects = isinstance(fact, RepositoryNamed) and fact.corrects
        if before and since and corrects:
            names = [*_ended(names, since), replace(before, corrected=True)]
        elif before and since:
            names.append(replace(before, until=since - timedelta(days=1)))
        elif before and _is_called_otherwise(before.repository, fact.repository):
            names.append(replace(before, corrected=True))
        held_from = since or (before.since if before else None)
        names.append(RepositoryName(fact.repository, held_from, None, False, entry.at, person, reason))
    return tuple(names)


def _ended(names: Sequence[RepositoryName], since: date) -> list[RepositoryName]:
    """Return names of which the last that held ended on the day before another one."""
    held = [place for place, one in enumerate(names) if not one.corrected]
    last = held[-1] if held else None
    return [replace(one, until=since - timedelta(days=1)) if place == last else one for place, one in enumerate(names)]


def _renamed(archive: Archive, code: str, named: Named) -> tuple[Repository, Repository]:
    """Return a repository as it stands and as it is to be; raises ``NotFoundError``, ``UsageProblem`` for one above itself."""
    known = {one.code.value: one for one in archive.catalogue.repositories()}
    for one in (code, named.parent):
        require_repository(archive, one)
    stands = known[code]
    said = {
        "name": named.name,
        "name_en": named.name_en,
        "kind": named.kind,
        "parent": RepositoryCode(named.parent) if named.parent else None,
    }
    new = replace(stands, **{field: value for field, value in said.items() if value is not None})  # type: ignore[arg-type]  # of its own fields
    if new.parent == new.code:
        raise UsageProblem(message("馆不能是自己的上级", "a repository is not above itself"), subject="--parent")
    return stands, new


def _nothing_to_change(code: str) -> UsageProblem:
    return UsageProblem(
        message("没有要改的：{code} 已如此登记", "nothing to change: {code} is described so already", code=code),
        subject=code,
    )


def _say(archive: Archive, fact: RepositoryNamed) -> Repository:
    archive.begin_writing()
    archive.vault.ledger.append([fact])
    archive.refresh()
    return fact.repository


def _is_called_otherwise(one: Repository, other: Repository) -> bool:
    """Say whether two descriptions of a repository differ in more than the rule of its codes."""
    return replace(one, codes=other.codes) != other


def _require_day(since: date, before: Sequence[RepositoryName], today: date) -> None:
    """Raise ``UsageProblem`` for a day that has not come, or on which one of the names before began later."""
    begun = max((one.since for one in before if one.since), default=None)
    if since > today:
        said = message(
            "{day} 还没有到，请到那天再登记", "{day} has not come yet: say it on that day", day=since.isoformat()
        )
        raise UsageProblem(said, subject="--since")
    if begun is not None and since <= begun:
        said = message(
            "此前的名称自 {begun} 起使用，下一名称须在其后",
            "the name before holds from {begun} on; the next one begins after that",
            begun=begun.isoformat(),
        )
        raise UsageProblem(said, subject="--since")


def require_repository(archive: Archive, code: str | None) -> None:
    """Raise ``NotFoundError`` for the code of a repository that nobody described; None names none."""
    if code is not None and code not in {one.code.value for one in archive.catalogue.repositories()}:
        raise NotFoundError(
            message("没有代码为 {code} 的馆（室）", "there is no repository {code}", code=code),
            subject=code,
            advice=_LISTED,
        )


def named_repository(archive: Archive, named: str | None) -> RepositoryCode:
    """Return the repository that was named, or the only one; raises ``ConfigurationError``."""
    known = {one.code.value: one.code for one in archive.catalogue.repositories()}
    if named is None and len(known) == 1:
        return next(iter(known.values()))
    if named is not None and named in known:
        return known[named]
    raise ConfigurationError(
        message(
            "请用 --repository 指明馆（室）：{known}",
            "name the repository with --repository: {known}",
            known=", ".join(known) or "—",
        ),
        subject=named or "repository",
    )
