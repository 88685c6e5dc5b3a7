"""Media types as METS may name them: registered with IANA (CSIP26, CSIP40, CSIP68); PREMIS keeps the exact ones.

Source: the IANA registry of media types, as far as PRONOM names them and validators of E-ARK packages know them.
"""

UNKNOWN = "application/octet-stream"
"""What any file is (RFC 2046 §4.5.1)."""

_REGISTERED = {
    "application": """
        applefile dicom epub+zip fits geo+json geopackage+sqlite3 gml+xml gzip javascript json mac-binhex40
        mathematica mbox mp4 msword mxf octet-stream ogg oxps pdf pkcs7-mime pkcs7-signature postscript
        rdf+xml rtf sql tei+xml vnd.Quark.QuarkXPress vnd.adobe.flash.movie vnd.dbf vnd.etsi.asic-e+zip
        vnd.etsi.asic-s+zip vnd.etsi.timestamp-token vnd.framemaker vnd.geogebra.file vnd.gerber
        vnd.google-earth.kml+xml vnd.google-earth.kmz vnd.hp-HPGL vnd.iccprofile vnd.isac.fcs
        vnd.lotus-1-2-3 vnd.lotus-approach vnd.lotus-freelance vnd.lotus-notes vnd.lotus-screencam
        vnd.lotus-wordpro vnd.microsoft.portable-executable vnd.microsoft.windows.thumbnail-cache vnd.mif
        vnd.ms-3mfdocument vnd.ms-asf vnd.ms-cab-compressed vnd.ms-excel vnd.ms-excel.addin.macroEnabled.12
        vnd.ms-excel.sheet.binary.macroEnabled.12 vnd.ms-excel.sheet.macroEnabled.12
        vnd.ms-excel.template.macroEnabled.12 vnd.ms-fontobject vnd.ms-htmlhelp vnd.ms-officetheme
        vnd.ms-powerpoint vnd.ms-powerpoint.addin.macroEnabled.12
        vnd.ms-powerpoint.presentation.macroEnabled.12 vnd.ms-powerpoint.slide.macroEnabled.12
        vnd.ms-powerpoint.slideshow.macroEnabled.12 vnd.ms-powerpoint.template.macroEnabled.12
        vnd.ms-project vnd.ms-word.document.macroEnabled.12 vnd.ms-word.template.macroEnabled.12 vnd.ms-wpl
        vnd.msa-disk-image vnd.music-niff vnd.nitf vnd.oasis.opendocument.graphics
        vnd.oasis.opendocument.presentation vnd.oasis.opendocument.spreadsheet vnd.oasis.opendocument.text
        vnd.openxmlformats-officedocument.presentationml.presentation
        vnd.openxmlformats-officedocument.presentationml.slideshow
        vnd.openxmlformats-officedocument.presentationml.template
        vnd.openxmlformats-officedocument.spreadsheetml.sheet
        vnd.openxmlformats-officedocument.spreadsheetml.template
        vnd.openxmlformats-officedocument.wordprocessingml.document
        vnd.openxmlformats-officedocument.wordprocessingml.template vnd.rar vnd.recordare.musicxml
        vnd.recordare.musicxml+xml vnd.scribus vnd.software602.filler.form+xml
        vnd.software602.filler.form-xml-zip vnd.sqlite3 vnd.tcpdump.pcap vnd.vectorworks vnd.visio
        vnd.wordperfect vnd.yamaha.smaf-audio xhtml+xml xml xml-external-parsed-entity zip
    """,
    "audio": """
        3gpp aac ac3 basic dls mobile-xmf mp4 mpeg ogg opus prs.sid speex vnd.dlna.adts vnd.dolby.mlp
        vnd.dts
    """,
    "font": """
        otf ttf woff woff2
    """,
    "image": """
        avif bmp cgm emf fits gif heic heif jp2 jpeg jph jpm jpx jxr ktx png svg+xml tiff
        vnd.adobe.photoshop vnd.djvu vnd.dwg vnd.dxf vnd.fpx vnd.microsoft.icon vnd.mix vnd.mozilla.apng
        vnd.ms-modi vnd.radiance vnd.valve.source.texture vnd.xiff vnd.zbrush.pcx wmf
    """,
    "message": """
        global
    """,
    "model": """
        e57 gltf-binary iges vnd.collada+xml vnd.dwf
    """,
    "multipart": """
        appledouble related
    """,
    "text": """
        SGML calendar css csv csv-schema html markdown n3 plain rtf tab-separated-values turtle vcard
        vnd.sosi vnd.wap.wml vtt xml
    """,
    "video": """
        3gpp mj2 mp4 mpeg ogg quicktime vnd.radgamettools.bink vnd.radgamettools.smacker
    """,
}
_ALSO_CALLED = {
    "message/rfc822": "message/global",
    "application/dbase": "application/vnd.dbf",
    "application/vnd.ms-PowerPoint": "application/vnd.ms-powerpoint",
    "application/x-shockwave-flash": "application/vnd.adobe.flash.movie",
    "application/x-sqlite3": "application/vnd.sqlite3",
    "image/x-djvu": "image/vnd.djvu",
    "image/x-icon": "image/vnd.microsoft.icon",
    "image/x-ms-bmp": "image/bmp",
    "text/sgml": "text/SGML",
}
"""Registered types that hold for every file of the type before; RFC 6532 §3.7 for messages, which validators know."""


def registered_type(mime: str) -> str:
    """Return the registered media type of a file that was identified as ``mime``; ``UNKNOWN`` where there is none."""
    plain = mime.partition(";")[0].strip()
    named = _ALSO_CALLED.get(plain, plain)
    tree, _, subtype = named.partition("/")
    return named if subtype in _REGISTERED.get(tree, "").split() else UNKNOWN
