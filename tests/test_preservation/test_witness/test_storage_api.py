"""The storage API answers as fixity clients expect, never says more than was looked at, and keeps its keys to itself."""

import base64
import json
import logging
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path, PurePosixPath
from typing import Any

import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st

from archives.errors import ConflictError, IdentifierError, NotFoundError, StorageError
from archives.journal.facts import DamageFound, DisposalIntended, FixityChecked
from archives.message import message
from preservation.catalogue.journal_fold import JournalReading
from preservation.journal.chain import HEAD
from preservation.locks import Locks
from preservation.package.ocfl import INVENTORY, object_folder
from preservation.stores.promise import Promise
from preservation.stores.store import MARKER
from preservation.vault.removal import remove_package
from preservation.vault.vault import Vault
from preservation.witness.api_keys import ApiKeys
from preservation.witness.cursor import LIFETIME, Cursor, Cursors
from preservation.witness.fixity_log import FixityLog
from preservation.witness.storage_api import StorageService, create_storage_api
from preservation.working_state import WorkingState
from tests.support.memory_store import MemoryStore
from tests.support.vaults import MOMENT, ORIGINAL, make_package, make_vault

KEY = "a-key-that-only-watch-has-0123456789"
RUN = "11111111-2222-4333-8444-555555555555"


class Disk(MemoryStore):
    """A store in memory, some of whose files cannot be read."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.unreadable: set[PurePosixPath] = set()
        self.on_look: Callable[[], object] = lambda: None

    def read(self, path: PurePosixPath | str) -> Iterator[bytes]:
        """Yield a file's bytes, or fail as a bad sector does; tells when somebody looks whether the store is there."""
        path = PurePosixPath(path)
        if path == MARKER:
            self.on_look()
        if path in self.unreadable:
            raise StorageError(message("读不了", "input/output error"), subject=str(path))
        return super().read(path)


class Service:
    """The API over three packages in two stores."""

    def __init__(self, folder: Path, *, packages: int = 3) -> None:
        self.first, self.second = Disk("first"), Disk("second")
        self.vault = make_vault(folder, stores=(self.first, self.second))
        for number in range(1, packages + 1):
            self.vault.put(make_package(number), note="ingest")
        self.state = WorkingState(folder / "work.db")
        self.keys = ApiKeys(self.state)
        self.keys.add("watch", KEY, now=MOMENT)
        self.log = FixityLog(self.state)
        self.now = MOMENT
        self.alarms: list[DamageFound] = []
        self.open()

    def open(self, *, promise: Promise | None = None, secret: bytes = b"secret") -> None:
        """Start the API anew, as another process would."""
        vault = self.vault
        self.vault = Vault(vault.stores, vault.ledger, vault.locks, now=lambda: self.now, promise=promise)
        self.reading = JournalReading(vault.ledger)
        service = StorageService(
            lambda: self.vault,
            self.reading,
            self.keys,
            self.log,
            secret,
            now=lambda: self.now,
            alarm=self.alarms.extend,
        )
        self.client = TestClient(create_storage_api(service), raise_server_exceptions=False, follow_redirects=False)

    def get(self, path: str, **values: str) -> Any:
        """Call the API with the key in the query, as the client does."""
        return self.client.get(path, params={"username": "watch", "api_key": KEY, **values})

    def check(self, number: int = 1) -> dict[str, Any]:
        """Ask for a check, which must be answered with 200 and a message."""
        answer = self.get(f"/api/v2/file/{identifier(number)}/check_fixity/", force_local="True")
        assert answer.status_code == 200, answer.text
        told: dict[str, Any] = answer.json()
        assert isinstance(told["message"], str)
        assert told["timestamp"] is None
        assert told["failures"]["files"].keys() == {"missing", "changed", "untracked"}
        return told

    def report(self, body: object, *, number: int = 1) -> int:
        """Send a report as the client does; returns the status."""
        sent = body if isinstance(body, bytes) else json.dumps(body).encode()
        answer = self.client.post(f"/api/fixity/{identifier(number)}", content=sent, auth=("watch", KEY))
        return answer.status_code

    def facts(self, kind: type) -> list[Any]:
        """Return what the journal remembers of a kind."""
        return [entry.fact for entry in self.vault.ledger.entries() if isinstance(entry.fact, kind)]


def identifier(number: int) -> str:
    """Return a package's identifier."""
    return make_package(number).package_id.value


