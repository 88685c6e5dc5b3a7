"""The errors of Jinkui, one tree, each with the exit code that a shell sees.

::

    JinkuiError                       1   a defect of ours, when nothing narrower is raised
    ├── UsageProblem                  2   the command was not understood
    ├── ConfigurationError            3   settings that cannot be used
    ├── IdentifierError               3   not an identifier of the kind asked for
    ├── NotFoundError                 4   no such record, repository, file
    ├── RefusedError                  5   closure, hold, classification, missing approval
    ├── ConflictError                 6   something else holds it, or it is there already
    │   ├── UnfinishedError           6   an earlier write of the same thing was interrupted
    │   └── AmbiguousError            6   one name, several records
    ├── ToolError                     7   an outside program or library
    │   ├── ToolMissingError          7   is not installed
    │   └── ToolFailedError           7   failed, hung or lied
    ├── FormatError                   8   bytes that are not what they should be
    │   └── PackageError              8   a bag, object or inventory
    ├── StorageError                  9   a store could not be read or written
    │   ├── StoreAbsentError          9   the store is not there
    │   │   └── StoreEmptyError       9   its folder is, and nothing lies in it (an empty mount point)
    │   ├── StoreDeniedError          9   the store may be there, and may not be looked into
    │   └── PathTakenError            6   other bytes stand where these should go
    ├── IntegrityError               10   no good copy left, journal forked or altered
    ├── SearchError                  11   the index is away or broken
    │   └── SearchBusyError          11   a search took too long, or too many are waiting
    └── InterruptedByPersonError    130   stopped by the person at the keyboard

A finding about somebody's input is no error (``archives.findings``): it is collected and the rest goes on.
"""

from collections.abc import Iterable
from typing import ClassVar

from archives.message import Message, message

FOUND_EXIT_CODE = 12
"""The exit code of a command that did what it was told and found something that is not as it should be."""


def worst_exit_code(codes: Iterable[int]) -> int:
    """Return the code that a shell has to see: no good copy left, then what could not be looked at, then the others."""
    return min(codes, key=lambda code: (code == 0, code != IntegrityError.exit_code, code), default=0)


class JinkuiError(Exception):
    """What happened, to which thing, and what to do next.

    ``code`` is the stable name a program may test for; ``meaning`` says in help what the exit code stands for;
    ``subject`` names the thing (a path, an archival code).
    """

    exit_code: ClassVar[int] = 1
    meaning: ClassVar[Message] = message("程序缺陷", "a defect of ours")
    code: ClassVar[str] = "defect"

    def __init__(self, message: Message, *, subject: str = "", advice: Message | None = None) -> None:
        super().__init__(message.text("en"))
        self.message = message
        self.subject = subject
        self.advice = advice

    @property
    def with_advice(self) -> Message:
        """What happened and what to do next, in one sentence, for where nobody shows them apart."""
        if self.advice is None:
            return self.message
        return message("{said}；{advice}", "{said}; {advice}", said=self.message, advice=self.advice)

    def __reduce__(self) -> tuple[object, ...]:
        return _revive, (type(self), self.message, self.subject, self.advice, dict(self.__dict__))


def _revive(
    kind: type[JinkuiError], message: Message, subject: str, advice: Message | None, fields: dict[str, object]
) -> JinkuiError:
    error = kind.__new__(kind)
    JinkuiError.__init__(error, message, subject=subject, advice=advice)
    error.__dict__.update(fields)
    return error


class UsageProblem(JinkuiError):  # noqa: N818 - the field calls it usage
    """The command was not understood."""

    exit_code = 2
    meaning = message("命令的写法不对", "the command was not understood")
    code = "usage"


class ConfigurationError(JinkuiError):
    """The settings cannot be used as they stand."""

    exit_code = 3
    meaning = message("设置无法使用", "the settings cannot be used")
    code = "configuration"


class IdentifierError(JinkuiError):
    """A text is no identifier of the kind that was asked for."""

    exit_code = 3
    meaning = message("标识不符合规则", "not an identifier of the kind asked for")
    code = "identifier"


