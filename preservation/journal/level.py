"""One store brought to the end of the journal that the home signed, whatever it holds; the journal's lock is held.

What it lacks is copied, what no key of ours signed goes to its quarantine. What our own key signed and this home does not
know is the work of a copied home or a thief: then nothing is touched, and nothing more is written until a person has looked.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from archives.errors import IntegrityError, NotFoundError
from archives.journal.chain import Group, Head, decode_group
from archives.journal.facts import KeyBegunAnew, StoreSetRight
from archives.journal.keys import key_changes
from archives.journal.persons import read_persons
from archives.journal.seal import sealed_with
from archives.message import Message, message
from archives.proof.signing import parse_key
from preservation.journal.chain import (
    HEAD,
    NOT_WHOLE,
    GroupSource,
    follow_to,
    group_firsts,
    group_path,
    read_bounded,
    read_head,
    read_next,
)
from preservation.journal.memory import Memory
from preservation.stores.store import QUARANTINE, Store

_NAMED = 10


@dataclass(slots=True)
class _Found:
    """What a store holds beside the chain: ``reached`` is as far as it has the chain without a gap."""

    reached: Head
    knows_its_end: bool
    strays: list[PurePosixPath] = field(default_factory=list)
    lacking: list[Group] = field(default_factory=list)


def bring_level(
    store: Store,
    memory: Memory,
    sources: Sequence[GroupSource],
    *,
    stamp: str,
    tell: Callable[[StoreSetRight], None],
    even_ours: bool = False,
) -> None:
    """Bring a store level; what it held that was not the archive's is given to ``tell`` before anything is moved.

    ``tell`` may sign it, which the store is then brought level with too. Raises ``IntegrityError`` for entries that this
    archive's key signed and this home does not know, ``StorageError`` for a store that cannot be read or written.
    ``stamp`` names the folder in quarantine. With ``even_ours`` a person has named such entries foreign: they are set
    aside too.
    """
    end, confirmed, stands = memory.end, memory.confirmed(store.name), _standing_head(store)
    if stands == end:
        memory.confirm(store.name, end)
        return
    found = None
    if stands is not None and (stands == confirmed or stands.sequence > confirmed.sequence):
        found = _look(store, memory, sources, confirmed, stands, even_ours=even_ours)
    if found is None or found.strays or not found.knows_its_end:
        found = _look(store, memory, sources, Head(), stands, even_ours=even_ours)
    if found.strays or not found.knows_its_end or found.reached.sequence < confirmed.sequence:
        named = tuple(map(str, found.strays[:_NAMED]))
        tell(StoreSetRight(store.name, found.reached.sequence, confirmed.sequence, named, len(found.strays)))
        found.lacking += follow_to(sources, end, memory.end)
    _mend(store, found, stands, memory.end, QUARANTINE / f"{stamp}-not-ours")
    memory.confirm(store.name, memory.end)


def told_level(store: str, set_right: Sequence[StoreSetRight]) -> Message:
    """Return what people are told of a store whose journal was brought level, and what ``set_right`` says it was before."""
    said = message("已恢复存储“{store}”中的日志", "recovered the journal in store “{store}”", store=store)
    if not any(found.was_put_back for found in set_right if found.store == store):
        return said
    return message(
        "{said}；它退回过较早的状态，请运行 jinkui audit --store {store}",
        "{said}; it was set back to an earlier state: run jinkui audit --store {store}",
        said=said,
        store=store,
    )


def _look(
    store: Store, memory: Memory, sources: Sequence[GroupSource], at: Head, stands: Head | None, *, even_ours: bool
) -> _Found:
    found, firsts = _Found(at, stands in (at, Head())), {at.sequence + 1}
    others = [first for first in group_firsts(store) if first > at.sequence]
    for group in follow_to(sources, at, memory.end):
        path = group_path(group.first)
        data = _whole_or_none(store, path)
        if data is not None and data != group.data:
            if not even_ours:
                _require_not_ours(store, memory, sources, at)
            found.strays.append(path)
        if data != group.data:
            found.lacking.append(group)
        elif not found.lacking:
            found.reached = group.end
            found.knows_its_end |= stands == group.end
        at = group.end
        firsts.add(at.sequence + 1)
    if others[-1:] > [at.sequence] and not even_ours:
        _require_not_ours(store, memory, sources, at)
    # of a branch of other lengths some begin where no group of the chain does
    found.strays += [group_path(first) for first in others if first > at.sequence or first not in firsts]
    return found


def _mend(store: Store, found: _Found, stands: Head | None, end: Head, aside: PurePosixPath) -> None:
    store.move_below(found.strays, aside)
    for group in found.lacking:
        store.put(group_path(group.first), group.data, over=None)
    try:
        head = None if stands == Head() else read_bounded(store, HEAD)
    except NotFoundError:
        head = None
    except IntegrityError:  # larger than any of ours
        store.move(HEAD, aside / HEAD)
        head = None
    if end.sequence and head != end.encoded():
        store.put(HEAD, end.encoded(), over=head)


def _require_not_ours(store: Store, memory: Memory, sources: Sequence[GroupSource], at: Head) -> None:
    try:
        group = read_next(store, at)
    except NOT_WHOLE:
        return
    if memory.has_signed(group):
        raise _signed_elsewhere(store, group.first)
    if any(isinstance(fact, KeyBegunAnew) for fact in key_changes(group)) and _is_begun_anew(group, memory, sources):
        raise _begun_anew_elsewhere(store, group.first)


def _is_begun_anew(group: Group, memory: Memory, sources: Sequence[GroupSource]) -> bool:
    """Say whether two persons whom this home knows signed that another key begins with a group, and that key its seal.

    Whom the group itself registers this home does not know.
    """
    if sealed_with(group, memory.home_id, [parse_key(fact.public_key) for fact in key_changes(group)]) is None:
        return False
    known = (entry for one in follow_to(sources, Head(), memory.end) for entry in decode_group(one))
    claims = (entry for entry in decode_group(group) if isinstance(entry.fact, KeyBegunAnew))
    begun = read_persons((*known, *claims)).keys_begun_anew
    return any(entry.sequence >= group.first for entry in begun)


def _standing_head(store: Store) -> Head | None:
    """Return where a store says that its journal ends, None when it says nothing that can be understood."""
    try:
        return read_head(store)
    except IntegrityError:
        return None


def _whole_or_none(store: Store, path: PurePosixPath) -> bytes | None:
    """Return what lies at a path, nothing of it where it is too large to be ours."""
    try:
        return read_bounded(store, path)
    except NotFoundError:
        return None
    except IntegrityError:
        return b""


def _signed_elsewhere(store: Store, entry: int) -> IntegrityError:
    """Return the error that says that a store goes on with entries of this archive's key that this home never signed."""
    return IntegrityError(
        message(
            "存储“{store}”从第 {n} 条起是用本档案库的密钥签章、而此处没有记录的日志：档案库被复制过、由备份恢复，或密钥被盗",
            "from entry {n} on, the store “{store}” holds entries that this archive's key signed and this home does not "
            "know: the home was copied or restored from a backup, or the key was stolen",
            store=store.name,
            n=entry,
        ),
        subject="journal",
        advice=message(
            "已停止写入（撤回开放不受影响）；请查明原因后运行 jinkui journal reconcile",
            "nothing more is written (closing still works); find out why, then run jinkui journal reconcile",
        ),
    )


def _begun_anew_elsewhere(store: Store, entry: int) -> IntegrityError:
    """Return the error that says that two persons let another key sign, which this home was not told."""
    return IntegrityError(
        message(
            "存储“{store}”第 {n} 条由两位登记人员签名，重新开始了档案库的密钥，而此处没有记录：此处由更早的备份恢复",
            "in entry {n} of the store “{store}” two registered persons began the archive's key anew, which this home does "
            "not know: it was put back from a backup of before",
            store=store.name,
            n=entry,
        ),
        subject="journal",
        advice=message(
            "已停止写入；请移走 journal 和 keys 文件夹，用新密钥运行 jinkui rebuild --key 文件",
            "nothing more is written; move the folders journal and keys away, and run jinkui rebuild --key FILE with the "
            "new key",
        ),
    )
