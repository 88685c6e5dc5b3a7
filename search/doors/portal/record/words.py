"""What the page of a record says in both languages."""

from archives.message import Message, message

RECORD_WORDS: dict[str, Message] = {
    "of_fonds": message("全宗", "Fonds"),
    "pages_of": message("共 {n} 页", "{n} {n:page|pages}"),
    "place_in_record": message("（本件 {n} 页之 {place}）", "({place} of {n} {n:page|pages})"),
    "place_in_volume": message("（本卷 {n} 页之 {place}）", "({place} of {n} {n:page|pages} of the volume)"),
    "leafing": message("翻页", "Page navigation"),
    "jump": message("转到页", "Go to page"),
    "no_such_leaf": message(
        "网上共 {n} 页，没有“{leaf}”这一页。", "{n} {n:page is|pages are} online; there is no page “{leaf}”."
    ),
    "class": message("门类", "Class"),
    "extent": message("页数", "Extent"),
    "pages_online": message("网上 {n} 页", "{n} {n:page|pages} online"),
    "opened_on": message("开放日期", "Date of opening"),
    "asking": message("利用与反馈", "Use and feedback"),
    "asking_text": message(
        "查阅原件、申请复制、了解版权与利用规定、指出错误或提出异议，请联系保管单位，并写明档号 {code}。",
        "To consult the original, request copies, ask about copyright and use, report an error or request withdrawal, contact the archives and quote the reference code {code}.",
    ),
    "jump_hint": message("页号或名称", "page number or name"),
    "go": message("转到", "Go"),
    "strip": message("各页缩略图", "Page thumbnails"),
    "levels": message("所在层级", "Breadcrumb"),
    "hits": message("命中", "Matches"),
    "back": message("回到检索结果", "Back to results"),
    "beside": message("前后的档案", "Previous and next records"),
    "record_before": message("上一件", "Previous"),
    "record_behind": message("下一件", "Next"),
    "hit_of": message("本页第 {n} 处，共 {m} 处", "{n} of {m} on this page"),
    "no_hit_here": message("本页没有命中", "no match on this page"),
    "previous_hit": message("上一处", "Previous match"),
    "following_hit": message("下一处", "Next match"),
    "text_of": message("本页文字", "Text of this page"),
    "text_recognised": message("机器识别的文字", "Machine-recognised text"),
    "text_extracted": message("取自文件的文字", "Text taken from the file"),
    "note_recognised": message(
        "由机器识别，未经人工校对，可能有误，以图像为准。",
        "Machine-recognised and not proofread; may contain errors. The image is authoritative.",
    ),
    "note_extracted": message(
        "取自电子文件本身，版式以图像为准。", "Taken from the file itself. For the layout, the image is authoritative."
    ),
    "note_extracted_alone": message("取自电子文件，不含原有版式。", "Taken from the file; its layout is not shown."),
    "no_text": message("本页没有文字。", "No text on this page."),
    "lines": message("按原行显示", "Keep the line breaks of the page"),
    "stamp": message("归档章：", "Filing stamp:"),
    "reference": message("参考文献（GB/T 7714—2025）", "Reference (GB/T 7714—2025)"),
    "integrity": message("完整性", "Integrity"),
    "digest_of_master": message("原件文件（{page}）", "Original file ({page})"),
    "digest_of_masters": message(
        "原件文件（共 {n} 页，含{page}）", "Original file ({n} {n:page|pages}, including {page})"
    ),
    "kind_film": message("录像", "video"),
    "kind_recording": message("录音", "recording"),
    "digest_of_picture": message("网上图像（{page}）", "Image on this site ({page})"),
    "how_to_check": message(
        "以上为 SHA-256 摘要：文件未变，用任何工具算出的摘要都与此相同（如 sha256sum 文件名）。",
        "These are SHA-256 digests: any tool gives the same digest for an unchanged file (for example, sha256sum FILE).",
    ),
    "proof": message("下载证明文件（JSON）", "Download the proof file (JSON)"),
    "kept_stored": message("{day}存入。", "Stored on {day}."),
    "kept_copies": message(
        "截至{as_of}，有 {n} 份副本逐字节读过、与存入时相同，各份最近一次核验都在{day}或以后。",
        "As of {as_of}, {n} {n:copy was|copies were} read byte by byte and unchanged since storage, each last verified on or after {day}.",
    ),
    "kept_unread": message("截至 {as_of}，没有已核验的副本。", "As of {as_of}, no copy had been verified."),
    "copy_plain": message("复制引用", "Copy citation"),
    "copy_reference": message("复制参考文献", "Copy reference"),
    "copied": message("已复制", "Copied"),
    "copy_by_hand": message("已选中，请按 Ctrl+C 复制", "Selected: press Ctrl+C to copy"),
    "tools": message("看图工具", "Image tools"),
    "zoom_in": message("放大", "Zoom in"),
    "zoom_out": message("缩小", "Zoom out"),
    "fit": message("整页", "Whole page"),
    "full_screen": message("全屏", "Full screen"),
    "turn_left": message("左转", "Rotate left"),
    "turn_right": message("右转", "Rotate right"),
    "image_and_keys": message("{image}。{keys}", "{image}. {keys}"),
    "keys": message(
        "方向键移动，加减号缩放，r 右转；按住 Ctrl 滚动可缩放",
        "Arrow keys move, plus and minus zoom, r rotates; hold Ctrl and scroll to zoom",
    ),
}
