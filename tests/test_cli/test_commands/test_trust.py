"""The journal vouched for outside the archive, and persons who sign, from the command line."""

import csv
import http.server
import json
import shutil
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from archives.journal.chain import Head, decode_group, extend, read_group
from archives.message import message
from cli import wiring
from cli.main import run
from search.doors.api.app import add_api
from search.doors.portal.app import create_app
from search.index.embedded import EmbeddedIndex
from search.published.views import PublishedViews
from search.published.views_file import for_reading
from tests.support import command_line
from tests.support.batches import make_batch
from tests.support.places import ROOT
from tests.support.vaults import MOMENT

SCRIPT = ROOT / "scripts" / "verify-proof"
ROW = ("Z109-WS·1980·Y·BGS-0001", "Flood report", "1980", "永久", "英语", "1")
CLOSED = ("Z109-WS·1980·Y·BGS-0002", "Levee report", "1980", "永久", "英语", "1")


class Jinkui:
    """Runs commands on one home, in this process, and reads their JSON."""

    def __init__(self, home: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.home = home
        self.capsys = capsys

    def __call__(self, *arguments: str, code: int = 0) -> dict[str, Any]:
        """Run a command, require its exit code, return its JSON document."""
        self.capsys.readouterr()
        got = run(["--home", str(self.home), "--lang", "en", *arguments, "--json"])
        out, err = self.capsys.readouterr()
        assert got == code, f"{arguments}: {got}\n{out}\n{err}"
        document: dict[str, Any] = json.loads(out)
        return document

    def set(self, line: str) -> None:
        """Set a key of the journal's settings."""
        path = self.home / "jinkui.toml"
        key = line.partition(" =")[0]
        path.write_text(path.read_text("utf-8").replace(f'{key} = ""', line), "utf-8")


def founded(jinkui: command_line.Jinkui) -> None:
    """Make what the tests here begin with."""
    jinkui("repository", "add", "990001", "--name", "岭澜省档案馆", "--name-en", "Linglan", "--kind", "馆")


@pytest.fixture
def jinkui(prepared: command_line.Prepared, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Jinkui:
    return Jinkui(prepared.copy(founded, tmp_path, capsys).home, capsys)


def faults(answer: dict[str, Any]) -> set[tuple[str, str]]:
    """Return fault and stores of every fault."""
    return {(f["fault"], ",".join(f["stores"])) for f in answer["faults"]}


def error(answer: dict[str, Any]) -> tuple[str, str]:
    """Return the code of what was refused, and its subject."""
    return answer["error"]["code"], answer["error"]["subject"]


def forge(home: Path) -> None:
    """Rewrite the whole journal, consistently and in every store, without its last entry but one."""
    for store in (home / "stores").iterdir():
        groups = sorted((store / "journal").glob("*.jsonl"))
        end, facts = Head(), []
        for path in groups:
            group = read_group(end, path.read_bytes())
            facts += [entry.fact for entry in decode_group(group)]
            end = group.end
            path.unlink()
        forged = extend(Head(), [*facts[:-2], facts[-1], facts[-1]], at=MOMENT, agent="forger")
        groups[0].write_bytes(forged.data)
        (store / "journal/head").write_bytes(forged.end.encoded())


def test_a_checkpoint_is_a_signed_note_that_the_journal_continues(jinkui: Jinkui) -> None:
    made = jinkui("journal", "checkpoint")
    path = jinkui.home / "checkpoints" / "6.txt"
    assert made["file"] == str(path)
    origin, size, _, head, empty, signature = path.read_text("utf-8").splitlines()
    assert (origin.startswith("jinkui/"), size, head[:5], empty) == (True, "6", "head ", "")
    assert signature.startswith(f"— {origin} ")
    key = jinkui.home / "keys" / "archive.pem"
    assert [stat.S_IMODE(p.stat().st_mode) for p in (key.parent, key)] == [0o700, 0o600]
    assert str(made["public_key"]) in key.with_suffix(".pub").read_text("utf-8")
    jinkui("repository", "add", "990002", "--name", "x", "--kind", "馆")
    answer = jinkui("journal", "verify", "--against", str(path))
    assert (answer["entries"], answer["faults"]) == (8, [])
    jinkui("journal", "checkpoint")
    jinkui("journal", "checkpoint")
    assert sorted(p.name for p in path.parent.iterdir()) == ["6.txt", "8.txt"]
    jinkui("journal", "verify", "--against", str(path.parent))


def test_a_consistently_rewritten_journal_shows_against_the_checkpoint(jinkui: Jinkui) -> None:
    jinkui("journal", "checkpoint")
    forge(jinkui.home)
    assert "BROKEN" in {fault for fault, _ in faults(jinkui("journal", "verify", code=10))}, "the home remembers"
    shutil.rmtree(jinkui.home / "journal")
    shutil.move(jinkui.home / "checkpoints", jinkui.home / "elsewhere")
    assert jinkui("journal", "verify")["faults"] == []
    jinkui("journal", "verify", "--against", str(jinkui.home / "elsewhere"), code=10)
    shutil.move(jinkui.home / "elsewhere", jinkui.home / "checkpoints")
    against = jinkui("journal", "verify", code=10)
    assert faults(against) == {("REWRITTEN", "first,second")}
    jinkui("journal", "checkpoint", "--out", str(jinkui.home / "other.txt"), code=10)
    assert not (jinkui.home / "other.txt").exists()


def test_a_damaged_copy_is_named_and_a_missing_store_too(jinkui: Jinkui) -> None:
    (jinkui.home / "stores/second/journal" / f"{5:012}.jsonl").write_bytes(b"x\n")
    assert faults(jinkui("journal", "verify", code=12)) == {("DAMAGED", "second")}
    shutil.move(jinkui.home / "stores/second", jinkui.home / "unplugged")
    assert faults(jinkui("journal", "verify", code=9)) == {("ABSENT", "second")}


def test_a_checkpoint_that_was_edited_or_signed_by_another_key_vouches_for_nothing(
    jinkui: Jinkui, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    jinkui("journal", "checkpoint")
    path = jinkui.home / "checkpoints" / "6.txt"
    other = Jinkui(tmp_path / "other", capsys)
    other("init")
    other("journal", "checkpoint")
    arguments = ("journal", "verify", "--against", str(path))
    origin = path.read_text("utf-8").partition("\n")[0]
    assert error(jinkui(*arguments, "--key", str(other.home / "keys/archive.pub"), code=10)) == ("integrity", origin)
    path.write_text(path.read_text("utf-8").replace("\n6\n", "\n3\n"), "utf-8")
    assert error(jinkui(*arguments, code=10)) == ("integrity", origin)
    path.write_text("nonsense", "utf-8")
    assert error(jinkui(*arguments, code=8)) == ("format", str(path))
    nowhere = str(tmp_path / "nowhere")
    assert error(jinkui("journal", "verify", "--against", nowhere, code=4)) == ("not-found", nowhere)


@pytest.mark.parametrize("victim", ["first", "second"])
def test_damage_in_one_store_changes_no_checkpoint_and_no_proof(jinkui: Jinkui, tmp_path: Path, victim: str) -> None:
    """Also where it hits what the checkpoint is named by."""
    jinkui("ingest", str(make_batch(tmp_path / "batch", [ROW])), code=12)
    made = jinkui("journal", "checkpoint", "--out", str(tmp_path / "before.txt"))
    groups = sorted((jinkui.home / "stores" / victim / "journal").glob("*.jsonl"))
    for path in (groups[0], groups[-1]):
        data = path.read_bytes()
        place = data.rindex(b'"home_id":"') + 12 if path == groups[0] else len(data) - 4
        path.write_bytes(data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :])
    again = jinkui("journal", "checkpoint", "--out", str(tmp_path / "after.txt"))
    assert again["root"] == made["root"]
    assert (tmp_path / "after.txt").read_bytes() == (tmp_path / "before.txt").read_bytes()
    jinkui("journal", "prove", ROW[0], "--out", str(tmp_path / "proof.json"))
    assert check(tmp_path / "proof.json", jinkui.home / "keys/archive.pub")[0] == 0
    answer = jinkui("audit", code=12)
    assert {one["file"] for one in answer["copies"]} == {f"journal/{p.name}" for p in (groups[0], groups[-1])}


def test_a_key_that_others_may_read_is_not_used(jinkui: Jinkui) -> None:
    jinkui("journal", "checkpoint", "--out", str(jinkui.home / "one.txt"))
    key = jinkui.home / "keys/archive.pem"
    key.chmod(0o644)
    refused = jinkui("journal", "checkpoint", "--out", str(jinkui.home / "two.txt"), code=3)
    assert error(refused) == ("configuration", str(key))
    assert not (jinkui.home / "two.txt").exists()


def check(proof: Path, key: Path, *files: Path | str) -> tuple[int, str]:
    """Run the stand-alone script, apart from everything of ours."""
    command = [str(one) for one in (sys.executable, "-I", SCRIPT, proof, "--key", key, *files)]
    done = subprocess.run(command, capture_output=True, text=True, cwd="/")
    return done.returncode, done.stdout


def site_of(public: Path) -> TestClient:
    """Return a client of the site of what lies in a folder."""
    views = PublishedViews(public / "public.db", today=wiring.today, opened=for_reading)
    name = message("金匮", "Jinkui")
    return TestClient(add_api(create_app(views, EmbeddedIndex(public / "index.db"), public / "images", site_name=name)))


def test_a_proof_is_checked_without_the_archive(
    jinkui: Jinkui, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    jinkui("ingest", str(make_batch(tmp_path / "batch", [ROW])), code=12)
    proof, key = tmp_path / "proof.json", jinkui.home / "keys/archive.pub"
    jinkui("journal", "prove", ROW[0], "--out", str(proof))
    code, said = check(proof, key)
    assert (code, said[:3]) == (0, "OK:")
    assert "package-stored" in said and len(said) < 300
    assert '"type":"package-stored"' in check(proof, key, "--leaf")[1]
    good = proof.read_text("utf-8")
    document = json.loads(good)
    for changed in (
        {"leaf": document["leaf"].replace("990001", "990002")},
        {"index": document["index"] + 1},
        {"size": document["size"] + 1},
        {"path": document["path"][:-1]},
        {"path": [*document["path"], "00" * 32]},
        {"checkpoint": document["checkpoint"].replace("jinkui/", "jinkul/")},
        {"checkpoint": ""},
        {"format": "another"},
    ):
        proof.write_text(json.dumps({**document, **changed}), "utf-8")
        assert check(proof, key)[0] == 1, changed
        assert check(proof, key)[1].startswith("NOT OK"), changed
    proof.write_text("{", "utf-8")
    assert check(proof, key)[0] == 1
    other = Jinkui(tmp_path / "other", capsys)
    other("init")
    other("journal", "checkpoint")
    proof.write_text(good, "utf-8")
    assert check(proof, other.home / "keys/archive.pub")[0] == 1
    jinkui("journal", "prove", "nothing-1", code=4)
    proof.write_text("somebody's", "utf-8")
    jinkui("journal", "prove", ROW[0], "--out", str(proof), code=6)
    assert proof.read_text("utf-8") == "somebody's"


def test_what_is_published_is_proved_in_a_tree_of_its_own(jinkui: Jinkui, tmp_path: Path) -> None:
    jinkui("ingest", str(make_batch(tmp_path / "batch", [ROW, CLOSED])), code=12)
    sheet = tmp_path / "open.csv"
    head = ("档号", "结论", "依据", "审核人", "批准人", "审核日期", "开放日期", "网上范围")
    with sheet.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows(
            [head, (ROW[0], "开放", "第二十七条", "甲", "乙", "2021-09-01", "2021-09-01", "全文")]
        )
    jinkui("opening", "apply", str(sheet))
    proof, key = tmp_path / "proof.json", jinkui.home / "keys/archive.pub"
    made = jinkui("journal", "prove", ROW[0], "--public", "--out", str(proof))
    assert made["size"] == 1
    assert check(proof, key)[0] == 0
    leaf = json.loads(json.loads(proof.read_text("utf-8"))["leaf"])
    assert leaf["title"] == "Flood report"
    assert "sequence" not in leaf
    site = site_of(jinkui.home / "public")
    proof.write_bytes(site.get(f"/records/{leaf['id']}/proof.json").content)
    image, text, other = (tmp_path / name for name in ("image.jpg", "text.txt", "other.txt"))
    image.write_bytes(site.get(f"/images/{leaf['id']}/0001.jpg").content)
    page = site.get(f"/api/v1/records/{leaf['id']}").json()
    assert page["proof"] == f"/records/{leaf['id']}/proof.json"
    text.write_text(page["pages"][0]["text"] + "\n", "utf-8")
    other.write_text("something else", "utf-8")
    assert check(proof, key, image, text)[0] == 0
    assert check(proof, key, tmp_path / "batch" / f"{ROW[0]}-001.jpg")[0] == 0
    code, said = check(proof, key, image, text)
    assert said.splitlines()[0] == "OK: the proof holds, and speaks of every file"
    assert f"{ROW[0]} {ROW[1]}" in said and f"{image}: image of page 1\n{text}: text of page 1\n" in said
    code, said = check(proof, key, image, other)
    assert code == 1 and said.startswith("NOT COVERED: the proof holds, and says nothing of 1 of 2 files\n")
    assert f"{image}: image of page 1\n{other}: not in the proof\n" in said
    assert "The digests in the proof are of: image, text, file as it came\n" in said and "OK:" not in said
    assert len(said) < 700
    closed = jinkui("journal", "prove", CLOSED[0], "--public", code=4)
    unknown = jinkui("journal", "prove", "Z109-WS·1980·Y·BGS-0009", "--public", code=4)
    assert json.dumps(closed).replace("0002", "0009") == json.dumps(unknown)


TSA_SETTINGS = """
[tsa]
default_tsa = tsa1
[tsa1]
serial = {folder}/serial
crypto_device = builtin
signer_cert = {folder}/tsa.pem
signer_key = {folder}/tsa.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256, sha512
ess_cert_id_alg = sha256
{certs}
[req]
distinguished_name = dn
[dn]
[ca]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign
[leaf]
basicConstraints = CA:FALSE
keyUsage = critical, digitalSignature
extendedKeyUsage = critical, timeStamping
"""


def make_authority(folder: Path, *, certs: str = "") -> Path:
    """Make a time-stamping authority with openssl and return its settings; ``ca.pem`` is its root."""
    if not shutil.which("openssl"):
        pytest.skip("openssl is not installed")
    folder.mkdir()
    settings = folder / "tsa.cnf"
    settings.write_text(TSA_SETTINGS.format(folder=folder, certs=certs and f"certs = {folder}/{certs}"))
    (folder / "serial").write_text("01\n")

    def openssl(*arguments: str) -> None:
        subprocess.run(["openssl", *arguments], cwd=folder, check=True, capture_output=True)

    conf = ("-config", "tsa.cnf", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes")
    openssl("req", "-x509", *conf, "-keyout", "ca.key", "-out", "ca.pem", "-subj", "/CN=ca", "-extensions", "ca")
    openssl("req", *conf, "-keyout", "tsa.key", "-out", "tsa.csr", "-subj", "/CN=tsa")
    signed = ("-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-extfile", "tsa.cnf", "-extensions", "leaf")
    openssl("x509", "-req", "-in", "tsa.csr", *signed, "-days", "30", "-out", "tsa.pem")
    return settings


@contextmanager
def served(settings: Path) -> Iterator[str]:
    """Serve the authority on this machine and give its address."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            query = settings.with_name("query.tsq")
            query.write_bytes(self.rfile.read(int(self.headers["Content-Length"])))
            made = subprocess.run(
                ["openssl", "ts", "-reply", "-config", settings, "-queryfile", query], capture_output=True
            )
            self.send_response(200)
            self.end_headers()
            self.wfile.write(made.stdout)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - named so where it comes from
            """Say nothing."""

    server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.mark.parametrize("certs", ["", "ca.pem"], ids=["strict", "a certificate set out of order"])
def test_a_checkpoint_is_stamped_and_the_stamp_holds(jinkui: Jinkui, tmp_path: Path, certs: str) -> None:
    settings = make_authority(tmp_path / "tsa", certs=certs)
    jinkui.set(f'timestamp-ca = "{settings.with_name("ca.pem")}"')
    with served(settings) as url:
        jinkui.set(f'timestamp-url = "{url}"')
        made = jinkui("journal", "checkpoint")
    stamp = Path(str(made["time_stamp"]))
    assert stamp == jinkui.home / "checkpoints/6.tsr"
    against = ("journal", "verify", "--against", str(stamp.with_suffix(".txt")))
    assert jinkui(*against)["time_stamps"] == []
    shutil.copy(stamp, tmp_path / "old.tsr")
    stamp.write_bytes(stamp.read_bytes()[:-9])
    assert jinkui(*against, code=7)["time_stamps"] != []


def test_an_authority_that_is_away_or_not_trusted_leaves_the_checkpoint_without_a_stamp(
    jinkui: Jinkui, tmp_path: Path
) -> None:
    settings = make_authority(tmp_path / "tsa")
    other = make_authority(tmp_path / "other")
    jinkui.set(f'timestamp-ca = "{other.with_name("ca.pem")}"')
    with served(settings) as url:
        jinkui.set(f'timestamp-url = "{url}"')
        untrusted = jinkui("journal", "checkpoint", code=7)
    away = jinkui("journal", "checkpoint", code=7)
    for answer in (untrusted, away):
        assert answer["time_stamp"] is None
        assert Path(str(answer["file"])).is_file()
    assert not list((jinkui.home / "checkpoints").glob("*.tsr"))
