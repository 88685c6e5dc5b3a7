"""The demonstration's script, as far as it can do harm: it begins with a folder of its own."""

import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def demo(root: Path, *arguments: str, code: int) -> str:
    """Run the script in a copy of the checkout in which nothing is installed and the main job only says where it is."""
    done = subprocess.run(["bash", root / "scripts/demo", *arguments], capture_output=True, text=True)
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout + done.stderr


def checkout(folder: Path) -> Path:
    """Make the part of a checkout that the script needs."""
    (folder / "scripts").mkdir()
    (folder / "scripts/demo").write_bytes((ROOT / "scripts/demo").read_bytes())
    (folder / "scripts/setup.sh").write_text("set_up() { :; }\n")
    python = folder / ".venv/bin/python"
    python.parent.mkdir(parents=True)
    python.write_text("#!/bin/sh\necho main job in $3\n")
    python.chmod(0o755)
    return folder


def test_a_folder_that_no_demonstration_made_is_refused_and_not_touched(tmp_path: Path) -> None:
    root = checkout(tmp_path)
    precious = tmp_path / "mine"
    precious.mkdir()
    (precious / "thesis.txt").write_text("three years")
    told = demo(root, "--yes", "--no-serve", "--home", str(precious), code=6)
    assert "nothing was touched" in told
    assert (precious / "thesis.txt").read_text() == "three years"
    assert [path.name for path in precious.iterdir()] == ["thesis.txt"]


def test_an_earlier_demonstration_is_replaced_only_when_somebody_said_so(tmp_path: Path) -> None:
    root = checkout(tmp_path)
    demo(root, "--no-serve", "--home", "here", code=0)
    kept = tmp_path / "here/jinkui.toml"
    kept.write_text("")
    demo(root, "--no-serve", "--home", "here", code=6)
    assert kept.exists()
    assert "main job in here" in demo(root, "--yes", "--no-serve", "--home", "here", code=0)
    assert not kept.exists()


def test_a_second_run_takes_a_new_folder(tmp_path: Path) -> None:
    root = checkout(tmp_path)
    places = [demo(root, "--yes", "--no-serve", code=0).splitlines()[-1] for _ in range(3)]
    assert places == ["main job in demo-home", "main job in demo-home-2", "main job in demo-home-3"]
