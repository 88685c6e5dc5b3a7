"""What people call things elsewhere, and the commands that they may mean here."""

from collections.abc import Mapping
from types import MappingProxyType

_MEANT = {
    "init": "create new setup install start-archive 建库 新建 初始化",
    "ingest": "accession deposit load upload submit receive 接收 入库 归档 上传 挂接",
    "ingest, catalogue import, fonds import": "import 导入",
    "template batch, template volumes, template catalogue": "templates form forms example sample 模板 样表 例子",
    "catalogue list, repository list, fonds list, store list": "list ls dir 列出",
    "repository add, store add, person add": "add register 登记 添加",
    "search": "find query grep look 检索 查找 搜索 查询",
    "show": "view cat get display open-record info 查看 显示",
    "explain, versions": "history log timeline provenance 历史 经过",
    "export": "download extract copy-out get-out unpack 导出 下载 取出",
    "describe, renumber": "edit update correct modify change rename 更正 修改 著录 改号",
    "catalogue list, catalogue export": "catalog holdings inventory 目录",
    "print": "pdf 打印",
    "opening apply, opening preview": "open publish-record review 开放",
    "opening list": "decisions closed controlled 控制使用 不开放",
    "opening due, opening review": "due pending waiting 待审 到期",
    "opening publish": "publish 公布",
    "opening withdraw": "close hide withdraw unpublish takedown 撤回 关闭",
    "audit, journal verify, check": "verify fixity checksum scrub integrity 验证 核查 校验",
    "check": "validate valid lint 检查",
    "repair": "fix mend heal 修复",
    "home backup, store add, replicate": "backup save 备份",
    "home restore, rebuild, export": "restore recover recovery 恢复 还原",
    "replicate": "sync replica copy copies mirror 同步 复制 副本",
    "store list, store check": "stores storage disk disks volume mount 存储 磁盘",
    "serve": "run start web site portal server website public 网站 启动",
    "index status, index rebuild": "elasticsearch reindex fts lucene lag 检索库 索引 重建索引",
    "doctor": "config settings configure test environment diagnose 设置 环境",
    "findings list": "problems errors issues warnings report reports 问题 报表",
    "dispose plan, catalogue undo": "delete remove rm erase destroy undo 删除 销毁 撤销",
    "status, batch list": "state summary overview dashboard 状态 概况",
    "home backup, home restore": "move migrate 迁移 搬迁",
    "hold place": "freeze lock 冻结",
    "recognise": "ocr recognize scan text 识别",
    "person add, person list": "user users account accounts people 人员 用户",
    "key show, key export": "keys password certificate sign 密钥",
    "schedule install, schedule show": "cron timer systemd nightly 定时",
    "journal verify, journal checkpoint": "ledger chain checkpoint proof 日志 检查点",
    "fonds list, fonds import": "collection collections group 全宗",
}
OTHER_WORDS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {word: tuple(commands.split(", ")) for commands, words in _MEANT.items() for word in words.split()}
)
"""By a word that is no command of ours, those that may be meant, each as it is typed."""
