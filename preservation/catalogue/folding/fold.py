"""How journal entries change the catalogue: one fold, taken over in groups, wholly or not at all.

What most entries change is kept in memory and written behind, so that a journal of millions is folded in minutes; the
rest is changed in place.
"""

import sqlite3
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import lru_cache

import sqlalchemy as sql

from archives.journal.chain import Entry, Head
from archives.journal.concern import UNSIGNED, Subject, SubjectKind
from archives.journal.facts import (
    AuditCompleted,
    BatchClosed,
    BatchReceived,
    CopiesReplicated,
    CopyRepaired,
    DamageFound,
    DisposalAbandoned,
    DisposalIntended,
    FindingsSettled,
    FixityChecked,
    FondsDescribed,
    OpeningDecided,
    OpeningWithdrawn,
    PackageAbandoned,
    PackageDisposed,
    PackageIntended,
    PackageStored,
    ReplicationAbandoned,
    ReplicationIntended,
    RepositoryAdded,
    RepositoryNamed,
    RestoreDrilled,
    RestoreProgramRenewed,
    StoreAdded,
    StoreAway,
    StoreMoved,
    StoreReplaced,
    StoreRetired,
    StoreReturned,
    StoreSetRight,
    UnitsRenumbered,
)
from archives.journal.openings import may_count
from archives.record.identifiers import archival_code_key, fonds_of_key
from archives.record.record import PackageKind
from archives.record.rights import Conclusion, OpeningDecision, Withdrawal
from archives.units.state import State
from preservation.catalogue import tables
from preservation.catalogue.folding.counts import UNREAD, Counts
from preservation.catalogue.folding.renaming import rename, subject_number
from preservation.catalogue.folding.rows import Rows, insertion
from preservation.catalogue.folding.signatories import Signatories
from preservation.catalogue.folding.volumes import VOLUMES, may_stand_in_a_volume, places_above
from preservation.catalogue.tables import CopyRow, PackageRow

_LISTED = (SubjectKind.PERSON, SubjectKind.HOLD, SubjectKind.PLAN)
_WHOLE = "all"
_OF_PACKAGES = (
    tables.package, tables.version, tables.undescribed, tables.content, tables.reviewed_before, tables.file,
    tables.finding,
)  # fmt: skip


