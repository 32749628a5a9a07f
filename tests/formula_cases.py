"""Generated formulas over a small sheet, with the sheet's values, for comparing engines."""
from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from random import Random

from pyfuncs.language import Address, CellError, FormulaError, Ref, RefInfo, check, from_cell, parse, to_excel

AMOUNTS = {"金!甲": "A1", "金!乙": "A2", "金!丙": "A3", "金!丁": "A4"}
RATIOS = {"率": "A5", "表!比": "A6"}
COUNTS = {"数": "A7"}
TEXTS = {"名": "A8"}
SCALARS = AMOUNTS | RATIOS | COUNTS | TEXTS
COLUMNS = {"表.金额": [f"B{row}" for row in range(1, 5)], "表.得分": [f"C{row}" for row in range(1, 5)],
           "表.分值": [f"D{row}" for row in range(1, 5)], "表.类别": [f"E{row}" for row in range(1, 5)]}
SHEETS = {"项目!资金": ["'项目 1'!A1", "'项目 2'!A1"], "项目!得分": ["'项目 1'!A2", "'项目 2'!A2"]}
KINDS = {**dict.fromkeys([*AMOUNTS, "表.金额", "项目!资金"], "amount"), **dict.fromkeys(RATIOS, "ratio"),
         **dict.fromkeys(COUNTS, "count"), **dict.fromkeys(["表.得分", "表.分值", "项目!得分"], "points"),
         **dict.fromkeys([*TEXTS, "表.类别"], "text")}
SIGNS = ['">0"', '"<0"', '">=0"', '"<>0"']
PATTERNS = ['"甲类"', '"*类"', '"<>ABC"']
NAMES = ['"乙类"', '"abc"', '""', "名"]
ROUNDINGS = ["ROUND", "ROUNDUP", "ROUNDDOWN"]
ABSENT = '"不适用"'


@dataclass(frozen=True)
class Case:
    """A formula, the unit of the amounts in the sheet, and what the cells hold."""

    text: str
    unit: int
    cells: dict[str, object]

    def describe(self, ref: Ref) -> RefInfo:
        kind = KINDS[ref.key]
        scale = Decimal(self.unit if kind == "amount" else 1)
        return RefInfo(kind, ref.key in COLUMNS or ref.key in SHEETS, scale)

    def lookup(self, ref: Ref):
        if ref.key in SCALARS:
            return self.base(ref, SCALARS[ref.key])
        return [self.base(ref, cell) for cell in (COLUMNS | SHEETS)[ref.key]]

    def base(self, ref: Ref, cell: str):
        value = from_cell(self.cells[cell])
        return value * self.describe(ref).scale if isinstance(value, Decimal) else value

    def native(self) -> str:
        return to_excel(parse(self.text), address, self.describe, scale=Decimal(self.unit))


def address(ref: Ref) -> Address:
    if ref.key in SHEETS:
        return Address(tuple(SHEETS[ref.key]))
    if ref.key in COLUMNS:
        cells = COLUMNS[ref.key]
        return Address((f"{cells[0]}:{cells[-1]}",))
    return Address((SCALARS[ref.key],))


def same(native: object, exact: object, scale: int) -> bool:
    """Whether a cell shows what we computed: numbers within the tolerance, an error for an error."""
    if isinstance(exact, CellError) or isinstance(native, CellError):
        return isinstance(exact, CellError) and isinstance(native, CellError)
    if isinstance(exact, Decimal):
        if not isinstance(native, float):
            return False
        wanted = float(exact / scale)
        return abs(native - wanted) <= 1e-9 * abs(wanted) + 1e-7  # a difference of amounts keeps less
    return type(native) is type(exact) and native == exact


def make_case(random: Random) -> Case:
    unit = random.choice([1, 10_000])
    cells: dict[str, object] = {}
    for key in [*SCALARS, *COLUMNS, *SHEETS]:
        for cell in [SCALARS[key]] if key in SCALARS else (COLUMNS | SHEETS)[key]:
            cells[cell] = _value(random, KINDS[key], unit)
    while True:
        make = random.choice([_amount, _ratio, _number, _truth])
        case = Case(make(random, random.randint(1, 3)), unit, cells)
        try:
            check(parse(case.text), case.describe)
        except FormulaError:  # IFERROR(NA(),"不适用")+1 and the like
            continue
        return case


def _value(random: Random, kind: str, unit: int) -> object:
    odd = random.randint(0, 19)
    if odd == 0:
        return None
    if odd == 1:
        return random.choice(["不适用", "文字"])
    if kind == "text":
        return random.choice(["甲类", "乙类", "Abc", "不适用"])
    if kind == "amount":
        cents = random.choice([0, 1, 100, random.randint(-10**6, 10**8), random.randint(0, 10**4)])
        return float(Decimal(cents) / 100 / unit)
    if kind == "ratio":
        return float(Decimal(random.randint(-5000, 20000)) / 10000)
    return float(random.randint(0, 12)) if kind == "count" else float(Decimal(random.randint(0, 200)) / 10)


