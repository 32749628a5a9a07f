"""The sheets of the registry workbook: which part of a rule set stands on which, and in which columns."""

from __future__ import annotations

from dataclasses import dataclass

from pyfuncs.catalog.fields import SEVERITY_WORDS, STATUS_WORDS
from pyfuncs.catalog.registry_cases import cases
from pyfuncs.catalog.registry_fields import (FLAG, FORMULA, IDENTIFIER, OTHER, PAIRS, READINGS, SLOTS, TEXT,
                                             TEXTS, VALUE, WORD, WORDS, Field, Kind, choice)
from pyfuncs.catalog.registry_shapes import LIKE_PARENT, Shape, groups, listed, mapped, pairs, rows, single
from pyfuncs.methods import METHODS

GUIDE = "说明"
PART, REST = "部位", "其他"
UPRIGHT = ("项目", "内容", "怎么填")                   # of a sheet whose rows are the fields of one thing


@dataclass(frozen=True)
class Part:
    """Where in the data the rows of a sheet stand; `word` tells the parts of one sheet apart."""

    word: str
    path: tuple[str, ...]
    shape: Shape


@dataclass(frozen=True)
class Sheet:
    """`place`: columns that name what a row belongs to; sheets `inside` belong to rows of this one."""

    name: str
    help: str
    parts: tuple[Part, ...]
    fields: tuple[Field, ...]
    place: tuple[str, ...] = ()
    inside: tuple[Sheet, ...] = ()
    upright: bool = False
    bare: str | None = None                           # key that holds a text, or a mapping with text
    levels: str | None = None                         # key of a list of one or two names, a column each

    @property
    def columns(self) -> tuple[Field, ...]:
        words = {part.word: part.word for part in self.parts}
        place = (_key(name, name, _PLACES[name], width=13) for name in self.place)
        part = _key(PART, PART, "在这张表的哪个部位", choice(PART, words), 9)
        return (*place, *([part] if len(words) > 1 else []), *self.fields)

    @property
    def identity(self) -> tuple[str, ...]:
        """Headings of the columns that tell a row from the others."""
        return tuple(column.header for column in self.columns if column.key)


_PLACES = {"表单": "属于哪张表单，写它的标识", "明细表": "属于哪张明细表，写它的标识"}
_TYPES = {"amount": "金额", "count": "数量", "rate": "比率", "points": "分值", "score": "得分", "text": "文字",
          "target": "指标值", "actual": "完成值"}
_SUMS = {"sum": "相加", "recompute": "重新计算", "list": "逐个列出", "none": "不汇总"}
_PARTS = {"exact": "等于下级之和", "within": "不小于下级之和", "none": "不核对"}
_ABSENT = {"full": "得满分", "zero": "得 0 分", "exclude": "不计入，其余折算", "ask": "由人决定"}
_SIDES = {"left": "左", "center": "中", "right": "右"}
_CASE = {"about": "单位", "inputs": "填报数", "rates": "比率", "scores": "得分", "grade": "等级", REST: REST}


def _text(header: str, path: str, help_: str = "", width: float = 24) -> Field:
    return Field(header, tuple(path.split(".")), help_, TEXT, width)


def _word(header: str, path: str, help_: str = "", width: float = 9) -> Field:
    return Field(header, tuple(path.split(".")), help_, WORD, width)


def _many(header: str, path: str, help_: str, kind: Kind, width: float = 18) -> Field:
    return Field(header, tuple(path.split(".")), help_, kind, width)


def _key(header: str, path: str, help_: str, kind: Kind = IDENTIFIER, width: float = 15,
         optional: bool = False) -> Field:
    return Field(header, (path,), help_, kind, width, True, optional)


def _pick(header: str, path: str, words: dict[str, str], help_: str = "", width: float = 10) -> Field:
    return Field(header, tuple(path.split(".")), help_, choice(header, words), width)


