#!/usr/bin/env python3
"""Write what the papers say of the tree: the list of rooms in docs/architecture.md and the picture docs/floors.svg.

    .venv/bin/python scripts/floors.py

The floors come from the contracts in pyproject.toml, the arrows from the imports, each room's line from its docstring. Run
it after a module was added, moved or renamed; tests/test_architecture.py fails until then.
"""

import ast
import textwrap
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from xml.sax.saxutils import escape

ROOT = Path(__file__).resolve().parents[1]
PAPER, PICTURE = Path("docs/architecture.md"), Path("docs/floors.svg")
BEGIN, END = "<!-- written by scripts/floors.py -->\n", "<!-- end of what scripts/floors.py writes -->\n"

_WIDTH, _BOX, _FLOOR, _GAP, _PAD = 1180, 30, 66, 14, 16
_STYLE = """
svg { font-family: system-ui, "Noto Sans", "DejaVu Sans", sans-serif; background: #fff; }
text { fill: #1d2733; font-size: 13px; text-anchor: middle; dominant-baseline: central; }
.layer { fill: #f3f5f8; stroke: #b6bfca; }
.name { font-size: 15px; font-weight: 600; text-anchor: start; }
.said { font-size: 12px; font-weight: 400; fill: #5a6776; }
.room { fill: #fff; stroke: #14507a; stroke-width: 1.3; }
.arrow { fill: none; stroke: #14507a; stroke-width: 1; opacity: .42; }
.head { fill: #14507a; opacity: .75; }
@media (prefers-color-scheme: dark) {
  svg { background: #12171d; } text { fill: #e3e9f0; } .layer { fill: #1a212a; stroke: #465363; }
  .said { fill: #9fadbd; } .room { fill: #232d39; stroke: #79b8e8; } .arrow { stroke: #79b8e8; } .head { fill: #79b8e8; }
}
"""


@dataclass(frozen=True, slots=True)
class Module:
    """A module: its path below the root, and its first line."""

    path: Path
    said: str

    @property
    def layer(self) -> str:
        """The layer it belongs to."""
        return self.path.parts[0]

    @property
    def room(self) -> str:
        """The room of its layer it lies in; a module that lies in none is one by itself."""
        return self.path.parts[1].removesuffix(".py")