class Fold:
    """Takes entries over within one transaction; nothing counts before ``flush``."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._packages = Rows(connection, tables.package, PackageRow, whole=False)
        self._copies = Rows(connection, tables.copy, CopyRow, whole=False)
        self._stores = Rows(connection, tables.store, _as_is, whole=True)
        self._away = Rows(connection, tables.away, _as_is, whole=True)
        self._intents = Rows(connection, tables.intent, _as_is, whole=True, written=_as_written)
        self._replications = Rows(connection, tables.replication, _as_is, whole=True)
        self._disposals = Rows(connection, tables.disposal, _as_is, whole=True)
        self._leftovers = Rows(connection, tables.leftover, _as_is, whole=True, written=_as_written)
        self._counts = Counts(connection)
        self._signatories = Signatories(connection)
        self._kept = (
            self._packages, self._copies, self._stores, self._away, self._intents, self._replications, self._disposals,
            self._leftovers, self._counts,
        )  # fmt: skip
        self._numbers: dict[str, int | None] = {}
        self._next = connection.execute("SELECT next_number FROM position").fetchone()[0]
        self._is_damaged = connection.execute("SELECT 1 FROM damage LIMIT 1").fetchone() is not None
        self._gone = {row[0] for row in self._away}
        self._appended: defaultdict[sql.Table, list[tuple[object, ...]]] = defaultdict(list)

    def take(self, entries: Sequence[Entry], end: Head) -> None:
        """Take a group's entries over."""
        if not entries:
            return
        self._append(tables.journal_group, entries[0].sequence, end.sequence, end.digest)
        for entry in entries:
            for subject in entry.fact.concerns():
                called = self._as_called_now(subject) if subject.kind is SubjectKind.RECORD else subject
                self._append(tables.concern, subject_number(called), entry.sequence)
                if subject.kind in _LISTED:
                    self._append(tables.concern, subject_number(Subject(subject.kind)), entry.sequence)
            self._take(entry)

    def flush(self) -> None:
        """Write everything that was kept in memory."""
        for rows in self._kept:
            rows.flush()
        for table in tuple(self._appended):
            self._write(table)
        self._connection.execute("UPDATE position SET next_number = ?", (self._next,))
        self._numbers.clear()

    def _take(self, entry: Entry) -> None:
        match entry.fact:
            case PackageIntended() as fact:
                promised = fact.stores or tuple(str(row[0]) for row in self._stores)
                reached = ",".join([name for name in promised if name not in self._gone])
                self._intents.put((fact.package_id, fact.version, reached, fact))
            case PackageStored() as fact:
                self._end_intent(fact.package_id, fact.version, stored_in=fact.stores)
                self._store(entry, fact)
            case FixityChecked(store, packages):
                self._checked(store, packages, entry.at)
            case PackageAbandoned(package_id, version):
                self._end_intent(package_id, version, stored_in=())
            case UnitsRenumbered() as fact:
                self._renumber_all(entry, fact)
            case OpeningDecided() | OpeningWithdrawn() as fact:
                self._decide(entry, fact)
            case ReplicationIntended(store, versions):
                for package_id, version in versions:
                    self._replications.put((store, package_id, version))
            case ReplicationAbandoned(store, versions):
                for package_id, _ in versions:
                    self._replications.pop(store, package_id)
            case CopiesReplicated(store, versions):
                for package_id, version in versions:
                    self._replications.pop(store, package_id)
                    self._replicated(store, package_id, version, entry.at)
            case StoreAdded() | StoreAway() | StoreReturned() | RestoreProgramRenewed() as fact:
                self._place(entry, fact)
            case StoreReplaced(store_id, name, marker, program):
                self._leave(name, entry.at)
                self._place(entry, StoreAdded(store_id, name, marker, program))
            case StoreMoved(name):
                self._doubt(name, entry.at)
            case StoreSetRight(name) as fact:
                if fact.was_put_back:
                    self._doubt(name, entry.at)
            case StoreRetired(name):
                self._leave(name, entry.at)
                self._stores.pop(name)
            case RepositoryAdded() | RepositoryNamed() | FondsDescribed() as fact:
                self._describe(entry, fact)
            case DamageFound() | CopyRepaired() | AuditCompleted() | RestoreDrilled() as fact:
                self._look_after(entry, fact)
            case BatchReceived(batch_id, repository, records, files):
                told = (batch_id, repository, records, files, _moment(entry.at), entry.agent)
                self._append(tables.batch, entry.sequence, *told)
            case BatchClosed(batch_id, reason):
                self._append(tables.batch_closed, batch_id, _moment(entry.at), reason)
            case DisposalIntended(package_id, plan_id):
                self._disposals.put((package_id, plan_id))
            case DisposalAbandoned(package_id):
                self._disposals.pop(package_id)
            case PackageDisposed() as fact:
                self._bury(entry, fact)
            case FindingsSettled(package_id, findings, reason, settled_by):
                for identifier in findings:
                    self._append(tables.settled, package_id, identifier, _moment(entry.at), settled_by, reason)
            case _:
                self._signatories.take(entry)

    def _store(self, entry: Entry, fact: PackageStored) -> None:
        before = self._package(fact.package_id)
        key, moment = archival_code_key(fact.archival_code), _moment(entry.at)
        old = self._package(fact.succeeds) if fact.succeeds and before is None else None
        key = old.code_key if old and old.code_key else key  # whose record was renumbered since its words were written
        number = before.number if before else self._next
        grown = before.size_bytes if before and before.version < fact.version else 0
        row = PackageRow(
            number,
            fact.package_id,
            fact.kind.value,
            fact.repository,
            key,
            fonds_of_key(key) if fact.kind is PackageKind.RECORD else "",
            fact.batch_id,
            fact.version,
            grown + fact.size_bytes,
            moment,
            entry.sequence,
            before.unit_id if before else self._take_place(fact),
        )
        if before is None:
            self._begin(row, fact.stores)
        else:
            if before.code_key != row.code_key and not self._names_anew(before, fact):
                row = row._replace(code_key=before.code_key, fonds_number=before.fonds_number)
            self._go_on(row, before, fact)
        self._packages.put(row)
        self._append(
            tables.version,
            number,
            fact.version,
            fact.package_id,
            fact.inventory_sha512,
            fact.size_bytes,
            row.kind,
            fact.repository,
            fact.archival_code,
            fact.batch_id,
            ",".join(fact.stores),
        )
        self._append(tables.undescribed, number)

    def _take_place(self, fact: PackageStored) -> str:
        """Return whose content a new package is; the one whose place it takes is looked for by no code any more."""
        old = self._package(fact.succeeds) if fact.succeeds else None
        if old is None:
            return self._whose_left(fact.succeeds) if fact.succeeds else fact.package_id
        self._packages.put(old._replace(code_key="", fonds_number=""))
        self._packages_written()
        for table in (tables.undescribed, tables.content, tables.reviewed_before, tables.file, tables.finding):
            self._write(table)
            self._connection.execute(f"DELETE FROM {table.name} WHERE number = ?", (old.number,))
        self._connection.execute("UPDATE unit SET number = ? WHERE number = ?", (self._next, old.number))
        self._write(tables.settled)  # a finding is the same in the package that takes its package's place
        moved = (fact.package_id, old.package_id)
        self._connection.execute("UPDATE settled SET package_id = ? WHERE package_id = ?", moved)
        return old.unit_id

    def _whose_left(self, package_id: str) -> str:
        """Return whose content a package was that is gone; one came in its place after it was taken in by mistake."""
        self._write(tables.tombstone)
        row = self._connection.execute("SELECT unit_id FROM tombstone WHERE package_id = ?", (package_id,)).fetchone()
        return str(row[0]) if row else package_id

    def _has_left(self, unit_id: str) -> bool:
        """Say whether content of a unit was taken in by mistake and is gone: other content may have come in its place."""
        self._write(tables.tombstone)
        query = "SELECT 1 FROM tombstone WHERE unit_id = ? AND mistake != ''"
        return self._connection.execute(query, (unit_id,)).fetchone() is not None

    def _package_of(self, unit_id: str) -> PackageRow | None:
        """Return the package whose content is a unit's, the one in its place where another took it."""
        package = self._package(unit_id)
        if (package is None and not self._has_left(unit_id)) or (package is not None and package.code_key):
            return package
        self._packages_written()
        query = "SELECT number FROM package WHERE unit_id = ? AND code_key != ''"
        row = self._connection.execute(query, (unit_id,)).fetchone()
        return self._packages.get(row[0]) if row else package

    def _begin(self, row: PackageRow, stores: tuple[str, ...]) -> None:
        """Remember the copies of a package that was not there before."""
        self._next += 1
        self._numbers[row.package_id] = row.number
        for store in stores:
            self._copies.put(CopyRow(row.number, store, row.version, row.size_bytes, row.stored_at))
        self._counts.begin(row, stores)

    def _go_on(self, row: PackageRow, before: PackageRow, fact: PackageStored) -> None:
        """Remember the copies of a package that got another version, and maybe another code."""
        if before.code_key != row.code_key:
            self._renumber(fact, before, row.code_key)
        if before.version != row.version:
            self._ask_what_was_reviewed(row)
            for copy in self._copies_of(row.number):
                self._counts.add(copy.store, current=-(copy.version == before.version))
        for store in fact.stores:
            known = self._copies.get(row.number, store)
            self._hold(CopyRow(row.number, store, row.version, row.size_bytes, row.stored_at), known, row.version)

    def _replicated(self, store: str, package_id: str, version: int, at: datetime) -> None:
        package = self._package(package_id)
        if package is None:
            return
        known = self._copies.get(package.number, store)
        held = max(version, known.version if known else 0)
        size_bytes = package.size_bytes
        if held != package.version:
            self._write(tables.version)
            query = "SELECT sum(size_bytes) FROM version WHERE number = ? AND version <= ?"
            size_bytes = self._connection.execute(query, (package.number, held)).fetchone()[0] or 0
        self._hold(CopyRow(package.number, store, held, size_bytes, _moment(at)), known, package.version)

    def _hold(self, copy: CopyRow, known: CopyRow | None, newest: int) -> None:
        """Remember that a store has a package, verified there at this moment; of what is unread only a version was read."""
        day = copy.verified_at[:10]
        if known is not None and known.verified_at == UNREAD:
            copy = copy._replace(verified_at=UNREAD)
        if known is not None and known.version > copy.version:
            copy = known._replace(verified_at=copy.verified_at)
        self._copies.put(copy)
        self._counts.hold(copy, known, newest, day=day)

    def _checked(self, store: str, packages: Sequence[str], at: datetime) -> None:
        moment = _moment(at)
        for package_id in packages:
            number = self._number(package_id)
            known = None if number is None else self._copies.get(number, store)
            if known is not None:
                copy = known._replace(verified_at=moment)
                self._copies.put(copy)
                self._counts.verify(copy, known)
        if self._is_damaged:
            whole = [(store, package_id) for package_id in packages]
            self._connection.executemany("DELETE FROM damage WHERE store = ? AND package_id = ?", whole)

    def _end_intent(self, package_id: str, version: int, *, stored_in: Sequence[str]) -> None:
        begun = self._intents.pop(package_id, version)
        if begun is None:
            return
        for name in self._gone:
            if name in str(begun[2]).split(",") and name not in stored_in:
                self._leftovers.put((name, package_id, version, begun[3]))

    def _decide(self, entry: Entry, fact: OpeningDecided | OpeningWithdrawn) -> None:
        decided: OpeningDecision | Withdrawal
        if isinstance(fact, OpeningDecided):
            decided, reviewed = fact.decision, fact.reviewed
            opens_on, closes_on = _ahead(decided.takes_effect_on, entry), _ahead(decided.closes_on, entry)
        else:
            decided, reviewed = fact.withdrawal, ""
            opens_on, closes_on = "", _ahead(decided.takes_effect_on, entry)
        said = archival_code_key(fact.archival_code)
        package = self._package_of(fact.package_id) if fact.package_id else self._present(fact.repository, said)
        key = package.code_key if package else said
        unit_id = fact.package_id or (package.unit_id if package else "")
        if isinstance(fact, OpeningDecided) and not self._counts_as_opening(fact, unit_id, key):
            self._append(tables.concern, subject_number(UNSIGNED), entry.sequence)
            return
        value = tables.DECISION.as_json(decided)
        version = package.version if package else 0
        rest = (entry.at.date().isoformat(), opens_on, closes_on, value, reviewed, version)
        closes_all = not fact.package_id and not _is_opening(decided)
        places = (
            {("", said), *([(unit_id, key)] if package and key != said else ())} if closes_all else {(unit_id, key)}
        )
        for unit, code in sorted(places):
            self._append(tables.decision, entry.sequence, unit, fact.repository, code, *rest)
        if package:
            self._packages.put(package._replace(sequence=entry.sequence))
        if closes_all or not package:
            self._touch_units(entry.sequence, fact.package_id, fact.repository, said)

    def _touch_units(self, sequence: int, unit_id: str, repository: str, key: str) -> None:
        """Let a unit that is no package's be looked at again, and the volume that it is an item of."""
        which, values = (
            ("unit_id = ?", (unit_id,)) if unit_id else ("repository = ? AND code_key = ?", (repository, key))
        )
        run = self._connection.execute
        run(f"UPDATE unit SET sequence = ? WHERE {which}", (sequence, *values))
        if key and fonds_of_key(key) == key:  # of a fonds: everything in it is shown with its name, or without
            run("UPDATE unit SET sequence = ? WHERE repository = ? AND fonds = ?", (sequence, repository, key))
            for (number,) in run(
                "SELECT number FROM unit WHERE repository = ? AND fonds = ?", (repository, key)
            ).fetchall():
                if number is not None and (package := self._packages.get(number)):
                    self._packages.put(package._replace(sequence=sequence))
        found = run(
            f"SELECT number, parent, level, repository, fonds, place FROM unit WHERE {which}", values
        ).fetchall()
        for number, parent, *place in found:
            known = self._packages.get(number) if number is not None else None
            for volume in (known, self._package_of(parent) if parent else None):
                if volume:
                    self._packages.put(volume._replace(sequence=sequence))
            if number is None and not parent:
                self._touch_volumes(sequence, *place)

    def _touch_volumes(self, sequence: int, level: str, repository: str, fonds: str, order: str) -> None:
        """Let the volumes be looked at again in which a unit stands by its code alone."""
        places = places_above(order) if may_stand_in_a_volume(level, "") else ()
        for place in places:
            for (number,) in self._connection.execute(_VOLUMES_AT, (repository, fonds, place, *VOLUMES)).fetchall():
                if volume := self._packages.get(number):
                    self._packages.put(volume._replace(sequence=sequence))

    def _counts_as_opening(self, fact: OpeningDecided, unit_id: str, key: str) -> bool:
        persons = self._signatories.persons
        if not persons.openings_signed:
            return True
        self._write(tables.decision)
        query = (
            "SELECT max(sequence) FROM decision WHERE unit_id = ? OR (unit_id = '' AND repository = ? AND code_key = ?)"
        )
        last = self._connection.execute(query, (unit_id, fact.repository, key)).fetchone()[0] or 0
        return may_count(fact, persons, unit_id, last=last)

    def _present(self, repository: str, key: str) -> PackageRow | None:
        """Return the package whose record has this key now, or else had it."""
        self._packages_written()
        has = "SELECT number FROM package WHERE code_key = ? AND repository = ?"
        had = (
            "SELECT number FROM package JOIN alias ON alias.package_id = package.unit_id AND package.code_key != ''"
            " WHERE alias.code_key = ? AND alias.repository = ?"
        )
        for query in (has, had):
            row = self._connection.execute(query, (key, repository)).fetchone()
            if row:
                return self._packages.get(row[0])
        return None

    def _as_called_now(self, subject: Subject) -> Subject:
        """Return the record under the code it has, where it is called by one that it had."""
        repository, _, key = subject.identifier.partition(":")
        package = self._present(repository, key)
        return Subject(SubjectKind.RECORD, f"{repository}:{package.code_key}") if package else subject

    def _names_anew(self, before: PackageRow, fact: PackageStored) -> bool:
        """Say whether a version gives its record another code, rather than repeating one of before it was renumbered."""
        self._write(tables.version)
        query = "SELECT archival_code FROM version WHERE number = ? AND version = ?"
        (repeated,) = self._connection.execute(query, (before.number, before.version)).fetchone()
        return archival_code_key(str(repeated)) != archival_code_key(fact.archival_code)

    def _renumber_all(self, entry: Entry, fact: UnitsRenumbered) -> None:
        """Let the records among units be called what they are called now, all at the same moment."""
        self._packages_written()
        moves = [(archival_code_key(was), archival_code_key(now), unit) for unit, was, now in fact.codes]
        self._write(tables.decision)
        self._write(tables.concern)
        rename(self._connection, fact.repository, moves)
        for _, key, unit_id in moves:
            if package := self._package_of(unit_id):
                fonds = fonds_of_key(key)
                self._packages.put(package._replace(code_key=key, fonds_number=fonds, sequence=entry.sequence))
        self._packages_written()

    def _renumber(self, fact: PackageStored, before: PackageRow, key: str) -> None:
        self._write(tables.decision)
        self._write(tables.concern)
        move = (before.code_key, key, before.unit_id)
        rename(self._connection, fact.repository, [move])

    def _place(self, entry: Entry, fact: StoreAdded | StoreAway | StoreReturned | RestoreProgramRenewed) -> None:
        match fact:
            case StoreAdded(_, name):
                known = self._stores.get(name)
                sequence = known[1] if known else entry.sequence
                self._stores.put((name, sequence, tables.STORE.as_json(fact)))
            case RestoreProgramRenewed(name, sha512):
                if known := self._stores.get(name):
                    added = replace(tables.STORE.validate_json(str(known[2])), restore_program_sha512=sha512)
                    self._stores.put((name, known[1], tables.STORE.as_json(added)))
            case StoreAway(name):
                if name not in self._gone:
                    self._away.put((name, entry.sequence))
                    self._gone.add(name)
            case StoreReturned(name):
                self._be_level(name)

    def _be_level(self, store: str) -> None:
        """Forget that a store is away, and what it may hold for having been so."""
        self._away.pop(store)
        self._gone.discard(store)
        for row in self._leftovers:
            if row[0] == store:
                self._leftovers.pop(*row[:3])

    def _leave(self, store: str, at: datetime) -> None:
        """Expect nothing in a store any more: neither copies nor what was begun there, nor its damage."""
        self._be_level(store)
        for row in self._replications:
            if row[0] == store:
                self._replications.pop(*row[:2])
        self._counts.leave(store, self._verified_by_day(store), _moment(at)[:10])
        for table in ("copy", "damage"):
            self._connection.execute(f"DELETE FROM {table} WHERE store = ?", (store,))

    def _doubt(self, store: str, at: datetime) -> None:
        """Take no copy in a store for verified any more: it was not read where and as it lies now."""
        self._counts.doubt(store, self._verified_by_day(store), _moment(at)[:10])
        self._connection.execute("UPDATE copy SET verified_at = ? WHERE store = ?", (UNREAD, store))

    def _verified_by_day(self, store: str) -> dict[str, int]:
        """Return how many copies of a store were last verified on which day, with all that is known of them written."""
        self._copies.flush()
        days = "SELECT substr(verified_at, 1, 10), count(*) FROM copy WHERE store = ? GROUP BY 1"
        return dict(self._connection.execute(days, (store,)).fetchall())

    def _describe(self, entry: Entry, fact: RepositoryAdded | RepositoryNamed | FondsDescribed) -> None:
        """Remember a repository or a fonds, and that what stands below it changed."""
        self._packages_written()
        where = "repository = ?"
        if not isinstance(fact, FondsDescribed):
            place: tuple[str, ...] = (fact.repository.code.value,)
            self._append(tables.repository, *place, tables.REPOSITORY.as_json(fact.repository))
        else:
            place = (fact.fonds.repository.value, fact.fonds.number)
            self._append(tables.fonds, *place, tables.FONDS.as_json(fact.fonds))
            where += " AND {fonds} = ?"
        for table, fonds, only in (("package", "fonds_number", ""), ("unit", "fonds", " AND number IS NULL")):
            touch = f"UPDATE {table} SET sequence = ? WHERE {where.format(fonds=fonds)}{only}"
            self._connection.execute(touch, (entry.sequence, *place))

    def _look_after(self, entry: Entry, fact: DamageFound | CopyRepaired | AuditCompleted | RestoreDrilled) -> None:
        match fact:
            case DamageFound(store, package_id, file, verdict):
                self._is_damaged = True
                self._append(tables.damage, store, file, verdict, package_id, entry.sequence)
                self._write(tables.damage)
            case CopyRepaired(store, _, file):
                self._connection.execute("DELETE FROM damage WHERE store = ? AND file = ?", (store, file))
            case AuditCompleted(selection, problems, readings):
                self._append(tables.audit, entry.sequence, _moment(entry.at), tables.AUDIT.as_json(fact))
                if selection == _WHOLE and not problems:  # nobody says of what lies outside packages that it is whole
                    outside = "DELETE FROM damage WHERE package_id IS NULL AND store = ?"
                    self._connection.executemany(outside, [(one.store,) for one in readings])
            case RestoreDrilled():
                self._append(tables.drill, entry.sequence, _moment(entry.at), tables.DRILL.as_json(fact))

    def _ask_what_was_reviewed(self, row: PackageRow) -> None:
        """Ask for the digests of the versions before this one that decisions without a digest stand for."""
        self._write(tables.decision)
        self._connection.execute(
            "INSERT OR IGNORE INTO reviewed_before SELECT DISTINCT ?, version, NULL FROM decision"
            " WHERE unit_id = ? AND reviewed = '' AND version > 0 AND version < ?",
            (row.number, row.unit_id, row.version),
        )

    def _bury(self, entry: Entry, fact: PackageDisposed) -> None:
        """Forget a package that was disposed of, all but its tombstone."""
        key = archival_code_key(fact.archival_code)
        identified = (fact.package_id, fact.plan_id, fact.repository, fact.archival_code)
        package = self._package(fact.package_id)
        unit_id = package.unit_id if package else fact.package_id
        self._append(tables.tombstone, *identified, key, entry.sequence, _moment(entry.at), fact.mistake, unit_id)
        self._disposals.pop(fact.package_id)
        if package is None:
            return
        self._packages_written()
        self._counts.forget(self._copies_of(package.number), package.version)
        for table in (*_OF_PACKAGES, tables.copy):
            self._write(table)
            self._connection.execute(f"DELETE FROM {table.name} WHERE number = ?", (package.number,))
        state = State.TAKEN_BACK if fact.mistake else State.DESTROYED
        run = self._connection.execute
        run("DELETE FROM unit_revision WHERE number = ?", (package.number,))
        run("DELETE FROM unit WHERE number = ? AND revision = 0", (package.number,))
        gone = (State.PURGED.value, state.value, entry.sequence, package.number, bool(fact.mistake))
        run(_LEAVE, gone)
        self._write(tables.settled)
        for table in (tables.damage, tables.settled):
            run(f"DELETE FROM {table.name} WHERE package_id = ?", (fact.package_id,))
        self._packages_written()

    def _copies_of(self, number: int) -> list[CopyRow]:
        self._copies.flush()
        found = self._connection.execute("SELECT * FROM copy WHERE number = ?", (number,))
        return [CopyRow(*row) for row in found]

    def _package(self, package_id: str) -> PackageRow | None:
        number = self._number(package_id)
        return None if number is None else self._packages.get(number)

    def _number(self, package_id: str) -> int | None:
        if package_id not in self._numbers:
            query = "SELECT number FROM package WHERE package_id = ?"
            row = self._connection.execute(query, (package_id,)).fetchone()
            self._numbers[package_id] = row[0] if row else None
        return self._numbers[package_id]

    def _append(self, table: sql.Table, *values: object) -> None:
        self._appended[table].append(values)

    def _write(self, table: sql.Table) -> None:
        """Write what was appended to a table, now when a statement is about to look at it."""
        if values := self._appended.pop(table, None):
            in_order = sorted(values) if table is tables.concern else values
            self._connection.executemany(insertion(table), in_order)

    def _packages_written(self) -> None:
        """Write packages and copies, because a statement is about to look at them or change them."""
        self._packages.flush()
        self._copies.flush()
        self._numbers.clear()


