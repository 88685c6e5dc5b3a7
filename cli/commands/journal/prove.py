"""The command that proves a unit's entry, or its published view, to people who do not have the archive."""

from pathlib import Path
from typing import Annotated

from archives.message import message
from archives.proof.checkpoint import Checkpoint
from cli.commands.journal.checkpoint import Out, voucher_of
from cli.commands.shared import WRITES, Code, InRepository
from cli.frame.commands import Call, command
from cli.frame.output import Result
from cli.frame.parameters import Option
from cli.home.home import Home, home_of
from preservation.actions.journal.vouch import prove_published, prove_stored
from preservation.catalogue.naming import named_unit
from preservation.journal.key import public_key_path
from preservation.stores.files import require_place, write_new
from search.published.tree import published_index, published_leaves


@command(example="jinkui journal prove J019-WS·2014·Y·BGS-0101 --out proof.json", exits=WRITES)
def prove(
    call: Call,
    *,
    code: Code,
    out: Out = None,
    repository: InRepository = None,
    public: Annotated[
        bool, Option(message("证明公开视图，不涉及日志", "prove the published view, nothing of the journal"))
    ] = False,
) -> Result:
    """Write the proof that a unit's newest package, or what is published of it, is in a signed tree."""
    if out:
        require_place(out)
    home = home_of(call)
    if public:
        proof, made = _prove_published(home, code, repository)
    else:
        unit = named_unit(home.catalogue, code, repository)
        proof, made = prove_stored(home.archive, voucher_of(home), unit)
    path = out or Path(f"{code.replace('/', '_').replace(':', '_')}.proof.json")
    write_new(path, proof.encode("utf-8"), mode=0o644)
    key_file = str(public_key_path(home.folder / "keys"))
    said = message(
        "证明写入 {path}；用 scripts/verify-proof {path} --key {key} 验证",
        "proof: {path}; check it with scripts/verify-proof {path} --key {key}",
        path=str(path),
        key=key_file,
    )
    data = {"file": str(path), "origin": made.origin, "size": made.size, "public_key_file": key_file}
    return Result(data, lines=(said,))


def _prove_published(home: Home, code: str, repository: str | None) -> tuple[str, Checkpoint]:
    home.follow()
    if repository is None and ":" in code:
        repository, _, code = code.partition(":")
    index = published_index(home.public.views, code, repository=repository)
    leaves = tuple(published_leaves(home.public.views, home.public.images))
    return prove_published(home.archive, voucher_of(home), leaves, index)
