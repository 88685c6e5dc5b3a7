"""The province's records: notices and minutes of the general office, letters of a trading company."""

from maker.ageing import CLEAN, FAINT, NOISY, SKEWED, THROUGH, TYPED
from maker.pages import following, last_page, letter_page, red_head
from maker.paper import SONG
from maker.sample import TWENTY_FIVE_YEARS, Decision, SampleRecord

_OFFICE = "岭澜省人民政府办公厅"

_FLOOD = (
    "今年入春以来，我省南部连降大雨，澜江、浦河水位明显高于常年。据省气象台预报，主汛期将比往年提前十天左右，雨量偏多两成，防汛形势不容乐观。各级政府务必把防汛工作摆在突出位置，立足于防大汛、抗大灾，克服麻痹思想和侥幸心理，确保大江大河安全度汛，确保人民生命财产安全。现就有关事项通知如下：",
    "一、健全组织，落实责任。各市、县要在四月底以前充实防汛指挥机构，由一名负责同志任指挥长。沿江的堤段、水库、涵闸要逐处明确责任人，名单张榜公布，并报省防汛指挥部备案。汛期实行昼夜值班制度，值班人员不得擅离岗位。",
    "二、检查工程，消除隐患。对去年水毁的四十七处险工险段，要集中力量抢修，务于五月十五日以前完工。水库要严格按照批准的汛限水位运行，任何单位和个人不得擅自超蓄。对白蚁危害严重的土坝，要组织专业队伍查治。河道内的违章建筑和阻水作物，由当地政府限期清除，逾期不清的强制清除，费用由设障单位负担。",
    "三、备足物料，练好队伍。草袋、木桩、块石、铅丝等抢险物料要按定额储备，专人保管，不准挪用。沿江各乡要组织一支不少于六十人的抢险队，汛前集中演练一次。民兵营负责巡堤查险，做到险情早发现、早报告、早处理。",
    "四、畅通信息，统一调度。水文、邮电、气象部门要密切配合，雨情、水情每日八时报告一次，超过警戒水位时每两小时报告一次。防汛电话任何人不得占用。分洪、滞洪区的启用由省防汛指挥部统一下达命令，各地必须坚决执行。",
    "五、安置群众，恢复生产。低洼地区要预先选定转移路线和安置地点，做到老弱病残先行转移，并妥善安排好吃、住、医疗。灾后要及时修复水毁渠道，补种晚稻和秋杂粮，供销部门要保证种子、化肥和农药供应，力争大灾之年少减产、不减收。",
    "六、严明纪律，奖惩分明。对在防汛抢险中作出显著成绩的单位和个人，要给予表彰；对玩忽职守、贻误时机造成损失的，要追究责任，情节严重的依法处理。",
    "以上通知，望认真贯彻执行，并将落实情况于五月二十日以前书面报告省人民政府办公厅。",
)
_MINUTES = (
    "一九九一年七月十五日，副省长郑怀远在省政府第二会议室主持召开水利建设专题会议，听取省水利厅关于上半年工程进度的汇报，研究今冬明春水利建设的安排。现将会议议定的事项纪要如下：",
    "会议认为，上半年全省完成土石方二千一百六十万方，占年计划的百分之五十八；新建小型电灌站九十座，改善灌溉面积三十四万亩，进度总的是好的。但各地发展不平衡，有的县劳力组织不够得力，有的渠段质量没有达到设计要求，个别地方仍有挪用水利经费的现象。",
    "会议指出，水利建设要坚持民办公助、量力而行的方针，不得向农民乱摊派。国家补助款要专款专用，财政、审计部门要加强监督。凡列入年度计划的项目，必须先勘测、后施工，不允许边设计边施工。",
    "会议议定以下事项：",
    "（一）澜江东渠延伸工程由省水利厅负责设计，八月底前提出方案，所需前期经费八十万元在水利事业费中安排。",
    "（二）浦河大堤加固所需水泥三千吨、钢材二百吨，由省物资局列入三季度计划，优先供应。",
    "（三）成立工程质量检查组，由省水利厅总工程师温启东任组长，九月份对在建项目普查一次，查出的问题限期返工。",
    "（四）全省防汛物料的更新费用，由省、市、县三级按五比三比二的比例分担。",
    "会议强调，各部门要顾全大局，密切协作，凡本次会议定下来的事，要一件一件抓落实。省政府办公厅负责督促检查，十月上旬向省长办公会议作一次汇报。",
)
_DIGITAL = (
    "为进一步加强全省档案信息化建设，推动档案工作转型升级，更好地服务经济社会发展和人民群众，经省人民政府同意，现就加快推进数字档案馆（室）建设有关事项通知如下：",
    "一、明确工作目标。到2020年，全省各级国家综合档案馆基本完成馆藏永久档案的数字化，新形成的电子文件按照标准及时归档，省、市、县三级数字档案馆（室）互联互通，开放档案实现跨馆查阅。省直机关要在2016年底前全部建成数字档案室，市、县直属机关的建成率不低于百分之七十。",
    "二、突出工作重点。坚持存量数字化、增量电子化，优先安排民生档案和利用频繁的档案，其次安排重要的历史档案。扫描一般采用彩色模式，分辨率不低于200点，图像应当保持原貌，不得随意修饰。加强电子档案备份，重要数据至少保存两套，并存放在不同地点。建立健全定期检测制度，发现数据损坏要及时修复，确保电子档案长期可读、真实可信。",
    "三、规范开放利用。各级档案馆要依法做好档案开放审核，凡未经审核的档案一律不得上网。涉及国家秘密、商业秘密和个人隐私的档案，要严格限定利用范围。对防汛抗旱、城乡规划、房屋地籍等社会需要量大的专题档案，可以先行整理，优先提供。",
    "四、落实保障措施。各地要把数字档案馆建设纳入信息化发展规划，所需经费列入本级财政预算。档案部门要会同保密、信息化主管部门，严格执行保密规定，涉密档案不得在公共网络上存储和传输。要加强队伍建设，每年对专职档案人员至少轮训一次。",
    "各地、各部门要在今年12月31日前制定实施方案，并报省档案局备案。省档案局要加强业务指导，每半年对工作进展情况进行一次通报，重大问题及时向省人民政府报告。",
)
_CLOSED = (
    "根据省政府专题会议精神，现将青鹞计划的前期安排通报你们。该计划涉及三座大型水库的调度资料和沿江企业的搬迁补偿意见，在方案公布以前，请严格控制知悉范围，不得擅自复制、外传。",
    "一、成立青鹞计划协调小组，由办公厅牵头，水利、土地、财政等部门各指定一名处级干部参加，集中办公，办公地点设在省招待所二号楼。协调小组组长由副秘书长江维平同志担任。",
    "二、搬迁企业的资产清单由财政部门负责核实，逐户登记，不得遗漏。各企业申报的补偿数额属于商业秘密，经办人员只能在办公地点查阅，查阅时必须登记。",
    "三、防汛预案中与青鹞计划有关的内容另行编印，单独编号，由专人保管，用后收回。汛期如遇特大洪水需要提前启用预案的，由省防汛指挥部商协调小组决定。",
    "四、库区人口的调查结合年度统计进行，不得向群众公布用途。调查表由青峤、浦东、石塘三县统计局汇总后，派专人送协调小组，不得邮寄。",
    "各单位收到本通报后，要指定专人签收，并将签收人的姓名、职务报协调小组备查。参加人员调离时，须办理文件移交手续。执行中遇到的问题，请径向协调小组反映，不要在普通电话中谈论具体内容。",
)
_LETTERHEAD = (
    "LINGLAN ARTS AND CRAFTS IMPORT AND EXPORT CORPORATION",
    "18 Wharf Road, Lanpu    Cable: LINGART    Telex: 44017",
)
_LETTER = (
    (
        "Our ref: LAC/79/114",
        "",
        "Lanpu, 14th May, 1979",
        "",
        "Messrs. Harrow and Penfield Ltd.",
        "Importers of Household Goods",
        "27 Mill Lane, Northbridge",
        "",
        "Dear Sirs,",
        "",
        "Bamboo Baskets and Blue and White Tea Sets",
        "",
        "We thank you for your letter of 26th April and are pleased to",
        "learn that the trial shipment of bamboo baskets has reached you",
        "in good condition. We note that your customers in the northern",
        "counties prefer the natural colour, and we have asked the factory",
        "to set aside a further lot of three thousand pieces.",
        "",
        "As regards the blue and white tea sets, we regret that the heavy",
        "rains of last month have delayed the firing of the second kiln.",
        "The road between the pottery and the wharf was under water for",
        "nine days, and the goods cannot be loaded before the end of June.",
        "We hope that this will not cause you inconvenience and would ask",
        "you to extend the letter of credit to 31st July.",
        "",
        "The bottoms of the cups will be marked by hand, as you requested,",
        "and each set of six will be packed in straw in a carton of its",
        "own. Ten cartons make one wooden case with iron straps.",
    ),
    (
        "Messrs. Harrow and Penfield Ltd.",
        "14th May, 1979, page 2",
        "",
        "Our price list for the autumn season is enclosed. You will see",
        "that the figures for lacquer trays remain unchanged, while the",
        "freight has risen by four per cent. For orders above five",
        "hundred cartons we are prepared to allow a discount of two per",
        "cent, provided that payment is made by sight draft.",
        "",
        "In reply to your question about fire insurance, our practice is",
        "to cover the invoice value plus ten per cent as far as the port",
        "of arrival. Should you wish for wider cover, the extra premium",
        "will be for your account.",
        "",
        "We should be glad if your representative would visit us during",
        "the fair in October. Rooms can be reserved at the guest house",
        "near the exhibition hall, and our Mr. Luo will meet him at the",
        "station.",
        "",
        "Please confirm the sizes of the cartons at your convenience, so",
        "that the marks may be printed in time.",
        "",
        "Yours faithfully,",
        "",
        "Luo Wenhui",
        "Export Department",
    ),
)

