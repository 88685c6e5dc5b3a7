"""The command by which a person judges a store that goes on with entries this home does not know."""

from collections.abc import Collection, Sequence
from typing import Annotated

from archives.errors import IntegrityError, RefusedError
from archives.message import Message, joined, listed, message
from cli.commands.shared import NOT_CONFIRMED, WRITES, DryRun, Yes
from cli.frame.commands import Call, command
from cli.frame.listing import Field, listing
from cli.frame.output import Result
from cli.frame.parameters import Option
from cli.home.carried import has_retired
from cli.home.home import Home, home_of
from preservation.actions.journal.reconcile import (
    OtherBranch,
    left_unnamed,
    may_live,
    name_foreign,
    other_branches,
    put_aside,
)
from preservation.actions.journal.reconcile import adopt as adopt_branch

_NONE = message("没有这样的日志", "there are none")
_JUDGE = message(
    "请查明是谁的，再裁定：采用的加 --adopt 存储 --reason 理由，不属于本档案库的加 --foreign 存储 --reason 理由",
    "find out whose they are, then judge: --adopt STORE --reason WHY takes them over, --foreign STORE --reason WHY says "
    "that they are not the archive's",
)

_FIELDS: tuple[Field[OtherBranch], ...] = (
    Field("store", message("存储", "store"), lambda one: one.store.name),
    Field("first", message("自第几条", "from entry"), lambda one: one.first),
    Field("last", message("至第几条", "to entry"), lambda one: one.end.sequence),
    Field("continues", message("与此处衔接", "continues this home's"), lambda one: one.continues),
    Field("types", message("内容", "what it says"), lambda one: tuple(sorted({e.fact.type for e in one.entries()}))),
)


@command(
    example='jinkui journal reconcile --foreign second --reason "a test on a copied home"',
    exits=(*WRITES, RefusedError),
)
def reconcile(
    call: Call,
    *,
    adopt: Annotated[
        str | None,
        Option(
            message(
                "采用此存储中的后续日志（档案库由备份恢复）", "take this store's entries over (restored from a backup)"
            )
        ),
    ] = None,
    foreign: Annotated[
        tuple[str, ...],
        Option(
            message(
                "认定此存储中的后续日志不属于本档案库（可多次）",
                "name this store's entries foreign (may be repeated)",
            )
        ),
    ] = (),
    reason: Annotated[str, Option(message("理由", "why"))] = "",
    other_is_lost: Annotated[
        bool,
        Option(message("写这些条目的那一处已不再使用", "the home that wrote them is not used any more")),
    ] = False,
    dry_run: DryRun = False,
    yes: Yes = False,
) -> Result:
    """List what stores hold that this archive's key signed and this home does not know, or judge it.

    What is foreign goes to the quarantine of the stores named, and this home's journal takes its place.
    """
    home = home_of(call)
    branches = _branches(home)
    table, data = listing(message("此处没有记录的日志", "entries that this home does not know"), _FIELDS, branches)
    names = {adopt} if adopt else set(foreign)
    if not names:
        return Result({"branches": data}, (table,) if data else (), (_JUDGE if branches else _NONE,))
    subject = listed(sorted(names))
    if not reason.strip() or (adopt and foreign):
        raise RefusedError(message("须写明理由，且只作一种裁定", "give a reason, and one judgement"), subject=subject)
    named = _named(branches, names)
    if foreign and not has_retired(home):
        _require_all_named(branches, names)
        if may_live(home.archive, named) and not other_is_lost:
            raise _lives(named)
    plan = [_would_adopt(one) if adopt else _would_set_aside(one) for one in named]
    answer = {"branches": data, "plan": plan}
    if dry_run or (foreign and not (yes or call.output.confirm(_question(plan)))):
        refused = {} if dry_run else {"refused": NOT_CONFIRMED}
        told = (*plan, *refused.values())
        return Result({**answer, **refused}, (table,), told, exit_code=RefusedError.exit_code if refused else 0)
    written = (
        adopt_branch(home.archive, named[0], reason=reason)
        if adopt
        else name_foreign(home.archive, named, reason=reason)
    )
    home.follow()
    return Result({**answer, "recorded": len(written)}, lines=tuple(one.fact.said() for one in written[: len(named)]))


