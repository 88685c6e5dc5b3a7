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
            "All words must stand in one record, in its title, its description or its text, in any order.",
        ),
    ),
    Way(
        message("“石桥水库”", "“East Harbour”"),
        message("引号内的连在一起、按原样查找。", "What is in quotation marks is looked for as it is written."),
    ),
    Way(
        message("防汛 -水库", "flood -reservoir"),
        message("词前加短横（- 或 —）：不要有这个词的档案。", "A dash before a word (- or —): records without it."),
    ),
    Way(
        message("1986 或 1986-1990", "1986 or 1986-1990"),
        message(
            "一个年份：写有它的，或日期在这一年的；起止年份：日期在这一段的。也可写“1986年5月”“民国三十五年”。",
            "A year: records in which it stands or that are dated so. From one year to another: records dated between. "
            "Dates in Chinese are read too (1986年5月, 民国三十五年).",
        ),
    ),
    Way(
        message("岭政〔1986〕3号", "岭政〔1986〕3号"),
        message(
            "文号用什么括号、哪种数字、有没有“第”字都一样：岭政(1986)3号、岭政〔一九八六〕三号、岭政1986第3号。没有年份的也可以：建字114号。",
            "Document numbers are found with any brackets, in either kind of numerals (〔一九八六〕三号), with 第 or without it, "
            "and without a year (建字114号).",
        ),
    ),
    Way(
        message("M001-1-12", "M001-1-12"),
        message(
            "档号各段之间用短横、点、斜线或空格都可以；卷号、件号前面的零可写可不写：M001 1 0012。",
            "Parts of a reference code may be divided by hyphens, dots, slashes or blanks; zeros before the numbers of the "
            "volume and the item may be left out (M001 1 0012).",
        ),
    ),
    Way(
        message("dredge", "dredge"),
        message(
            "英文词连同它有规则的词形一起查找（dredged、dredging），英式、美式拼写互通；加引号只找原样。",
            "English words are found in their regular forms (dredged, dredging) and in British and American spelling; "
            "in quotation marks as they stand.",
        ),
    ),
    Way(
        message("水庫 ＝ 水库", "水庫 = 水库"),
        message(
            "简体和繁体、全角和半角、大写和小写互通。",
            "Traditional and simplified characters, full and half width, capitals and small letters find each other.",
        ),
    ),
    Way(
        message("高级检索", "Advanced search"),
        message(
            "在检索框下打开：只在题名、责任者、文号或全宗中找，并按门类、年度缩小范围。",
            "Opened below the search box: words in the title, author, document number or fonds alone, narrowed by class and year.",
        ),
    ),
)
FINDING: tuple[Way, ...] = (
    Way(
        message("缩小范围", "Refine results"),
        message(
            "检索结果旁按馆（室）、全宗、门类、年度、有无全文列出件数，选一项只看那些，再选一次取消。“无全文”是没有可检索文字的档案。",
            "Beside the results stands how many there are by repository, fonds, class, year, and with or without text; choose one "
            "to see these alone, choose it again to take it away. “Without text” has none that can be searched.",
        ),
    ),
    Way(
        message("命中", "Hits"),
        message(
            "从检索结果进入档案，会翻到第一个有检索词的页；“上一处”“下一处”逐处翻看，跨页也可以。",
            "A record opened from the results is turned to the first page with the words; previous and next hit lead on, from page to page.",
        ),
    ),
    Way(
        message("没有找到", "Nothing was found"),
        message(
            "页面会列出检索了什么，以及怎样改一改就能找到、各有几件。",
            "The page says what was searched, and which changes would find something, with how many records each.",
        ),
    ),
)
READING: tuple[Way, ...] = (
    Way(
        message("翻页和放大", "Pages and zoom"),
        message(
            "“转到页”可填页号或纸上的页名。点图像后：方向键移动，+ 和 - 缩放，r 右转；按住 Ctrl 滚动也可缩放。",
            "Type the number of a page or its name on paper to go there. In the image arrow keys move, + and - zoom, "
            "r turns; scrolling with Ctrl zooms too.",
        ),
    ),
    Way(
        message("文字", "Text"),
        message(
            "图像旁的文字取自文件或由机器识别，可能有误，以图像为准；可切换为按原行显示。",
            "The text beside the image was taken from the file or recognised by machine. It may be wrong; the image decides. "
            "It can be shown in the lines of the page.",
        ),
    ),
    Way(
        message("引用", "Citing"),
        message(
            "每件档案页末有引用格式和参考文献格式，可一键复制；其中的网址不变。",
            "At the end of every record stand a citation and a reference to be copied; the address in them stays.",
        ),
    ),
    Way(
        message("下载", "Downloads"),
        message(
            "馆（室）允许的，可下载图像、可检索的 PDF 或录音录像；没有列出的不提供下载。可查对网上列出的 SHA-256 摘要。",
            "Where the repository allows it, images, a searchable PDF, or sound and film can be taken away; what is not listed "
            "is not offered. Digests (SHA-256) are given to check files against.",
        ),
    ),
    Way(
        message("公开题名", "Public title"),
        message(
            "题名中涉及个人的内容，公开时可能由馆（室）另拟题名。",
            "Where a title tells of a person's private life, the repository may have put a title for the public in its place.",
        ),
    ),
)
