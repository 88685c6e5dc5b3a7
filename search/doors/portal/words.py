"""The portal's own words in both languages; records speak in their own."""

from archives.message import Message, message
from search.doors.portal.browsing.words import BROWSING
from search.doors.portal.downloads.words import DOWNLOAD_WORDS
from search.doors.portal.record.words import RECORD_WORDS

WORDS: dict[str, Message] = {
    **RECORD_WORDS,
    **DOWNLOAD_WORDS,
    "skip": message("跳到正文", "Skip to content"),
    "search": message("检索", "Search"),
    "search_label": message("检索开放档案", "Search open records"),
    "placeholder": message("例如：防汛", "for example: flood"),
    "all_repositories": message("全部馆（室）", "All repositories"),
    "repository": message("馆（室）", "Repository"),
    "about": message("关于", "About"),
    "home": message("首页", "Home"),
    "lead": message(
        "这里可以检索和阅读已经开放并上网的档案。", "Search and read the records that have been opened and put online."
    ),
    "taking_part": message("入网档案馆（室）", "Participating archives"),
    "taking_part_lead": message(
        "逐级浏览：选馆（室），再选全宗、类别、年度。",
        "Browse by level: a repository, then a fonds, its series and years.",
    ),
    "records": message("{n} 件", "{n} {n:record|records}"),
    "results_for": message("检索结果", "Results"),
    "found_records": message("共 {n} 件", "{n} {n:record|records}"),
    "found_pages": message("共 {n} 件，{m} 页", "{n} {n:record|records}, {m} {m:page|pages}"),
    "more_pages": message("另有 {n} 页", "{n} more {n:page|pages}"),
    "year": message("年度", "Year"),
    "advanced": message("高级检索", "Advanced search"),
    "narrow": message("缩小范围", "Refine results"),
    "more_choices": message("另有 {n} 项", "{n} more"),
    "take_away": message("取消这一限定", "Take this away"),
    "chosen": message("已选的限定", "Chosen"),
    "genre": message("门类", "Class"),
    "text": message("全文", "Full text"),
    "with_text_yes": message("有全文", "with text"),
    "with_text_no": message("无全文", "without text"),
    "with_text_extracted": message("全文取自文件", "text from the file itself"),
    "with_text_recognised": message("全文由机器识别", "text recognised by machine"),
    "order": message("排序", "Order"),
    "order_ours": message("相关", "Relevance"),
    "order_date": message("日期", "Date"),
    "order_code": message("档号", "Reference code"),
    "unread_year": message(
        "年度“{year}”无法识别，没有按年度限定。请写 1986 或 1986-1990。",
        "“{year}” is not a year and was not used; write 1986 or 1986-1990.",
    ),
    "no_hits": message("没有找到", "Nothing was found"),
    "not_searched": message("没有检索", "Nothing was searched"),
    "no_such_page": message("没有第 {n} 页", "There is no page {n}"),
    "pages_there_are": message("检索结果共 {last} 页。", "The results have {last} {last:page|pages}."),
    "first_page": message("第一页", "First page"),
    "last_page": message("最后一页", "Last page"),
    "no_hits_advice": message(
        "换一个词，或者少用几个词。只有已经开放并上网的档案才能在这里找到；其他档案请到馆查询。",
        "Try another word, or fewer. Only records that are open and online can be found here; for others please visit the archives.",
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
    "names": message("名称沿革", "Names"),
    "introduction": message("全宗介绍", "Introduction"),
    "series": message("类别、目录", "Series"),
    "holder": message("保管单位", "Held by"),
    "page_text_note": message(
        "文字由机器识别或取自文件，可能有误，以图像为准。",
        "Read by machine or taken from the file; may contain errors; the image is authoritative.",
    ),
    "page_image": message("{page}的图像", "Image of {page}"),
    "open_image": message("查看大图", "Open the full image"),
    "no_image": message("此页没有图像", "There is no image of this page"),
    "cite": message("引用", "How to cite"),
    "visit_title": message("请到馆查阅", "Consult in the reading room"),
    "visit": message(
        "本件只公开目录。请持有效身份证件到{holder}查阅原文。",
        "Only the description of this record is online. Please visit {holder} with an identity document to read it.",
    ),
    "visit_volume": message(
        "本卷只公开目录。请持有效身份证件到{holder}查阅原文。",
        "Only the description of this volume is online. Please visit {holder} with an identity document to read it.",
    ),
    "visit_unshown": message(
        "本件已经开放，但其内容无法在这里显示。请持有效身份证件到{holder}查阅原文。",
        "This record is open, but what it holds cannot be shown here. Please visit {holder} with an identity document to read it.",
    ),
    "gone": message(
        "原件状态：{state}。这里只公开目录。",
        "Of the original ({state}) there is nothing but this description.",
    ),
    "state": message("状态", "State"),
    "volume": message("所属案卷", "Volume"),
    "more_items": message("另有 {n} 件，见本卷全部文件", "{n} more: all items of the volume"),
    "items": message("本卷已公开的文件", "Open items of this volume"),
    "not_found": message("页面不存在", "Page not found"),
    "not_found_advice": message(
        "地址可能写错了，或者这里没有这份档案。", "The address may be wrong, or there is no such record here."
    ),
    "away": message("检索暂时不可用", "Search is away for the moment"),
    "away_advice": message(
        "请稍后再试；仍可从首页浏览。", "Please try again later; browsing from the home page still works."
    ),
    "busy": message("检索太忙", "Search is busy"),
    "busy_advice": message(
        "这次检索用时太长，或者正在检索的人太多。请多写几个字，或稍后再试；仍可从首页浏览。",
        "This search took too long, or too many are searching. Use longer words, or try again in a moment; browsing from the home page still works.",
    ),
    "too_long": message("检索词太长", "The query is too long"),
    "too_long_advice": message("请缩短到 200 字以内。", "Please keep it below 200 characters."),
    "about_text": message(
        "本网站只有经过开放审核、决定开放并上网的档案。档案由各馆（室）保存，这里是供公众检索的副本。",
        "This site holds only records that were reviewed, opened and put online. The archives keep the records; these are copies for the public to search.",
    ),
    "foot": message("档案由各馆（室）保存和开放", "Records are held and opened by the archives named on each page"),
    **BROWSING,
}
