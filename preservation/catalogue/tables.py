"""The tables of the catalogue: what follows from the journal, and what packages say of themselves.

A package is named by a number, in the order in which packages were stored, so that a million lie one behind the other.
"""

from functools import cached_property
from typing import Any, Generic, NamedTuple, TypeVar

import sqlalchemy as sql
from pydantic import TypeAdapter

from archives.findings import Finding
from archives.journal.facts import AuditCompleted, PackageIntended, PackageStored, RestoreDrilled, StoreAdded
from archives.record.description import Description, Fonds, Repository
from archives.record.holding import StoredFile
from archives.record.record import PackageKind
from archives.record.rights import OpeningDecision, Withdrawal
from archives.record.volume.structure import VolumeStructure

SCHEMA = 31
METADATA = sql.MetaData()
Value = TypeVar("Value")


def _table(name: str, *columns: "sql.Column[str] | sql.Column[int] | sql.Index", clustered: bool = False) -> sql.Table:
    """Return a table; a ``clustered`` one lies in the order of its primary key."""
    return sql.Table(name, METADATA, *columns, sqlite_with_rowid=not clustered)


def _text(name: str, *, key: bool = False, null: bool = False, index: bool = False) -> "sql.Column[str]":
    return sql.Column(name, sql.String, primary_key=key, nullable=null, index=index)


def _number(name: str, *, key: bool = False, index: bool = False) -> "sql.Column[int]":
    return sql.Column(name, sql.Integer, primary_key=key, nullable=False, index=index, autoincrement=False)


position = _table("position", _number("schema"), _number("sequence"), _text("digest"), _number("next_number"))
journal_group = _table("journal_group", _number("first", key=True), _number("last"), _text("digest"))
concern = _table("concern", _number("subject", key=True), _number("sequence", key=True), clustered=True)

