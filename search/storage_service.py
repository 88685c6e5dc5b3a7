"""The calls of the Archivematica Storage Service API that fixity clients make, answered from our stores.

An app of its own on a port of its own: it lists packages, checks one synchronously and takes clients' reports. A key
opens this and nothing else, and no key is ever logged. The calls and their answers are those of API version 2 as the
``fixity`` client 0.8 uses them; every check is also kept in our own log and in the journal.
"""

import base64
import binascii
import hashlib
import hmac
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlencode

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from archives.errors import JinkuiError, NotFoundError
from archives.identifiers import PackageId
from preservation.anchors import JournalReading
from preservation.api_keys import ApiKeys
from preservation.fixity_log import CheckResult, FixityLog
from preservation.ocfl import object_folder
from preservation.package_check import PackageCheck, check_package
from preservation.vault import Vault

_PAGE = 100
_CURSOR_LIVES = timedelta(hours=48)
_LARGEST_REPORT_BYTES = 64 << 20


@dataclass(frozen=True, slots=True)
class StorageService:
    """What the API answers from; ``secret`` signs the cursors of this process, ``now`` is the clock."""

    vault: Vault
    reading: JournalReading
    keys: ApiKeys
    log: FixityLog
    secret: bytes
    now: Callable[[], datetime]


def create_storage_api(service: StorageService) -> Starlette:
    """Return the app; everything that is not one of its four calls is not found."""
    api = _Api(service)
    routes = [
        Route("/api/v2/file/", api.packages),
        Route("/api/v2/file/{uuid}/", api.package),
        Route("/api/v2/file/{uuid}/check_fixity/", api.check_fixity),
        Route("/api/fixity/{uuid}", api.report, methods=["POST"]),
    ]
    app = Starlette(routes=routes)
    app.router.redirect_slashes = False
    return app


class _Api:
    def __init__(self, service: StorageService) -> None:
        self._service = service

    async def packages(self, request: Request) -> Response:
        """List packages, a page at a time, in the order of their identifiers."""
        cursor = self._cursor(request)
        if cursor is None and self._user(request) is None:
            return _refused()
        user, after = cursor or (self._user(request) or "", "")
        anchors = await run_in_threadpool(self._service.reading.refresh)
        every = sorted(anchors.versions.keys() | anchors.tombstones.keys())
        left = [package_id for package_id in every if package_id > after]
        shown = left[:_PAGE]
        following = self._next(user, shown[-1]) if len(left) > len(shown) else None
        meta = {
            "limit": _PAGE,
            "next": following,
            "offset": len(every) - len(left),
            "previous": None,
            "total_count": len(every),
        }
        return JSONResponse({"meta": meta, "objects": [self._described(package_id) for package_id in shown]})

    async def package(self, request: Request) -> Response:
        """Describe one package."""
        if self._user(request) is None:
            return _refused()
        anchors = await run_in_threadpool(self._service.reading.refresh)
        package_id = request.path_params["uuid"]
        if package_id not in anchors.versions and package_id not in anchors.tombstones:
            return _unknown()
        return JSONResponse(self._described(package_id))

    async def check_fixity(self, request: Request) -> Response:
        """Read every byte of every copy of a package and answer when that is done."""
        user = self._user(request)
        if user is None:
            return _refused()
        package_id = request.path_params["uuid"]
        try:
            found = await run_in_threadpool(self._check, package_id, user)
        except NotFoundError:
            return _unknown()
        return JSONResponse(_answer(found))

    async def report(self, request: Request) -> Response:
        """Take what a client reports of its scan."""
        if self._user(request) is None:
            return _refused()
        data = bytearray()
        async for block in request.stream():
            data += block
            if len(data) > _LARGEST_REPORT_BYTES:
                return JSONResponse({"error": "the report is too large"}, status_code=413)
        try:
            body = json.loads(data)
            session, started = str(body["session_uuid"]), int(body["started"])
        except (ValueError, KeyError, TypeError):
            return JSONResponse({"error": "session_uuid and started are needed"}, status_code=400)
        await run_in_threadpool(
            self._service.log.report, request.path_params["uuid"], session, {**body, "started": started}
        )
        return JSONResponse({}, status_code=201)

    def _check(self, package_id: str, user: str) -> PackageCheck:
        service = self._service
        found = check_package(service.vault, service.reading, package_id)
        told = CheckResult(package_id, service.now(), user, found.success, _said(found))
        service.log.record(told)
        try:
            service.vault.ledger.append(found.facts)
        except JinkuiError as failure:
            service.log.record(CheckResult(package_id, service.now(), user, None, f"not journalled: {failure}"))
        return found

    def _described(self, package_id: str) -> dict[str, object]:
        anchors = self._service.reading.anchors
        versions = anchors.versions.get(package_id, [])
        folder = str(object_folder(PackageId(package_id)))
        return {
            "uuid": package_id,
            "package_type": "AIP",
            "status": "UPLOADED" if versions else "DELETED",
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

    def _user(self, request: Request) -> str | None:
        """Return who asks, by query parameters, ``Authorization: ApiKey user:key`` or HTTP Basic; None for nobody."""
        for user, key in _credentials(request):
            if self._service.keys.admits(user, key):
                return user
        return None

    def _next(self, user: str, after: str) -> str:
        expires = int((self._service.now() + _CURSOR_LIVES).timestamp())
        body = f"{user}\0{after}\0{expires}"
        token = base64.urlsafe_b64encode(f"{body}\0{self._signature(body)}".encode()).decode("ascii")
        return f"/api/v2/file/?{urlencode({'cursor': token})}"

    def _cursor(self, request: Request) -> tuple[str, str] | None:
        """Return the user and the place that a cursor of ours stands for; None for any other."""
        try:
            text = base64.urlsafe_b64decode(request.query_params["cursor"]).decode()
            user, after, expires, signature = text.split("\0")
            fresh = int(expires) >= self._service.now().timestamp()
        except (KeyError, ValueError, binascii.Error):
            return None
        known = {key.user for key in self._service.keys.all()}
        signed = hmac.compare_digest(signature, self._signature(f"{user}\0{after}\0{expires}"))
        return (user, after) if signed and fresh and user in known else None

    def _signature(self, body: str) -> str:
        return hmac.new(self._service.secret, body.encode(), hashlib.sha256).hexdigest()


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


def _answer(found: PackageCheck) -> Mapping[str, object]:
    missing = [{"path": f"{f.store}/{f.file}", "message": f"{f.verdict}"} for f in found.missing]
    untracked = [{"path": f"{f.store}/{f.file}", "message": f"{f.verdict}"} for f in found.untracked]
    changed = [
        {
            "path": f"{f.store}/{f.file}",
            "expected": f.expected,
            "actual": f.actual,
            "hash_type": "sha512",
            "message": "the SHA-512 digest differs" if f.actual else "it could not be read again",
        }
        for f in found.changed
    ]
    return {
        "success": found.success,
        "message": _said(found),
        "failures": {"files": {"missing": missing, "changed": changed, "untracked": untracked}},
        "timestamp": None,
    }


def _said(found: PackageCheck) -> str:
    if found.success:
        return ""
    counts = {"missing": found.missing, "changed": found.changed, "untracked": found.untracked}
    wrong = ", ".join(f"{len(files)} {name}" for name, files in counts.items() if files)
    return "; ".join(filter(None, (wrong, *found.reasons)))


def _refused() -> Response:
    return JSONResponse({"error": "credentials needed"}, status_code=401, headers={"WWW-Authenticate": "Basic"})


def _unknown() -> Response:
    return JSONResponse({"error": "not found"}, status_code=404)