def place(number: int, path: PurePosixPath = ORIGINAL) -> PurePosixPath:
    """Return where a file of a package lies in every store."""
    return object_folder(make_package(number).package_id) / "v1/content" / path


@pytest.fixture
def service(tmp_path: Path) -> Service:
    return Service(tmp_path)


def basic(user: str, key: str) -> str:
    """Return HTTP Basic credentials."""
    return "Basic " + base64.b64encode(f"{user}:{key}".encode()).decode()


@pytest.mark.parametrize("header", [f"ApiKey watch:{KEY}", f"apikey watch:{KEY}", basic("watch", KEY)])
def test_a_key_is_taken_from_a_header_too(service: Service, header: str) -> None:
    assert service.client.get("/api/v2/file/", headers={"Authorization": header}).status_code == 200


@pytest.mark.parametrize(
    "header",
    ["", "ApiKey", "ApiKey watch", "ApiKey watch:", "ApiKey :", f"ApiKey other:{KEY}", "ApiKey watch:wrong", "Basic",
     "Basic !", "Basic /w==", basic("watch", "wrong"), basic("", KEY), f"Bearer {KEY}"],
)  # fmt: skip
@pytest.mark.parametrize(
    "path",
    ["/api/v2/file/", f"/api/v2/file/{identifier(1)}/", f"/api/v2/file/{identifier(1)}/check_fixity/",
     "/api/v2/file/unknown/", "/api/v2/file/unknown/check_fixity/"],
)  # fmt: skip
def test_without_a_key_nothing_is_told(service: Service, path: str, header: str) -> None:
    answer = service.client.get(path, headers={"Authorization": header})
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"].startswith('Basic realm="')
    assert identifier(1) not in answer.text
    assert service.client.post("/api/fixity/unknown", headers={"Authorization": header}).status_code == 401


def test_a_key_that_was_taken_back_opens_nothing_any_more(service: Service) -> None:
    service.keys.revoke("watch")
    assert service.get("/api/v2/file/").status_code == 401
    with pytest.raises(NotFoundError):
        service.keys.revoke("watch")


def test_only_the_digest_of_a_key_is_kept(service: Service, tmp_path: Path) -> None:
    assert KEY.encode() not in (tmp_path / "work.db").read_bytes()
    with pytest.raises(ConflictError):
        service.keys.add("watch", "another", now=MOMENT)
    assert service.get("/api/v2/file/").status_code == 200


@pytest.mark.parametrize("user", ["", " ", "a:b", "a\nb", "a\0b", " watch"])
def test_a_name_that_no_header_could_carry_gets_no_key(service: Service, user: str) -> None:
    with pytest.raises(IdentifierError):
        service.keys.add(user, "key", now=MOMENT)


@pytest.mark.parametrize(
    "path",
    ["/", "/docs", "/redoc", "/openapi.json", "/api/v2/", "/api/v2/file", f"/api/v2/file/{identifier(1)}",
     f"/api/v2/file/{identifier(1)}/check_fixity", f"/api/v2/file/{identifier(1)}/download/", "/api/v2/location/",
     "/api/v2/file/../../jinkui.toml", f"/api/v2/file/{RUN}/", f"/api/v2/file/{RUN}/check_fixity/", "/api/v2/file/x/"],
)  # fmt: skip
def test_everything_else_is_not_found_and_nothing_is_redirected(service: Service, path: str) -> None:
    assert service.get(path).status_code == 404


