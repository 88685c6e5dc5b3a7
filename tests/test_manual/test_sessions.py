"""Every block of the manual is typed as it stands there, in a shell, and shows what the page says that it shows."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from archives.message import Language
from scripts.manual import LANGUAGES, PAGES
from tests.support.manual import Block, Page, page
from tests.support.places import ROOT

BEGINS = "first-batch"
"""The page with whose archive, files and folders the others go on."""
RUN = [name for name in PAGES if any(block.is_run for block in page("en", name).blocks)]
_LOCALES = {"en": "en_US.UTF-8", "zh": "zh_CN.UTF-8"}
_FRAMES = str.maketrans(dict.fromkeys("┏┓┗┛┡┩┃│━─┳┴╇┼└┘├┤", " "))

Begun = Callable[[Language], Path]


@pytest.fixture(scope="session")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Begun:
    """Return a folder in which the first page was typed, made once a language in this process."""
    made: dict[Language, Path] = {}

    def make(language: Language) -> Path:
        if language not in made:
            place = tmp_path_factory.mktemp(f"manual-{language}")
            typed(page(language, BEGINS), place)
            made[language] = place
        return made[language]

    return make


@pytest.mark.timeout(900)
@pytest.mark.parametrize(
    ("language", "name"), [pytest.param(one, name, id=f"{one}-{name}") for one in LANGUAGES for name in RUN]
)
def test_a_page_can_be_typed_from_its_first_block_to_its_last(
    language: Language, name: str, begun: Begun, tmp_path: Path
) -> None:
    if name == BEGINS:
        begun(language)
        return
    place = tmp_path / "person"
    shutil.copytree(begun(language), place, symlinks=True)
    typed(page(language, name), place)


def typed(found: Page, place: Path) -> None:
    """Type every block of a page into one shell, and compare what it says with what the page shows."""
    checkout = place / "jinkui"
    checkout.mkdir(exist_ok=True)
    for name in ("sample_records", "scripts"):
        if not (checkout / name).exists():
            (checkout / name).symlink_to(ROOT / name)
    done = subprocess.run(
        ["bash", "-c", script(found.blocks)],
        cwd=checkout,
        env=environment(found.language, place),
        text=True,
        capture_output=True,
    )
    outputs = done.stdout.split("\x1e")[1:]
    last = f"{found.language}/{found.name}, block {len(outputs)}:\n{outputs[-1] if outputs else ''}\n{done.stderr}"
    assert done.returncode == 0, last
    for said, shown in zip(outputs, shown_after(found.blocks), strict=True):
        missing = [line for line in shown if not is_in(line, said)]
        assert missing == [], f"{last}\nnot shown: {missing}\nbut:\n{said}"


def script(blocks: tuple[Block, ...]) -> str:
    """Return the blocks that are run as one script, which ends at the first command that fails otherwise than its block says."""
    parts = ["set -eo pipefail", "exec 2>&1"]
    for block in blocks:
        if block.is_run:
            parts.append("printf '\\036'")
            parts.append(
                f"set +e\n{block.text}code=$?\nset -e\n[ $code = {block.ends_with} ]" if block.ends_with else block.text
            )
    return "\n".join(parts)


def environment(language: Language, place: Path) -> dict[str, str]:
    """Return what a person's shell has: the program on its path, a folder of their own, their language."""
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    return {"PATH": path, "HOME": str(place), "LANG": "C.UTF-8", "LC_MESSAGES": _LOCALES[language], "TZ": "UTC"}


def shown_after(blocks: tuple[Block, ...]) -> Iterator[list[str]]:
    """Yield for every block that is run the lines that the page shows of it: those of the block of text that follows."""
    for block, after in zip(blocks, (*blocks[1:], None), strict=True):
        if block.is_run:
            yield after.text.splitlines() if after and after.kind == "text" else []


def is_in(line: str, said: str) -> bool:
    """Say whether a line was shown: frames of tables and blanks do not count, three dots stand for anything."""
    parts = [re.escape(" ".join(part.split())) for part in line.translate(_FRAMES).split("…")]
    return bool(re.search(".*".join(parts), " ".join(said.translate(_FRAMES).split())))
