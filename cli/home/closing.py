"""Closing a record: what the public reaches first, the journal next, everything else after, each on its own.

Whatever is in the way of one step, the others are tried; what could not be done is named, and the mark that was made
first keeps the record closed until all is done.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from itertools import chain
from pathlib import Path

from archives.errors import AmbiguousError, ConflictError, JinkuiError, NotFoundError, SearchError
from archives.message import Message, joined, message
from archives.record.identifiers import archival_code_key, fonds_of_key
from archives.record.rights import Withdrawal
from archives.units.former_codes import held_by_several
from cli import wiring
from cli.frame.commands import Call
from cli.home.carried import ToClose, carried, carry, goes_on_elsewhere
from cli.home.home import Home, home_of
from preservation.actions.units.withdrawing import require_in_enough_stores, withdraw
from preservation.catalogue.naming import doubled_in, named, named_unit
from preservation.locks import Patience
from search.index.search_index import SearchIndex
from search.published.closing import STEPS, Owed, Step, take_back, tried
from search.published.lookup import published_under
from search.published.marks import code_mark, fonds_mark, is_code_mark, marks_on
from search.published.views import PublishedViews

_TRIES, _BETWEEN_SECONDS = 100, 0.1


@dataclass(frozen=True, slots=True)
class Closing:
    """How far a closing came: the record as it was named, whether it was open as far as can be told, what is owed.

    ``carry`` is what has to be closed where the archive goes on, because nobody there hears of this home;
    ``is_on_sheet`` says whether it stands in the sheet that is carried there.
    """

    archival_code: str
    repository: str
    was_open: bool
    owed: tuple[Owed, ...]
    carry: ToClose | None = None
    is_on_sheet: bool = False

    @property
    def is_closed(self) -> bool:
        """Whether the public is kept from the record: by its mark, or because there is no view of it."""
        return not {Step.MARK, Step.VIEW} <= {one.step for one in self.owed}


@dataclass(frozen=True, slots=True)
class Target:
    """What is to be closed: its mark, its names, the journal's entry that it was published from, whether it is open."""

    mark: str
    repository: str
    archival_code: str
    rows: int = 0
    is_open: bool = True

    @property
    def marks(self) -> tuple[str, ...]:
        """Its mark, and of a fonds that on its name, which stands with every record of it."""
        key = archival_code_key(self.archival_code)
        is_fonds = self.repository and fonds_of_key(key) == key and not is_code_mark(self.mark)
        return tuple(dict.fromkeys((self.mark, *([fonds_mark(self.repository, key)] if is_fonds else []))))


def close_record(call: Call, code: str, *, repository: str | None, reason: str) -> Closing:
    """Take an opening back; may be called again for what is owed.

    Raises ``NotFoundError`` or ``AmbiguousError`` before anything is done when the code names no record, or several.
    """
    repository, code = named(code, repository)
    home = _home(call)
    views = PublishedViews(_public(call) / "public.db", today=wiring.today)
    target = published(call, code, repository) or _catalogued(call, home, code, repository)
    owed = _shut(call, views, target, lambda: home().public.index)
    if not is_code_mark(target.mark) and Step.MARK not in {one.step for one in owed}:
        keys = {archival_code_key(text) for text in (code, target.archival_code)}
        for name in marks_on(target.repository, keys):  # of a time when nothing told which record it was
            owed += tried(Step.MARK, partial(views.marks.remove, name))
    home_owed, sequence = _journal(home, views, target, reason)
    owed += home_owed
    to_carry = ToClose(target.repository, target.archival_code, reason)
    elsewhere = _goes_on_elsewhere(home)
    not_on_sheet = tried(Step.CARRY, lambda: carry(home(), to_carry)) if elsewhere else ()
    owed += not_on_sheet
    if sequence and not elsewhere:
        owed += tried(Step.CARRY, lambda: carried(home(), target.repository, target.archival_code))
    owed = _reconciled(home, views, target, owed, sequence)
    return Closing(
        target.archival_code,
        target.repository,
        target.is_open,
        owed,
        carry=to_carry if elsewhere else None,
        is_on_sheet=elsewhere and not not_on_sheet,
    )


def told_closing(done: Closing) -> list[Message]:
    """Return what became of a closing, and what kept the rest from being done; a home that was moved does nothing later."""
    said = [_said(done)]
    reasons = {owed.failure.with_advice: owed.failure for owed in done.owed}  # each once, whatever it is in the way of
    for key, why in reasons.items():
        steps = joined([STEPS[owed.step] for owed in done.owed if owed.failure.with_advice == key])
        owed = message("尚欠 {steps}：{why}", "owed: {steps}: {why}", steps=steps, why=why.message)
        not_here = message("此处不做 {steps}：{why}", "not done here: {steps}: {why}", steps=steps, why=why.message)
        said += [not_here if done.carry else owed, *([why.advice] if why.advice else [])]
    return said


def _home(call: Call) -> Callable[[], Home]:
    """Return what opens the home when it is first needed, and waits for nobody's lock for long."""
    opened: list[Home] = []

    def home() -> Home:
        if not opened:
            opened.append(home_of(call))
            opened[0].archive.locks.patience = Patience(_TRIES, lambda: wiring.wait(_BETWEEN_SECONDS))
        return opened[0]

    return home


def _public(call: Call) -> Path:
    return call.home / "public"


