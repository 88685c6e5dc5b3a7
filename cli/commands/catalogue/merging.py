"""The command that merges small packages of descriptions."""

from archives.errors import RefusedError
from archives.message import message
from cli.commands.shared import WRITES, DryRun
from cli.frame.commands import Call, command
from cli.frame.listing import Field, listing
from cli.frame.output import Result
from cli.home.home import home_of
from cli.upkeep.clock import look_at_duties
from preservation.actions.units.merging import MANY, Merge, finish_merges, merge, plan_merges

_FIELDS: tuple[Field[Merge], ...] = (
    Field("repository", message("馆代码", "repository"), lambda one: one.repository.code.value),
    Field("packages", message("著录包", "packages"), lambda one: len(one.packages)),
    Field("rows", message("行", "rows"), lambda one: one.rows),
    Field("into", None, lambda one: one.into.value),
)


@command(example="jinkui catalogue merge --dry-run", exits=(*WRITES, RefusedError))
def merge_packages(call: Call, *, dry_run: DryRun = False) -> Result:
    """Merge small packages of descriptions, where a repository has many: every row of every revision is kept."""
    home = home_of(call)
    if not dry_run:
        home.begin_writing()
    plans = plan_merges(home.archive)
    removed = 0
    if not dry_run:
        removed = finish_merges(home.archive)
        for one in plans:
            removed += merge(home.archive, one)
            home.output.progress(message("已并去 {n} 个著录包", "{n} {n:package|packages} merged", n=removed))
        home.follow()
        look_at_duties(home)
    table, data = listing(message("合并", "merged"), _FIELDS, plans)
    said = message(
        "并去 {n} 个著录包；一个馆有 {many} 个以上小包时才合并",
        "{n} {n:package|packages} {n:was|were} merged; that is done where a repository has more than {many} small ones",
        n=removed,
        many=MANY,
    )
    return Result({"merges": data, "removed": removed}, (table,) if plans else (), (said,))
