"""Opening and closing records; nothing else opens anything."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from archives.errors import (
    AmbiguousError,
    ConflictError,
    NotFoundError,
    RefusedError,
)
from archives.journal.facts import Fact, OpeningDecided, OpeningSignatures, SignedBy
from archives.journal.openings import opening_text
from archives.journal.persons import FOUNDERS, Person, signers_of
from archives.message import message
from archives.proof.signing import key_text, sign
from archives.record.holding import Holding
from archives.record.identifiers import archival_code_key
from archives.record.rights import Conclusion, OpeningDecision, same_name
from archives.units.unit import Unit
from preservation.actions.persons import Signer, all_persons, signed_by, unlocked
from preservation.actions.review import WaitingRecord
from preservation.actions.secrecy import above_each, makes_public, refusal_to_name, refusal_to_open, refusal_to_tell
from preservation.actions.units.rowless import give_rows, rowless_fonds
from preservation.archive import Archive
from preservation.catalogue.holdings.unit_holdings import UnitHoldings
from preservation.catalogue.naming import doubled_in, named, named_unit


@dataclass(frozen=True, slots=True)
class AskedDecision:
    """A decision about the record that a code names; ``reviewed`` is the digest of what the reviewer saw, if it is known."""

    code: str
    repository: str | None
    decision: OpeningDecision
    reviewed: str = ""


@dataclass(frozen=True, slots=True)
class AppliedDecision:
    """What became of a decision: the record it stands for, or why it stands for none.

    ``is_new`` unless it was the record's last decision already. ``of_all`` says that it closes everything that has the
    code, of which ``holding`` is one, ``is_of_title`` that its public title is why it stands for none.
    """

    asked: AskedDecision
    holding: Holding | None
    is_new: bool = False
    of_all: bool = False
    failure: NotFoundError | ConflictError | RefusedError | None = None
    is_of_title: bool = False


def apply_decisions(
    archive: Archive, asked: Iterable[AskedDecision], signers: Sequence[Signer] = ()
) -> tuple[AppliedDecision, ...]:
    """Apply opening decisions: what can be applied is, the rest is named. May be called again with the same ones.

    What opens a record is signed by ``signers``; where that is needed and too few are given, it is not applied.
    """
    signing = _signing(archive, signers)
    outcomes = _judged(archive, asked, signing)
    opened = [one.holding for one in outcomes if one.holding and makes_public(one.asked.decision)]
    rowless = {one.unit_id: one for one in rowless_fonds(archive, opened)}
    new = [(one.holding, one.asked.decision, one.of_all) for one in outcomes if one.holding and one.is_new]
    _decide(archive, [one for one in new if one[0].unit_id not in rowless], signing)
    give_rows(archive, rowless.values())  # after everything that needs none
    _decide(archive, [one for one in new if one[0].unit_id in rowless], signing)
    return outcomes


def judge_decisions(
    archive: Archive, asked: Iterable[AskedDecision], signers: Sequence[Signer] = ()
) -> tuple[AppliedDecision, ...]:
    """Return what ``apply_decisions`` would make of these decisions; nothing is written."""
    return _judged(archive, asked, _signing(archive, signers))


def require_signatures(archive: Archive, signers: Sequence[Signer], *, required: bool, reason: str) -> None:
    """Let what opens a record need two persons' signatures from here on, or none; two persons sign that.

    Raises ``RefusedError`` for fewer, ``ConflictError`` where it is so already.
    """
    archive.begin_writing()
    persons = all_persons(archive)
    if persons.openings_signed is required:
        said = message("本来就是这样", "it is so already")
        advice = message(
            "无须再做；现状见 jinkui opening signatures",
            "nothing is to be done; jinkui opening signatures says how it stands",
        )
        raise ConflictError(said, subject="opening", advice=advice)
    fact = OpeningSignatures(required, reason, archive.vault.ledger.head().sequence)
    if signers:
        fact = signed_by(persons, fact, signers)
    if len(signers_of(persons, fact)) < FOUNDERS:
        raise _too_few()
    archive.vault.ledger.append([fact])
    archive.refresh()


def approve_unchanged(
    archive: Archive,
    waiting: Iterable[WaitingRecord],
    *,
    reviewer: str,
    approver: str,
    day: date,
    signers: Sequence[Signer] = (),
) -> None:
    """Let the decisions of before stand for the records as they are now, in the names of two persons.

    Raises ``RefusedError``, before anything is recorded, for one person under two names, without signatures where they
    are needed, and when a record is marked as secret by now.
    """
    if same_name(reviewer, approver):
        said = message("审核人和批准人须是两个人", "the reviewer and the approver must be two different people")
        advice = message("请写明另一位批准人", "name somebody else as the approver")
        raise RefusedError(said, subject=approver, advice=advice)
    signing = _signing(archive, signers)
    if signing.is_needed and len(signing.keys) < FOUNDERS:
        raise _too_few()
    waiting = tuple(waiting)
    for refused in (refusal_to_open(archive, one.holding) for one in waiting):
        if refused:
            raise refused
    decided = [
        (one.holding, replace(one.decision, reviewer=reviewer, approver=approver, reviewed_on=day), False)
        for one in waiting
    ]
    _decide(archive, decided, signing)


@dataclass(frozen=True, slots=True)
class _Signing:
    """Whether openings need signatures, and the keys of those who sign."""

    is_needed: bool
    keys: tuple[tuple[Person, bytes], ...] = field(repr=False)


def _signing(archive: Archive, signers: Sequence[Signer]) -> _Signing:
    persons = all_persons(archive)
    return _Signing(persons.openings_signed, unlocked(persons, signers))


def _judged(archive: Archive, asked: Iterable[AskedDecision], signing: _Signing) -> tuple[AppliedDecision, ...]:
    asked = tuple(asked)
    places = {one: _place(one) for one in asked}
    units = UnitHoldings(archive.catalogue).of_codes(places.values())
    above = above_each(archive, units.values())
    return tuple(_find(archive, one, signing, units.get(places[one]), above) for one in asked)


def _decide(archive: Archive, decided: Sequence[tuple[Holding, OpeningDecision, bool]], signing: _Signing) -> None:
    if not decided:
        return
    archive.begin_writing()
    after = archive.vault.ledger.head().sequence
    facts: list[Fact] = []
    for holding, decision, of_all in decided:
        written = holding.description.code.written
        fact = OpeningDecided(holding.key.repository, written, decision, holding.reviewed, holding.unit_id)
        if of_all:
            listed = archive.catalogue.units.by_code(holding.key.repository, [written])[holding.key.code_key]
            facts += [replace(fact, reviewed="", package_id=one.unit.unit_id) for one in listed]
            continue
        if signing.keys and decision.conclusion is Conclusion.OPEN:
            fact = replace(fact, after=after)
            text = opening_text(fact)
            by = (SignedBy(one.person_id, key_text(sign(key, None, text))) for one, key in signing.keys)
            fact = replace(fact, signed_by=tuple(by))
        facts.append(fact)
    archive.vault.ledger.append(facts)
    archive.refresh()


def _place(asked: AskedDecision) -> tuple[str | None, str]:
    repository, code = named(asked.code, asked.repository)
    return repository, archival_code_key(code)


def _find(
    archive: Archive,
    asked: AskedDecision,
    signing: _Signing,
    unit: Holding | None,
    above: Mapping[str, Sequence[Unit]],
) -> AppliedDecision:
    try:
        holding = unit or named_unit(archive.catalogue, asked.code, asked.repository)
    except (NotFoundError, AmbiguousError) as unknown:
        return _closed_by_code(archive, asked) or AppliedDecision(asked, None, failure=unknown)
    is_known, opens = holding.decisions[-1:] == (asked.decision,), asked.decision.conclusion is Conclusion.OPEN
    is_of_another = asked.reviewed not in ("", holding.reviewed)
    if opens and (is_of_another or (is_known and not asked.reviewed and holding.waits_for_review)):
        return AppliedDecision(asked, None, failure=_changed(asked.code))
    if opens and (untold := refusal_to_tell(holding, asked.decision)):
        return AppliedDecision(asked, None, failure=untold, is_of_title=True)
    if opens and (refused := refusal_to_open(archive, holding, above.get(holding.unit_id))):
        return AppliedDecision(asked, None, failure=refused)
    if not (is_known or asked.reviewed) and (named := refusal_to_name(holding, asked.decision)):
        return AppliedDecision(asked, None, failure=named)
    is_new = not is_known or holding.waits_for_review
    if opens and is_new and signing.is_needed and len(signing.keys) < FOUNDERS:
        return AppliedDecision(asked, None, failure=_too_few())
    if opens and is_new and _opens_too_early(holding, asked.decision):
        return AppliedDecision(asked, None, failure=_too_early(asked.code))
    return AppliedDecision(asked, holding, is_new)


def _closed_by_code(archive: Archive, asked: AskedDecision) -> AppliedDecision | None:
    """Return a decision that closes everything that has a code, where several units of one repository have it."""
    owner = doubled_in(archive.catalogue, asked.code, asked.repository)
    if asked.decision.conclusion is Conclusion.OPEN or not owner:
        return None
    key = archival_code_key(named(asked.code, asked.repository)[1])
    listed = archive.catalogue.units.by_code(owner, [key])[key][0]
    one = next(UnitHoldings(archive.catalogue).named([listed.unit.unit_id]), None)
    return AppliedDecision(asked, one, is_new=True, of_all=True) if one else None


def _opens_too_early(holding: Holding, decision: OpeningDecision) -> bool:
    """Say whether a record that never was open would have opened before it was reviewed."""
    was_opened = any(
        isinstance(one, OpeningDecision) and one.conclusion is Conclusion.OPEN for one in holding.decisions
    )
    opens_on = decision.takes_effect_on
    return not was_opened and opens_on is not None and opens_on < decision.reviewed_on


def _too_early(code: str) -> ConflictError:
    said = message("{code} 的开放日期早于审核日期", "{code} would have opened before it was reviewed", code=code)
    advice = message("请核对这一行的两个日期", "check the two dates of this row")
    return ConflictError(said, subject=code, advice=advice)


def _too_few() -> RefusedError:
    return RefusedError(
        message("须由两位在任人员签名", "two persons who act have to sign this"),
        subject="opening",
        advice=message("请用 --signer-key 给出两人的私钥", "give the keys of two with --signer-key"),
    )


def _changed(code: str) -> ConflictError:
    return ConflictError(
        message(
            "{code} 在审核之后有改动，决定未执行",
            "{code} changed after its review; the decision was not applied",
            code=code,
        ),
        subject=code,
        advice=message("jinkui opening review 列出待复审的档案", "jinkui opening review lists what waits for review"),
    )
