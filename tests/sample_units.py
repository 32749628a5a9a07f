"""Units that filed, built without a workbook: items as the reader gives them, figures and findings as computed."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from decimal import Decimal

from pyfuncs.catalog.figures import complete, figures
from pyfuncs.catalog.load import load_ruleset
from pyfuncs.catalog.model import Form, RuleSet
from pyfuncs.catalog.refs import form_items
from pyfuncs.catalog.submission import Item, Submission
from pyfuncs.checks.run import check
from pyfuncs.consolidate.filed import Filed

Typed = Mapping[str, str]                             # item name -> as typed, in the form's unit


def submission(ruleset: RuleSet, entity: str, forms: Mapping[str, Typed | Sequence[Typed]], path: str = "",
               **changes) -> Submission:
    """A submission with every cell and grid item of the named forms; what is not typed is blank."""
    items = [item for name, typed in forms.items()
             for instance, one in enumerate([typed] if isinstance(typed, Mapping) else typed, start=1)
             for item in _items(ruleset.forms[name], one, instance)]
    path = path or f"{entity}.xlsx"
    known = {"sha256": hashlib.sha256(path.encode()).hexdigest(), "ruleset": ruleset.id, "year": ruleset.year}
    return complete(ruleset, Submission(path, entity=entity, items=tuple(items), **{**known, **changes}))


def _items(form: Form, typed: Typed, instance: int) -> list[Item]:
    sheet = form.sheet.replace("{n}", str(instance))
    names = [(name, model, 0) for name, model in form_items(form) if name.partition(".")[0] not in form.tables]
    rows = [(name, model, row) for name, model in form_items(form) if name.partition(".")[0] in form.tables
            for row in range(1, 1 + max([int(key.rpartition("#")[2]) for key in typed if key.startswith(f"{name}#")],
                                        default=0))]
    items = []
    for number, (name, model, row) in enumerate(names + rows, start=1):
        text = typed.get(f"{name}#{row}" if row else name, "")
        number_like = text.replace(".", "").replace("-", "").isdigit()
        value = Decimal(text) * (form.scale if model.type == "amount" else 1) if number_like else None
        words = "not_applicable" if text == "不适用" else "text" if text else "blank"
        state = "number" if number_like else words
        items.append(Item(form.form, name, value, text, f"{sheet}!B{number}", state, instance, row,
                          formula=not text and not row))
    return items


def filed(ruleset_id: str, entity: str, forms: Mapping[str, Typed | Sequence[Typed]], path: str = "",
          **changes) -> Filed:
    ruleset = load_ruleset(ruleset_id)
    one = submission(ruleset, entity, forms, path, **changes)
    return Filed(one, ruleset, figures(ruleset, one), tuple(check(ruleset, one)))


def unit_a(**changes) -> Filed:
    """12 of 15 posts filled, two projects, spending 346.17 of 505.05 万元."""
    return filed("430400/2022", "甲中心", {
        "基础数据": {"编制数": "15", "在职人数": "12", "公用经费.本年预算": "303.01", "公用经费.本年决算": "69.72",
                 "三公经费.上年决算": "14.6", "三公经费.本年预算": "17.5", "三公经费.本年决算": "10.16",
                 "项目支出.本年决算": "22.5"},
        "整体自评": {"资金总额": "505.05", "执行数": "346.17", "指标.得分#1": "50", "指标.得分#2": "40"},
        "项目": [{"项目名称": "招商", "资金.全年预算": "18", "资金.全年执行": "18"},
               {"项目名称": "运维", "资金.全年预算": "4.5", "资金.全年执行": "4.5"}],
    }, **changes)


def unit_b(**changes) -> Filed:
    """30 of 30 posts filled; left the budget of 三公经费 blank; one project."""
    return filed("430400/2022", "乙中心", {
        "基础数据": {"编制数": "30", "在职人数": "30", "公用经费.本年预算": "100", "公用经费.本年决算": "110.5",
                 "三公经费.本年决算": "3", "项目支出.本年决算": "9.05"},
        "整体自评": {"资金总额": "200", "执行数": "200", "指标.得分#1": "45", "指标.得分#2": "40"},
        "项目": [{"项目名称": "宣传", "资金.全年预算": "10", "资金.全年执行": "9.05"}],
    }, **changes)


def unit_c(**changes) -> Filed:
    """Another rule set and year, in 元."""
    return filed("430181/2021", "丙中心", {
        "基础数据": {"编制数": "17", "在职人数": "16", "三公经费.上年决算": "337378.30", "三公经费.本年预算": "340000.00",
                 "三公经费.本年决算": "339178.30", "公用经费.本年预算": "160000", "公用经费.本年决算": "99668.84"},
        "整体自评": {"项目支出.全年预算": "2620800", "项目支出.全年执行": "4907638.34", "指标.得分#1": "95"},
    }, **changes)
