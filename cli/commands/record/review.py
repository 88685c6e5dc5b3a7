"""The command that lists the records that changed since they were opened, for another review."""

from typing import Annotated

from archives.errors import FormatError, RefusedError, UsageProblem
from archives.message import message
from archives.record.elements.persons_shown import persons_shown
from cli import wiring
from cli.commands.person.signing import SignerKeys, SignerPassphrases, signers_with
from cli.commands.record.rendering import term
from cli.commands.shared import WRITES
from cli.frame.commands import Call, command
from cli.frame.listing import Field, listing
from cli.frame.output import Result
from cli.frame.parameters import Option
from cli.home.home import home_of
from preservation.actions.opening import WaitingRecord, approve_unchanged, waiting_records


def _day(day: object) -> str:
    return str(day) if day else ""


_FIELDS: tuple[Field[WaitingRecord], ...] = (
    Field("archival_code", message("档号", "archival code"), lambda one: one.holding.description.code.written),
    Field("repository", message("馆代码", "repository"), lambda one: one.holding.key.repository),
    Field("title", message("题名", "title"), lambda one: one.holding.description.title),
    Field(
        "images_changed",
        message("图像有变", "images changed"),
        lambda one: one.images_changed,
        lambda one: message("是", "yes") if one.images_changed else message("否", "no"),
    ),
    Field(
        "conclusion",
        message("结论", "conclusion"),
        lambda one: one.decision.conclusion.value,
        lambda one: term(one.decision.conclusion.value),
    ),
    Field("basis", message("依据", "basis"), lambda one: one.decision.basis),
    Field("joint_unit", message("会同单位", "joint unit"), lambda one: one.decision.joint_unit),
    Field("", message("审核人", "reviewer"), lambda one: ""),
    Field("", message("批准人", "approver"), lambda one: ""),
    Field("", message("审核日期", "reviewed on"), lambda one: ""),
    Field("opens_on", message("开放日期", "opens on"), lambda one: _day(one.decision.takes_effect_on)),
    Field("closes_on", message("关闭日期", "closes on"), lambda one: _day(one.decision.closes_on)),
    Field(
        "online_scope",
        message("网上范围", "online scope"),
        lambda one: one.decision.scope.value,
        lambda one: term(one.decision.scope.value),
    ),
    Field("reviewed_digest", message("审核摘要", "reviewed digest"), lambda one: one.holding.reviewed),
)


@command(example="jinkui opening review --report waiting.xlsx", exits=(*WRITES, RefusedError, FormatError))
def review(
    call: Call,
    *,
    unchanged_images: Annotated[
        bool, Option(message("批准图像未变的全部档案", "approve all those whose images did not change"))
    ] = False,
    reviewer: Annotated[str | None, Option(message("审核人", "who reviewed"))] = None,
    approver: Annotated[str | None, Option(message("批准人", "who approved"))] = None,
    signer_key: SignerKeys = (),
    signer_passphrase_file: SignerPassphrases = (),
) -> Result:
    """List the open records that changed since their review: nothing of them is public until a decision is applied.

    The report is a decision sheet: reviewed and filled in, it goes to ``opening apply``, and holds for what it shows.
    """
    home = home_of(call)
    waiting = waiting_records(home.archive)
    if unchanged_images:
        if not (reviewer and approver):
            raise UsageProblem(
                message("请写明 --reviewer 和 --approver", "name them with --reviewer and --approver"),
                subject="--unchanged-images",
            )
        same = [one for one in waiting if not (one.images_changed or any(persons_shown(one.holding.description)))]
        signers = signers_with(call, signer_key, signer_passphrase_file)
        approve_unchanged(home.archive, same, reviewer=reviewer, approver=approver, day=wiring.today(), signers=signers)
        home.follow()
        said = message("已批准 {n} 件图像未变的档案", "{n} records with unchanged images are approved", n=len(same))
        waiting = tuple(one for one in waiting if one not in same)
    else:
        said = message("{n} 件待复审", "{n} records wait for review", n=len(waiting))
    table, data = listing(message("待复审的档案", "records that wait for review"), _FIELDS, waiting)
    return Result({"waiting": data}, (table,), (said,))
