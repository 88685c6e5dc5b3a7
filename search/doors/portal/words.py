"""The portal's own words in both languages; records speak in their own."""

from archives.message import Message, message
from search.doors.portal.browsing.words import BROWSING
from search.doors.portal.downloads.words import DOWNLOAD_WORDS
from search.doors.portal.record.words import RECORD_WORDS

WORDS: dict[str, Message] = {
    **RECORD_WORDS,
    **DOWNLOAD_WORDS,
    "skip": message("跳到正文", "Skip to main content"),
    "search": message("检索", "Search"),
    "search_label": message("检索开放档案", "Search open records"),
    "placeholder": message("例如：防汛", "for example, flood"),
    "all_repositories": message("全部馆（室）", "All repositories"),
    "repository": message("馆（室）", "Repository"),
    "about": message("关于", "About"),
    "home": message("首页", "Home"),
    "lead": message(
        "这里可以检索和阅读已经开放并上网的档案。",
        "Search and read records that are open to the public and available online.",
    ),
    "taking_part": message("入网档案馆（室）", "Participating archives"),
    "taking_part_lead": message(
        "逐级浏览：选馆（室），再选全宗、类别、年度。",
        "Browse by level: choose a repository, then a fonds, series and year.",
    ),
    "records": message("{n} 件", "{n} {n:record|records}"),
    "results_for": message("检索结果", "Results"),
    "found_records": message("共 {n} 件", "{n} {n:record|records}"),
    "found_pages": message("共 {n} 件，命中 {m} 页", "{n} {n:record|records}, {m} matching {m:page|pages}"),
    "more_pages": message("另有 {n} 页", "{n} more matching {n:page|pages}"),
    "year": message("年度", "Year"),
    "advanced": message("高级检索", "Advanced search"),
    "narrow": message("缩小范围", "Refine results"),
    "more_choices": message("另有 {n} 项", "{n} more"),
    "take_away": message("取消这一限定", "Remove this filter"),
    "chosen": message("已选的限定", "Filters applied"),
    "genre": message("门类", "Class"),
    "text": message("全文", "Full text"),
    "with_text_yes": message("有全文", "With text"),
    "with_text_no": message("无全文（仅目录、照片、录音录像等）", "No text (catalogue only, photographs, recordings)"),
    "with_text_extracted": message("全文取自文件", "Text taken from the file"),
    "with_text_recognised": message("全文由机器识别", "Machine-recognised text"),
    "order": message("排序", "Order"),
    "order_ours": message("相关", "Relevance"),
    "order_date": message("日期", "Date"),
    "order_code": message("档号", "Reference code"),
    "unread_year": message(
        "年度“{year}”无法识别，没有按年度限定。请写 1986 或 1986-1990。",
        "“{year}” is not a year and was ignored. Enter a year such as 1986 or a range such as 1986-1990.",
    ),
    "no_hits": message("没有找到", "No records found"),
    "not_searched": message("没有检索", "Nothing was searched"),
    "no_such_page": message("没有第 {n} 页", "There is no page {n}"),
    "pages_there_are": message("检索结果共 {last} 页。", "There {last:is|are} {last} {last:page|pages} of results."),
    "first_page": message("第一页", "First page"),
    "last_page": message("最后一页", "Last page"),
    "no_hits_advice": message(
        "请换其他词语再试。只有已经开放并上网的档案才能在这里找到；其他档案请到馆查询。",
        "Try different search terms. Only records that are open and online can be found here; for other records, please visit the archives.",
    ),
    "page": message("第 {n} 页", "page {n}"),
    "description": message("著录", "description"),
    "previous": message("上一页", "Previous page"),
    "next": message("下一页", "Next page"),
    "fonds": message("全宗", "Fonds"),
    "fonds_of": message("{holder}的全宗", "Fonds of {holder}"),
    "creator": message("立档单位", "Creator"),
    "dates": message("起止年", "Dates"),
    "open_records": message("已开放档案", "Open records"),
    "names": message("名称沿革", "Name history"),
    "introduction": message("全宗介绍", "Introduction"),
    "series": message("类别、目录", "Series"),
    "holder": message("保管单位", "Held by"),
    "page_text_note": message(
        "文字由机器识别或取自文件，可能有误，以图像为准。",
        "Machine-recognised or taken from the file; may contain errors. The image is authoritative.",
    ),
    "page_image": message("{page}的图像", "Image of {page}"),
    "picture_called": message("{title}（{image}）", "{title} ({image})"),
    "open_image": message("查看大图", "View full-size image"),
    "no_image": message("此页没有图像", "No image of this page"),
    "cite": message("引用", "How to cite"),
    "visit_title": message("请到馆查阅", "Consult in the reading room"),
    "visit": message(
        "本件只公开目录。请持有效身份证件到{holder}查阅原件。",
        "Only the description of this record is available online. To consult the original, please visit {holder} with an identity document.",
    ),
    "visit_volume": message(
        "本卷只公开目录。请持有效身份证件到{holder}查阅原件。",
        "Only the description of this volume is available online. To consult the original, please visit {holder} with an identity document.",
    ),
    "visit_unshown": message(
        "本件已经开放，但其内容无法在这里显示。请持有效身份证件到{holder}查阅原件。",
        "This record is open, but its contents cannot be displayed here. To consult the original, please visit {holder} with an identity document.",
    ),
    "gone": message(
        "原件状态：{state}。这里只公开目录。",
        "Status of the original: {state}. Only the description is available.",
    ),
    "state": message("状态", "Status"),
    "volume": message("所属案卷", "Volume"),
    "more_items": message("另有 {n} 件，见本卷全部文件", "{n} more: see all items in this volume"),
    "items": message("本卷已公开的文件", "Open items in this volume"),
    "not_found": message("页面不存在", "Page not found"),
    "not_found_advice": message(
        "网址可能写错了，或者这里没有这份档案。", "The address may be mistyped, or there is no such record here."
    ),
    "away": message("检索暂时不可用", "Search is temporarily unavailable"),
    "away_advice": message(
        "请稍后再试；仍可从首页浏览。", "Please try again later. You can still browse from the home page."
    ),
    "busy": message("检索太忙", "Search is very busy"),
    "busy_advice": message(
        "这次检索用时太长，或者正在检索的人太多。请多写几个字，或稍后再试；仍可从首页浏览。",
        "This search took too long, or too many people are searching. Use more specific terms, or try again shortly. You can still browse from the home page.",
    ),
    "too_long": message("检索词太长", "The search is too long"),
    "too_long_advice": message("请缩短到 200 字以内。", "Please use no more than 200 characters."),
    "about_text": message(
        "本网站只有经过开放审核、决定开放并上网的档案。档案由各馆（室）保存，这里是供公众检索的副本。",
        "This site holds only records that have been reviewed and approved for public access online. The originals are kept by the archives; these are copies for the public to search.",
    ),
    "foot": message(
        "档案由各馆（室）保存和开放", "Records are held and made available by the archives named on each page"
    ),
    **BROWSING,
}
