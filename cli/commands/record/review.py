"""The commands that list what waits for a review: what is due for its first one, and what changed since it was opened."""

from typing import Annotated

from archives.errors import ConflictError, FormatError, RefusedError, UsageProblem
from archives.message import Message, message
from archives.record.elements.persons_shown import persons_shown
from cli import wiring
from cli.commands.catalogue.units import CALLED, LEVEL, levels_named, next_page, unit_named
from cli.commands.person.signing import SignerKeys, SignerPassphrases, signers_with
from cli.commands.record.rendering import term
from cli.commands.shared import LOOKS, WRITES, InRepository
from cli.frame.commands import Call, command
from cli.frame.listing import Field, listing
from cli.frame.output import Result
from cli.frame.parameters import Option
from cli.home.home import home_of
from preservation.actions.opening import approve_unchanged
from preservation.actions.overview.status import OPENED_AFTER_YEARS, formed_until
from preservation.actions.review import WaitingRecord, waiting_records
from preservation.catalogue.levels.undecided import Undecided
from preservation.catalogue.levels.wanted import Listed, Wanted


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
    Field("public_title", message("公开题名", "public title"), lambda one: one.decision.public_title),
    Field("reviewed_digest", message("审核摘要", "reviewed digest"), lambda one: one.holding.reviewed),
)


_DUE: tuple[Field[Listed], ...] = (
    Field("archival_code", message("档号", "archival code"), lambda one: one.unit.description.code.written),
    Field("unit_id", None, lambda one: one.unit.unit_id),
    Field("repository", message("馆代码", "repository"), lambda one: one.unit.repository),
    LEVEL,
    *CALLED,
)
_TO_FILL_IN: tuple[Field[Listed], ...] = tuple(
    Field("", heading, lambda one: "")
    for heading in (
        message("结论", "conclusion"),
        message("依据", "basis"),
        message("审核人", "reviewer"),
        message("批准人", "approver"),
        message("审核日期", "reviewed on"),
        message("开放日期", "opens on"),
        message("网上范围", "online scope"),
        message("公开题名", "public title"),
    )
)


@command(example="jinkui opening due --fonds J019 --report decisions.xlsx", exits=(*LOOKS, ConflictError))
def due(
    call: Call,
    *,
    all_: Annotated[
        bool, Option(message("未审核的全部列出，不论已满年限与否", "all that nothing was decided about, due or not"))
    ] = False,
    undated: Annotated[bool, Option(message("只列日期不详的", "only those of which no date is known"))] = False,
    fonds: Annotated[str | None, Option(message("全宗号", "number of the fonds"))] = None,
    level: Annotated[str | None, Option(message("层次：案卷、组、件", "level: file, group or item"))] = None,
    after: Annotated[str | None, Option(message("从此档号之后列起", "begin after this code"))] = None,
    most: Annotated[int, Option(message("最多列几条", "how many at most"), least=1, most=100_000)] = 50,
    repository: InRepository = None,
) -> Result:
    """List what is due for opening: nothing was decided about it, and twenty-five years have passed since it was formed.

    The report is a decision sheet: filled in, it goes to ``opening preview`` and ``opening apply``.
    """
    if all_ and undated:
        raise UsageProblem(message("只能选一个", "choose one"), subject="--undated")
    home = home_of(call)
    units, today = home.catalogue.units, wiring.today()
    which = Undecided(None if all_ or undated else formed_until(today), undated=undated)
    wanted = Wanted(repository or "", fonds or "", levels_named(level), undecided=which)
    page = units.page(wanted, after=unit_named(home, after, repository).after if after else None, most=most)
    title = message("待审核的档案", "records to review")
    table, data = listing(title, _DUE, page)
    sheet, _ = listing(title, (*_DUE, *_TO_FILL_IN), page)
    counted = units.number(wanted)
    said = message("共 {all} 条，列出 {n} 条", "{n} of {all}", all=counted, n=len(page))
    lines = [_which(which), said, *([next_page(home, page)] if len(page) == most and counted > most else [])]
    return Result({"due": data, "count": counted}, (table,) if page else (), tuple(lines), report=(sheet,))


def _which(which: Undecided) -> Message:
    if which.undated:
        return message("未审核，日期不详", "not reviewed, and undated")
    if which.formed_until is None:
        return message("未审核", "not reviewed")
    return message(
        "未审核，按最后日期已满 {years} 年（{day} 及以前，档案法第27条）",
        "not reviewed, and {years} years old: formed by {day} (last day; Archives Law §27)",
        years=OPENED_AFTER_YEARS,
        day=str(which.formed_until),
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
        same = [
            one for one in waiting if not (one.images_changed or any(persons_shown(one.holding.public_description)))
        ]
        signers = signers_with(call, signer_key, signer_passphrase_file)
        approve_unchanged(home.archive, same, reviewer=reviewer, approver=approver, day=wiring.today(), signers=signers)
        home.follow()
        said = message(
            "已批准 {n} 件图像未变的档案",
            "{n} {n:record|records} with unchanged images {n:is|are} approved",
            n=len(same),
        )
        waiting = tuple(one for one in waiting if one not in same)
    else:
        said = message("{n} 件待复审", "{n} {n:record|records} {n:waits|wait} for review", n=len(waiting))
    table, data = listing(message("待复审的档案", "records that wait for review"), _FIELDS, waiting)
    return Result({"waiting": data}, (table,), (said,))
