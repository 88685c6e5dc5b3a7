"""Profiles by name or by file, and which of those that come with the product fits a table."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cached_property, lru_cache
from pathlib import Path

from archives.errors import NotFoundError, UsageProblem
from archives.findings import Finding, warning
from archives.message import Message, listed, message
from archives.record.elements.table import ELEMENTS
from ingest.profiles.binding import Binding, bind
from ingest.profiles.exported import exported_spec
from ingest.profiles.loading import parse_profile
from ingest.profiles.reading import ProfiledRow, VolumeOf, read_row
from ingest.profiles.spec import SecretRows, Source, Spec
from ingest.sheets.headings import fold_heading, spans_in
from ingest.tables.table import Columns, TableRow
from preservation.handouts.catalogue_sheet import is_catalogue_sheet

_BUILT_IN = Path(__file__).with_name("built_in")
_USUAL = "usual"


class Profile:
    """What the columns of a table mean. Rows can be read in any order, those of several tables among one another."""

    def __init__(self, spec: Spec) -> None:
        self.spec = spec
        self._bound: dict[Columns, Binding] = {}

    @property
    def name(self) -> str:
        """What it is called on the command line."""
        return self.spec.name

    @property
    def title(self) -> Message:
        """What people call the kind of table."""
        return self.spec.title

    @property
    def secret_rows(self) -> SecretRows:
        """What is done when a row is a state secret."""
        return self.spec.secret_rows

    @cached_property
    def names(self) -> Mapping[str, str]:
        """Every heading that it knows, folded, with what the column is: an element, or a part of the code."""
        known = {fold_heading(heading): key for key, heading in _headings(self.spec)}
        return {**(usual_names() if self.spec.usual and self.name != _USUAL else {}), **known}

    def read(self, row: TableRow, volume_of: VolumeOf | None = None) -> ProfiledRow:
        """Return what a row says; ``volume_of`` finds the volume of an item that says 案卷号 alone."""
        return read_row(row, self._binding(row.columns), volume_of)

    def numbers_volumes_alone(self, columns: Columns) -> bool:
        """Say whether a table of items has 案卷号 and neither whole codes nor what else a volume's code is built from."""
        binding = self._binding(columns)
        templates = binding.parents.get("件", ())
        return (
            "AJH" in binding.parts
            and "code" not in binding.elements
            and self.level_of(columns) == "件"
            and not any(binding.parts.keys() >= {*one.needed} for one in templates)
        )

    def part_headings(self, columns: Columns) -> frozenset[str]:
        """Return the headings of a table under which parts of codes stand."""
        places = {n for one in self._binding(columns).parts.values() for way in one.ways for n in way}
        return frozenset(columns.headings[n] for n in places)

    def level_of(self, columns: Columns) -> str:
        """Return the level of rows that say none themselves: what the table is called, else the constant."""
        binding = self._binding(columns)
        return binding.level_of_table or binding.rule.constant

    def about(self, columns: Columns) -> tuple[Finding, ...]:
        """Return what a person should know of a table under this profile: columns that it names and that are not there.

        When it is probably another table's, that is said first. A sheet that we wrote has those columns that were asked for.
        """
        if self.spec.is_exact:
            return ()
        place = f"{columns.file}!{columns.worksheet}" if columns.worksheet else columns.file
        doubted = self._doubted(columns, place)
        folded = {fold_heading(one) for one in (*columns.headings, *columns.above)}
        folded |= {*spans_in(columns.headings).values()}
        absent = [
            " / ".join(source.columns)
            for source in (*self.spec.elements.values(), *self.spec.parts.values())
            if source.columns and not source.constant and not folded & set(map(fold_heading, source.columns))
        ]
        if not absent or self.name in {one.name for one in built_in_profiles()}:
            return doubted
        said = message(
            "方案中写的列，表中没有：{names}",
            "the profile names columns that the table does not have: {names}",
            names=listed(absent),
        )
        return (*doubted, warning("profile-column-missing", said, file=place))

    def require_any_column(self, tables: Sequence[Columns]) -> None:
        """Raise ``UsageProblem`` when it names columns and no table of a file has one of them: nothing of it would say anything."""
        named = [*dict.fromkeys(heading for one in _sources(self.spec) for heading in one.columns)]
        found = [one for columns in tables for one in columns.headings]
        folded = {fold for columns in tables for fold in (*_folded(columns), *map(fold_heading, columns.above))}
        if not named or folded & set(map(fold_heading, named)) or self.spec.is_exact:
            return
        said = message(
            "{file}：方案“{profile}”写的列一个也没有，未导入；方案写的列：{named}；表中的列：{found}",
            "{file}: it has none of the columns of the profile {profile}, and nothing was imported; the profile names: {named}; the table has: {found}",
            file=tables[0].file,
            profile=self.name,
            named=listed(named),
            found=listed(found),
        )
        advice = message(
            "请换用合适的方案，或不写 --profile；也可用 jinkui catalogue profile 文件 为此表起草方案",
            "take the profile that fits, or leave --profile out; jinkui catalogue profile FILE drafts one for this table",
        )
        raise UsageProblem(said, subject="--profile", advice=advice)

    def _doubted(self, columns: Columns, place: str) -> tuple[Finding, ...]:
        """Return that this is probably not the profile of a table, and which of ours is; nothing where it may well be."""
        best = fitting_profile(columns)
        fits_best = best if best is not built_in_profiles()[0] and best is not self else None
        folded = _folded(columns)
        named = [one for one in _sources(self.spec) if one.columns]
        number = sum(bool(folded & set(map(fold_heading, one.columns))) for one in named)
        groups = [bool(folded & set(map(fold_heading, one))) for one in self.spec.fits]
        if self.name == _USUAL or self.name not in {one.name for one in built_in_profiles()}:
            is_other = number * 2 < len(named) if self.name != _USUAL else not number
        else:
            is_other = not _fits(self.spec, folded) and (fits_best is not None or sum(groups) * 2 < len(groups))
        if not is_other:
            return ()
        said = message(
            "方案“{profile}”写了 {of} 项，表中只有其中 {n} 项的列：可能用错了方案",
            "of {of} things that the profile {profile} names the table has columns for {n}: it probably is the wrong profile",
            profile=self.name,
            of=len(named),
            n=number,
        )
        found = warning("profile-doubtful", said, file=place)
        if fits_best:
            whole = message(
                "{said}；内置方案“{best}”（{title}）最合此表",
                "{said}; the profile “{best}” of ours ({title}) fits this table best",
                said=said,
                best=fits_best.name,
                title=fits_best.title,
            )
            found = replace(found, message=whole)
        advice = message(
            "请换用合适的方案（--profile），或不写 --profile，先加 --dry-run 核对",
            "take the profile that fits (--profile), or leave --profile out, and look with --dry-run first",
        )
        return (replace(found, advice=advice),)

    def _binding(self, columns: Columns) -> Binding:
        found = self._bound.get(columns)
        if found is None:
            found = self._bound[columns] = bind(self.spec, columns, built_in_profiles()[0].spec)
        return found


