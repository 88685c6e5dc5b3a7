"""The settings file that ``init`` writes: every key with its default, told in both languages."""

import json
from datetime import date

from archives.message import message
from preservation.stores.registry import KINDS
from preservation.stores.setting import COMMON_KEYS, keys_of


def _keys_told() -> str:
    """Return what the settings can say of a store, one key a line, as comments of the settings file."""
    groups = [(setting.kind.said, keys_of(setting)) for setting in KINDS]
    lines = []
    for said, keys in (*groups, (message("任何存储，如离线载体", "any store, such as a sealed set"), COMMON_KEYS)):
        lines.append(f"# {said.zh} · {said.en}\n")
        for key in keys:
            shown = key.default if key.example is None else key.example
            value = str(shown) if isinstance(shown, date) else json.dumps(shown, ensure_ascii=False)
            lines.append(f"#   {key.name} = {value}  # {key.said.zh} · {key.said.en}\n")
    return "".join(lines)


DEFAULT_FILE = """\
# 金匮档案馆设置 · Settings of a Jinkui archive
# 路径可写相对于本文件所在文件夹 · Paths may be relative to the folder of this file

# 界面语言：auto（随系统）、zh、en · Language of messages: auto (the system's), zh, en
language = "auto"

# 操作人姓名，写入日志；空则用系统用户名 · The operator named in the journal; empty: the system's user
operator = ""

# 承诺的副本数，0 为每个存储位置各一份 · Copies promised of every package; 0: one in every store
copies = 0
# 至少几份写好并核实后才算接收，0 为承诺的全部；不足的份数记为欠缺，由 jinkui replicate 补齐。
# Copies that must be verified before a package counts as taken in; 0: all that are promised. What is missing is owed.
# 有存储暂时不在而仍要继续工作的，设为在位的存储数 · To go on while a store is away, set it to how many are there
minimum-copies = 0

# 存储位置：应放在不同的磁盘上，最好在不同的地点；新增一个之后运行 jinkui store add 名称
# Stores: put them on different disks, best in different places; after adding one here, run jinkui store add NAME
# 磁盘坏了：jinkui store replace 名称 --path 新位置；不再用了：jinkui store retire 名称 · A disk died: jinkui store replace NAME
# --path NEW; a store that is no longer used: jinkui store retire NAME
{stores}[[stores]]
name = "first"
path = "stores/first"

[[stores]]
name = "second"
path = "stores/second"

[audit]
# 承诺每份副本至少多少天核查一次 · Every copy is promised to be read at least every so many days
interval-days = 90
# 同时读几份，0 为处理器数 · Copies read at the same time; 0: as many as there are processors
workers = 0
# 每秒最多读多少 MiB，0 为不限 · MiB read in a second at most; 0: no limit
throttle-mib-per-second = 0.0
# 发现问题时运行的命令，报警内容（JSON）在其标准输入 · Command run when something is wrong, the alarm (JSON) on its input
alarm-command = []
# 每次核查后写 Prometheus 文本文件 · Prometheus textfile written after every audit; empty: none
metrics-file = ""

[schedule]
# 定时任务最多隔多少天须完成一次，逾期即报警（jinkui status、doctor 和报警命令）；0 为不作要求
# Within how many days each job on schedule must have come to its end again; what is later is told by status, doctor and
# the alarm command; 0: nothing is asked for
audit-within-days = 2
checkpoint-within-days = 2
opening-within-days = 2
restore-drill-within-days = 42
index-verify-within-days = 14

[journal]
# 日志检查点存放的文件夹 · Folder of the journal's checkpoints
checkpoints = "checkpoints"
# 每个检查点交给的命令（检查点在其标准输入），用来寄到别处；失败会报警 · Command that is given every checkpoint on its
# input, to send it elsewhere (mail, another archives); its failure is told and alarmed
checkpoint-command = []
# RFC 3161 时间戳服务地址，空则不用 · Address of an RFC 3161 time-stamping service; empty: none
timestamp-url = ""
# 核对时间戳用的根证书（PEM），空则只保存答复 · Root certificates (PEM) time stamps are judged by; empty: kept unjudged
timestamp-ca = ""

[storage-api]
# 供 fixity 等客户端使用的存储服务接口（jinkui serve --storage-api）· Address of the storage API
host = "127.0.0.1"
port = 8078

[ocr]
# 同时识别的页数，0 为处理器数 · Pages read at the same time; 0: as many as there are processors
workers = 0
# 一页最多用多少秒 · The longest a page may take, in seconds
page-timeout-seconds = 180.0
# 按语种指定引擎，例如 { en = "pp-ocr" } · Engine for a language, for example { en = "pp-ocr" }
engines = {}

[children]
# 打开来件的子进程，每个（连同其所启动的）最多用多少 MiB 内存：读取文件的、识别文字的
# MiB of memory that a process which opens what others wrote may take, with all that it starts: readers, recognisers
reader-memory-mib = 1024
recogniser-memory-mib = 1536
# 以 root 运行时，子进程所用账户的编号 · Number of the account under which they work when we are root
user = 65534
# 内核无法限制其权限时也照样打开文件（不建议）· Open files even where the kernel cannot confine them (not advised)
confinement-optional = false

[opening]
# 开放的档案有了待复审的新版本时：false 全部撤下；true 审核过的版本仍然公开（打开后请运行 jinkui rebuild）
# While a new version of an open record waits for review: false, nothing of it is public; true, what was reviewed stays
# public (after turning it on, run jinkui rebuild)
keep-reviewed = false

[search]
# Elasticsearch 8 或 9 的地址；空则用内置索引；几个节点写成 ["https://es1:9200", "https://es2:9200"]
# Address of Elasticsearch 8 or 9; empty: the embedded index; of several nodes ["https://es1:9200", "https://es2:9200"]
elasticsearch = ""
# 本安装的名称，用于索引名；几个安装可共用一个集群 · Name of this installation, used in index names: several can share a cluster
installation = "main"
# 存放写入用 API 密钥的文件，只许其所有者读（chmod 600） · File that holds the API key to write with, for its owner alone (chmod 600)
api-key-file = ""
# 存放网站只读 API 密钥的文件，只许网站的账户读；空则网站也用上一个
# File that holds the API key that can only read, for the site and its account alone; empty: the site uses the one above
reader-api-key-file = ""
# 核对 https 地址的根证书文件（PEM）；空则用系统信任的 · Root certificates (PEM) by which https is judged; empty: the system's
ca-file = ""
# 等待应答的秒数 · Seconds to wait for an answer
timeout-seconds = 10.0

[portal]
# 公众网站的地址和端口 · Address and port of the public site
host = "127.0.0.1"
port = 8077
# 可读取 public/ 的用户组，供以另一账户运行的网站使用；空则只有档案库自己的账户可读
# Group that may read public/, for a site under an account of its own; empty: the archive's own account alone
group = ""
# 网站应答的域名（代理后面的也要写），例如 ["archives.example.org"]；本机名称总是可用
# Names that the site answers to, those that a proxy passes on too; this machine's own always work
hosts = []
# 档案库公钥文件（keys/archive.pub 的副本，放在公开文件夹之外）：没有其签章的一概不显示；空则不查
# File of the archive's public key (a copy of keys/archive.pub, outside what is published): nothing is shown that it did
# not sign; empty: not looked at
public-key = ""
# 网站名称；-en 为英文，-hant 为繁體 · Name of the site; what ends in -en is in English, in -hant in traditional characters
site-name = "金匮 · 开放档案"
site-name-en = "Jinkui Open Archives"
site-name-hant = ""
# 网站对外的地址，例如 "https://archives.example.org"，写入网页的规范地址、站点地图和订阅；空则随访问者所用的
# Address of the site as the public writes it, for its pages' own addresses, its sitemap and its feed; empty: as it is asked
address = ""
# 主办单位，显示在每页页脚和“关于”中；-en 为英文，-hant 为繁體，不写则照中文原样显示，不作转换 · Who runs the site, at the foot of every
# page and on its page about itself; what ends in -en is in English, in -hant in traditional characters; where it is empty the
# Chinese is told as it is written
operator = ""
operator-en = ""
operator-hant = ""
# 网站说明，显示在“关于”中，换行即分段 · What the site tells of itself on its page about itself; a line is a paragraph
about = ""
about-en = ""
about-hant = ""
# 标识图文件（PNG、JPEG 或 SVG，512 KiB 以内，放在本文件所在文件夹中），显示在页首；空则用金匮的印
# File of a logo (PNG, JPEG or SVG, up to 512 KiB, in the folder of this file) at the head of every page; empty: Jinkui's seal
logo = ""
# 主色，例如 "#1d4f91"：按钮、链接和线条的颜色；白字在其上须看得清（对比度 4.5:1）；空则用朱红
# Colour of buttons, links and lines, such as "#1d4f91"; white text on it has to be readable (a contrast of 4.5:1); empty: red
accent = ""

# 网站标识码：政府网站填写，页脚即写明，每页有 SiteName、SiteDomain、SiteIDCode 等标签；不是的留空
# Code of the site of a government in China: told at the foot and in tags (SiteName, SiteDomain, SiteIDCode and so on); empty
# for others
site-code = ""

# 页脚的文字和链接，每项一节：备案号、公安备案号、党政机关网站标识、网站找错、版权、联系方式。
# url 可写 https://、http://、mailto:、tel:，或本网站内以 / 开头的地址，不写则只显示文字
# Lines at the foot of every page, a section each: legal notices, marks, copyright, contact; url may begin with https://,
# http://, mailto: or tel:, or be an address of this site that begins with /, without it the text stands alone
# [[portal.links]]
# text = "京ICP备00000000号"  # 文字 · Text
# text-en = ""
# text-hant = ""
# url = "https://beian.miit.gov.cn/"  # 链接 · Where it leads
# image = ""  # 图片文件，要求同 logo，显示在文字前（高 20 像素） · File of a picture before the text, 20 pixels high, as logo may be
# image-alone = false  # true 则只显示图片（高 56 像素），文字只供读屏 · true: the picture alone, 56 pixels high; the text is read to those who do not see it

# 本网站自己的页面，每页一节：隐私声明、无障碍声明等；地址为 /pages/名称，页脚有链接；空行分段
# Pages of the site's own, a section each: privacy, accessibility and the like; at /pages/NAME, linked at the foot of every
# page; a blank line begins a paragraph
# [[portal.pages]]
# name = "privacy"  # 地址中的名称：小写字母、数字和短横 · Its name in the address: small letters, digits and hyphens
# title = "隐私声明"  # 题名 · Title
# title-en = "Privacy"
# title-hant = ""
# text = "本网站只用一个 cookie（lang），记住所选的语言。"  # 正文 · Text
# text-en = ""
# text-hant = ""

# 各馆（室）的说明，显示在网站“关于”中，每馆一节；用不到的不写，换行即分段，-en 为英文，-hant 为繁體
# What each repository tells on the site's page about it, a section each; leave out what is not needed, a line is a
# paragraph, what ends in -en is in English, in -hant in traditional characters
# [[portal.repositories]]
# code = "419001"  # 馆（室）代码 · Code of the repository
# downloads = false  # 读者能否下载（可检索的 PDF、页面图像、文字、元数据）：false 只供在线阅览；改为 true 后请运行 jinkui opening publish；改回 false 立即生效 · Whether readers may take files away (searchable PDF, page images, text, metadata); false: they read online. After setting true, run jinkui opening publish; false holds at once
# name-hant = ""  # 繁體页面上的馆（室）名，不写则用原名 · Its name on pages in traditional characters; empty: as the catalogue has it
# hours = "周一至周五 8:30—17:30"  # 接待时间 · Opening hours
# hours-en = "Monday to Friday, 8:30 to 17:30"
# hours-hant = ""
# address = "济水大街 1 号"  # 地址 · Address
# address-en = ""
# address-hant = ""
# contact = "查阅大厅 0391-0000000"  # 联系方式 · Contact
# contact-en = ""
# contact-hant = ""
# closed = "持身份证明填写利用申请表"  # 怎样申请利用未开放的档案 · Requesting access to closed records
# closed-en = ""
# closed-hant = ""
# objection = "写明档号和理由，十个工作日内答复"  # 怎样对已开放的档案提出异议 · Requesting that a record be withdrawn
# objection-en = ""
# objection-hant = ""
# copyright = "引用请注明馆名和档号"  # 版权与利用 · Copyright and use
# copyright-en = ""
# copyright-hant = ""
""".replace("{stores}", _keys_told())
