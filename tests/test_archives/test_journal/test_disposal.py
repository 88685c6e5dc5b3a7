"""Nothing is destroyed that the journal does not bear out: core, two signatures, version, retention, no hold."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archives.errors import FormatError
from archives.journal.chain import Entry
from archives.journal.disposal import CoreRecord, PlanCore, judge_intent, judge_tombstone, parse_core
from archives.journal.facts import (
    DisposalAbandoned,
    DisposalApproved,
    DisposalIntended,
    DisposalPlanned,
    Fact,
    HistoryAdopted,
    HoldLifted,
    HoldPlaced,
    PackageDisposed,
    PackageStored,
    PackageSucceeded,
    PersonAdded,
    PersonsBegunAnew,
    Unproved,
)
from archives.proof.signing import key_text, sign
from archives.record.record import PackageKind
from tests.support.disposal import TODAY, approval, approved, founders, new_person, planned_of, private_key

MOMENT = datetime(2026, 1, 2, tzinfo=UTC)
CODE = "Z109-WS·2001-D10-BGS-0001"
STORED = PackageStored("p", 1, "f" * 128, 1, PackageKind.RECORD, "990001", CODE, "batch", ("a",))
PLANNED = planned_of(STORED)
INTENT = DisposalIntended("p", "plan")
HOLD = HoldPlaced("h", "990001", CODE, "case 17")
TOMBSTONE = PackageDisposed("p", "plan", "990001", CODE)


def entries(*facts: Fact) -> list[Entry]:
    """Return the facts as the first entries of a journal."""
    return [Entry(number, "", MOMENT, "a", fact) for number, fact in enumerate(facts, 1)]


def judge(*facts: Fact, intent: DisposalIntended = INTENT) -> Unproved | None:
    """Judge an intent on what a journal holds."""
    return judge_intent(intent, entries(*facts), today=TODAY)


WHOLE: tuple[Fact, ...] = (founders(), STORED, *approved(PLANNED))


def test_what_two_people_signed_may_go() -> None:
    assert judge(*WHOLE) is None


def without(kind: type[Fact], number: int = 0) -> Sequence[Fact]:
    """Return a whole proof without one of its facts of a kind."""
    (left_out,) = [fact for fact in WHOLE if isinstance(fact, kind)][number : number + 1]
    return [fact for fact in WHOLE if fact is not left_out]


def signed_by(*approvals: DisposalApproved, planned: DisposalPlanned = PLANNED) -> Sequence[Fact]:
    """Return a proof with these approvals."""
    return (founders(), STORED, planned, *approvals)


LI, WANG = approval(PLANNED, "li"), approval(PLANNED, "wang")
OTHER_DAY = planned_of(STORED, day=date(2030, 1, 1))
NAMED_TWICE = (founders("planner", "li"), STORED, PLANNED, LI)
OTHER_CODE = replace(STORED, version=2, inventory_sha512="e" * 128, archival_code="Z109-WS·2001-D10-BGS-0009")


@pytest.mark.parametrize(
    ("facts", "why"),
    [
        (without(DisposalPlanned), Unproved.NO_PLAN),
        (without(DisposalApproved), Unproved.NOT_APPROVED),
        (without(DisposalApproved, 1), Unproved.NOT_APPROVED),
        (without(PackageStored), Unproved.OTHER_VERSION),
        (signed_by(LI, LI), Unproved.NOT_APPROVED),
        (signed_by(LI, approval(PLANNED, "planner")), Unproved.NOT_APPROVED),
        (signed_by(LI, approval(PLANNED, "wang", key_of="li")), Unproved.NOT_APPROVED),
        (signed_by(LI, replace(WANG, signature="")), Unproved.NOT_APPROVED),
        (signed_by(LI, replace(WANG, plan_sha256="6" * 64)), Unproved.NOT_APPROVED),
        (signed_by(LI, approval(OTHER_DAY, "wang")), Unproved.NOT_APPROVED),
        (signed_by(LI, WANG, planned=OTHER_DAY), Unproved.NOT_APPROVED),
        (signed_by(LI, WANG, planned=replace(PLANNED, planner="zhao")), Unproved.NO_PLAN),
        (signed_by(LI, WANG, planned=replace(PLANNED, mistake="x")), Unproved.NO_PLAN),
        (signed_by(LI, WANG, planned=replace(PLANNED, core=f" {PLANNED.core}")), Unproved.NOT_APPROVED),
        (signed_by(LI, WANG, planned=replace(PLANNED, core="")), Unproved.NO_CORE),
        ((STORED, *approved(PLANNED), founders()), Unproved.NOT_APPROVED),
        ((*WHOLE, replace(STORED, version=2, inventory_sha512="e" * 128)), Unproved.OTHER_VERSION),
        ((founders(), replace(STORED, inventory_sha512="e" * 128), *approved(PLANNED)), Unproved.OTHER_VERSION),
        ((founders(), STORED, *approved(planned_of(replace(STORED, package_id="q")))), Unproved.NOT_NAMED),
        ((founders(), STORED, *approved(planned_of(STORED, retention_end=None))), Unproved.NOT_RUN_OUT),
        ((founders(), STORED, *approved(planned_of(STORED, retention_end=date(2026, 1, 3)))), Unproved.NOT_RUN_OUT),
        (
            (founders(), STORED, *approved(planned_of(STORED, retention_end=date(2027, 1, 1), day=date(2027, 1, 1)))),
            Unproved.NOT_RUN_OUT,
        ),
        ((*WHOLE, HOLD), Unproved.HELD),
        ((HOLD, *WHOLE), Unproved.HELD),
        ((*WHOLE, replace(HOLD, archival_code=CODE.lower())), Unproved.HELD),
        (
            (
                founders(),
                STORED,
                HOLD,
                OTHER_CODE,
                *approved(planned_of(OTHER_CODE)),
            ),
            Unproved.HELD,
        ),
        (
            (*WHOLE, PersonsBegunAnew((new_person("zhao"), new_person("qian")), "lost")),
            Unproved.NOT_APPROVED,
        ),
    ],
)
def test_anything_less_may_not(facts: Sequence[Fact], why: Unproved) -> None:
    assert judge(*facts) is why


def test_a_hold_that_was_lifted_and_another_records_hold_stand_against_nothing() -> None:
    assert judge(*WHOLE, HOLD, HoldLifted("h", "closed")) is None
    assert judge(*WHOLE, replace(HOLD, repository="990002")) is None


def test_what_was_taken_in_by_mistake_may_go_before_its_time_but_not_under_a_hold() -> None:
    mistaken = approved(planned_of(STORED, retention_end=None, mistake="another archives' record"))
    assert judge(founders(), STORED, *mistaken) is None
    assert judge(founders(), STORED, *mistaken, HOLD) is Unproved.HELD


def test_those_who_were_registered_anew_may_sign_what_was_planned_before() -> None:
    anew = PersonsBegunAnew((new_person("zhao"), new_person("qian")), "lost")
    late = (approval(PLANNED, "zhao"), approval(PLANNED, "qian"))
    assert judge(founders(), STORED, PLANNED, anew, *late) is None


Change = Callable[[Sequence[Fact]], Sequence[Fact]]


def test_a_tombstone_is_judged_by_what_was_known_when_it_was_begun() -> None:
    done = (*WHOLE, INTENT, TOMBSTONE)
    assert judge_tombstone("p", entries(*done)) is None
    anew = PersonsBegunAnew((new_person("zhao"), new_person("qian")), "lost")
    assert judge_tombstone("p", entries(*done, HOLD, anew)) is None


@pytest.mark.parametrize(
    ("facts", "why"),
    [
        ((*WHOLE, TOMBSTONE), Unproved.NOT_INTENDED),
        ((*WHOLE, INTENT), Unproved.NOT_INTENDED),
        ((*WHOLE, INTENT, DisposalAbandoned("p", "plan", Unproved.HELD), TOMBSTONE), Unproved.NOT_INTENDED),
        ((*WHOLE, INTENT, replace(TOMBSTONE, plan_id="other")), Unproved.NOT_INTENDED),
        ((founders(), STORED, INTENT, *approved(PLANNED), TOMBSTONE), Unproved.NO_PLAN),
        ((*WHOLE, HOLD, INTENT, TOMBSTONE), Unproved.HELD),
        ((STORED, INTENT, TOMBSTONE), Unproved.NO_PLAN),
    ],
)
def test_a_tombstone_without_its_proof_is_not_obeyed(facts: Sequence[Fact], why: Unproved) -> None:
    assert judge_tombstone("p", entries(*facts)) is why


def of_before(*more: Fact) -> Sequence[Fact]:
    """Return the facts of a disposal as earlier software wrote them, with others before the tombstone."""
    persons = [
        PersonAdded(one.person_id, one.name, one.public_key) for one in map(new_person, ("planner", "li", "wang"))
    ]
    planned = DisposalPlanned("plan", "5" * 64, "planner", ("p",))
    approvals = [
        DisposalApproved("plan", "5" * 64, name, key_text(sign(private_key(name), None, b"5" * 64)))
        for name in ("li", "wang")
    ]
    return (*persons, STORED, *more, planned, *approvals, INTENT, TOMBSTONE)


def test_what_earlier_software_destroyed_stays_destroyed_and_is_not_imitated() -> None:
    assert judge_tombstone("p", entries(*of_before())) is None
    assert judge_tombstone("p", entries(*of_before(planned_of(STORED, plan_id="new")))) is Unproved.NO_PLAN
    assert judge_tombstone("p", entries(*of_before(HistoryAdopted(4, "0" * 64, "", 0)))) is Unproved.NO_PLAN
    assert judge_tombstone("p", entries(*(f for f in of_before() if not isinstance(f, DisposalApproved)))) is (
        Unproved.NOT_APPROVED
    )
    named_other = [replace(f, package_ids=("q",)) if isinstance(f, DisposalPlanned) else f for f in of_before()]
    assert judge_tombstone("p", entries(*named_other)) is Unproved.NOT_NAMED


texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
cores = st.builds(
    PlanCore, texts, texts, st.dates(), texts, st.lists(st.builds(CoreRecord, texts, st.integers(1), texts)).map(tuple)
)


@given(cores)
def test_a_core_comes_back_from_its_text(core: PlanCore) -> None:
    assert parse_core(core.encoded()) == core
    with pytest.raises(FormatError):
        parse_core(core.encoded() + " ")


@pytest.mark.parametrize("text", ["", "[]", "{}", "null", '{"format":1}', "1"])
def test_another_text_is_no_core(text: str) -> None:
    with pytest.raises(FormatError):
        parse_core(text)


def purge_plan() -> DisposalPlanned:
    """Return a plan that purges units of what the package holds."""
    core = parse_core(PLANNED.core)
    purged = replace(core, records=(replace(core.records[0], retention_end=None),), purged=("u",))
    return replace(PLANNED, core=purged.encoded(), purge="on request")


def test_a_package_leaves_by_a_purge_only_when_another_has_its_place() -> None:
    before: tuple[Fact, ...] = (founders(), STORED, *approved(purge_plan()))
    new = replace(STORED, package_id="n", succeeds="p")
    assert judge(*before) is Unproved.NOT_SUCCEEDED
    assert judge(*before, PackageSucceeded("p", "n", "plan")) is Unproved.NOT_SUCCEEDED, "it was never stored"
    assert judge(*before, new) is Unproved.NOT_SUCCEEDED, "nobody said that it lies in every store"
    assert judge(*before, new, PackageSucceeded("p", "n", "other")) is Unproved.NOT_SUCCEEDED
    assert judge(*before, new, PackageSucceeded("p", "n", "plan")) is None
    assert judge(*before, PackageSucceeded("p", "", "plan")) is None, "nothing of it stays"
    assert judge(*before[:-1], PackageSucceeded("p", "", "plan")) is Unproved.NOT_APPROVED
    assert judge(*before, PackageSucceeded("p", "", "plan"), HOLD) is Unproved.HELD


def test_a_core_without_units_is_spelled_as_before() -> None:
    assert "purged" not in PLANNED.core
    assert parse_core(purge_plan().core).purged == ("u",)
