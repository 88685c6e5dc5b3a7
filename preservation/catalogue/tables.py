"""The tables of the catalogue, and how values stand in them: as JSON of their types."""

from typing import TypeVar

import sqlalchemy as sql
from pydantic import TypeAdapter

from archives.journal.chain import Entry
from archives.journal.facts import PackageIntended, PackageStored, StoreAdded
from archives.record.description import Description, Fonds, Repository
from archives.record.holding import StoredFile
from archives.record.rights import OpeningDecision, Withdrawal
from preservation.catalogue.upkeep import METADATA

SCHEMA = 6
Value = TypeVar("Value")

position = sql.Table(
    "position",
    METADATA,
    sql.Column("schema", sql.Integer, nullable=False),
    sql.Column("sequence", sql.Integer, nullable=False),
    sql.Column("digest", sql.String, nullable=False),
)
repository = sql.Table(
    "repository",
    METADATA,
    sql.Column("code", sql.String, primary_key=True),
    sql.Column("value", sql.String, nullable=False),
)
fonds = sql.Table(
    "fonds",
    METADATA,
    sql.Column("repository", sql.String, primary_key=True),
    sql.Column("number", sql.String, primary_key=True),
    sql.Column("value", sql.String, nullable=False),
)
package = sql.Table(
    "package",
    METADATA,
    sql.Column("package_id", sql.String, primary_key=True),
    sql.Column("kind", sql.String, nullable=False),
    sql.Column("repository", sql.String, nullable=False, index=True),
    sql.Column("code_key", sql.String, nullable=False, index=True),
    sql.Column("fonds_number", sql.String, nullable=False),
    sql.Column("batch_id", sql.String, nullable=False, index=True),
    sql.Column("anchor", sql.String, nullable=False),
    sql.Column("size_bytes", sql.Integer, nullable=False),
    sql.Column("description", sql.String),
    sql.Column("stored_at", sql.String, nullable=False),
    sql.Column("sequence", sql.Integer, nullable=False, index=True),
)
file = sql.Table(
    "file",
    METADATA,
    sql.Column("package_id", sql.String, primary_key=True),
    sql.Column("path", sql.String, primary_key=True),
    sql.Column("value", sql.String, nullable=False),
)
decision = sql.Table(
    "decision",
    METADATA,
    sql.Column("sequence", sql.Integer, primary_key=True),
    sql.Column("repository", sql.String, nullable=False),
    sql.Column("code_key", sql.String, nullable=False),
    sql.Column("awaits", sql.Boolean, nullable=False),
    sql.Column("value", sql.String, nullable=False),
    sql.Index("decision_record", "repository", "code_key"),
)
copy = sql.Table(
    "copy",
    METADATA,
    sql.Column("package_id", sql.String, primary_key=True),
    sql.Column("store", sql.String, primary_key=True),
    sql.Column("version", sql.Integer, nullable=False),
    sql.Column("verified_at", sql.String, nullable=False),
)
alias = sql.Table(
    "alias",
    METADATA,
    sql.Column("repository", sql.String, primary_key=True),
    sql.Column("code_key", sql.String, primary_key=True),
    sql.Column("package_id", sql.String, nullable=False),
)
tombstone = sql.Table(
    "tombstone",
    METADATA,
    sql.Column("package_id", sql.String, primary_key=True),
    sql.Column("repository", sql.String, nullable=False),
    sql.Column("code_key", sql.String, nullable=False),
    sql.Column("sequence", sql.Integer, nullable=False, index=True),
    sql.Column("disposed_at", sql.String, nullable=False),
    sql.Column("plan_id", sql.String, nullable=False),
)
begun = sql.Table(
    "begun",
    METADATA,
    sql.Column("what", sql.String, primary_key=True),
    sql.Column("store", sql.String, primary_key=True),
    sql.Column("package_id", sql.String, primary_key=True),
)
store = sql.Table(
    "store",
    METADATA,
    sql.Column("name", sql.String, primary_key=True),
    sql.Column("value", sql.String, nullable=False),
)
away = sql.Table("away", METADATA, sql.Column("store", sql.String, primary_key=True))
intent = sql.Table(
    "intent",
    METADATA,
    sql.Column("package_id", sql.String, primary_key=True),
    sql.Column("version", sql.Integer, primary_key=True),
    sql.Column("value", sql.String, nullable=False),
)
entry = sql.Table(
    "entry",
    METADATA,
    sql.Column("sequence", sql.Integer, primary_key=True),
    sql.Column("package_id", sql.String, index=True),
    sql.Column("repository", sql.String),
    sql.Column("code_key", sql.String),
    sql.Column("value", sql.String, nullable=False),
    sql.Index("entry_record", "repository", "code_key"),
)

REPOSITORY = TypeAdapter(Repository)
FONDS = TypeAdapter(Fonds)
STORE = TypeAdapter(StoreAdded)
DESCRIPTION = TypeAdapter(Description)
FILE = TypeAdapter(StoredFile)
ANCHOR = TypeAdapter(PackageStored)
INTENT = TypeAdapter(PackageIntended)
ENTRY = TypeAdapter(Entry)
DECISION: TypeAdapter[OpeningDecision | Withdrawal] = TypeAdapter(OpeningDecision | Withdrawal)


def as_json(adapter: "TypeAdapter[Value]", value: Value) -> str:
    """Return a value as it stands in a table."""
    return adapter.dump_json(value).decode("utf-8")