def test_a_list_goes_on_by_a_cursor_that_needs_no_credentials(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("preservation.witness.storage_api._PAGE", 2)
    first = service.get("/api/v2/file/").json()
    following = first["meta"]["next"]
    assert following.startswith("/api/v2/file/?cursor=")
    assert KEY not in following
    second = service.client.get(following).json()
    assert second["meta"]["next"] is None
    shown = [one["uuid"] for one in (*first["objects"], *second["objects"])]
    assert shown == [identifier(1), identifier(2), identifier(3)]
    assert (second["meta"]["offset"], second["meta"]["total_count"]) == (2, 3)
    assert {(one["package_type"], one["status"]) for one in first["objects"]} == {("AIP", "UPLOADED")}
    service.now += LIFETIME + timedelta(seconds=1)
    assert service.client.get(following).status_code == 401
    service.now = MOMENT
    service.open(secret=b"another process")
    assert service.client.get(following).status_code == 401
    with_key = f"{following}&username=watch&api_key={KEY}"
    assert service.client.get(with_key).status_code == 401, "the beginning again would never end"


def test_a_cursor_dies_with_its_key_and_opens_the_list_only(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("preservation.witness.storage_api._PAGE", 2)
    following = service.get("/api/v2/file/").json()["meta"]["next"]
    query = following.partition("?")[2]
    assert service.client.get(f"/api/v2/file/{identifier(1)}/?{query}").status_code == 401
    assert service.client.get(f"/api/v2/file/{identifier(1)}/check_fixity/?{query}").status_code == 401
    service.keys.revoke("watch")
    assert service.client.get(following).status_code == 401


@given(st.text())
def test_no_other_text_is_a_cursor(text: str) -> None:
    assert Cursors(b"secret", lambda: MOMENT).decode(text) is None


@given(st.binary(max_size=80))
def test_no_other_bytes_are_a_cursor(data: bytes) -> None:
    assert Cursors(b"secret", lambda: MOMENT).decode(base64.urlsafe_b64encode(data).decode()) is None


_NAMES = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]))


@given(_NAMES, _NAMES)
def test_a_cursor_comes_back_as_it_was(user: str, after: str) -> None:
    cursors = Cursors(b"secret", lambda: MOMENT)
    assert cursors.decode(cursors.encode(Cursor(user, after))) == Cursor(user, after)


@given(st.integers(min_value=0), st.integers(min_value=1, max_value=255))
def test_a_cursor_that_was_touched_is_none(at: int, change: int) -> None:
    cursors = Cursors(b"secret", lambda: MOMENT)
    data = bytearray(base64.urlsafe_b64decode(cursors.encode(Cursor("watch", identifier(1)))))
    data[at % len(data)] ^= change
    assert cursors.decode(base64.urlsafe_b64encode(data).decode()) is None


def test_a_whole_package_is_told_logged_and_journalled(service: Service) -> None:
    assert (service.check()["success"], service.check()["message"]) == (True, "")
    assert FixityChecked("first", (identifier(1),)) in service.facts(FixityChecked)
    assert FixityChecked("second", (identifier(1),)) in service.facts(FixityChecked)
    newest, _ = service.log.results(limit=9)
    assert (newest.package_id, newest.user, newest.success) == (identifier(1), "watch", True)


def test_a_changed_file_is_told_with_both_digests(service: Service) -> None:
    right = service.second.files[place(1)]
    service.second.files[place(1)] = b"X" + right[1:]
    told = service.check()
    (changed,) = told["failures"]["files"]["changed"]
    assert told["success"] is False
    assert changed["path"] == f"second/{place(1)}"
    assert changed["hash_type"] == "sha512"
    assert len(changed["expected"]) == len(changed["actual"]) == 128
    assert changed["expected"] != changed["actual"]
    assert service.facts(DamageFound) == [DamageFound("second", identifier(1), str(place(1)), "DAMAGED")]
    service.check()
    assert len(service.facts(DamageFound)) == 1, "known damage is not told again"


def test_a_missing_a_stray_and_a_manifest_are_told_apart(service: Service) -> None:
    del service.second.files[place(1)]
    del service.second.files[place(1, PurePosixPath("manifest-sha512.txt"))]
    service.first.files[place(1, PurePosixPath("stray.txt"))] = b"x"
    told = service.check()
    files = told["failures"]["files"]
    assert (told["success"], told["message"]) == (False, "2 missing, 1 untracked")
    assert {one["path"] for one in files["missing"]} == {
        f"second/{place(1)}",
        f"second/{place(1, PurePosixPath('manifest-sha512.txt'))}",
    }
    assert [one["path"] for one in files["untracked"]] == [f"first/{place(1, PurePosixPath('stray.txt'))}"]
    assert all(one["message"] for one in (*files["missing"], *files["untracked"]))


def test_an_inventory_that_no_store_has_whole_is_changed_and_nothing_is_called_missing(service: Service) -> None:
    folder = object_folder(make_package(1).package_id)
    for store in (service.first, service.second):
        store.files[folder / "v1" / INVENTORY] = b"{}"
        store.files[folder / INVENTORY] = b"{}"
    told = service.check()
    assert told["success"] is False
    assert told["failures"]["files"]["missing"] == []
    assert all(len(one["expected"]) == 128 for one in told["failures"]["files"]["changed"])
    assert "the anchored inventory is nowhere in reach" in told["message"]