class NotFoundError(JinkuiError):
    """What was named is not here."""

    exit_code = 4
    meaning = message("没有所指的东西", "what was named is not here")
    code = "not-found"


class RefusedError(JinkuiError):
    """A rule of the archives forbids it: closure, hold, classification, missing approval."""

    exit_code = 5
    meaning = message(
        "按规定不得为之（未开放、冻结、密级、未获批准或确认）",
        "refused (closure, hold, classification, approval or confirmation missing)",
    )
    code = "refused"


class ConflictError(JinkuiError):
    """It cannot be done as things stand now."""

    exit_code = 6
    meaning = message("与现状冲突，或名称有歧义", "conflict with what is there, or an ambiguous name")
    code = "conflict"


class UnfinishedError(ConflictError):
    """An earlier, interrupted write of the same thing has not been ended yet."""

    code = "unfinished"


class AmbiguousError(ConflictError):
    """One name stands for several records; ``candidates`` names each without doubt."""

    code = "ambiguous"

    def __init__(
        self, message: Message, *, candidates: tuple[str, ...], subject: str = "", advice: Message | None = None
    ) -> None:
        super().__init__(message, subject=subject, advice=advice)
        self.candidates = candidates


class ToolError(JinkuiError):
    """An outside program or library could not do its part."""

    exit_code = 7
    meaning = message("缺少外部工具或库，或其运行失败", "an outside tool or library is missing or failed")
    code = "tool"


class ToolMissingError(ToolError):
    """An outside program, a language of it or a library is not installed."""

    code = "tool-missing"


class ToolFailedError(ToolError):
    """An outside program failed, ran out of time or answered nonsense."""

    code = "tool-failed"


class FormatError(JinkuiError):
    """Bytes are not what they should be."""

    exit_code = 8
    meaning = message("内容不是应有的格式", "bytes are not what they should be")
    code = "format"

    def of_file(self, path: object, advice: Message) -> "FormatError":
        """Return the same error of a file that a person named, with what helps."""
        return FormatError(
            message("{path}：{why}", "{path}: {why}", path=str(path), why=self.message),
            subject=str(path),
            advice=advice,
        )


class PackageError(FormatError):
    """A bag, an OCFL object or an inventory breaks its specification."""

    code = "package"


class StorageError(JinkuiError):
    """A store could not be read or written."""

    exit_code = 9
    meaning = message("存储不在，或无法读写", "a store is not there, or cannot be read or written")
    code = "storage"


class StoreAbsentError(StorageError):
    """The store is not where it should be; nothing is said about what lies in it."""

    code = "store-absent"


class StoreEmptyError(StoreAbsentError):
    """The store's folder is there and empty: its disk is not mounted, or it was emptied."""

    code = "store-empty"


class StoreDeniedError(StorageError):
    """The account, or the key, that asks has no right to something of the store; nothing is said about what lies there.

    ``place`` is what shuts it out, where that is known: the path itself, or a folder on the way to it.
    """

    code = "store-denied"
    place = ""


class PathTakenError(StorageError):
    """Other bytes already stand at the path; what is stored is never overwritten."""

    exit_code = 6
    meaning = message("该处已有别的内容", "other bytes are there already")
    code = "path-taken"


class IntegrityError(JinkuiError):
    """No good copy is left, or the journal was forked or altered."""

    exit_code = 10
    meaning = message("没有完好的副本，或日志被改动", "no good copy is left, or the journal was altered")
    code = "integrity"


class SearchError(JinkuiError):
    """The search index is away, broken or not to be trusted."""

    exit_code = 11
    meaning = message("检索库不可用或损坏", "the index is away or broken")
    code = "search"


class SearchBusyError(SearchError):
    """A search was given up because it took too long, or was not begun because too many are waiting."""

    code = "search-busy"


class InterruptedByPersonError(JinkuiError):
    """The person at the keyboard stopped the command."""

    exit_code = 130
    meaning = message("被人中断", "stopped by a person")
    code = "interrupted"