def _pick(random: Random, *options):
    return random.choice(options)()


def _amount(r: Random, depth: int) -> str:
    if depth == 0:
        return r.choice([*AMOUNTS, "5万元", "30元", "SUM(表.金额)", "SUM(项目!资金)"])
    d = depth - 1
    return _pick(
        r,
        lambda: f"{_amount(r, d)}{r.choice('+-')}({_amount(r, d)})",
        lambda: f"({_amount(r, d)})*{r.choice([*RATIOS, '90%', '0.5'])}",
        lambda: f"-({_amount(r, d)})",
        lambda: f"SUM({_amount(r, d)},表.金额,{r.choice([*AMOUNTS])})",
        lambda: f"{r.choice(['MIN', 'MAX'])}({_amount(r, d)},{r.choice(['表.金额', '项目!资金', *AMOUNTS])})",
        lambda: f"ABS({_amount(r, d)})",
        lambda: f"{r.choice(ROUNDINGS)}({_amount(r, d)},{r.choice('0012')})",
        lambda: f"IF({_truth(r, d)},{_amount(r, d)},{_amount(r, d)})",
        lambda: f"IFERROR({_amount(r, d)},{r.choice(['0', '30元', *AMOUNTS])})",
        lambda: f"INDEX(表.金额,{r.choice(['1', '2', '4', '5', '数'])})",
        lambda: f"SUMIF(表.金额,{r.choice(SIGNS)})",
        lambda: f"SUMIF(表.类别,{r.choice(PATTERNS)},表.金额)",
        lambda: "SUMPRODUCT(表.金额,表.得分)",
    )


def _ratio(r: Random, depth: int) -> str:
    if depth == 0:
        return r.choice([*RATIOS, "90%", "100%"])
    d = depth - 1
    return _pick(
        r,
        lambda: f"({_amount(r, d)})/{r.choice([*AMOUNTS, 'SUM(表.金额)', '(金!甲+金!乙-金!丙)'])}",
        lambda: f"{_ratio(r, d)}{r.choice('+-')}({_ratio(r, d)})",
        lambda: f"({_ratio(r, d)})^2",
        lambda: f"{r.choice(ROUNDINGS)}({r.choice([*RATIOS, '金!甲/金!乙'])},{r.choice('0124')})",
        lambda: f'IF({_truth(r, d)},{_ratio(r, d)},"不适用")',
        lambda: f"IFERROR({_ratio(r, d)},{r.choice(['0', '率', ABSENT])})",
        lambda: f"{r.choice(['MIN', 'MAX'])}({_ratio(r, d)},{r.choice([*RATIOS])})",
        lambda: "NA()",
    )


def _number(r: Random, depth: int) -> str:
    return _pick(
        r,
        lambda: f"COUNT({r.choice(['表.金额', '项目!得分', '金!甲,金!乙,名'])})",
        lambda: f"COUNTA({r.choice(['表.类别', '项目!得分', '金!甲,名'])})",
        lambda: "数+COUNT(表.得分)",
        lambda: "100*SUM(表.得分)/SUMIF(表.得分,\">=0\",表.分值)",
        lambda: "SUMPRODUCT(表.得分,表.分值)/SUM(表.分值)",
        lambda: "SUMPRODUCT(项目!得分)",
        lambda: f"MATCH({r.choice(NAMES)},表.类别,0)",
        lambda: f"IF({_truth(r, 1)},数,COUNT(表.得分))",
        lambda: "INDEX(表.得分,MATCH(\"乙类\",表.类别,0))",
    )


def _truth(r: Random, depth: int) -> str:
    compare = r.choice(["=", "<>", "<", "<=", ">", ">="])
    d = max(depth - 1, 0)
    return _pick(
        r,
        lambda: f"{_amount(r, d)}{compare}{_amount(r, d)}",
        lambda: f"{_ratio(r, d)}{compare}{r.choice(['100%', '0', '率', '0.9'])}",
        lambda: f"{r.choice([*AMOUNTS])}{compare}0",
        lambda: f"COUNT(表.得分){compare}{r.choice(['COUNT(表.分值)', '3', '数'])}",
        lambda: f"{r.choice(['AND', 'OR'])}({_truth(r, d)},{_truth(r, 0) if d else '率>0'})",
        lambda: f"NOT({_truth(r, d) if d else '金!甲>金!乙'})",
        lambda: f"ISNUMBER({r.choice([*SCALARS, '金!甲/金!乙'])})",
        lambda: f"名{r.choice(['=', '<>'])}{r.choice(NAMES[:-1])}",
        lambda: f"{r.choice([*RATIOS, *AMOUNTS])}={ABSENT}",
    )