def test_a_store_that_is_away_is_no_failure(service: Service) -> None:
    service.second.present = False
    told = service.check()
    assert told["success"] is None
    assert "second: " in told["message"]
    assert service.facts(DamageFound) == []


def test_damage_beside_a_store_that_is_away_is_a_failure(service: Service) -> None:
    service.second.present = False
    service.first.files[place(1)] = b"wrong"
    told = service.check()
    assert told["success"] is False
    assert "second: " in told["message"]


def test_damage_that_is_new_raises_an_alarm_once(service: Service) -> None:
    service.second.files[place(1)] += b"!"
    for _ in range(2):
        assert service.check()["success"] is False
    assert [(found.store, found.file, found.verdict) for found in service.alarms] == [
        ("second", str(place(1)), "DAMAGED")
    ]


def test_a_file_that_cannot_be_read_is_no_failure(service: Service) -> None:
    service.second.unreadable.add(place(1))
    told = service.check()
    assert told["success"] is None
    assert told["message"] == f"second/{place(1)}: input/output error"


def test_the_wrong_medium_is_no_failure(service: Service) -> None:
    marker = json.loads(service.second.files[MARKER])
    service.second.files = {MARKER: json.dumps({name: f"other {value}" for name, value in marker.items()}).encode()}
    told = service.check()
    assert told["success"] is None
    assert "another store lies where" in told["message"]
    assert service.facts(DamageFound) == []


def test_with_every_store_away_a_package_is_still_known_and_its_check_says_why(
    service: Service, caplog: pytest.LogCaptureFixture
) -> None:
    service.first.present = service.second.present = False
    assert service.get(f"/api/v2/file/{identifier(1)}/").status_code == 200
    told = service.check()
    assert told["success"] is None
    assert told["message"]
    with caplog.at_level(logging.DEBUG):
        assert service.get("/api/v2/file/").status_code == 200, "the home remembers the journal"
    assert KEY not in "".join(r.getMessage() for r in caplog.records if r.name.startswith(("jinkui", "uvicorn")))


def test_a_copy_that_is_owed_is_a_failure(service: Service) -> None:
    third = MemoryStore("third")
    service.vault = Vault((*service.vault.stores, third), service.vault.ledger, service.vault.locks, now=lambda: MOMENT)
    service.open(promise=Promise(3, 1))
    told = service.check()
    assert told["success"] is False
    assert told["message"] == "a copy is owed to store “third”; run jinkui replicate"
    assert service.facts(DamageFound) == []


def test_nothing_is_whole_that_nobody_could_look_at(service: Service) -> None:
    service.open(promise=Promise(0, 0, frozenset({"first", "second"}), frozenset({"first", "second"})))
    told = service.check()
    assert (told["success"], told["message"]) == (None, "no copy of it is in reach")
    assert service.facts(FixityChecked) == []


def test_a_sealed_offline_set_is_not_looked_for(service: Service) -> None:
    service.open(promise=Promise(1, 1, frozenset({"second"}), frozenset({"second"})))
    service.second.present = False
    service.vault.ledger.minimum = 1
    assert (service.check()["success"], service.check()["message"]) == (True, "")
    assert {fact.store for fact in service.facts(FixityChecked)} == {"first"}


def test_what_was_disposed_of_is_listed_as_deleted_and_never_called_damaged(service: Service) -> None:
    remove_package(service.vault, JournalReading(service.vault.ledger).anchors, identifier(2), plan_id="plan")
    statuses = {one["uuid"]: one["status"] for one in service.get("/api/v2/file/").json()["objects"]}
    assert statuses == {identifier(1): "UPLOADED", identifier(2): "DELETED", identifier(3): "UPLOADED"}
    told = service.check(2)
    assert told["success"] is None
    assert "disposed of" in told["message"]


def test_a_disposal_that_is_under_way_is_not_checked(service: Service) -> None:
    service.vault.ledger.append([DisposalIntended(identifier(2), "plan")])
    assert service.get(f"/api/v2/file/{identifier(2)}/").json()["status"] == "DEL_REQ"
    assert service.check(2)["success"] is None
    assert service.facts(FixityChecked) == []