repository = _table("repository", _text("code", key=True), _text("value"))
fonds = _table("fonds", _text("repository", key=True), _text("number", key=True), _text("value"))
package = _table(
    "package",
    _number("number", key=True),
    _text("package_id"),
    _text("kind"),
    _text("repository"),
    _text("code_key"),
    _text("fonds_number"),
    _text("batch_id", index=True),
    _number("version"),
    _number("size_bytes"),
    _text("stored_at"),
    _number("sequence", index=True),
    _text("unit_id"),
    sql.Index("package_by_unit", "unit_id"),
    sql.Index("package_by_id", "package_id", unique=True),
    sql.Index("package_by_code", "code_key", "repository"),
)
version = _table(
    "version",
    _number("number", key=True),
    _number("version", key=True),
    _text("package_id"),
    _text("inventory_sha512"),
    _number("size_bytes"),
    _text("kind"),
    _text("repository"),
    _text("archival_code"),
    _text("batch_id"),
    _text("stores"),
    clustered=True,
)
undescribed = _table("undescribed", _number("number", key=True))
_UNREAD = sql.text("reviewed = ''")
content = _table(
    "content",
    _number("number", key=True),
    _text("description", null=True),
    _text("reviewed", null=True),
    _text("volume", null=True),
    sql.Index("content_unread", "number", sqlite_where=_UNREAD),
)
UNREAD_NUMBERS = sql.select(content.c.number).where(_UNREAD)
"""The numbers of the packages whose content no copy could give; there is an index of those."""
reviewed_before = _table(
    "reviewed_before", _number("number", key=True), _number("version", key=True), _text("reviewed", null=True)
)
file = _table("file", _number("number", key=True), _text("path", key=True), _text("value"), clustered=True)
_LAST_DAY = """json_extract(value, '$.elements.date[0][1]."止"')"""
NO_LAST_DAY = "9999-12-31"
"""The last day of formation of what has no end, or of which it is not known."""
unit = _table(
    "unit",
    _text("unit_id"),
    _number("revision"),
    _text("repository"),
    _text("fonds"),
    _text("level"),
    _text("parent", index=True),
    _text("above", null=True),
    _text("place"),
    _text("code_key"),
    _text("state"),
    _text("import_id"),
    _text("digest"),
    _text("value"),
    _number("sequence"),
    sql.Column("number", sql.Integer, nullable=True),
    _text("reviewed", null=True),
    sql.Column("last_day", sql.String, sql.Computed(_LAST_DAY, persisted=True)),
    sql.Index("unit_by_id", "unit_id", unique=True),
    sql.Index("unit_by_package", "number", sqlite_where=sql.text("number IS NOT NULL")),
    sql.Index("unit_by_change", "sequence", "unit_id", sqlite_where=sql.text("number IS NULL")),
    sql.Index("unit_by_place", "repository", "fonds", "place", "level", "state", "number"),
    sql.Index("unit_by_code", "code_key", "repository", "state"),
    sql.Index("unit_by_rule", "repository", "above", "place", sqlite_where=sql.text("above IS NOT NULL")),
    sql.Index("unit_by_kind", "repository", "fonds", "level", "state", "number"),
    sql.Index("unit_by_import", "import_id", "repository", "fonds", "place", "state"),
    sql.Index("unit_by_age", "last_day", "level", "state"),
)
"""The newest row of every unit, revision 0 where only its package says anything; ``above`` is the code above it by rule.
``number``: the package with its content, of an item with what a review looks at; without one ``sequence`` is of its newest entry."""
unit_revision = _table(
    "unit_revision",
    _text("unit_id", key=True),
    _number("revision", key=True),
    sql.Column("number", sql.Integer, primary_key=True, nullable=False, index=True, autoincrement=False),
    clustered=True,
)
"""In which packages each row of a unit lies: in one, but for the time in which another takes its place."""
former_code = _table("former_code", _text("unit_id", key=True), _text("code_key", key=True, index=True))
finding = _table(
    "finding", _number("number", key=True), _text("identifier", key=True), _number("place"), _text("code", index=True),
    _text("value"), sql.Index("finding_by_identifier", "identifier"), clustered=True,
)  # fmt: skip
settled = _table(
    "settled", _text("package_id", key=True), _text("identifier", key=True), _text("at"), _text("settled_by"),
    _text("reason"), clustered=True,
)  # fmt: skip
decision = _table(
    "decision",
    _number("sequence", key=True),
    _text("unit_id", key=True, index=True),
    _text("repository"),
    _text("code_key", key=True),
    _text("at"),
    _text("opens_on"),
    _text("closes_on"),
    _text("value"),
    _text("reviewed"),
    _number("version"),
    sql.Index("decision_record", "repository", "code_key"),
)
"""What an entry of the journal decided: about a unit, or with an empty ``unit_id`` about everything that has a code."""
signatory = _table("signatory", _number("sequence", key=True), _text("line"))
copy = _table(
    "copy",
    _number("number", key=True),
    _text("store", key=True),
    _number("version"),
    _number("size_bytes"),
    _text("verified_at"),
    sql.Index("copy_by_age", "store", "verified_at"),
    clustered=True,
)
total = _table("total", _text("store", key=True), _number("copies"), _number("current"), _number("size_bytes"))
growth = _table("growth", _text("store", key=True), _text("day", key=True), _number("size_bytes"))
alias = _table(
    "alias", _text("repository", key=True), _text("code_key", key=True), _text("package_id", key=True, index=True)
)
"""The codes that renumbering took from units, each of which ``package_id`` names."""
tombstone = _table(
    "tombstone",
    _text("package_id", key=True),
    _text("plan_id"),
    _text("repository"),
    _text("archival_code"),
    _text("code_key"),
    _number("sequence", index=True),
    _text("disposed_at"),
    _text("mistake"),
    _text("unit_id", index=True),
)
store = _table("store", _text("name", key=True), _number("sequence"), _text("value"))
away = _table("away", _text("store", key=True), _number("sequence"))
intent = _table("intent", _text("package_id", key=True), _number("version", key=True), _text("reached"), _text("value"))
replication = _table("replication", _text("store", key=True), _text("package_id", key=True), _number("version"))
disposal = _table("disposal", _text("package_id", key=True), _text("plan_id"))
leftover = _table(
    "leftover", _text("store", key=True), _text("package_id", key=True), _number("version", key=True), _text("value")
)
damage = _table(
    "damage",
    _text("store", key=True),
    _text("file", key=True),
    _text("verdict", key=True),
    _text("package_id", null=True, index=True),
    _number("sequence"),
)
batch = _table(
    "batch", _number("sequence", key=True), _text("batch_id", index=True), _text("repository"), _number("records"),
    _number("files"), _text("at"), _text("agent"),
)  # fmt: skip
batch_closed = _table("batch_closed", _text("batch_id", key=True), _text("at"), _text("reason"))
audit = _table("audit", _number("sequence", key=True), _text("at"), _text("value"))
drill = _table("drill", _number("sequence", key=True), _text("at"), _text("value"))
verification = _table(
    "verification", _text("store", key=True), *(_text(f"{one}_on", key=True) for one in ("verified", "previous")),
    _number("copies"),
)  # fmt: skip


