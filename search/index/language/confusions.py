"""Characters that recognition takes for one another, and that people mistype: looked for in the other's place when asked."""

from functools import cache

from archives.text.folding import folded_text

_ALIKE = (
    "己已巳 未末 日曰 土士 干千于 人入八 大太犬 天夫 王玉主 田由甲申 戊戌戍成 贷货 侯候 晴睛 刺剌 毛手 今令 免兔 乌鸟 白自 目且 午牛 右石 住往佳 "
    "拨拔 折拆 析折 栗粟 冶治 沽沾 斤斥 帅师 竟竞 辨辩辫 失矢 丸九 刀力 儿几 了子 万方 木本术 水永 冰泳 氏民 贝见 车东 西酉 间问 闭闲 广厂 开井 历厉 "
    "办为 认让 汛讯 抗杭 渡度 堤提 坝切 库厍 灌罐 赈账 帐账 征证 税悦 粮根 牧收 政攻 社杜 村材 镇填 县具 州洲 区匹 局居 委季 部郎 陈阵 张弘 李季 刘列 赵起 "
    "吴昊 徐除 朱未 宋宗 谢射 许讦 邓郑 冯马 曾会 肖尚 袁衰 沈沉 傅博 丁了 卞下 叶时 余佘 汪江 范苑 姜妾 雀崔 钟种 谭潭 廖寥 熊能 陆陌 洪供 孔扎 湾弯 厂场厰"
)


@cache
def _taken_for() -> dict[str, str]:
    others: dict[str, str] = {}
    for group in _ALIKE.split():
        for one in group:
            others[one] = "".join(dict.fromkeys(others.get(one, "") + group.replace(one, "")))
    return others


def taken_for(character: str) -> str:
    """Return the characters that one is taken for, in simplified writing, those that are most alike first."""
    return _taken_for().get(folded_text(character), "")