def test_what_is_disposed_of_just_before_it_is_read_is_not_called_whole(service: Service) -> None:
    def dispose() -> None:
        if not service.facts(DisposalIntended):
            service.vault.ledger.append([DisposalIntended(identifier(2), "plan")])
            service.reading.refresh()

    service.first.on_look = dispose
    told = service.check(2)
    assert told["success"] is None
    assert "disposed of" in told["message"]
    assert service.facts(FixityChecked) == []


def test_a_package_is_found_in_capital_letters_too(tmp_path: Path) -> None:
    service = Service(tmp_path)
    assert service.get(f"/api/v2/file/{identifier(1).upper()}/").status_code == 200


def test_a_journal_that_no_store_has_whole_is_a_failure(service: Service) -> None:
    service.vault.put(make_package(4), note="ingest")
    service.vault.ledger.settle()
    for store in (service.first, service.second):
        newest = max(path for path in store.files if path.parent.name == "journal" and path != HEAD)
        store.files[newest] = store.files[newest].replace(b"tester", b"another")
    told = service.check()
    assert told["success"] is False
    assert told["message"]
    assert service.get(f"/api/v2/file/{identifier(1)}/").status_code == 200


def test_a_result_that_the_journal_cannot_take_is_told_and_logged_once(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service.vault.ledger, "minimum", 3)
    told = service.check()
    assert told["success"] is True
    assert "the journal could not take the result" in told["message"]
    (logged,) = service.log.results(limit=9)
    assert (logged.success, logged.message) == (True, told["message"])


def test_nobody_clears_work_folders_while_a_result_is_appended(tmp_path: Path) -> None:
    with Locks(tmp_path).among_writers():
        late = Locks(tmp_path)
        assert not late.join_writers()
        late.leave_writers()
    alone = Locks(tmp_path)
    assert alone.join_writers()
    alone.leave_writers()


def state_of(service: Service, now: datetime = MOMENT) -> list[str]:
    """Return what is shown of the clients' reports."""
    return [one.state for one in service.log.reports(now=now, limit=9)]


@pytest.mark.parametrize(("success", "state"), [(True, "good"), (False, "bad"), (None, "not run"), (1, "not run")])
def test_a_report_comes_in_once_however_often_it_is_sent(service: Service, success: object, state: str) -> None:
    start = {"started": int(MOMENT.timestamp()), "session_uuid": RUN}
    end = {**start, "finished": int(MOMENT.timestamp()) + 9, "success": success, "failures": {"files": {}}}
    assert [service.report(start), service.report(start)] == [201, 201]
    assert state_of(service) == ["running"]
    assert [service.report(end), service.report(end), service.report(start)] == [201, 201, 201]
    assert service.report({**end, "success": not success}) == 201
    assert state_of(service) == [state]
    assert service.report(start, number=2) == 201
    assert state_of(service) == ["running", state]


def test_a_start_without_an_end_was_not_run(service: Service) -> None:
    assert service.report({"started": int(MOMENT.timestamp()), "session_uuid": RUN}) == 201
    assert state_of(service, MOMENT + timedelta(days=2)) == ["not run"]


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]", b"1", b"\xff", b"[" * 100_000, {}, {"started": 1}, {"session_uuid": RUN},
     {"started": "1", "session_uuid": RUN}, {"started": True, "session_uuid": RUN},
     {"started": 1.5, "session_uuid": RUN}, {"started": -1, "session_uuid": RUN},
     {"started": 1 << 64, "session_uuid": RUN}, {"started": float("inf"), "session_uuid": RUN},
     {"started": 1, "session_uuid": "\ud800"}, {"started": 1, "session_uuid": 5}, {"started": 1, "session_uuid": "x"},
     {"started": 1, "session_uuid": RUN, "finished": []}, {"started": 1, "session_uuid": RUN, "finished": 1 << 64}],
    ids=lambda body: str(body)[:40],
)  # fmt: skip
def test_what_is_no_report_is_refused(service: Service, body: object) -> None:
    assert service.report(body) == 400
    assert state_of(service) == []


def test_a_report_of_a_package_that_is_not_ours_is_refused(service: Service) -> None:
    assert service.report({"started": 1, "session_uuid": RUN}, number=9) == 404


def test_a_report_that_does_not_end_is_refused(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("preservation.witness.storage_api._LARGEST_REPORT_BYTES", 99)
    assert service.report(b" " * 100) == 413
