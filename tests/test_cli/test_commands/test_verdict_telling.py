"""An audit's exit code is that of the worst it has to say, whichever verdict it is."""

import pytest

from archives.errors import worst_exit_code
from cli.commands.audit.audit import told, verdict_table
from preservation.audit.audit import AuditResult
from preservation.audit.plan import AuditPlan, AuditSelection
from preservation.audit.verdicts import FileVerdict, Verdict
from preservation.catalogue.naming import Called

NOT_OK = [verdict for verdict in Verdict if verdict is not Verdict.OK]


def result_of(*verdicts: Verdict) -> AuditResult:
    """Return an audit that found files so."""
    problems = tuple(FileVerdict("first", None, f"file {number}", one) for number, one in enumerate(verdicts))
    return AuditResult(AuditPlan(AuditSelection(), (), 0, 0), len(problems), 0, problems, (), (), 0, 0, ())


@pytest.mark.parametrize("verdict", NOT_OK)
def test_an_audit_ends_with_the_exit_code_of_its_verdict(verdict: Verdict) -> None:
    assert told(result_of(verdict), (), hopeless=False, not_recorded=None).exit_code == verdict.exit_code


@pytest.mark.parametrize("verdict", NOT_OK)
def test_the_worst_is_what_a_shell_sees(verdict: Verdict) -> None:
    beside = told(result_of(Verdict.DAMAGED, verdict), (), hopeless=False, not_recorded=None)
    assert beside.exit_code == worst_exit_code((Verdict.DAMAGED.exit_code, verdict.exit_code))
    assert told(result_of(verdict), (), hopeless=True, not_recorded=None).exit_code == 10


@pytest.mark.parametrize(
    ("codes", "worst"), [((), 0), ((0, 12), 12), ((12, 9), 9), ((9, 12, 10), 10), ((0, 0), 0), ((12, 7), 7)]
)
def test_no_good_copy_outranks_what_could_not_be_looked_at(codes: tuple[int, ...], worst: int) -> None:
    assert worst_exit_code(codes) == worst


@pytest.mark.parametrize("verdict", NOT_OK)
def test_every_row_of_the_table_says_why(verdict: Verdict) -> None:
    problems = result_of(verdict).problems
    names = {problems[0].package_id or "": Called("Z109-1", "题名")}
    ((store, code, title, shown, file, why),) = verdict_table(problems, names).rows
    assert (store, shown, file, why) == ("first", verdict.label, "file 0", verdict.said)
    assert verdict.value in verdict.label.zh, "as programs and the manual know it"
    assert (code, title) == ("Z109-1", "题名")
    assert verdict_table(problems).rows[0][1:3] == ("", "")
