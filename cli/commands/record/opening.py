"""Commands that open and close records; nothing else opens anything."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Annotated

from archives.errors import FormatError, JinkuiError, RefusedError, SearchError, UsageProblem, worst_exit_code
from archives.findings import refusal
from archives.message import Message, message
from archives.record.holding import Holding
from archives.record.rights import OpeningDecision, Openness, Withdrawal
from cli import wiring
from cli.commands.person.signing import SignerKeys, SignerPassphrases, signers_with
from cli.commands.record.decided.asked import AskedSheet, known_as, read_asked, unchanged
from cli.commands.record.decided.foreseen import foreseen
from cli.commands.record.decided.marked import closes, mark_closed
from cli.commands.record.rendering import finding_lines, finding_table, passed_over, term
from cli.commands.shared import LOOKS, WRITES, DryRun, InRepository, Sheet
from cli.frame.commands import FINDINGS, Call, command
from cli.frame.listing import Field, listing
from cli.frame.output import Result
from cli.frame.parameters import Argument, Option
from cli.home.carried import HEADINGS, ToClose, carry_decided, goes_on_elsewhere, told_elsewhere
from cli.home.closing import Closing, close_record, told_closing
from cli.home.home import Home, home_of
from cli.home.indexes import behind_data, purged, told_troubles, told_unpurged
from cli.upkeep.clock import on_duty
from cli.upkeep.duties import OPENING
from ingest.sheets.decisions import BESIDE
from ingest.sheets.headings import fold_heading
from ingest.sheets.remarks import require_kind, unheeded
from ingest.sheets.table import read_sheet
from preservation.actions.journal.restore import confirm_publishing
from preservation.actions.opening import AppliedDecision, apply_decisions, judge_decisions, require_signatures
from preservation.actions.persons import Signer, all_persons
from preservation.actions.units.withdrawing import withdraw_later

_FIELDS: tuple[Field[tuple[Holding, OpeningDecision]], ...] = (
    Field("repository", message("馆代码", "repository"), lambda one: one[0].key.repository),
    Field("archival_code", message("档号", "archival code"), lambda one: one[0].description.code.written),
    Field(
        "conclusion",
        message("结论", "conclusion"),
        lambda one: one[1].conclusion.value,
        lambda one: term(one[1].conclusion.value),
    ),
    Field(
        "online_scope",
        message("网上范围", "online"),
        lambda one: one[1].scope.value,
        lambda one: term(one[1].scope.value),
    ),
    Field("public_title", message("公开题名", "public title"), lambda one: one[1].public_title),
)


@command(example="jinkui opening apply decisions-2026.xlsx", exits=(*WRITES, RefusedError, FormatError, FINDINGS))
def apply(
    call: Call,
    *,
    sheet: Sheet,
    repository: InRepository = None,
    dry_run: DryRun = False,
    signer_key: SignerKeys = (),
    signer_passphrase_file: SignerPassphrases = (),
) -> Result:
    """Apply a sheet of opening decisions: what can be applied is, the rest is named.

    With ``--dry-run`` everything is checked and said, how many would open and close too, and nothing is written.
    """
    home = home_of(call)
    given = read_asked(home, sheet, repository)
    signers = signers_with(call, signer_key, signer_passphrase_file)
    if dry_run:
        return foreseen(given, judge_decisions(home.archive, given.asked.values(), signers))
    outcomes, marks = _applied(call, home, given, signers)
    findings = given.about()
    if marks or any(one.is_new for one in outcomes.values()):
        decided = {one.holding.unit_id for one in outcomes.values() if one.holding}
        troubles = [one for one in home.follow().troubles if one.package_id in decided]
        findings += [
            (one.archival_code, replace(refusal(one.failure, file=given.table.name), message=one.said))
            for one in troubles
        ]
    findings += given.about_rows(outcomes)
    applied = [(one.holding, one.asked.decision) for one in outcomes.values() if one.holding]
    done, data = listing(message("已执行的决定", "decisions applied"), _FIELDS, applied)
    tables = (done, finding_table(findings)) if findings else (done,)
    known = sum(bool(one.holding) and not one.is_new for one in outcomes.values())
    answer = {"applied": data, "unchanged": known, "findings": [found for _, found in findings]}
    codes = filter(None, map(known_as, outcomes.values()))
    told = (*codes, *unchanged(known), *passed_over(given.blank))
    return Result(answer, tables, told, exit_code=FINDINGS.code if findings else 0)


def _applied(
    call: Call, home: Home, given: AskedSheet, signers: Sequence[Signer]
) -> tuple[dict[int, AppliedDecision], dict[int, tuple[str, ...]]]:
    """Close what decisions close or let tell less by marks, then decide; return what became of the rows, and the marks, by their numbers."""
    head = home.vault.ledger.head().sequence
    marks = mark_closed(call, given.asked, after=head, fonds=lambda: home.catalogue.fonds())
    shut = home.public.views.marks
    try:
        outcomes = dict(zip(given.asked, apply_decisions(home.archive, given.asked.values(), signers), strict=True))
    except JinkuiError:
        if marks and goes_on_elsewhere(home):
            for one in (mark for number in marks if not closes(given.asked[number]) for mark in marks[number]):
                shut.remove(one)  # nothing was decided here, and nobody decides anything here any more
            for said in carry_decided(home, [given.asked[number] for number in marks if closes(given.asked[number])]):
                call.output.say(said)
        elif marks:
            call.output.say(_marked_only(len(marks)))
        raise
    for number, mine in marks.items():
        done = outcomes[number]
        for mark in mine if done.failure else ():
            shut.remove(mark)
        if done.holding and not done.is_new and not closes(done.asked):
            shut.put(mine[0], sequence=done.holding.sequence)  # a run that was ended had it recorded
    return outcomes, marks


def _marked_only(number: int) -> Message:
    return message(
        "{n} 件已由标记对公众封闭，决定尚未记入日志；请再执行一次",
        "{n} {n:record|records} {n:is|are} closed to the public by their marks, and no decision is recorded yet: apply the sheet again",
        n=number,
    )


@command(example="jinkui opening publish", exits=(*LOOKS, SearchError, FINDINGS))
def publish(call: Call) -> Result:
    """Open and close what is due today, and try again what could not be published or taken back."""
    home = home_of(call)
    with on_duty(home, OPENING) as duty:
        done = home.follow()
        left = () if done.behind else tuple(purged(home))
        duty.is_done = not (done.behind or left)
    answer = message("公开 {n} 件，撤下 {m} 件", "{n} published, {m} taken back", n=done.published, m=done.withdrawn)
    told = told_troubles(done.troubles, home.archive.memory)
    owed = [{"package_id": one.package_id, "message": said} for one, said in zip(done.troubles, told, strict=True)]
    behind = [behind_data(one) for one in (*done.behind, *left)]
    data = {"published": done.published, "withdrawn": done.withdrawn, "owed": owed, "behind": behind}
    lines = (answer, *map(told_unpurged, left))
    return Result(data, lines=lines, exit_code=FINDINGS.code if owed or behind else 0)


@command(
    example='jinkui opening withdraw J019-WS·2014·Y·BGS-0101 --reason "names a living person"',
    exits=(*WRITES, FormatError, SearchError, FINDINGS),
)
def withdraw(
    call: Call,
    *,
    code: Annotated[
        str | None, Argument(message("档号，可写作 馆代码:档号", "an archival code, or REPOSITORY:CODE"))
    ] = None,
    sheet: Annotated[
        Path | None,
        Option(message("一张表：馆代码、档号、理由三列", "a sheet: repository, archival code, reason")),
    ] = None,
    reason: Annotated[str, Option(message("理由", "why"))] = "",
    repository: InRepository = None,
    on: Annotated[date | None, Option(message("到这一天才关闭", "close on this day only"))] = None,
) -> Result:
    """Take an opening back, or those of a sheet; each is closed before anything else is done, and what is owed is named."""
    if (code is None) is (sheet is None) or (sheet and on):
        said = message("写一个档号，或用 --sheet 给一张表", "give a code, or a sheet with --sheet")
        raise UsageProblem(said, subject="withdraw")
    if sheet is not None:
        return _withdraw_all(call, sheet, repository, reason)
    assert code is not None
    if not reason.strip():
        raise UsageProblem(message("请用 --reason 写明理由", "say why with --reason"), subject="--reason")
    if on is not None and on > wiring.today():
        return _withdraw_later(call, code, repository, Withdrawal(reason, on))
    done = close_record(call, code, repository=repository, reason=reason)
    exit_code = worst_exit_code(owed.failure.exit_code for owed in done.owed)
    return Result(_data_of(done), lines=(*told_closing(done), *_elsewhere(call, (done,))), exit_code=exit_code)


@command(
    example='jinkui opening signatures --require --reason "as of this year" --signer-key zhang.key --signer-key li.key',
    exits=(*WRITES, RefusedError, FormatError),
)
def signatures(
    call: Call,
    *,
    require: Annotated[bool, Option(message("此后开放决定须有两人签名", "from here on they are needed"))] = False,
    waive: Annotated[bool, Option(message("此后不须签名", "from here on they are not"))] = False,
    reason: Annotated[str, Option(message("理由", "why"))] = "",
    signer_key: SignerKeys = (),
    signer_passphrase_file: SignerPassphrases = (),
) -> Result:
    """Say whether what opens a record needs two persons' signatures, or change that, which two persons sign."""
    home = home_of(call)
    if require and waive:
        raise UsageProblem(message("只能选一个", "choose one"), subject="--waive")
    if require or waive:
        if not reason:
            raise UsageProblem(message("请写明理由", "say why"), subject="--reason")
        signers = signers_with(call, signer_key, signer_passphrase_file)
        require_signatures(home.archive, signers, required=require, reason=reason)
    needed = all_persons(home.archive).openings_signed
    said = message("开放决定须有两人签名", "what opens a record needs two persons' signatures")
    if not needed:
        said = message("开放决定不须签名", "what opens a record needs no signature")
    return Result({"required": needed}, lines=(said,))


