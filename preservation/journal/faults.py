"""What can be wrong with the journal or with one store's copy of it, each with its words and its exit code."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from archives.consequences import WithConsequences
from archives.errors import IntegrityError, StorageError, StoreAbsentError, StoreDeniedError, StoreEmptyError
from archives.message import Message, message

_SHORTENED = message("日志比检查点短，末尾被截去", "entries that the checkpoint vouches for are gone")
_ELSEWHERE = message(
    "含有用本档案库密钥签章、而此处没有记录的条目（档案库被复制，或密钥被盗）",
    "holds entries signed with this archive's key that this home does not know (a copied home, or a stolen key)",
)
_GONE_ON = message(
    "此处停用之后，由本档案库的密钥接着写了日志（已迁往别处；此处不核查这些条目）",
    "goes on after this home retired, signed with this archive's key, as where it was moved (not verified here)",
)
_REWRITTEN = message("日志与检查点不符，已被改写", "not the journal that the checkpoint vouches for")


class Fault(WithConsequences):
    """What is wrong with the journal (no store has it whole, or none can be told from another) or with one store's copy.

    ``said`` is it in words, ``exit_code`` that of a verification.
    """

    said: Message
    exit_code: int

    BROKEN = "BROKEN", message("日志断裂，没有完好的副本", "the chain is broken in every copy"), 10
    TRUNCATED = "TRUNCATED", message("日志在其头记录之前结束", "the journal ends before its head"), 10
    FORKED = "FORKED", message("日志分叉", "the stores continue the journal differently"), 10
    SHORTENED = "SHORTENED", _SHORTENED, 10
    REWRITTEN = "REWRITTEN", _REWRITTEN, 10
    ABSENT = "ABSENT", message("存储不在，未核查", "the store is not there; not checked"), 9
    EMPTIED = "EMPTIED", message("文件夹还在，但是空的，未核查", "its folder is there and empty; not checked"), 9
    DENIED = "DENIED", message("没有读取权限，未核查", "permission denied; not checked"), 9
    UNREADABLE = "UNREADABLE", message("无法读取", "cannot be read"), 9
    ELSEWHERE = "ELSEWHERE", _ELSEWHERE, 10
    GONE_ON = "GONE_ON", _GONE_ON, 12
    FOREIGN = "FOREIGN", message("含有不是本档案库写入的条目", "holds entries that this archive did not write"), 12
    PUT_BACK = "PUT_BACK", message("被换成了较早的状态", "was put back to an earlier state"), 12
    BEHIND = "BEHIND", message("落后，下次写入时补齐", "behind; the next writing command brings it level"), 12
    DAMAGED = "DAMAGED", message("损坏，其他存储有完好的副本", "damaged; another store has it whole"), 12

    @property
    def is_of_the_journal(self) -> bool:
        """Whether no good copy is left or none can be told from another; else one store is concerned."""
        return self.exit_code == IntegrityError.exit_code


def fault_of(failure: StorageError) -> Fault:
    """Return what is wrong with a store's copy that was not looked at, by what kept it from being."""
    if isinstance(failure, StoreEmptyError):
        return Fault.EMPTIED
    if isinstance(failure, StoreAbsentError):
        return Fault.ABSENT
    return Fault.DENIED if isinstance(failure, StoreDeniedError) else Fault.UNREADABLE


@dataclass(frozen=True, slots=True)
class JournalFault:
    """A fault with the stores it is found in and the first entry that it concerns."""

    fault: Fault
    stores: tuple[str, ...]
    entry: int


def apart_from_elsewhere(faults: Sequence[JournalFault]) -> Iterator[JournalFault]:
    """Yield faults but for what is said of a store after the entry at which it went another way: nothing of that is ours."""
    left = {name: found.entry for found in reversed(faults) if found.fault is Fault.ELSEWHERE for name in found.stores}
    for found in faults:
        since = min((left.get(name, found.entry + 1) for name in found.stores), default=0)
        if found.fault is Fault.ELSEWHERE or found.fault.is_of_the_journal or found.entry < since:
            yield found