def _flag(header: str, path: str, help_: str = "", width: float = 7) -> Field:
    return Field(header, tuple(path.split(".")), help_, FLAG, width)


def _align(*sides: str) -> Field:
    return _pick("对齐", "align", {side: _SIDES[side] for side in sides or _SIDES}, width=7)


def _open() -> Field:
    return _pick("不画线的边", "open", {"left": "左", "right": "右"}, "与旁边的格连成一格看", 11)


def _method(kind: str, help_: str) -> Field:
    names = [method.name for method in METHODS.values() if method.kind == kind]
    return _pick("方法", "method", dict(zip(names, names)), help_, 12)


_LIKE = "是：只改文字，对齐、竖排等样式照上级规则集；只有文字一项时才要填"
_REST = Field(REST, (), "少用的内容，没有自己的列：一行一个“键: 值”（YAML 写法），一般不用填", OTHER, 20)
_ITEM = (
    _text("印的名称", "label", "表上印的名称", 20),
    _many("别名", "aliases", "表上可能印成的别的名称，一行一个", TEXTS, 14),
    _pick("类型", "type", _TYPES, "填的是什么", 9),
    _flag("必填", "required", "是：不填就退回"),
    _pick("汇总", "consolidate", _SUMS, "各单位的数怎样汇总；不填按类型：金额、数量相加，比率重新计算"),
    _word("小数位", "decimals", "印几位小数；不填按表单", 7),
    _flag("可为负", "signed", "是：可以填负数"),
    _text("填写提示", "help", "点到这一格时显示给填表人看的话", 26),
)
_SOURCE = (
    _pick("状态", "status", STATUS_WORDS, "这条规则有没有依据", 13),
    _text("来源", "source", "见于哪份文件、哪一页，或哪张填好的表", 34),
)
_COLUMN_RULES = (
    _word("上限", "max", "得分不得超过哪一列的分值", 10),
    _text("必填条件", "required_if", "例如 得分 < 分值", 16),
)

_BASIS = Sheet("依据", "规则集依据的文件，一份一行", (Part("", ("basis",), listed()),), (
    _text("标题", "title", "文件的标题", 44),
    _text("文号", "number", "例如 财预〔2020〕10号", 20),
    _text("发布机关", "issuer", "例如 财政部", 16),
    _text("日期", "date", "例如 2023-03", 12),
    _text("页码", "page", "依据在第几页", 8),
    _text("备注", "note", "没有见到原文的，说明按什么写", 44),
    _REST,
))

_SIZES = Sheet("列宽行高", "列宽按字符数，行高按磅", (
    Part("列宽", ("widths",), pairs("at", "size")),
    Part("行高", ("heights",), pairs("at", "size")),
    Part("表尾行高", ("tail", "heights"), pairs("at", "size")),
), (
    _key("列或行", "at", "列写字母，行写数字（从表格第一行数起）", WORD, 9),
    _word("大小", "size", "例如 17"),
), ("表单",))

_LABELS = Sheet("文字", "表上印好的文字；文字留空的是印框线的空格", (
    Part("表头", ("head",), listed()),
    Part("表内", ("labels",), mapped("at", text="text")),
    Part("表尾", ("tail", "labels"), mapped("at", text="text")),
    Part("表脚", ("foot",), listed()),
), (
    _key("位置", "at", "表内、表尾写单元格，例如 B2、A1:A2；表头、表脚写列，例如 A:B", WORD, 10),
    _text("文字", "text", "{year} 是年度，{prior} 是上年，{entity} 是单位名称", 46),
    _align(),
    _flag("加粗", "bold"),
    _flag("竖排", "vertical"),
    _word("字号", "size", "", 6),
    _open(),
    _flag(LIKE_PARENT, LIKE_PARENT, _LIKE, 11),
    _word("第几行", "row", "表头、表脚有几行时，从 1 数起", 8),
    _REST,
), ("表单",))

