"""The main job on the sample records, step by step through the jinkui command; stops at the first thing that is wrong.

Everything is done as a person would do it. What is checked is said; the character error rate of what was read is
measured against the truth beside the samples. It speaks the reader's language, and ends with what to do next.
"""

import argparse
import json
import shlex
import subprocess
import sys
import time
from collections import Counter
from itertools import count
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from archives.message import Language, Message, message
from cli.frame.output import Output
from cli.home.home import open_home
from tests.support.accuracy import comparable, edit_distance

SAMPLES = Path(__file__).resolve().parent.parent / "sample_records"
JINKUI = Path(sys.executable).parent / "jinkui"
BATCHES = ("990001-scans", "990101-scans", "990101-documents", "990121-scans", "990121-volumes")
HOLDINGS = ("案卷目录.csv", "卷内文件目录.csv", "实物.csv")
DIRTY = "婚姻登记.csv"
VOLUME = "K033-2-0007"
WORDS = ("防汛", "檔案", "石桥 水库", "青鹞", "bamboo baskets")
_KINDS = {
    "horizontal": message("横排", "horizontal"),
    "vertical": message("竖排", "vertical"),
    "en": message("英文", "English"),
}
LARGEST_ERROR = {"horizontal": 0.005, "en": 0.003}


class Job:
    """The commands of one demonstration on one home."""

    def __init__(self, home: Path, language: Language = "en") -> None:
        self.home, self.language = home, language

    def say(self, said: Message) -> None:
        """Announce a step."""
        print("\n==>", said.text(self.language), flush=True)

    def show(self, *arguments: str, expect: int = 0) -> None:
        """Run a command for a person to see; any other exit code than expected ends the job."""
        print("$ jinkui", *arguments, flush=True)
        code = subprocess.run([JINKUI, "--home", self.home, "--lang", self.language, *arguments]).returncode
        self.require(code == expect, f"exit code {code}, expected {expect}")

    def ask(self, *arguments: str, expect: int = 0) -> dict[str, Any]:
        """Run a command and return its JSON."""
        done = subprocess.run([JINKUI, "--home", self.home, *arguments, "--json"], capture_output=True, text=True)
        self.require(
            done.returncode == expect, f"{arguments}: exit code {done.returncode}, expected {expect}\n{done.stderr}"
        )
        answer: dict[str, Any] = json.loads(done.stdout)
        return answer

    def require(self, holds: bool, what: str) -> None:
        """End the job when something is not as it must be."""
        if not holds:
            sys.exit(f"NOT AS IT SHOULD BE: {what}")

    def answers(self) -> list[dict[str, Any]]:
        """Return what searching finds, the staff's and the public's answers."""
        return [self.ask("search", words, *public) for words in WORDS for public in ((), ("--public",))]


def main() -> None:
    """Run the whole job and say how long it took."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--elasticsearch", default="")
    parser.add_argument("--lang", choices=["zh", "en"], default="en")
    options = parser.parse_args()
    begun = time.monotonic()
    job = Job(options.home, options.lang)
    found(job)
    describe_holdings(job)
    take_in(job)
    measure(job)
    open_and_search(job)
    damage_and_repair(job)
    answers = job.answers()
    rebuild(job, answers)
    if options.elasticsearch:
        use_elasticsearch(job, options.elasticsearch, answers)
    took = f"{time.monotonic() - begun:.0f}"
    job.say(message("全部流程用了 {s} 秒，各项检查无误。", "The main job took {s} s. All checks hold.", s=took))
    print(farewell(options.home.absolute(), Path.home()).text(options.lang), flush=True)


def farewell(home: Path, person: Path) -> Message:
    """Return where the archive lies, how its site is opened, and three lines for a folder of one's own, each to be pasted."""
    archive, batch = (_not_there_yet(person / name) for name in ("my-archive", "my-batch"))
    jinkui, place = shlex.quote(str(JINKUI)), shlex.quote(str(archive))
    sheet = shlex.quote(str(batch / "catalogue.xlsx"))
    return message(
        "\n==> 演示的档案库在 {home}\n"
        "    打开公众网站：{jinkui} --home {demo} serve，再用浏览器看 http://127.0.0.1:8077/\n"
        "\n==> 换成您自己的文件夹，三行命令：\n"
        "    建档案库，登记您的馆（室）：\n{first}\n"
        "    写一张空白目录表；填好它，把扫描件或电子文件放在它旁边：\n{second}\n"
        "    接收（先加 --dry-run 可只看不收）：\n{third}",
        "\n==> The archive of this demonstration lies in {home}\n"
        "    Open its public site: {jinkui} --home {demo} serve, then look at http://127.0.0.1:8077/ with a browser\n"
        "\n==> Now your own folder, three lines:\n"
        "    Make an archive, and say whose it is:\n{first}\n"
        "    Write an empty sheet; fill it in, and put your scans or files beside it:\n{second}\n"
        "    Take it in (with --dry-run behind it, it is only looked at):\n{third}",
        home=str(home),
        demo=shlex.quote(str(home)),
        jinkui=jinkui,
        first=message(
            "{init} && {add} --name 我的档案馆",
            '{init} && {add} --name "My archives"',
            init=f"{jinkui} --home {place} init",
            add=f"{jinkui} --home {place} repository add 999999",
        ),
        second=message(
            "{folder} && {jinkui} --lang zh template batch {sheet}",
            "{folder} && {jinkui} --lang en template batch {sheet}",
            folder=f"mkdir -p {shlex.quote(str(batch))}",
            jinkui=jinkui,
            sheet=sheet,
        ),
        third=f"{jinkui} --home {place} ingest {shlex.quote(str(batch))}",
    )