def _branches(home: Home) -> tuple[OtherBranch, ...]:
    """Return what this home does not know; where its own entries are gone, another home may have put them aside."""
    try:
        return other_branches(home.archive)
    except IntegrityError as broken:
        if aside := put_aside(home.archive):
            store, folder = aside
            broken.advice = message(
                "另一处可能把此处写的日志移到了隔离区：在存储“{store}”中，把 {folder} 里的文件复制到 journal（覆盖同名的），再运行 "
                "jinkui journal reconcile，用 --foreign 认定其他存储的条目不属于本档案库",
                "another home may have put aside what this one wrote: in the store “{store}”, copy the files of {folder} into "
                "journal, over those of the same name; then jinkui journal reconcile, and name what the other stores hold "
                "--foreign",
                store=store,
                folder=str(folder),
            )
        raise


def _named(branches: Sequence[OtherBranch], names: Collection[str]) -> list[OtherBranch]:
    """Return the branches of stores; raises ``RefusedError`` for a store that has none."""
    named = [one for one in branches if one.store.name in names]
    if unknown := listed(sorted(set(names) - {one.store.name for one in named})):
        raise RefusedError(
            message("存储“{store}”没有这样的日志", "the store “{store}” has no such entries", store=unknown),
            subject=unknown,
        )
    return named


def _require_all_named(branches: Sequence[OtherBranch], names: Collection[str]) -> None:
    """Raise ``RefusedError`` where the same entries lie in stores that were not named: nothing is moved there unasked."""
    if others := left_unnamed(branches, names):
        stores = [one.store.name for one in others]
        raise RefusedError(
            message(
                "同样的条目也在存储 {stores} 中，未写明：没有改动",
                "the same entries lie in {stores} too, which you did not name: nothing was changed",
                stores=listed(stores),
            ),
            subject=listed(stores),
            advice=message(
                "查明来历；确要移开的，把这些存储都写上：{options}",
                "find out whose they are; to set them aside, name all of these stores: {options}",
                options=" ".join(f"--foreign {name}" for name in sorted({*names, *stores})),
            ),
        )


def _lives(named: Sequence[OtherBranch]) -> RefusedError:
    return RefusedError(
        message(
            "这些条目由本档案库的密钥签章，已在 {n} 个存储中：另一处很可能仍在使用，此处落后；没有改动",
            "these entries are signed with this archive's key and lie in {n} {n:store|stores}: another home most likely goes "
            "on there, and it is this one that is behind; nothing was changed",
            n=len(named),
        ),
        subject=listed([one.store.name for one in named]),
        advice=message(
            "另一处仍在使用的，在那里工作（迁走后停用的用 jinkui home resume），停用此处；另一处已失去的，用 --adopt 存储 采用这些"
            "条目；确要移开的，加 --other-is-lost",
            "where that home is in use, work there (one that retired for a move works again after jinkui home resume) and stop "
            "this one; where it is lost, --adopt STORE takes its entries over; to set them aside all the same, add "
            "--other-is-lost",
        ),
    )


def _would_adopt(branch: OtherBranch) -> Message:
    return message(
        "采用存储“{store}”中第 {first}–{last} 条日志",
        "take over entries {first} to {last} of the store “{store}”",
        store=branch.store.name,
        first=branch.first,
        last=branch.end.sequence,
    )


def _would_set_aside(branch: OtherBranch) -> Message:
    return message(
        "存储“{store}”：第 {first}–{last} 条共 {n} 条移入其隔离区（quarantine/…-not-ours），换成此处的日志",
        "“{store}”: entries {first} to {last} ({n} in all) go to its quarantine (quarantine/…-not-ours), and this home's "
        "journal takes their place",
        store=branch.store.name,
        first=branch.first,
        last=branch.end.sequence,
        n=branch.end.sequence - branch.first + 1,
    )


def _question(plan: Sequence[Message]) -> Message:
    return message("{plan}。继续？[y/N]", "{plan}. Go on? [y/N]", plan=joined(plan))
