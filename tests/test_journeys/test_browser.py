"""The portal in a real browser: desktop and phone, without scripts, without a request to anywhere else, accessible."""

import hashlib
import shutil
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import uvicorn

from archives.proof.signing import make_private_key, public_key_of, signer
from search.doors.portal.record.address import record_path
from search.published.proved.record_proof import sign_records
from search.published.tree import leaf_of
from search.published.view import PublishedPage
from tests.support.files import wave_bytes
from tests.support.films import film
from tests.test_search.test_doors.test_downloads.test_routes import Lending
from tests.test_search.test_doors.test_portal import Site, make_view

SOUND, FILM = "7", "8"
SIZES = {"desktop": (1280, 900), "phone": (390, 844)}


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with serving(Site(tmp_path_factory.mktemp("site"))) as there:
        yield there


@pytest.fixture(scope="module")
def lending(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with serving(lending_site(tmp_path_factory.mktemp("lending"))) as there:
        yield there


def lending_site(folder: Path) -> Lending:
    """Return a site with recordings and films, some of which may be taken away, and records that are signed."""
    site = Lending(folder)
    published(site, SOUND, wave_bytes(seconds=1), ".wav")
    published(site, FILM, film(), ".mp4")
    (site.images / "3").mkdir()
    (site.images / "3/0001.jpg").write_bytes((site.images / "1/0001.jpg").read_bytes())
    for view_id in ("1", "2", "3", SOUND, FILM):
        view = site.views.get_by_id(view_id)
        assert view
        site.views.put_all([(view, leaf_of(view, site.images))])
    pem = make_private_key(b"s" * 32, None)
    key = public_key_of(pem, None)
    sign_records(site.views, site.images, origin="jinkui/x/record", public_key=key, sign=signer(pem))
    return site


def published(site: Lending, number: str, data: bytes, ending: str) -> None:
    """Publish a recording, once as it is played and read online only, once as it may be taken away."""
    name, digest = f"0001{ending}", hashlib.sha256(data).hexdigest()
    page = PublishedPage(1, "", None, recording=name, recording_sha256=digest, recording_bytes=len(data))
    for view_id, may_download in ((number, False), (f"{number}0", True)):
        view = make_view(view_id, title="防汛录音")
        (site.images / view_id).mkdir()
        (site.images / view_id / name).write_bytes(data)
        site.put(replace(view, pages=(page,), may_download=may_download))


@contextmanager
def serving(site: Site) -> Iterator[str]:
    """Serve a site until the block ends; gives its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = uvicorn.Server(uvicorn.Config(site.client.app, host="127.0.0.1", port=port, log_level="error"))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        thread.join(0.05)
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join()


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    program = shutil.which("chromium")
    if program is None:
        pytest.skip("no browser: chromium is not installed")
    playwright = pytest.importorskip("playwright.sync_api")
    with playwright.sync_playwright() as running:
        try:
            started = running.chromium.launch(
                executable_path=program, args=["--no-sandbox", "--disable-background-networking", "--disable-gpu"]
            )
        except playwright.Error as cause:
            pytest.skip(f"the browser does not start: {str(cause)[:200]}")
        yield started
        started.close()


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_page_works_without_scripts_and_fits_the_screen(browser: Any, address: str, size: str, lang: str) -> None:
    width, height = SIZES[size]
    context = browser.new_context(viewport={"width": width, "height": height}, java_script_enabled=False)
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    faults: list[str] = []
    page.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
    page.goto(f"{address}/?lang={lang}")
    page.fill("#q", "防汛")
    page.press("#q", "Enter")
    assert page.locator("mark").count() >= 1
    page.locator(".hits a").first.click()
    assert page.locator("article h1").inner_text() == "防汛通知"
    assert page.locator("figure img").count() == 1
    page.goto(address + record_path(make_view("2")))
    assert page.locator(".visit").count() == 1
    assert all(url.startswith(address) for url in asked)
    assert faults == []
    context.close()


@pytest.mark.parametrize("size", SIZES)
def test_no_page_has_a_serious_barrier_or_runs_over_its_edge(browser: Any, address: str, size: str) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    width, height = SIZES[size]
    context = browser.new_context(viewport={"width": width, "height": height}, bypass_csp=True)
    page = context.new_page()
    for path in (
        "/",
        "/search?q=防汛",
        "/search?q=zzz",
        record_path(make_view("1")),
        record_path(make_view("2")),
        "/about",
        "/about/990001",
        "/help",
        "/sitemap",
        "/recent",
        "/fonds/990001",
        "/fonds/990001/Z109",
        "/openings/990001",
        "/openings/990001/2021-09-01",
        "/?lang=zh-Hant",
        "/nowhere",
    ):
        page.goto(address + path)
        found = axe.Axe().run(page).response["violations"]
        serious = [violation["id"] for violation in found if violation["impact"] in ("serious", "critical")]
        assert serious == [], path
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), path
    context.close()


@pytest.mark.parametrize("width", [1200, 320])
@pytest.mark.parametrize("lang", ["zh", "zh-Hant", "en"])
def test_pages_of_recordings_and_of_what_may_be_taken_away_are_as_good(
    browser: Any, lending: str, lang: str, width: int
) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    context = browser.new_context(viewport={"width": width, "height": 900})
    page, asked, faults = context.new_page(), list[str](), list[str]()
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda said: faults.append(said.text) if said.type in ("error", "warning") else None)
    page.on("pageerror", lambda said: faults.append(str(said)))
    for number in ("1", SOUND, FILM, f"{FILM}0"):
        page.goto(f"{lending}{record_path(make_view(number))}?lang={lang}")
        if number.startswith(SOUND):
            page.wait_for_function("document.querySelector('audio').duration === 1")
        assert page.locator("video" if number.startswith(FILM) else "audio").count() == (number != "1")
        assert page.locator(".downloads").count() == (number not in (SOUND, FILM)), number
        assert page.locator("a[href$='/proof.json']").count() == (number in ("1", SOUND, FILM)), number
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), number
        assert [violation["id"] for violation in axe.Axe().run(page).response["violations"]] == [], number
        page.emulate_media(media="print")
        assert page.locator(".recording:visible").count() == 0, "paper plays nothing"
        page.emulate_media(media="screen")
    assert all(url.startswith(lending) for url in asked)
    assert faults == []
    context.close()


@pytest.mark.parametrize("allowed", [True, False])
def test_a_citation_is_copied_by_a_button_or_selected_to_be_copied_by_hand(
    browser: Any, address: str, allowed: bool
) -> None:
    context = browser.new_context(permissions=["clipboard-read", "clipboard-write"] if allowed else [])
    page = context.new_page()
    if not allowed:  # as on a site without TLS
        page.add_init_script("Object.defineProperty(navigator, 'clipboard', { value: undefined })")
    faults: list[str] = []
    page.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
    page.goto(address + record_path(make_view("1"), page=2) + "&lang=zh")
    cited = page.locator("#cite-reference").inner_text()
    assert "[A/OL]" in cited and "/records/1?page=2" in cited
    page.locator("button[data-copies=cite-reference]").click()
    page.locator(".copying [role=status]:not(:empty)").wait_for()
    told = page.locator(".copying [role=status]").inner_text()
    got = page.evaluate("navigator.clipboard.readText()" if allowed else "getSelection().toString()")
    assert got.strip() == cited.strip()
    assert told == ("已复制" if allowed else "已选中，请按 Ctrl+C 复制")
    assert faults == []
    context.close()