_E = ("教育、科技类档案提前开放，经形成单位同意，依据《中华人民共和国档案法》第二十七条", "岭澜省人民政府办公厅")

PROVINCE = (
    SampleRecord(
        "990001", "Z109-WS·1986·Y·办公室-0012", "关于做好一九八六年防汛工作的通知", _OFFICE, "岭府办〔1986〕12号",
        "1986-04-12", "1986", "永久",
        (
            lambda: red_head(f"{_OFFICE}文件", "岭府办〔1986〕12号", ("关于做好一九八六年防汛工作的通知",), "各市、县人民政府，省直有关单位：", _FLOOD[:2], stamp=(("Z109", "1986", "0012"), ("办公室", "永久", "3")), face=SONG),
            lambda: following(_FLOOD[2:5], 2, face=SONG),
            lambda: last_page(_FLOOD[5:], _OFFICE, "一九八六年四月十二日", subjects="防汛 水利 通知", copies="省委办公厅，省军区司令部。", printed=(_OFFICE, "一九八六年四月十三日印发"), number=3, face=SONG),
        ),
        (NOISY, SKEWED, THROUGH), proposal="开放",
        decision=Decision("开放", TWENTY_FIVE_YEARS, _OFFICE, "2021-08-16", opens_on="2021-09-01", scope="全文"),
    ),
    SampleRecord(
        "990001", "Z109-WS·1991·Y·办公室-0031", "水利建设专题会议纪要", _OFFICE, "岭府纪〔1991〕8号", "19910718", "1991", "Y",
        (
            lambda: red_head("岭澜省人民政府会议纪要", "岭府纪〔1991〕8号", ("水利建设专题会议纪要",), "", _MINUTES[:3], face=SONG),
            lambda: last_page(_MINUTES[3:], _OFFICE, "一九九一年七月十八日", subjects="水利 会议 纪要", copies="各市人民政府，省直有关单位。", printed=(_OFFICE, "一九九一年七月十九日印发"), face=SONG),
        ),
        (CLEAN, FAINT), form="dash", proposal="开放",
        decision=Decision("开放", TWENTY_FIVE_YEARS, _OFFICE, "2021-08-16", opens_on="2021-09-01", scope="全文"),
    ),
    SampleRecord(
        "990001", "Z109-WS·2014-Y-BGS-0007", "关于加快推进数字档案馆（室）建设的通知", _OFFICE, "岭府办函〔2014〕77号", "2014年11月7日", "2014", "永久",
        (
            lambda: red_head(_OFFICE, "岭府办函〔2014〕77号", ("关于加快推进数字档案馆（室）", "建设的通知"), "各市、县人民政府，省政府各部门：", _DIGITAL[:2]),
            lambda: following(_DIGITAL[2:4], 2, modern=True),
            lambda: last_page(_DIGITAL[4:], _OFFICE, "2014年11月7日", copies="省委办公厅，省人大常委会办公厅，省军区。", printed=(f"{_OFFICE}秘书处", "2014年11月10日印发"), attachment="附件：数字档案馆（室）建设指标表", number=3, modern=True),
        ),
        (CLEAN, NOISY, CLEAN), form="tiff", proposal="开放",
        decision=Decision("开放", *_E, "2022-06-20", opens_on="2022-07-01", scope="仅目录"),
    ),
    SampleRecord(
        "990001", "X021-WS·1979·Y·业务科-0003", "Letter to Harrow and Penfield about baskets and tea sets", "岭澜省工艺品进出口公司", "LAC/79/114", "1979-05-14", "1979", "永久",
        (lambda: letter_page(_LETTER[0], head=_LETTERHEAD), lambda: letter_page(_LETTER[1])),
        (TYPED, TYPED), form="png", language="英语",
        decision=Decision("开放", TWENTY_FIVE_YEARS, "岭澜省商务厅", "2021-08-16", opens_on="2021-09-01", scope="全文"),
    ),
    SampleRecord(
        "990001", "Z109-WS·1998-D30-BGS-0044", "关于青鹞计划前期安排的通报", _OFFICE, "岭府办〔1998〕44号", "1998.9.21", "1998", "30年",
        (
            lambda: red_head(f"{_OFFICE}文件", "岭府办〔1998〕44号", ("关于青鹞计划前期安排的通报",), "各有关单位：", _CLOSED[:3], urgency="内部文件 注意保存"),
            lambda: last_page(_CLOSED[3:], _OFFICE, "一九九八年九月二十一日", subjects="计划 安排 通报", copies="协调小组成员。", printed=(_OFFICE, "一九九八年九月二十二日印发")),
        ),
        (NOISY, THROUGH), proposal="控制使用",
        decision=Decision("控制使用", "涉及企业商业秘密，依据《国家档案馆档案开放办法》", _OFFICE, "2024-03-12"),
    ),
)  # fmt: skip
