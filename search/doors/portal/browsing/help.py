"""How the site is used, as its page of help says it: what may be typed with what it finds, and what a record's page offers."""

from dataclasses import dataclass

from archives.message import Message, message


@dataclass(frozen=True, slots=True)
class Way:
    """A thing to do, with what comes of it; the first may be an example as somebody types it."""

    what: Message
    does: Message


SEARCHING: tuple[Way, ...] = (
    Way(
        message("防汛 水库", "flood reservoir"),
        message(
            "空格隔开的词须全部出现在同一件档案的题名、著录或正文中，次序不拘。",
            "Finds records that contain all the words, in any order, in the title, description or text.",
        ),
    ),
    Way(
        message("“石桥水库”", "“East Harbour”"),
        message("引号内的连在一起、按原样查找。", "Finds the exact phrase in quotation marks."),
    ),
    Way(
        message("防汛 -水库", "flood -reservoir"),
        message(
            "词前加短横（- 或 —）：不要有这个词的档案。",
            "A hyphen or dash before a word (- or —) excludes records that contain it.",
        ),
    ),
    Way(
        message("1986 或 1986-1990", "1986 or 1986-1990"),
        message(
            "一个年份：写有它的，或日期在这一年的；起止年份：日期在这一段的。也可写“1986年5月”“民国三十五年”。",
            "A year finds records that mention it or are dated in it; a range finds records dated within it. "
            "Dates in Chinese are understood as well (1986年5月, 民国三十五年).",
        ),
    ),
    Way(
        message("岭政〔1986〕3号", "岭政〔1986〕3号"),
        message(
            "文号用什么括号、哪种数字、有没有“第”字都一样：岭政(1986)3号、岭政〔一九八六〕三号、岭政1986年3号。没有年份的也可以：建字114号。",
            "Document numbers are found with any kind of brackets or none (1986年3号), in either kind of "
            "numerals (〔一九八六〕三号), with or without 第, and also without a year (建字114号).",
        ),
    ),
    Way(
        message("M001-1-12", "M001-1-12"),
        message(
            "档号各段之间用短横、点、斜线或空格都可以；卷号、件号前面的零可写可不写：M001 1 0012。",
            "Parts of a reference code may be separated by hyphens, dots, slashes or spaces; leading zeros of the volume "
            "and item numbers are optional (M001 1 0012).",
        ),
    ),
    Way(
        message("dredge", "dredge"),
        message(
            "英文词连同它有规则的词形一起查找（dredged、dredging），英式、美式拼写互通；加引号只找原样。",
            "English words are also found in their regular forms (dredged, dredging) and in British and American spelling. "
            "Quotation marks find the exact word only.",
        ),
    ),
    Way(
        message("{pair}", "{pair}", pair="水庫 ＝ 水库"),
        message(
            "简体和繁体、全角和半角、大写和小写互通。",
            "Traditional and simplified characters, full-width and half-width forms, and upper and lower case are treated as the same.",
        ),
    ),
    Way(
        message("高级检索", "Advanced search"),
        message(
            "在检索结果页的检索框下打开，首页有链接：只在题名、责任者、文号或全宗中找，并按门类、年度缩小范围。",
            "Linked from the home page and below the search box on the results page: search the title, author, document number "
            "or fonds alone, and narrow by class and year.",
        ),
    ),
)
FINDING: tuple[Way, ...] = (
    Way(
        message("缩小范围", "Refine results"),
        message(
            "检索结果旁按馆（室）、全宗、门类、年度、有无全文列出件数，选一项只看那些，再选一次取消。“无全文”是没有可检索文字的档案：只公开目录的，还有照片、录音录像等，后者可以在线看、听。",
            "Beside the results, records are counted by repository, fonds, class, year and availability of text. Choose one to see "
            "only those; choose it again to remove the filter. “No text” means that a record has no searchable text: only its description "
            "is online, or it is a photograph or a recording, which can be viewed or played.",
        ),
    ),
    Way(
        message("仅目录", "Catalogue only"),
        message(
            "这件档案网上只有目录，要看原件请到馆查阅；没有这个标记的可以在线阅览，写明页数的，网上有那么多页。",
            "Only the description of the record is online; to read the original, please visit the archives. Records without this "
            "label can be read online, as many pages of them as are given.",
        ),
    ),
    Way(
        message("命中", "Matches"),
        message(
            "从检索结果进入档案，会翻到第一个有检索词的页；“上一处”“下一处”逐处翻看，跨页也可以。",
            "A record opened from the results shows the first page that contains your words. Previous match and next match "
            "move from one to another, across pages.",
        ),
    ),
    Way(
        message("没有找到", "No records found"),
        message(
            "页面会列出检索了什么，以及怎样改一改就能找到、各有几件。",
            "The page lists the search criteria, and changes that would find records, with the number found by each.",
        ),
    ),
)
READING: tuple[Way, ...] = (
    Way(
        message("翻页和放大", "Pages and zoom"),
        message(
            "“转到页”可填页号或纸上的页名。点图像后：方向键移动，+ 和 - 缩放，r 右转；按住 Ctrl 滚动也可缩放。",
            "To go to a page, type its number or its name on paper. Click the image, then use the arrow keys to move, + and - to zoom "
            "and r to rotate; hold Ctrl and scroll to zoom.",
        ),
    ),
    Way(
        message("文字", "Text"),
        message(
            "图像旁的文字取自文件或由机器识别，可能有误，以图像为准；可切换为按原行显示。",
            "The text beside the image was taken from the file or recognised by machine and may contain errors; the image is "
            "authoritative. It can be shown with the line breaks of the page.",
        ),
    ),
    Way(
        message("引用", "Citing"),
        message(
            "每件档案页末有引用格式和参考文献格式，可一键复制；其中的网址不变。",
            "At the end of each record are a citation and a reference to copy. The address in them is permanent.",
        ),
    ),
    Way(
        message("下载", "Downloads"),
        message(
            "馆（室）允许的，可下载图像、可检索的 PDF 或录音录像；没有列出的不提供下载。可查对网上列出的 SHA-256 摘要。",
            "Where the repository permits, images, a searchable PDF, or sound and video recordings can be downloaded; anything not "
            "listed is not offered. Files can be checked against the SHA-256 digests given.",
        ),
    ),
    Way(
        message("公开题名", "Public title"),
        message(
            "题名中涉及个人的内容，公开时可能由馆（室）另拟题名。",
            "Where a title contains personal information, the repository may have replaced it with a title for the public.",
        ),
    ),
    Way(
        message("语言", "Language"),
        message(
            "网站有简体、繁体和英文，档案和各馆（室）自己写的文字照原样显示。在页首选定后，浏览器用一个名为 lang 的 Cookie 记住一年，其中只有所选的语言。",
            "The site is in simplified Chinese, traditional Chinese and English; records, and what repositories wrote themselves, are "
            "shown as written. The language chosen at the top of a page is kept for a year in a cookie named lang, which holds nothing else.",
        ),
    ),
)
