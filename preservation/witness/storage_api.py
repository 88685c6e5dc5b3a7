"""The calls of the Archivematica Storage Service API that fixity clients make, answered from our stores.

An app of its own on a port of its own: it lists packages, checks one synchronously and takes clients' reports. A key
opens this and nothing else, and no key is ever logged. The calls and their answers are those of API version 2 as the
``fixity`` client 0.8 uses them; every check is also kept in our own log and in the journal.
"""

import asyncio
import base64
import binascii
import json
import logging
import uuid
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from typing import TypeGuard
from urllib.parse import urlencode

from starlette.applications import Starlette
from starlette.background import BackgroundTask
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from archives.errors import JinkuiError, NotFoundError
from archives.journal.facts import DamageFound
from archives.record.identifiers import PackageId
from preservation.audit.one_package import FailedFile, PackageCheck, check_package
from preservation.audit.verdicts import Failure
from preservation.catalogue.anchors import Anchors
from preservation.catalogue.journal_fold import JournalReading
from preservation.package.ocfl import object_folder
from preservation.vault.vault import Vault
from preservation.witness.api_keys import ApiKeys
from preservation.witness.cursor import Cursor, Cursors
from preservation.witness.fixity_log import CheckResult, FixityLog, ReportedScan

_PAGE = 100
_CHECKS_AT_ONCE = 4
_LARGEST_REPORT_BYTES = 64 << 20
_YEAR_10000 = 253_402_300_800

log = logging.getLogger("jinkui." + __name__)


@dataclass(frozen=True, slots=True)
class StorageService:
    """What the API answers from; ``secret`` signs the cursors of this process, ``now`` is the clock.

    ``vault`` gives the stores as they are now: a disk may be replaced while this runs.
    ``alarm`` is told, after the answer, of damage that the journal did not know of.
    """

    vault: Callable[[], Vault]
    reading: JournalReading
    keys: ApiKeys
    log: FixityLog
    secret: bytes
    now: Callable[[], datetime]
    alarm: Callable[[Sequence[DamageFound]], object] = lambda _: None


def create_storage_api(service: StorageService) -> Starlette:
    """Return the app; everything that is not one of its four calls is not found."""
    api = _Api(service)
    routes = [
        Route("/api/v2/file/", api.packages),
        Route("/api/v2/file/{uuid}/", api.package),
        Route("/api/v2/file/{uuid}/check_fixity/", api.check_fixity),
        Route("/api/fixity/{uuid}", api.report, methods=["POST"]),
    ]
    app = Starlette(routes=routes, exception_handlers={JinkuiError: _failed})
    app.router.redirect_slashes = False
    return app


class _Api:
    """The four calls. Whatever reads a disk runs in a thread; checks wait for each other in threads of their own."""

    def __init__(self, service: StorageService) -> None:
        self._service = service
        self._cursors = Cursors(service.secret, service.now)
        self._checks = ThreadPoolExecutor(_CHECKS_AT_ONCE)

    async def packages(self, request: Request) -> Response:
        """List packages, a page at a time, in the order of their identifiers."""
        cursor = await run_in_threadpool(self._cursor, request)
        if cursor is None:
            return _refused()
        return JSONResponse(await run_in_threadpool(self._listed, cursor))

    async def package(self, request: Request) -> Response:
        """Describe one package, from what is known already where the journal cannot be read."""
        if await self._user(request) is None:
            return _refused()
        package_id = _package_id(request)
        anchors = await run_in_threadpool(self._known)
        return JSONResponse(_described(anchors, package_id)) if _is_known(anchors, package_id) else _unknown()

    async def check_fixity(self, request: Request) -> Response:
        """Read every byte of every copy of a package and answer when that is done, however long it takes.

        ``force_local`` asks for what is always done.
        """
        user = await self._user(request)
        if user is None:
            return _refused()
        loop = asyncio.get_running_loop()
        try:
            answer, damage = await loop.run_in_executor(self._checks, self._check, _package_id(request), user)
        except NotFoundError:
            return _unknown()
        return JSONResponse(answer, background=BackgroundTask(self._service.alarm, damage) if damage else None)

    async def report(self, request: Request) -> Response:
        """Take what a client reports of its scan of one of our packages."""
        if await self._user(request) is None:
            return _refused()
        package_id = _package_id(request)
        if not _is_known(await run_in_threadpool(self._known), package_id):
            return _unknown()
        data = bytearray()
        async for block in request.stream():
            data += block
            if len(data) > _LARGEST_REPORT_BYTES:
                return JSONResponse({"error": "the report is too large"}, status_code=413)
        scan = _parse_report(package_id, bytes(data))
        if scan is None:
            return JSONResponse({"error": "session_uuid and started are needed"}, status_code=400)
        await run_in_threadpool(self._service.log.report, scan)
        return JSONResponse({}, status_code=201)

    def _check(self, package_id: str, user: str) -> tuple[Mapping[str, object], tuple[DamageFound, ...]]:
        service = self._service
        vault = service.vault()
        found = check_package(vault, service.reading, package_id)
        reasons = [str(reason) for reason in found.reasons]
        try:
            with vault.locks.among_writers():
                vault.ledger.append(found.facts)
        except JinkuiError as failure:
            reasons.append(f"the journal could not take the result: {failure}")
        said = "; ".join(filter(None, (_counted(found), *reasons)))
        service.log.record(CheckResult(package_id, service.now(), user, found.success, said))
        return _answer(found, said), tuple(fact for fact in found.facts if isinstance(fact, DamageFound))

    def _known(self) -> Anchors:
        try:
            return self._service.reading.refresh()
        except JinkuiError:
            return self._service.reading.anchors  # a check says what is wrong; to know a package they are enough

    def _listed(self, cursor: Cursor) -> Mapping[str, object]:
        anchors = self._service.reading.refresh()
        every = sorted(anchors.versions.keys() | anchors.tombstones.keys())
        left = [package_id for package_id in every if package_id > cursor.after]
        shown = left[:_PAGE]
        following = None
        if len(left) > len(shown):
            token = self._cursors.encode(Cursor(cursor.user, shown[-1]))
            following = f"/api/v2/file/?{urlencode({'cursor': token})}"
        meta = {
            "limit": _PAGE,
            "next": following,
            "offset": len(every) - len(left),
            "previous": None,
            "total_count": len(every),
        }
        return {"meta": meta, "objects": [_described(anchors, package_id) for package_id in shown]}

    def _cursor(self, request: Request) -> Cursor | None:
        """Return where the list goes on, or its beginning for somebody with a key; None for nobody."""
        if "cursor" not in request.query_params:
            user = self._keyholder(request)
            return None if user is None else Cursor(user, "")
        cursor = self._cursors.decode(request.query_params["cursor"])
        return cursor if cursor and cursor.user in {key.user for key in self._service.keys.all()} else None

    async def _user(self, request: Request) -> str | None:
        return await run_in_threadpool(self._keyholder, request)

    def _keyholder(self, request: Request) -> str | None:
        """Return who asks, by query parameters, ``Authorization: ApiKey user:key`` or HTTP Basic; None for nobody."""
        for user, key in _credentials(request):
            if self._service.keys.admits(user, key):
                return user
        return None


