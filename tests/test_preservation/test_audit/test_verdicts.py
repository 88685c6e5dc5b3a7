"""Every verdict carries all its consequences, and journal, repair and fixity clients do what it says."""

from dataclasses import replace
from pathlib import Path

import pytest

from archives.journal.facts import DamageFound
from archives.message import Message, message
from preservation.audit import one_package
from preservation.audit.audit import facts_about
from preservation.audit.one_package import PackageCheck, check_package
from preservation.audit.repair import RepairAction, plan_repair
from preservation.audit.verdicts import PERMISSIONS_LOST, CopyAudit, Failure, FileVerdict, Mending, Verdict
from preservation.catalogue.journal_fold import JournalReading
from preservation.package.ocfl import object_folder
from preservation.vault.vault import Vault
from tests.support.folds import anchors_of
from tests.support.vaults import MOMENT, ORIGINAL, make_package, make_vault

PACKAGE = make_package().package_id.value
PAGE = str(object_folder(make_package().package_id) / "v1" / "content" / ORIGINAL)
GLOSSARY = Path(__file__).parents[3] / "docs" / "glossary.md"
NOT_OK = [verdict for verdict in Verdict if verdict is not Verdict.OK]


def found(verdict: Verdict, file: str = PAGE, reason: Message | None = None) -> FileVerdict:
    """Return a verdict on a file of the second store's copy."""
    return FileVerdict("second", PACKAGE, file, verdict, reason)


@pytest.fixture
def vault(tmp_path: Path) -> Vault:
    made = make_vault(tmp_path)
    made.put(make_package(), note="ingest")
    return made


@pytest.mark.parametrize("verdict", Verdict)
def test_a_verdict_has_every_consequence(verdict: Verdict) -> None:
    assert (verdict, verdict.value) == (verdict.name, verdict.name)
    assert isinstance(verdict.said, Message)
    assert isinstance(verdict.is_damage, bool)
    assert isinstance(verdict.mending, Mending)
    assert isinstance(verdict.failure, Failure | None)
    assert verdict.exit_code in ((0,) if verdict is Verdict.OK else (9, 10, 12))


@pytest.mark.parametrize("verdict", Verdict)
def test_what_is_damage_is_mended_and_told_as_a_failure_and_nothing_else_is_a_failure(verdict: Verdict) -> None:
    assert verdict.is_damage == (verdict.failure is not None)
    assert not (verdict.is_damage and verdict.mending is Mending.NOTHING)


def test_no_two_verdicts_say_the_same() -> None:
    assert len({verdict.said for verdict in Verdict}) == len(Verdict)
    assert len({verdict.said.zh for verdict in Verdict}) == len(Verdict)


@pytest.mark.parametrize("verdict", Verdict)
def test_the_glossary_names_every_verdict(verdict: Verdict) -> None:
    (line,) = [line for line in GLOSSARY.read_text("utf-8").splitlines() if line.startswith("| verdict |")]
    assert verdict.value in line


@pytest.mark.parametrize("verdict", NOT_OK)
def test_the_journal_remembers_damage_once_and_nothing_else(verdict: Verdict) -> None:
    told = facts_about((), (found(verdict),), anchors_of(()))
    assert told == ((DamageFound("second", PACKAGE, PAGE, verdict.value),) if verdict.is_damage else ())
    known = anchors_of([(MOMENT, DamageFound("second", PACKAGE, PAGE, verdict.value))])
    assert facts_about((), (found(verdict),), known) == ()


MENDED = {
    Mending.NOTHING: (None, None, None),
    Mending.SET_ASIDE: (RepairAction.SET_ASIDE,) * 3,
    Mending.REPLACE: (RepairAction.COPY, RepairAction.NO_GOOD_COPY, RepairAction.REOPEN),
    Mending.REPLACE_IF_KNOWN: (RepairAction.COPY, None, RepairAction.REOPEN),
}
"""What is done about a known file, a place nobody knows, a folder that its owner may not enter."""


@pytest.mark.parametrize("verdict", NOT_OK)
def test_repair_does_what_the_verdict_says(vault: Vault, verdict: Verdict) -> None:
    problems = (found(verdict), found(verdict, "packages/elsewhere"), found(verdict, "packages", PERMISSIONS_LOST))
    reading = JournalReading(vault.ledger)
    plans = [plan_repair(vault, reading, [problem]) for problem in problems]
    assert tuple(plan[0].action if plan else None for plan in plans) == MENDED[verdict.mending]


@pytest.mark.parametrize("action", RepairAction)
def test_a_repair_says_what_it_does_in_both_languages(action: RepairAction) -> None:
    assert isinstance(action.said, Message)
    assert action.said.en.startswith(action.value)
    assert isinstance(action.changes, bool)


@pytest.mark.parametrize("verdict", NOT_OK)
def test_a_fixity_client_is_told_a_failure_or_a_reason(
    vault: Vault, verdict: Verdict, monkeypatch: pytest.MonkeyPatch
) -> None:
    checked = _checked(vault, found(verdict), monkeypatch)
    listed = {kind for kind, files in checked.failures.items() if files}
    assert listed == ({verdict.failure} if verdict.is_damage else set())
    assert checked.success is (False if verdict.is_damage else None)
    assert [PAGE in str(reason) for reason in checked.reasons] == ([] if verdict.is_damage else [True])


def test_a_changed_file_comes_with_both_digests_and_no_other_does(
    vault: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    for verdict in (verdict for verdict in Verdict if verdict.is_damage):
        (failed,) = _checked(vault, found(verdict), monkeypatch).failures[verdict.failure or Failure.CHANGED]
        is_compared = verdict.failure is Failure.CHANGED
        assert (len(failed.expected), len(failed.actual)) == ((128, 128) if is_compared else (0, 0))


@pytest.mark.parametrize("verdict", NOT_OK)
def test_a_file_says_why_with_its_own_reason_or_its_verdicts(verdict: Verdict) -> None:
    nearer = message("近因", "a nearer reason")
    assert found(verdict).why == verdict.said
    assert found(verdict, reason=nearer).why == nearer


def _checked(vault: Vault, problem: FileVerdict, monkeypatch: pytest.MonkeyPatch) -> PackageCheck:
    """Check a package of whose second copy a file is not OK."""
    whole = CopyAudit("second", PACKAGE, 9, 9, (), 1)
    monkeypatch.setattr(
        one_package,
        "audit_copy",
        lambda _, store, *__, **___: replace(
            whole, store=store.name, problems=(problem,) if store.name == problem.store else ()
        ),
    )
    return check_package(vault, JournalReading(vault.ledger), PACKAGE)