_CELLS = Sheet("单元格", "单独的填报格、比率格、得分格，一格一行", (
    Part("表内", ("cells",), mapped("id")),
    Part("表尾", ("tail", "cells"), mapped("id")),
), (
    _key("标识", "id", "本表单内不重复；公式里写 表单!标识"),
    _word("位置", "at", "例如 B2、B1:E1；表尾从表尾第一行数起", 10),
    *_ITEM,
    _word("比率", "rate", "这里印哪个比率，写它的标识", 14),
    _word("得分", "score", "这里印哪个得分，写它的标识", 14),
    _flag("等级", "grade", "是：这里印等级"),
    _many("公式", "formula", "前面不加等号", FORMULA, 34),
    _text("固定内容", "fixed", "表上印好、不用填的内容", 10),
    _text("预填", "preset", "空表里先写好的内容；{entity} 是单位名称", 12),
    _word("上限", "max", "得分不得超过哪一格的分值", 10),
    _word("应等于", "equals", "公式应算得的数，例如 100", 8),
    _text("后缀", "suffix", "印在数后面的单位", 8),
    _open(),
    _align(),
    _REST,
), ("表单",))

_COLUMNS = Sheet("列", "表格的列；一行与一列相交是一个填报格", (Part("", ("columns",), mapped("id")),), (
    _key("标识", "id", "公式里写 表单!行.列"),
    _word("列", "at", "在哪一列，例如 C、G:H", 8),
    *_ITEM,
    _pick("年份", "period", {"0": "本年", "-1": "上年"}, width=7),
    _pick("阶段", "stage", {word: word for word in ("年初", "调整后", "决算")}, width=9),
    *_COLUMN_RULES,
    _REST,
), ("表单",))

_ROWS = Sheet("行", "表格的行，自上而下；下级行写明上级", (Part("", ("rows",), rows("上级", "id")),), (
    _word("上级", "上级", "上一级的行的标识；最上级不填", 15),
    _key("标识", "id", "本表单内不重复"),
    _text("名称", "label", "表上印的名称", 34),
    _many("别名", "aliases", "一行一个", TEXTS, 14),
    _word("缩进", "indent", "名称前空几个字", 6),
    _pick("与下级的关系", "parts", _PARTS, width=14),
    _flag("可为负", "signed", "是：这一行可以填负数"),
    _word("明细表", "detail", "下面可以添行的明细表", 12),
    _many("各列的比率", "rates", "列=比率，一行一个", PAIRS, 24),
    _many("各列的得分", "scores", "列=得分，一行一个", PAIRS, 20),
    _many("各列的固定内容", "fixed", "列=印好的内容，一行一个，例如 上年决算=——", PAIRS, 20),
    _align("left", "center"),
    _word("行高", "height", "", 7),
    _REST,
), ("表单",))

_SCORE_SHEET = Sheet("评分表", "按指标逐行打分的表；它的行由《评分》自动生成", (
    Part("", ("indicators",), single()),
), (
    _many("一级指标与分值", "groups", "一级指标=分值，一行一个", PAIRS, 24),
    _many("印的名称", "labels", "与标识不同的：一级、二级指标=印的名称，一行一个", PAIRS, 24),
    _many("指标名称列", "levels", "一级、二级各在哪一列，一行一个", WORDS, 11),
    _many("指标分值列", "points_at", "一级、二级的分值各在哪一列，一行一个", WORDS, 11),
    _word("分值列", "points", "印分值的列，写《列》里的标识", 10),
    _word("得分列", "score", "印得分的列，写《列》里的标识", 10),
    _word("评价标准列", "standard", "不印就不填", 11),
    _word("指标说明列", "note", "不印就不填", 11),
    _word("比率列", "value", "不印就不填", 10),
    _REST,
), ("表单",))

