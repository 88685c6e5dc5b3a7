"""The command that opens the public site, or the storage API for fixity clients."""

import threading
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Annotated

from archives.errors import ConflictError, FormatError, JinkuiError, UsageProblem
from archives.message import message
from cli import wiring
from cli.commands.operate.listening import listening
from cli.commands.operate.site import site_name, site_pictures, site_words_as_set
from cli.commands.shared import LOOKS
from cli.frame.commands import Call, command
from cli.frame.output import Result
from cli.frame.parameters import Option
from cli.home.home import Home, home_of, open_home
from cli.home.settings.reading import read_settings
from cli.upkeep.alarms import raise_damage_alarms
from formats.processes.children import ChildExecutor
from preservation.vault.vault import Vault
from preservation.witness.api_keys import ApiKeys
from preservation.witness.fixity_log import FixityLog
from search.index.apart import SearchedApart
from search.published.closing import PublicSide

KeyFile = Annotated[
    Path | None,
    Option(
        message(
            "档案库的公钥文件（keys/archive.pub 的副本，不放在公开文件夹中）：没有其签章的一概不显示",
            "file of the archive's public key (a copy of keys/archive.pub, outside what is published): nothing is shown "
            "that it did not sign",
        )
    ),
]
Served = Annotated[
    Path | None,
    Option(
        message(
            "记住已公布到何处的文件（默认在档案库中）",
            "file that remembers how far what is published was (by default in the home)",
        )
    ),
]

_RECONCILE_SECONDS = 5.0
_SEARCHER_SECONDS = 10.0  # to begin and to search; one that takes longer is ended, and another takes its place
_SEARCH_BYTES = 512 << 20
_THIS_MACHINE = ("localhost", "127.0.0.1", "::1")


@command(example="jinkui serve --port 8080", exits=(*LOOKS, ConflictError, FormatError))
def serve(
    call: Call,
    *,
    port: Annotated[int | None, Option(message("端口", "port"), least=1, most=65535)] = None,
    storage_api: Annotated[
        bool,
        Option(message("打开供 fixity 等客户端使用的存储接口", "open the storage API for fixity clients instead")),
    ] = False,
    public: Annotated[
        Path | None,
        Option(
            message(
                "只打开此文件夹中已公布的内容（和 jinkui.toml），不打开档案库",
                "open only what was published into this folder (and jinkui.toml), not the archive",
            ),
            is_folder=True,
        ),
    ] = None,
    key: KeyFile = None,
    served: Served = None,
) -> Result:
    """Serve the portal until it is stopped (only what was published can be reached), or the storage API."""
    if storage_api:
        return _serve_storage_api(call, port)
    from search.doors.api.app import add_api
    from search.doors.portal.app import cores, create_app
    from search.doors.portal.connections import allow_connections, site_server

    home = home_of(call)
    chosen = home.settings.portal
    pictures = site_pictures(home.folder, chosen)
    number = chosen.port if port is None else port
    listeners = listening(call, chosen.host, number)
    if public is None:
        _reconcile_beside(call)
    shown = _shown(home, public or home.shown_folder, key)
    searchers = ChildExecutor(cores(), timeout_seconds=_SEARCHER_SECONDS, memory_bytes=_SEARCH_BYTES)
    call.opened.callback(searchers.shutdown, wait=False, cancel_futures=True)
    index = SearchedApart(shown.index, searchers)
    index.make_ready(cores())
    app = create_app(
        shown.views,
        index,
        shown.images,
        site_name=site_name(chosen),
        served=served or home.folder / "served",
        hosts=(*_THIS_MACHINE, chosen.host, *chosen.hosts),
        words=site_words_as_set(chosen, home.folder, pictures=pictures),
    )
    address = f"http://{chosen.host}:{number}/"
    call.output.say(
        message("公众网站：{address}（Ctrl-C 结束）", "the public site: {address} (Ctrl-C ends it)", address=address)
    )
    call.output.rest()
    add_api(app)
    allow_connections()
    with suppress(KeyboardInterrupt):
        site_server(app, chosen.host, number).run(listeners)
    return Result({"address": address})


def _shown(home: Home, folder: Path, key: Path | None) -> PublicSide:
    chosen = home.settings.portal.public_key
    pinned = key or (home.folder / chosen if chosen else None)
    if pinned and pinned.absolute().resolve().is_relative_to(folder.absolute().resolve()):
        said = message("公钥文件不得放在公开文件夹中", "the key lies outside what is published")
        raise UsageProblem(said, subject="--key")
    return home.shown(folder, pinned)


def _reconcile_beside(call: Call) -> None:
    """Bring what is published up to the journal, for a few seconds before the site opens, and beside it for the rest.

    What is published stands by itself, and closings are obeyed all the same: neither a search server that does not
    answer nor very much to publish keeps the site from opening.
    """
    thread = threading.Thread(target=_reconcile, args=(call,), daemon=True)
    thread.start()
    thread.join(_RECONCILE_SECONDS)


def _reconcile(call: Call) -> None:
    try:
        with open_home(call.home, call.output) as home:  # of its own: nothing in it is used by two threads
            home.follow()
    except JinkuiError as failure:
        call.output.say(
            message("公开内容未能核对：{why}", "what is published could not be reconciled: {why}", why=failure.message)
        )


def stores_now(call: Call, home: Home) -> Callable[[], Vault]:
    """Return what gives the stores of a home as its settings have them now, for a command that runs for long.

    Where a store was replaced or retired meanwhile, the home is opened anew.
    """
    opened, one_at_a_time = home, threading.Lock()

    def now() -> Vault:
        nonlocal opened
        with one_at_a_time:
            if read_settings(home.folder).stores != opened.settings.stores:
                opened = home_of(call)
            return opened.vault

    return now


def _serve_storage_api(call: Call, port: int | None) -> Result:
    import uvicorn

    from preservation.witness.storage_api import StorageService, create_storage_api

    home = home_of(call)
    chosen = home.settings.storage_api
    number = chosen.port if port is None else port
    listeners = listening(call, chosen.host, number)
    service = StorageService(
        vault=stores_now(call, home),
        reading=home.archive.fresh_reading,
        keys=ApiKeys(home.work),
        log=FixityLog(home.work),
        secret=wiring.new_secret().encode(),
        now=wiring.now,
        alarm=partial(raise_damage_alarms, home),
    )
    address = f"http://{chosen.host}:{number}/"
    call.output.say(
        message("存储接口：{address}（Ctrl-C 结束）", "the storage API: {address} (Ctrl-C ends it)", address=address)
    )
    call.output.rest()
    settings = uvicorn.Config(
        create_storage_api(service), host=chosen.host, port=number, log_level="warning", access_log=False
    )
    with suppress(KeyboardInterrupt):
        uvicorn.Server(settings).run(listeners)
    return Result({"address": address})