class PackageRow(NamedTuple):
    """A package in its newest version, with the size of all; ``unit_id``: whose content it is, by the first in its place."""

    number: int
    package_id: str
    kind: str
    repository: str
    code_key: str
    fonds_number: str
    batch_id: str
    version: int
    size_bytes: int
    stored_at: str
    sequence: int
    unit_id: str


class CopyRow(NamedTuple):
    """Up to which version a store has a package, how much that is, when it was last found whole."""

    number: int
    store: str
    version: int
    size_bytes: int
    verified_at: str


class TotalRow(NamedTuple):
    """How many copies a store has, how many of the newest version, how much; the empty name counts packages."""

    store: str
    copies: int = 0
    current: int = 0
    size_bytes: int = 0


class Kept(Generic[Value]):
    """How values of a type stand in a table, as JSON; worked out when the first is read or written."""

    def __init__(self, kind: Any) -> None:
        self._kind = kind

    @cached_property
    def _adapter(self) -> "TypeAdapter[Value]":
        return TypeAdapter(self._kind)

    def validate_json(self, text: str) -> Value:
        """Return the value that stands in a table."""
        return self._adapter.validate_json(text)

    def as_json(self, value: Value) -> str:
        """Return a value as it stands in a table."""
        return self._adapter.dump_json(value).decode("utf-8")


REPOSITORY = Kept[Repository](Repository)
FONDS = Kept[Fonds](Fonds)
STORE = Kept[StoreAdded](StoreAdded)
FINDING = Kept[Finding](Finding)
DESCRIPTION = Kept[Description](Description)
VOLUME = Kept[VolumeStructure](VolumeStructure)
FILE = Kept[StoredFile](StoredFile)
INTENT = Kept[PackageIntended](PackageIntended)
AUDIT = Kept[AuditCompleted](AuditCompleted)
DRILL = Kept[RestoreDrilled](RestoreDrilled)
DECISION = Kept[OpeningDecision | Withdrawal](OpeningDecision | Withdrawal)


def stored(row: "sql.Row[tuple[object, ...]]") -> PackageStored:
    """Return the anchor that a row of ``version`` holds."""
    fields = row._mapping
    return PackageStored(
        package_id=fields["package_id"],
        version=fields["version"],
        inventory_sha512=fields["inventory_sha512"],
        size_bytes=fields["size_bytes"],
        kind=PackageKind(fields["kind"]),
        repository=fields["repository"],
        archival_code=fields["archival_code"],
        batch_id=fields["batch_id"],
        stores=tuple(filter(None, fields["stores"].split(","))),
    )