_TABLE_COLUMNS = Sheet("明细表列", "明细表的列", (Part("", ("columns",), mapped("id")),), (
    _key("标识", "id", "公式里写 表单!明细表.列"),
    _word("列", "at", "在哪一列，例如 C；不印的不填", 8),
    *_ITEM,
    _pick("填写方式", "per", {"row": "每行一格", "group": "每组一格"}, width=11),
    _many("公式", "formula", "用同一行的列计算，例如 得分系数 * 分值", FORMULA, 22),
    _word("符号列", "sign", "指标值分三格印时，≥、= 在哪一列", 10),
    _word("度量单位列", "measure", "指标值分三格印时，单位在哪一列", 11),
    *_COLUMN_RULES,
    _align("left", "center"),
    _REST,
), ("表单", "明细表"))

_GROUPS = Sheet("指标组", "明细表里的一级、二级指标，自上而下", (
    Part("", ("groups",), groups("上级", "id")),
), (
    _word("上级", "上级", "属于哪个一级指标；一级指标不填", 15),
    _key("标识", "id", "本表单内不重复", width=18),
    _text("名称", "label", "表上印的名称", 26),
    _many("分值", "points", "文件有几种理解时写 30 或 40", READINGS, 10),
    _many("第一列预填", "preset", "空表里第一列先写好的内容，一行一个；空行是不预填", SLOTS, 16),
    _word("空表行数", "rows"),
    _text("注", "note.text", "盖在几列上的说明", 26),
    _flag("注的样式照上级", f"note.{LIKE_PARENT}", _LIKE, 14),
    _word("注所占的列", "note_over", "例如 D:E", 11),
    _REST,
), ("表单", "明细表"), bare="note")

_TABLES = Sheet("明细表", "填表人可以添行的表", (Part("", ("tables",), mapped("id")),), (
    _key("明细表", "id", "标识，本表单内不重复"),
    _word("起始行", "start", "从表格第一行数起；在某一行下面的不填", 8),
    _many("指标名称列", "levels", "一级、二级各在哪一列，一行一个", WORDS, 11),
    _word("一级分值列", "points_at", "一级指标的分值印在哪一列", 11),
    _word("空表行数", "rows", "没有指标组时"),
    _many("第一列预填", "preset", "没有指标组时，一行一个", SLOTS, 16),
    _text("旁边的文字", "side.text", "竖在表的一边的文字", 22),
    _flag("旁边的竖排", "side.vertical", width=11),
    _flag("旁边的样式照上级", f"side.{LIKE_PARENT}", _LIKE, 16),
    _word("旁边的列", "side_at", "例如 A"),
    _word("至少几行", "min"),
    _word("达成", "judging.achieved", "达到分值的多少算达成，例如 0.8", 7),
    _word("部分达成", "judging.partly", "例如 0.6"),
    _word("超额", "judging.over", "超过指标值多少要扣分，例如 0.3", 7),
    _word("超额扣分", "judging.deduct", "扣几分"),
    _pick("评判状态", "judging.status", STATUS_WORDS, "评判办法有没有依据", 13),
    _text("评判来源", "judging.source", "", 26),
    _REST,
), ("表单",), (_TABLE_COLUMNS, _GROUPS), bare="side")

_FORMS = Sheet("表单", "规则集里的表，一张一行", (Part("", ("forms",), mapped("form", keep=True)),), (
    _key("表单", "form", "标识，不重复；公式里写在 ! 前面"),
    _word("代号", "code", "两到六个大写字母，用在审核编号里", 8),
    _text("标题", "title", "表的标题", 34),
    _text("附件", "annex", "印在标题上面的“附件1”", 10),
    _text("工作表名", "sheet", "一个项目一张的写 项目{n}", 14),
    _pick("张数", "instances", {"one": "一张", "many": "一个项目一张"}, width=13),
    _word("分张的格", "key", "填哪一格来区分各张", 12),
    _pick("单位", "unit", {"元": "元", "万元": "万元"}, "金额的单位", 7),
    _word("小数位", "decimals", "金额印几位小数", 7),
    _pick("纸张方向", "page.orientation", {"portrait": "纵向", "landscape": "横向"}, width=9),
    _word("起始行", "start", "《行》从第几行开始，从表格第一行数起", 8),
    _word("行名列", "label_at", "行的名称在哪一列，例如 A、B:D", 8),
    _REST,
), inside=(_SIZES, _LABELS, _CELLS, _COLUMNS, _ROWS, _SCORE_SHEET, _TABLES))