def _not_there_yet(path: Path) -> Path:
    """Return a path of which nothing is there, numbered where something is."""
    numbered = (path.with_name(f"{path.name}-{number}") for number in count(2))
    return path if not path.exists() else next(one for one in numbered if not one.exists())


def found(job: Job) -> None:
    """Make the archive, its repositories and their fonds."""
    job.say(
        message(
            "新建档案库：两个存储位置、三个馆及其全宗",
            "A new archive with two stores, three repositories and their fonds",
        )
    )
    job.show("init")
    for one in json.loads((SAMPLES / "repositories.json").read_text("utf-8")):
        parent = ("--parent", one["parent"]) if one["parent"] else ()
        job.ask(
            "repository",
            "add",
            one["code"],
            "--name",
            one["name"],
            "--name-en",
            one["name_en"],
            "--kind",
            one["kind"],
            *parent,
        )
        job.ask("fonds", "import", str(SAMPLES / "fonds" / f"{one['code']}.csv"), "--repository", one["code"])
    job.show("fonds", "list")


def describe_holdings(job: Job) -> None:
    """Bring into the catalogue what is not digitised, a dirty table, and corrections from a sheet."""
    job.say(
        message(
            "县馆的目录：案卷与卷内文件、实物、一张有问题的表",
            "The county's catalogue: volumes and their items, objects, a table that is not clean",
        )
    )
    tables, where = SAMPLES / "catalogue" / "990121", ("--repository", "990121")
    job.show("catalogue", "import", *(str(tables / name) for name in HOLDINGS), *where)
    job.show("catalogue", "import", str(tables / DIRTY), *where, "--dry-run", expect=12)
    dirty = job.ask("catalogue", "import", str(tables / DIRTY), *where, expect=12)
    job.require(sum(one["new"] for one in dirty["tables"]) == 10, f"no row of a dirty table is lost: {dirty['tables']}")
    job.show("describe", str(tables / "更正.csv"), "--reason", "as on the covers", *where)
    job.show("catalogue", "list", "--fonds", "K033", "--level", "案卷")
    job.show("show", "K033-1-0003")
    printed = job.home / "案卷目录.pdf"
    job.show("print", "volume-list", str(printed), "--fonds", "K033", *where)
    job.require(printed.read_bytes().startswith(b"%PDF"), "a list of volumes is printed")


def take_in(job: Job) -> None:
    """Take every batch in, and one of them twice."""
    for name in BATCHES:
        job.say(message("接收批次 {name}", "Ingest {name}", name=name))
        job.show("ingest", str(SAMPLES / "batches" / name), "--repository", name.partition("-")[0])
    pages = {one["archival_code"]: one["page_labels"] for one in job.ask("show", VOLUME)["items"]}
    job.require(pages.get(f"{VOLUME}-003") == ["004", "004-1", "005"], f"an item has the pages of its volume: {pages}")
    again = job.ask("ingest", str(SAMPLES / "batches" / BATCHES[2]), "--repository", "990101")
    outcomes = Counter(record["outcome"] for record in again["records"])
    job.require(set(outcomes) == {"already_in"}, f"the same batch again: {outcomes}")