@command(example='jinkui opening confirm --reason "compared with the list of closings"', exits=WRITES)
def confirm(call: Call, *, reason: Annotated[str, Option(message("理由", "why"))]) -> Result:
    """Let an archive that was restored from its stores publish again, after a look at what was closed last."""
    home = home_of(call)
    confirm_publishing(home.archive, reason=reason)
    done = home.follow()
    said = message("已恢复公布：{n} 件", "publishing again: {n} {n:record|records}", n=done.published)
    return Result({"published": done.published}, lines=(said,))


def _withdraw_all(call: Call, path: Path, repository: str | None, reason: str) -> Result:
    """Close every row of a sheet, whatever is in the way of another."""
    home = home_of(call)
    names = {fold_heading(name): field for field, every in HEADINGS.items() for name in every}
    table = read_sheet(path, names, required=("code",), reader=home.sheet_reader(path.parent))
    require_kind(table.name, table.headings.values(), names)
    about = tuple(unheeded(table.findings, BESIDE, spelled=[name for every in HEADINGS.values() for name in every]))
    lines: list[Message] = [*finding_lines(about)]
    closings: list[Closing] = []
    done = 0
    codes: list[int] = [FINDINGS.code for _ in about]
    for row in table.rows:
        asked = ToClose(row.text("repository") or repository or "", row.text("code"), row.text("reason") or reason)
        try:
            if not asked.reason.strip():
                raise FormatError(message("请写明理由", "say why: the reason is empty"), subject=asked.named)
            one = close_record(call, asked.archival_code, repository=asked.repository or None, reason=asked.reason)
        except JinkuiError as failure:
            codes.append(failure.exit_code)
            lines.append(
                message("{code} 未封闭：{why}", "{code} is not closed: {why}", code=asked.named, why=failure.message)
            )
            continue
        closings.append(one)
        codes += [owed.failure.exit_code for owed in one.owed]
        lines += told_closing(one)
        done += not one.owed
    lines += _elsewhere(call, closings)
    lines.append(message("{m} 件中 {n} 件办妥", "{n} of {m} {n:is|are} done", n=done, m=len(table.rows)))
    return Result(
        {"closings": [_data_of(one) for one in closings], "findings": about},
        lines=tuple(lines),
        exit_code=worst_exit_code(codes),
    )