_RATES = Sheet("比率", "比率怎样计算", (Part("", ("rates",), mapped("id")),), (
    _key("标识", "id", "不重复；分母不同就是不同的比率", width=20),
    _text("名称", "label", "表上印的名称", 20),
    _method("rate", "怎样计算"),
    _many("取数", "args", "按方法的次序，一行一个，例如 基础数据!在职人数", WORDS, 32),
    _word("小数位", "decimals", "百分数印几位小数，不填为 2", 7),
    _many("常见错法", "diagnose", "一行一个：截尾、反号、两次取整，或别的比率", WORDS, 16),
    _word("高于此数时核实", "ask_above", "例如 1（即 100%）", 14),
    _many("参数", "parameters", "名称=值，一行一个", PAIRS),
    *_SOURCE,
    _REST,
))

_SCORES = Sheet("评分", "指标怎样打分，一个指标一行；总分用公式", (Part("", ("scores",), mapped("id")),), (
    _key("标识", "id", "不重复，例如 在职人员控制率得分", width=20),
    _text("一级指标", "group.0", "", 13),
    _text("二级指标", "group.1", "", 13),
    _text("三级指标", "label", "表上印的名称", 20),
    _word("分值", "points", "", 7),
    _method("score", "方法与公式填一个"),
    _word("按什么打分", "value", "比率的标识，或 表单!标识", 20),
    _many("公式", "formula", "前面不加等号", FORMULA, 34),
    Field("参数", (), "名称=值，一行一个，见《说明》；有几种理解的写 ceil 或 floor", PAIRS, 26),
    _many("取整位数", "decimals", "得分保留几位小数，不填不取整；几种理解写 2 或 0", READINGS, 10),
    _pick("不适用时", "na", _ABSENT, "比率不适用时怎样计分", 15),
    _text("评价标准", "standard", "表上印的评价标准；不填按方法写出", 34),
    _text("指标说明", "note", "表上印的指标说明", 26),
    *_SOURCE,
    _REST,
), levels="group")

_CHECKS = Sheet("审核公式", "表单、比率、评分没有包含的审核关系", (
    Part("", ("checks",), mapped("id", keep=True)),
), (
    _key("编号", "id", "例如 KB-01，不重复，用过的不再用", WORD, 9),
    _pick("程度", "severity", SEVERITY_WORDS, "不成立时怎样对待", 11),
    _many("公式", "formula", "成立的关系，例如 基础数据!在职人数 <= 基础数据!编制数", FORMULA, 44),
    _text("专门审核", "named", "公式写不出的，写程序里的审核名", 14),
    _many("参数", "parameters", "专门审核的参数，名称=值，一行一个", PAIRS, 22),
    _many("标在", "at", "最可能填错的格，一行一个；不填为公式里的各格", WORDS, 22),
    _pick("逐个", "each", {"columns": "逐列", "form": "逐表", "match": "按名称配对"}, "几处一样的关系", 11),
    _many("列", "columns", "逐列时是哪几列，一行一个", WORDS, 11),
    _many("配对的表", "of", "两个，一行一个", WORDS),
    _many("配对的名称", "by", "两个，一行一个", WORDS, 12),
    _text("出错说明", "message", "不成立时告诉填表人什么", 36),
    _text("修改办法", "advice", "请填表人怎样做", 36),
    _text("依据", "basis", "", 20),
    _pick("状态", "status", {"active": "执行", "beta": "试行", "suspended": "停用"}, "不填为执行；试行的只作提示，停用的不核对", 7),
    _text("状态原因", "reason", "试行、停用的写明原因", 20),
    _word("起始日期", "since", "从哪一天起试行、停用，例如 2024-03-01", 11),
    _REST,
))