@dataclass(frozen=True)
class House:
    """The layers, rooms and modules as they lie in the tree, and the floors that the contracts give them."""

    root: Path

    @cached_property
    def contracts(self) -> dict[str, tuple[tuple[str, ...], ...]]:
        """What stands on what: the rows of the layers under "", of the rooms of a layer under its name; highest first."""
        settings = tomllib.loads((self.root / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]
        return {
            contract.get("containers", [""])[0]: tuple(tuple(row.split(" | ")) for row in contract["layers"])
            for contract in settings["contracts"]
            if contract["type"] == "layers"
        }

    @cached_property
    def layers(self) -> tuple[str, ...]:
        """The layers, highest first."""
        return tuple(layer for row in self.contracts[""] for layer in row)

    @cached_property
    def modules(self) -> tuple[Module, ...]:
        """Every module but those that only say what a folder is."""
        paths = sorted(path for layer in self.layers for path in (self.root / layer).rglob("*.py"))
        return tuple(
            Module(path.relative_to(self.root), self.said(path)) for path in paths if path.name != "__init__.py"
        )

    @cached_property
    def folders(self) -> tuple[Path, ...]:
        """Every folder with modules or rooms in it, by name."""
        inner = {folder for module in self.modules for folder in module.path.parents if folder != Path()}
        return tuple(sorted(inner))

    @cached_property
    def arrows(self) -> frozenset[tuple[str, str, str]]:
        """Which room imports which, inside each layer: layer, from, to."""
        return frozenset(
            (module.layer, module.room, parts[1])
            for module in self.modules
            for parts in self.imports(module)
            if len(parts) > 1 and parts[0] == module.layer and parts[1] != module.room
        )

    def imports(self, module: Module) -> Iterator[tuple[str, ...]]:
        """Yield what a module imports of ours, wherever in it, as the parts of dotted names."""
        for node in ast.walk(ast.parse((self.root / module.path).read_text("utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and node.module:
                names = [f"{node.module}.{alias.name}" for alias in node.names]
            yield from (tuple(name.split(".")) for name in names if name.split(".")[0] in self.layers)

    def said(self, path: Path) -> str:
        """Return the first line of a module's docstring, without its last full stop."""
        document = ast.get_docstring(ast.parse(path.read_text("utf-8"))) or ""
        return document.split("\n")[0].removesuffix(".")

    def upward(self) -> list[tuple[str, str, str]]:
        """Return the arrows between rooms that do not lead to a lower floor."""
        floor = {
            (layer, room): number
            for layer, rows in self.contracts.items()
            for number, row in enumerate(rows)
            for room in row
        }
        return sorted(
            (layer, one, other)
            for layer, one, other in self.arrows
            if (layer, one) in floor and floor[layer, other] <= floor[layer, one]
        )


def rooms_text(house: House) -> str:
    """Return the list of all rooms and their modules as Markdown."""
    parts = []
    for layer in house.layers:
        parts.append(f"**{layer}/** {house.said(house.root / layer / '__init__.py')}.\n")
        parts += [
            _item(house, folder) for folder in house.folders if folder.parts[0] == layer and len(folder.parts) > 1
        ]
        parts += [
            _wrapped(f"`{module.path.relative_to(layer)}`: {module.said}")
            for module in house.modules
            if module.layer == layer and len(module.path.parts) == 2
        ]
        parts.append("")
    return "\n".join(parts)


def _item(house: House, folder: Path) -> str:
    said = house.said(house.root / folder / "__init__.py")
    names = ", ".join(f"`{module.path.stem}`" for module in house.modules if module.path.parent == folder)
    return _wrapped(f"`{folder.relative_to(folder.parts[0])}/` {said}" + (f": {names}" if names else ""))


def _wrapped(text: str) -> str:
    return textwrap.fill(text, 120, initial_indent="- ", subsequent_indent="  ", break_long_words=False)


def picture(house: House) -> str:
    """Return the floors as SVG: every layer with its rooms, every import between rooms of one layer as an arrow."""
    drawn: list[str] = []
    y = float(_PAD)
    for row in house.contracts[""]:
        plans = [_plan(house, layer, sideways=len(row) == 1) for layer in row]
        spare = (_WIDTH - 2 * _PAD - (len(row) - 1) * _GAP - sum(plan.width for plan in plans)) / len(row)
        height, x = max(plan.height for plan in plans), float(_PAD)
        for plan in plans:
            drawn += _drawn(house, plan, x, y, plan.width + spare, height)
            x += plan.width + spare + _GAP
        y += height + _GAP
    marker = '<marker id="head" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="6" markerHeight="6" orient="auto">'
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {y:.0f}" width="{_WIDTH}" height="{y:.0f}">',
            "<title>Layers, and the floors of their rooms; arrows are imports</title>",
            f'<style>{_STYLE}</style><defs>{marker}<path class="head" d="M0,0 L8,4 L0,8 z"/></marker></defs>',
            *drawn,
            "</svg>\n",
        ]
    )


@dataclass(frozen=True, slots=True)
class _Plan:
    """One layer as it will be drawn: its floors below each other, or sideways from left to right."""

    layer: str
    said: str
    floors: tuple[tuple[str, ...], ...]
    sideways: bool

    @property
    def width(self) -> float:
        boxes = max(sum(map(_box_width, floor)) + 26 * (len(floor) + 1) for floor in self.floors)
        return max(boxes, 48 + 9 * len(self.layer) + 6.1 * len(self.said))

    @property
    def height(self) -> float:
        return 46 + (max(map(len, self.floors)) * (_BOX + 12) + 22 if self.sideways else len(self.floors) * _FLOOR)


def _plan(house: House, layer: str, *, sideways: bool) -> _Plan:
    """Take the floors of a layer's contract; a layer without one has two: what imports its rooms, and what does not."""
    rooms = sorted({module.room for module in house.modules if module.layer == layer})
    using = {one for of, one, _ in house.arrows if of == layer}
    told = (tuple(room for room in rooms if room in using), tuple(room for room in rooms if room not in using))
    said = house.said(house.root / layer / "__init__.py")
    return _Plan(layer, said, house.contracts.get(layer) or tuple(floor for floor in told if floor), sideways)


def _drawn(house: House, plan: _Plan, x: float, y: float, width: float, height: float) -> Iterator[str]:
    yield f'<rect class="layer" x="{x:.0f}" y="{y:.0f}" width="{width:.0f}" height="{height:.0f}" rx="8"/>'
    yield f'<text class="name" x="{x + 12:.0f}" y="{y + 20:.0f}">{plan.layer}<tspan class="said" dx="12">{escape(plan.said)}</tspan></text>'
    places = _places(plan, x, y, width, height)
    for layer, one, other in sorted(house.arrows):
        if layer == plan.layer:
            (x1, y1), (x2, y2) = places[one], places[other]
            yield f'<path class="arrow" marker-end="url(#head)" d="{_curve(plan, one, other, x1, y1, x2, y2)}"/>'
    for room, (middle, centre) in places.items():
        size = _box_width(room)
        box = f'x="{middle - size / 2:.0f}" y="{centre - _BOX / 2:.0f}" width="{size:.0f}" height="{_BOX}"'
        yield f'<rect class="room" {box} rx="5"/><text x="{middle:.0f}" y="{centre:.0f}">{room}</text>'


def _places(plan: _Plan, x: float, y: float, width: float, height: float) -> dict[str, tuple[float, float]]:
    places = {}
    for number, floor in enumerate(plan.floors):
        gap = (width - sum(map(_box_width, floor))) / (len(floor) + 1)
        along = x + gap
        for place, room in enumerate(floor):
            if plan.sideways:
                step = (height - 40) / len(floor)
                places[room] = (x + width * (number + 0.5) / len(plan.floors), y + 36 + step * (place + 0.5))
            else:
                places[room] = (along + _box_width(room) / 2, y + 56 + number * _FLOOR)
                along += _box_width(room) + gap
    return places


def _curve(plan: _Plan, one: str, other: str, x1: float, y1: float, x2: float, y2: float) -> str:
    """Return the way of an arrow, bowed where it passes floors."""
    floor = {room: number for number, rooms in enumerate(plan.floors) for room in rooms}
    passed = floor[other] - floor[one] - 1
    if plan.sideways:
        x1, x2, half, bow = x1 + _box_width(one) / 2, x2 - _box_width(other) / 2 - 1, (x2 - x1) / 3, 46 * min(passed, 1)
        return f"M{x1:.0f},{y1:.0f} C{x1 + half:.0f},{y1 - bow:.0f} {x2 - half:.0f},{y2 - bow:.0f} {x2:.0f},{y2:.0f}"
    y1, y2, half, bow = y1 + _BOX / 2, y2 - _BOX / 2 - 1, (y2 - y1) / 2.4, 30 * passed
    return f"M{x1:.0f},{y1:.0f} C{x1 + bow:.0f},{y1 + half:.0f} {x2 + bow:.0f},{y2 - half:.0f} {x2:.0f},{y2:.0f}"


def _box_width(room: str) -> float:
    return 24 + 7.6 * len(room)


def paper_with_rooms(paper: str, house: House) -> str:
    """Return the page about architecture with its list of rooms written anew."""
    before, _, rest = paper.partition(BEGIN)
    _, _, after = rest.partition(END)
    return before + BEGIN + "\n" + rooms_text(house) + END + after


def main() -> None:
    """Write both."""
    house = House(ROOT)
    paper = ROOT / PAPER
    paper.write_text(paper_with_rooms(paper.read_text("utf-8"), house), "utf-8")
    (ROOT / PICTURE).write_text(picture(house), "utf-8")


if __name__ == "__main__":
    main()