def _data_of(done: Closing) -> dict[str, object]:
    return {
        "archival_code": done.archival_code,
        "repository": done.repository,
        "openness": Openness.WITHDRAWN.value,
        "was_open": done.was_open,
        "closed": done.is_closed,
        "to_close_elsewhere": done.carry is not None,
        "owed": [{"step": o.step.value, "code": o.failure.code, "message": o.failure.message} for o in done.owed],
    }


def _elsewhere(call: Call, closings: Sequence[Closing]) -> tuple[Message, ...]:
    """Say what is closed here alone, because the archive goes on elsewhere."""
    on_sheet = [one.carry for one in closings if one.carry and one.is_on_sheet]
    return told_elsewhere(call.home, on_sheet, [one.carry for one in closings if one.carry and not one.is_on_sheet])


def _withdraw_later(call: Call, code: str, repository: str | None, withdrawal: Withdrawal) -> Result:
    holding = withdraw_later((home := home_of(call)).archive, code, repository, withdrawal)
    home.follow()
    written, day = holding.description.code.written, str(withdrawal.takes_effect_on)
    said = message("{code} 将于 {day} 关闭", "{code} closes on {day}", code=written, day=day)
    return Result({"archival_code": written, "repository": holding.key.repository, "closes_on": day}, lines=(said,))