def _package_id(request: Request) -> str:
    return str(request.path_params["uuid"]).lower()


def _is_known(anchors: Anchors, package_id: str) -> bool:
    return package_id in anchors.versions or package_id in anchors.tombstones


def _described(anchors: Anchors, package_id: str) -> Mapping[str, object]:
    versions = tuple(anchors.versions.get(package_id, ()))
    folder = str(object_folder(PackageId(package_id)))
    status = "DEL_REQ" if package_id in anchors.disposals else "UPLOADED" if versions else "DELETED"
    return {
        "uuid": package_id,
        "package_type": "AIP",
        "status": status,
        "current_full_path": folder,
        "current_path": folder,
        "current_location": "",
        "origin_pipeline": None,
        "size": sum(anchor.size_bytes for anchor in versions),
        "stored_date": None,
        "misc_attributes": {"versions": len(versions), "stores": list(anchors.holders(package_id, 1))},
        "related_packages": [],
        "replicas": [],
        "replicated_package": None,
        "resource_uri": f"/api/v2/file/{package_id}/",
    }


def _credentials(request: Request) -> list[tuple[str, str]]:
    given = [(request.query_params.get("username", ""), request.query_params.get("api_key", ""))]
    kind, _, value = request.headers.get("authorization", "").partition(" ")
    if kind.lower() == "basic":
        try:
            value = base64.b64decode(value, validate=True).decode()
        except (ValueError, binascii.Error):
            value = ""
    if kind.lower() in ("basic", "apikey"):
        user, _, key = value.partition(":")
        given.append((user, key))
    return [(user, key) for user, key in given if user and key]


def _answer(found: PackageCheck, said: str) -> Mapping[str, object]:
    files = {kind.value: [_told(one) for one in found.failures.get(kind, ())] for kind in Failure}
    return {"success": found.success, "message": said, "failures": {"files": files}, "timestamp": None}


def _told(failed: FailedFile) -> Mapping[str, str]:
    found = failed.found
    named = {"path": f"{found.store}/{found.file}", "message": str(found.why)}
    if found.verdict.failure is not Failure.CHANGED:
        return named
    return {**named, "expected": failed.expected, "actual": failed.actual, "hash_type": "sha512"}


def _counted(found: PackageCheck) -> str:
    return ", ".join(f"{len(files)} {kind.value}" for kind, files in found.failures.items() if files)


def _parse_report(package_id: str, data: bytes) -> ReportedScan | None:
    try:
        body = json.loads(data)
    except (ValueError, RecursionError):
        return None
    if not isinstance(body, dict):
        return None
    session, started, finished = body.get("session_uuid"), body.get("started"), body.get("finished")
    if not (_is_uuid(session) and _is_moment(started) and (finished is None or _is_moment(finished))):
        return None
    return ReportedScan(package_id, session, started, finished, body)


def _is_uuid(value: object) -> TypeGuard[str]:
    try:
        return isinstance(value, str) and bool(uuid.UUID(value))
    except ValueError:
        return False


def _is_moment(value: object) -> TypeGuard[int]:
    """Return whether a value is whole seconds since 1970, before the year 10000."""
    return type(value) is int and 0 <= value < _YEAR_10000


def _refused() -> Response:
    challenge = {"WWW-Authenticate": 'Basic realm="storage API", charset="UTF-8"'}
    return JSONResponse({"error": "credentials needed"}, status_code=401, headers=challenge)


def _unknown() -> Response:
    return JSONResponse({"error": "not found"}, status_code=404)


async def _failed(request: Request, failure: Exception) -> Response:
    """Say what went wrong; the log names the path without its query, which may hold a key."""
    log.warning("storage API: %s %s: %s", request.method, request.url.path, failure)
    return JSONResponse({"error": str(failure)}, status_code=500)
