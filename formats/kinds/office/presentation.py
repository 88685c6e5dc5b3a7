"""Presentations (PPTX, ISO/IEC 29500-1 §19): every slide a page, with what its layout shows, its notes and comments."""

from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from lxml import etree

from archives.message import message
from archives.record.record import FormatIdentification
from formats.kinds.embedded import unread_pictures
from formats.kinds.kind import Enclosed, Hidden, Kind, Look, Reading
from formats.ooxml import Package, attribute, drawn_words, opened_package, recognised_package

_MIMES = {
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": (".pptx",),
    "application/vnd.openxmlformats-officedocument.presentationml.slideshow": (".ppsx",),
    "application/vnd.openxmlformats-officedocument.presentationml.template": (".potx",),
    "application/vnd.ms-powerpoint.presentation.macroEnabled.12": (".pptm",),
}
_NO = ("0", "false")


def _looked(path: Path) -> Look:
    with opened_package(path) as package:
        slides = sum(1 for _ in _slides(package))
    return Look((("pages", str(slides)),), slides)


def _read(path: Path) -> Reading:
    with opened_package(path) as package:
        authors = dict(_authors(package))
        for slide in _slides(package):
            root = package.xml(slide)
            words = [drawn_words(root), *_of_layout(package, slide, root)]
            for part in package.related(slide, "diagramData", "chart", "chartEx"):
                words.append(drawn_words(package.xml(part)))
            words += (_of_notes(package.xml(part)) for part in package.related(slide, "notesSlide"))
            for part in package.related(slide, "comments"):
                comments = package.xml(part)
                words += (authors.get(one.get("authorId", ""), "") for one in comments.iter("{*}cm", "{*}reply"))
                words += ("".join(one.itertext()) for one in comments.iter("{*}text", "{*}t"))
            yield "\n".join(word for word in words if word.strip())
            for part in package.related(slide, "package", "oleObject"):
                yield Enclosed(PurePosixPath(part).name, package.read(part))
        yield from unread_pictures(package)


def _authors(package: Package) -> Iterator[tuple[str, str]]:
    """Yield who commented: the number that comments name, and the name."""
    for part in package.related(package.main, "commentAuthors", "authors"):
        for one in package.xml(part).iter("{*}cmAuthor", "{*}author"):
            yield one.get("id", ""), " ".join(filter(None, (one.get("name"), one.get("initials"))))


def _hides(path: Path) -> Iterator[Hidden]:
    with opened_package(path) as package:
        for number, slide in enumerate(_slides(package), 1):
            if package.xml(slide).get("show") in _NO:
                yield Hidden("hidden-slide", message("第 {n} 张幻灯片是隐藏的", "slide {n} is hidden", n=number))
            if any(_own_words(package.xml(part)).strip() for part in package.related(slide, "notesSlide")):
                yield Hidden("speaker-notes", message("第 {n} 张幻灯片有备注", "slide {n} has notes", n=number))
            if any("".join(package.xml(part).itertext()).strip() for part in package.related(slide, "comments")):
                yield Hidden("comment", message("第 {n} 张幻灯片有批注", "slide {n} has comments", n=number))


def _slides(package: Package) -> Iterator[str]:
    """Yield the parts of the slides in the order in which they are shown."""
    main = package.main
    for one in package.xml(main).iter("{*}sldId"):
        if slide := package.target(main, _relation(one)):
            yield slide


def _relation(slide: etree._Element) -> str:
    """Return the relation of a slide, whose other attribute ``id`` is a number."""
    return next((str(value) for key, value in slide.attrib.items() if str(key).endswith("}id")), "")


def _of_layout(package: Package, slide: str, root: etree._Element) -> Iterator[str]:
    """Yield what a slide shows of its layout and its master: their texts that are no places for the slide's own."""
    if attribute(root, "showMasterSp") in _NO:
        return
    for layout in package.related(slide, "slideLayout"):
        shown = package.xml(layout)
        yield _own_words(shown)
        if attribute(shown, "showMasterSp") not in _NO:
            yield from (_own_words(package.xml(master)) for master in package.related(layout, "slideMaster"))


def _of_notes(root: etree._Element) -> str:
    """Return what the page of notes shows: notes, head and foot, without the number of the page."""
    shapes = [one for one in root.iter("{*}sp", "{*}graphicFrame") if _place_of(one) != "sldNum"]
    return "\n".join(filter(None, map(drawn_words, shapes)))


def _own_words(root: etree._Element) -> str:
    shapes = [shape for shape in root.iter("{*}sp") if not _is_place(shape)]
    if next(root.iter("{*}sp"), None) is None:
        return drawn_words(root)
    return "\n".join(filter(None, map(drawn_words, shapes)))


def _is_place(shape: etree._Element) -> bool:
    """Say whether a shape is a place for another's text (a title, a number of a slide), but for that of notes."""
    place = _place_of(shape)
    return place is not None and not (place == "body" and "}notes" in str(shape.getroottree().getroot().tag))


def _place_of(shape: etree._Element) -> str | None:
    """Return for what a shape is a place; None for one that is none."""
    place = next(shape.iter("{*}ph"), None)
    return None if place is None else place.get("type", "obj")


def _recognised(path: Path) -> FormatIdentification | None:
    return recognised_package(path, _MIMES, "Microsoft PowerPoint Presentation")


KIND = Kind(
    endings=_MIMES,
    recognise=_recognised,
    perhaps=lambda ends: ends.are_of_a_zip,
    look=_looked,
    draw=None,
    read=_read,
    hides=_hides,
)