def measure(job: Job) -> None:
    """Compare what was read with the truth."""
    job.say(message("识别的字错率，与标准答案对照", "Character error rate against the ground truth"))
    pages = json.loads((SAMPLES / "truth" / "pages.json").read_text("utf-8"))
    wrong: Counter[str] = Counter()
    total: Counter[str] = Counter()
    home = open_home(job.home, Output("en", as_json=True))
    texts = {
        (holding.description.code.written, file.page): home.holdings.read(holding, file).decode("utf-8")
        for holding in home.catalogue.holdings()
        for file in holding.page_texts
    }
    for page in pages:
        kind = "en" if page["language"] == "en" else page["direction"]
        truth = comparable((SAMPLES / "truth" / page["text_file"]).read_text("utf-8"))
        read = comparable(texts[page["archival_code"], page["page"]])
        wrong[kind] += edit_distance(read, truth)
        total[kind] += len(truth)
    for kind in sorted(total):
        rate = wrong[kind] / total[kind]
        said = message(
            "{kind}：{total} 字中 {rate} %",
            "{kind}: {rate} % of {total} characters",
            kind=_KINDS.get(kind, kind),
            rate=f"{100 * rate:.2f}",
            total=total[kind],
        )
        print(f"  {said.text(job.language)}")
        job.require(rate <= LARGEST_ERROR.get(kind, 1.0), f"character error rate of {kind} pages")


def open_and_search(job: Job) -> None:
    """Open records by decision; search as staff and as the public."""
    job.say(message("按决定开放，然后检索", "Open records by decision, then search"))
    for path in sorted((SAMPLES / "opening").iterdir()):
        job.ask("opening", "apply", str(path), "--repository", path.stem)
    job.show("search", "防汛", "--limit", "5")
    job.show("search", "防汛", "--public", "--limit", "5")
    job.require(job.ask("search", "青鹞")["total"] > 0, "the archivist finds the closed record")
    job.require(job.ask("search", "青鹞", "--public")["total"] == 0, "the public does not find the closed record")
    job.show("show", "Z109-WS·1986·Y·办公室-0012")


def damage_and_repair(job: Job) -> None:
    """Audit, flip one bit in one copy, audit, repair, audit."""
    job.say(message("核查每一个字节，翻转一位，再核查，修复", "Audit every byte, flip one bit, audit again, repair"))
    job.show("audit")
    victim = next(iter(sorted((job.home / "stores" / "first" / "packages").rglob("original/data/*.jpg"))))
    data = bytearray(victim.read_bytes())
    data[len(data) // 2] ^= 1
    victim.write_bytes(data)
    report = job.ask("audit", expect=12)
    named = [(found["store"], found["verdict"]) for found in report["copies"] if found["file"] in str(victim)]
    job.require(
        named == [("first", "DAMAGED")] and len(report["copies"]) == 1, f"the damaged file is named: {report['copies']}"
    )
    job.show("audit", expect=12)
    job.show("repair", "--yes")
    job.show("audit")


def rebuild(job: Job, answers: list[dict[str, Any]]) -> None:
    """Delete every cache, rebuild from the stores alone, compare the answers."""
    job.say(
        message(
            "删去目录、索引和公开库，只用存储重建",
            "Delete catalogue, indexes and public copies; rebuild from the stores alone",
        )
    )
    for name in ("catalogue.db", "staff-index.db"):
        (job.home / name).unlink()
    for path in sorted((job.home / "public").rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    job.show("rebuild")
    job.require(job.answers() == answers, "the same answers after rebuilding")


def use_elasticsearch(job: Job, url: str, answers: list[dict[str, Any]]) -> None:
    """Put the address into the settings, fill the index, compare the answers."""
    job.say(message("改用 {url} 的 Elasticsearch", "The same from Elasticsearch at {url}", url=url))
    settings = job.home / "jinkui.toml"
    text = settings.read_text("utf-8").replace('elasticsearch = ""', f'elasticsearch = "{url}"')
    settings.write_text(text.replace('installation = "main"', 'installation = "demo"'), "utf-8")
    job.show("rebuild")
    job.require(job.answers() == answers, "the same answers from Elasticsearch")


if __name__ == "__main__":
    main()