def load_profile(path_or_name: Path | str) -> Profile:
    """Return a profile of ours by its name, or one of a file.

    Raises ``NotFoundError``, and ``ConfigurationError`` for one that cannot be understood, naming file and key.
    """
    own = {one.name: one for one in built_in_profiles()}
    if str(path_or_name) in own:
        return own[str(path_or_name)]
    path = Path(path_or_name)
    try:
        text = path.read_text("utf-8-sig")
    except UnicodeDecodeError:
        text = path.read_bytes().decode("gb18030", "replace")
    except OSError as cause:
        raise NotFoundError(
            message("没有这个方案：{name}", "there is no such profile: {name}", name=str(path_or_name)),
            subject=str(path_or_name),
            advice=message(
                "写方案文件的路径，或下列之一：{names}",
                "give the path of a file, or one of {names}",
                names=listed(sorted(own)),
            ),
        ) from cause
    return Profile(parse_profile(text, file=path.name))


@lru_cache(maxsize=1)
def built_in_profiles() -> tuple[Profile, ...]:
    """Return the profiles that come with the product, the one of the usual headings first."""
    paths = sorted(_BUILT_IN.glob("*.toml"), key=lambda path: (path.stem != _USUAL, path.stem))
    usual, *others = (parse_profile(path.read_text("utf-8"), file=path.name) for path in paths)
    return tuple(map(Profile, (_with_elements(usual), *others)))


@lru_cache(maxsize=1)
def exported_profile() -> Profile:
    """Return the profile of a catalogue that was exported."""
    return Profile(exported_spec())


def fitting_profile(columns: Columns) -> Profile:
    """Return the built-in profile that fits the headings of a table best; the one of the usual headings in doubt.

    A catalogue that was exported is read as what it is.
    """
    if is_catalogue_sheet(columns.headings):
        return exported_profile()
    folded = _folded(columns)
    fitting = [(len(one.spec.fits), one) for one in built_in_profiles() if _fits(one.spec, folded)]
    most = max((number for number, _ in fitting), default=0)
    best = [one for number, one in fitting if number == most]
    return best[0] if len(best) == 1 else built_in_profiles()[0]


@lru_cache(maxsize=1)
def usual_names() -> Mapping[str, str]:
    """Return every heading that a profile of ours knows, folded, with what the column is."""
    return {fold_heading(heading): key for one in reversed(built_in_profiles()) for key, heading in _headings(one.spec)}


def _folded(columns: Columns) -> set[str]:
    """Return the headings of a table, without what stands above them, as they are compared."""
    own = columns.headings[: len(columns.headings) - len(columns.labelled)]
    return {fold_heading(one) for one in own} | {*spans_in(own).values()}


def _sources(spec: Spec) -> tuple[Source, ...]:
    fields = (one.source for one in spec.fields.values())
    return (*spec.elements.values(), *spec.parts.values(), *fields, spec.images.source, spec.level.source)


def _fits(spec: Spec, folded: set[str]) -> bool:
    groups = [{fold_heading(one) for one in group} for group in spec.fits]
    return (
        bool(groups) and all(group & folded for group in groups) and not folded & set(map(fold_heading, spec.fits_not))
    )


def _with_elements(spec: Spec) -> Spec:
    """Return the usual headings: those that the table of elements names before those of practice."""
    elements = dict(spec.elements)
    for one in ELEMENTS:
        more = spec.elements.get(one.key, Source())
        if one.headings:
            ways = dict.fromkeys((*((heading,) for heading in one.headings), *more.ways))
            elements[one.key] = replace(more, ways=tuple(ways))
    return replace(spec, elements=elements)


def _headings(spec: Spec) -> list[tuple[str, str]]:
    """Return what a profile calls its columns, parts before elements, so that an element counts where both are meant."""
    sources = [(f"part {key}", source) for key, source in spec.parts.items()]
    sources += [(f"field {key}", one.source) for key, one in spec.fields.items()]
    sources += [("image", spec.images.source), ("level", spec.level.source), *spec.elements.items()]
    return [(key, heading) for key, source in sources for heading in source.columns]
