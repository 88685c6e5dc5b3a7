"""The command that proves a record's entry, or its published view, to people who do not have the archive."""

from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path

from archives.errors import NotFoundError
from archives.journal.facts import PackageStored
from archives.message import message
from archives.proof.checkpoint import Checkpoint, published_origin, sign_checkpoint
from archives.proof.inclusion import make_proof
from archives.proof.merkle import MerkleTree
from cli.commands.journal.trust import sign_journal, signing_key
from cli.commands.record.rendering import the_record
from cli.frame.commands import Call
from cli.frame.output import Result
from cli.home.home import Home, home_of
from preservation.journal.key import SigningKey, public_key_path
from preservation.journal.verification import first_home_id, journal_lines
from preservation.stores.files import require_place, write_new
from search.published.tree import published_index, published_leaves


def prove(call: Call, *, code: str, out: Path | None, repository: str | None, public: bool) -> Result:
    """Write the proof that a record's newest package, or what is published of it, is in a signed tree."""
    if out:
        require_place(out)
    home = home_of(call)
    make = _prove_published if public else _prove_stored
    proof, made = make(home, code, repository)
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


def _prove_stored(home: Home, code: str, repository: str | None) -> tuple[str, Checkpoint]:
    holding = the_record(home, code, repository)
    stored = [e.sequence for e in home.archive.history(holding) if isinstance(e.fact, PackageStored)]
    if not stored:
        raise NotFoundError(message("日志中没有入库条目", "the journal holds no such entry"), subject=code)
    note, made = sign_journal(home, signing_key(home))
    leaves = partial(journal_lines, home.vault.ledger, made.size)
    return make_proof(leaves, stored[-1] - 1, checkpoint=made, note=note), made


def _prove_published(home: Home, code: str, repository: str | None) -> tuple[str, Checkpoint]:
    home.follow()
    if repository is None and ":" in code:
        repository, _, code = code.partition(":")
    index = published_index(home.public.views, code, repository=repository)
    leaves = tuple(published_leaves(home.public.views, home.public.images))
    note, made = _sign_published(home, signing_key(home), leaves)
    again: Callable[[], Iterable[bytes]] = lambda: leaves  # noqa: E731 - the leaves are at hand
    return make_proof(again, index, checkpoint=made, note=note), made


def _sign_published(home: Home, key: SigningKey, leaves: tuple[bytes, ...]) -> tuple[str, Checkpoint]:
    tree = MerkleTree()
    tree.extend(leaves)
    made = Checkpoint(published_origin(first_home_id(home.vault.ledger)), tree.size, tree.root())
    return sign_checkpoint(made, key.public_key, key.sign), made