def published(call: Call, code: str, repository: str | None, *, former: bool = False) -> Target | None:
    """Find a record through what is published alone; None where it is not there, or nobody can tell.

    What only had the code is found (``former``) where the catalogue cannot say that another has it now.
    """
    try:
        found = published_under(_public(call) / "public.db", archival_code_key(code), repository, former=former)
    except SearchError:
        return None
    if len(found) > 1:
        raise held_by_several(code, [f"{one.repository}:{code}" for one in found])
    return Target(found[0].view_id, found[0].repository, found[0].archival_code, found[0].sequence) if found else None


def _catalogued(call: Call, home: Callable[[], Home], code: str, repository: str | None) -> Target:
    """Find a unit that is not published in the catalogue; where that cannot be asked, its code is closed.

    So it is where several units of a repository have it.
    """
    try:
        holding = named_unit(home().catalogue, code, repository)
    except AmbiguousError as several:
        owner = doubled_in(home().catalogue, code, repository)
        if several.candidates or not owner:
            raise
        return Target(code_mark(owner, archival_code_key(code)), owner, code)
    except NotFoundError:
        raise
    except JinkuiError:
        if known := published(call, code, repository, former=True):
            return known
        return Target(code_mark(repository or "", archival_code_key(code)), repository or "", code)
    written, is_open = holding.description.code.written, holding.access_on(wiring.today()).is_open
    return Target(holding.unit_id, holding.key.repository, written, holding.sequence, is_open)


def _shut(call: Call, views: PublishedViews, target: Target, index: Callable[[], SearchIndex]) -> tuple[Owed, ...]:
    if is_code_mark(target.mark):
        return tried(Step.MARK, lambda: views.marks.put(target.mark))
    named = (tried(Step.MARK, partial(views.marks.put, one)) for one in target.marks[1:])
    owed = tuple(chain.from_iterable(named))
    return owed + take_back(views, _public(call) / "images", index, target.mark, mark=0, rows=target.rows)


def _journal(
    home: Callable[[], Home], views: PublishedViews, target: Target, reason: str
) -> tuple[tuple[Owed, ...], int]:
    """Record the closing, and in its mark by which entry."""
    entry = [0]

    def record() -> None:
        if not target.repository:
            raise _which_repository(target.archival_code)
        unit_id = "" if is_code_mark(target.mark) else target.mark
        withdrawal = Withdrawal(reason)
        entry[0] = withdraw(home().archive, target.repository, target.archival_code, withdrawal, unit_id=unit_id)

    owed = tried(Step.JOURNAL, record)
    if entry[0]:
        owed += tried(Step.MARK, lambda: views.marks.put(target.mark, sequence=entry[0]))
    return owed, entry[0]


def _goes_on_elsewhere(home: Callable[[], Home]) -> bool:
    with suppress(JinkuiError):
        return goes_on_elsewhere(home())
    return False


def _reconciled(
    home: Callable[[], Home], views: PublishedViews, target: Target, owed: tuple[Owed, ...], sequence: int
) -> tuple[Owed, ...]:
    """Recover, then bring everything public up to the journal; return what is owed after that."""
    left: list[Owed] = []

    def follow() -> None:
        done = home().follow()
        for trouble in done.troubles:
            if trouble.package_id == target.mark:
                left.append(Owed(Step.RECONCILE, trouble.failure))
        done.require_indexes()

    after = (*tried(Step.RECONCILE, lambda: home().begin_writing()), *tried(Step.RECONCILE, follow))
    if sequence:
        after += tried(Step.JOURNAL, lambda: require_in_enough_stores(home().archive, sequence))
    passed = bool(sequence) and _is_passed(views, target)
    before = tuple(one for one in owed if one.step is Step.JOURNAL or not passed)
    return _each_once((*before, *after, *(left if not before else ())))


def _each_once(owed: tuple[Owed, ...]) -> tuple[Owed, ...]:
    """Return what is owed, what one thing is in the way of said once."""
    return tuple({(one.step, str(one.failure)): one for one in owed}.values())


def _is_passed(views: PublishedViews, target: Target) -> bool:
    """Say whether nothing of a record is left, and no mark is needed any more."""
    with suppress(SearchError):
        return target.mark not in views.marks.standing() and views.stored(target.mark) is None
    return False


def _which_repository(code: str) -> ConflictError:
    return ConflictError(
        message("不知道 {code} 属于哪个馆（室）", "nothing tells which repository holds {code}", code=code),
        subject=code,
        advice=message("请写成 馆代码:档号 再运行一次", "write REPOSITORY:CODE and run this again"),
    )


def _said(done: Closing) -> Message:
    code = done.archival_code
    if not done.owed and not done.was_open:
        return message(
            "{code} 本来就没有开放；撤回已记入日志", "{code} was not open; the withdrawal is recorded", code=code
        )
    if not done.owed:
        return message("已撤回 {code} 的开放", "{code} is closed", code=code)
    if done.is_closed and done.carry:
        return message(
            "{code} 已在此处对公众封闭；档案库在别处继续，此处不再做别的",
            "{code} is closed to the public here; the archive goes on elsewhere, and nothing more is done about it here",
            code=code,
        )
    if done.is_closed:
        return message(
            "{code} 已对公众封闭，但尚未办完", "{code} is closed to the public, and not all is done yet", code=code
        )
    return message(
        "{code} 未能封闭，公众可能仍看得到", "{code} could not be closed: the public may still see it", code=code
    )