_PAUSES = Sheet("试行停用", "暂时不核对（停用），或只作提示（试行）的自动审核项；审核公式的写在《审核公式》", (
    Part("停用", ("suspended",), mapped("key")), Part("试行", ("beta",), mapped("key"))), (
    _key("审核项", "key", "写《审核编号》里的审核项，例如 rate:基础数据!控制率", TEXT, 34),
    _text("原因", "reason", "为什么停用或试行", 34),
    _word("起始日期", "since", "例如 2024-03-01", 11),
    _REST,
))

_GRADES = Sheet("等级", "从高到低", (Part("", ("grades",), pairs("name", "from")),), (
    _key("等级", "name", "例如 优", TEXT, 12), _word("从几分起", "from", "含这个分数；最后一级写 0", 10)))

_CASES = Sheet("案例", "已知结果的例子，用来验证规则：填的数，和应得的比率、得分、等级", (
    Part("", ("cases",), cases()),
), (
    _key("案例", "案例", "案例的名称，同一个案例的各行写得一样", TEXT, 16),
    _key("内容", "内容", "这一行写的是什么", choice("内容", _CASE), 10),
    _key("表单", "表单", "填报数在哪张表单", TEXT, 13, True),
    _key("第几张", "第几张", "一个项目一张的，从 1 数起", WORD, 8, True),
    _key("名称", "名称", "填报格、比率或得分的标识", WORD, 26, True),
    _many("值", "值", "照表上的写法，例如 12.50、68.54%；一列数写 [6, 4, 5]；空着就是没有填", VALUE, 30),
))

_CODES = Sheet("审核编号", "程序编的号，终身不变，请不要改动；新增的项目由程序接着编", (
    Part("", ("codes",), pairs("key", "number")),
), (_key("审核项", "key", "", TEXT, 46), _word("编号", "number")))

RULESET = Sheet("规则集", "规则集本身，一项一行", (Part("", (), single()),), (
    _word("编号", "id", "六位行政区划代码/年度，例如 430400/2022"),
    _text("名称", "name", "例如 衡阳市 2022 年度"),
    _word("区划代码", "region", "六位，例如 430400"),
    _text("地区", "region_name", "例如 衡阳市"),
    _word("年度", "year", "四位，例如 2022"),
    _flag("共用部分", "abstract", "是：只供别的规则集继承"),
    _flag("只有部分指标", "partial", "是：没有总分和等级"),
    _flag("草稿", "draft", "导入时由程序写上"),
    _word("上级规则集", "extends", "本表没有写的，按它执行"),
    _many("去掉上级的", "remove", "上级有、这里不用的，一行一个，例如 scores/项目总分", WORDS),
    _text("版本", "edition", "从 1 起，改一次加 1"),
    _word("总分", "total", "哪一个得分是总分，写它的标识"),
    _text("等级依据", "grade_source", "划分等级的依据"),
    _many("表单次序", "order", "表单装订的次序，一行一个标识", WORDS),
    _word("未用完比例", "thresholds.unspent", "预算没有用完超过这个比例就要写原因，不填为 0.2（即 20%）；1 是不核对"),
    _word("自评虚高幅度", "thresholds.inflated", "指标得分率高出执行率多少就提示，不填为 0.2；1 是不核对"),
    _word("未填写比例", "thresholds.unfilled", "得分空着的超过这个比例就不能上报，不填为 0.5；1 是不核对"),
    _REST,
), inside=(_BASIS, _FORMS, _RATES, _SCORES, _CHECKS, _PAUSES, _GRADES, _CASES, _CODES), upright=True)


def _all(sheet: Sheet) -> tuple[Sheet, ...]:
    return (sheet, *(below for child in sheet.inside for below in _all(child)))


SHEETS: dict[str, Sheet] = {sheet.name: sheet for sheet in _all(RULESET)}