_VOLUMES_AT = (
    "SELECT number FROM unit WHERE repository = ? AND fonds = ? AND place = ? AND number IS NOT NULL"
    f" AND level IN ({', '.join('?' * len(VOLUMES))})"
)
_LEAVE = (
    "UPDATE unit SET state = CASE WHEN state = ?1 THEN ?1 WHEN ?5 AND import_id != '' AND revision > 0"
    " THEN coalesce(json_extract(value, '$.state'), '') ELSE ?2 END, number = NULL, reviewed = NULL,"
    " sequence = ?3 WHERE number = ?4"
)
"""What becomes of units whose content leaves; what was described before it came, by mistake, is what its row says."""


def _as_is(*columns: object) -> tuple[object, ...]:
    return columns


def _as_written(row: tuple[object, ...]) -> tuple[object, ...]:
    """Return a row whose last column is an intent, as its table holds it."""
    *key, fact = row
    return (*key, tables.INTENT.as_json(fact) if isinstance(fact, PackageIntended) else fact)


@lru_cache(maxsize=16)
def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat()


def _is_opening(decided: OpeningDecision | Withdrawal) -> bool:
    return isinstance(decided, OpeningDecision) and decided.conclusion is Conclusion.OPEN


def _ahead(day: date | None, entry: Entry) -> str:
    """Return a day that had perhaps not come anywhere on earth when an entry was made, empty for one that had."""
    return day.isoformat() if day is not None and day >= entry.at.date() else ""
