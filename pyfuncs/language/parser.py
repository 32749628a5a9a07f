"""Tokens to tree, with Excel's precedence: unary minus, %, ^, * /, + -, &, comparison."""
from __future__ import annotations

from difflib import get_close_matches
from functools import lru_cache

from .errors import FormulaError, Position
from .functions import FUNCTIONS, MANY, PRIOR
from .lexer import Token, tokens
from .nodes import COMPARISONS, Binary, Call, Expr, Number, Percent, Ref, Text, Unary, operands

_LEVELS = (("&",), ("+", "-"), ("*", "/"), ("^",))  # loosest first; all group from the left, as in Excel


@lru_cache(maxsize=1024)  # a rule set says the same few formulas for every unit; trees never change
def parse(text: str) -> Expr:
    """The tree of a formula such as `ROUND(执行数/预算数,4) >= 90%`. Raises FormulaError."""
    return _Parser(text).formula()


@lru_cache(maxsize=1024)
def references(text: str) -> tuple[Ref, ...]:
    """The items a formula speaks of, in order, each once. Raises FormulaError."""
    return operands(parse(text))


class _Parser:
    def __init__(self, source: str) -> None:
        self.source = source
        self.tokens = tokens(source)
        self.at = 0

    @property
    def token(self) -> Token:
        return self.tokens[self.at]

    def formula(self) -> Expr:
        if self.token.kind == "end":
            raise FormulaError(Position(1, self.source), "空的公式", "写出项目或运算", "执行数/预算数")
        expr = self.comparison()
        if self.token.kind != "end":
            raise self.unexpected("在这里结束，或接运算符号", "执行数/预算数")
        return expr

    def comparison(self) -> Expr:
        left = self.binary(0)
        if self.token.text not in COMPARISONS or self.token.kind != "op":
            return left
        op = self.advance()
        expr = Binary(op.text, left, self.binary(0), op.pos)
        if self.token.kind == "op" and self.token.text in COMPARISONS:
            # 0<=x<=1 is legal in Excel and never means what it says.
            raise self.unexpected("一次只比较两个数，连着比较用 AND", "AND(执行率>=0,执行率<=1)")
        return expr

    def binary(self, level: int) -> Expr:
        if level == len(_LEVELS):
            return self.percent()
        left = self.binary(level + 1)
        while self.token.kind == "op" and self.token.text in _LEVELS[level]:
            op = self.advance()
            left = Binary(op.text, left, self.binary(level + 1), op.pos)
        return left

    def percent(self) -> Expr:
        expr = self.unary()
        while self.is_op("%"):
            expr = Percent(expr, self.advance().pos)
        return expr

    def unary(self) -> Expr:
        if self.is_op("-") or self.is_op("+"):
            op = self.advance()
            return Unary(op.text, self.unary(), op.pos)
        return self.primary()

    def primary(self) -> Expr:
        token = self.token
        if token.kind == "number":
            self.advance()
            return Number(token.value, token.amount, token.pos)
        if token.kind == "text":
            self.advance()
            return Text(token.text, token.pos)
        if token.kind == "name":
            self.advance()
            return self.call(token) if self.is_op("(") else self.reference(token)
        if self.is_op("("):
            self.advance()
            expr = self.comparison()
            self.expect(")")
            return expr
        raise self.unexpected("是数字、文字、项目名称或左括号", "执行数/(预算数-5万元)")

    def call(self, name: Token) -> Expr:
        function = name.text if name.text == PRIOR else name.text.upper()
        if function != PRIOR and function not in FUNCTIONS:
            near = get_close_matches(function, FUNCTIONS, 1) or ["SUM"]
            known = " ".join([*FUNCTIONS, PRIOR])
            raise FormulaError(name.pos, f"函数“{name.text}”，没有这个函数", f"从这些函数里选：{known}",
                               FUNCTIONS[near[0]].example)
        self.expect("(")
        args: list[Expr] = []
        if not self.is_op(")"):
            args.append(self.comparison())
            while self.is_op(","):
                self.advance()
                args.append(self.comparison())
        self.expect(")")
        if function == PRIOR:
            return _prior(name, args)
        return _call(name, function, args)

    def reference(self, first: Token) -> Ref:
        form, path, last = None, [first.text], first
        if self.is_op("!"):
            self.advance()
            last = self.name("在“!”后面写项目名称", "基础数据!项目支出.本年决算")
            form, path = first.text, [last.text]
        if self.is_op("."):
            self.advance()
            last = self.name("在“.”后面写栏目名称", "项目支出.本年决算")
            path.append(last.text)
        length = last.pos + last.pos.length - first.pos
        return Ref(form, tuple(path), False, Position(first.pos, self.source, length))

    def name(self, wanted: str, example: str) -> Token:
        if self.token.kind != "name":
            raise self.unexpected(wanted, example)
        return self.advance()

    def is_op(self, text: str) -> bool:
        return self.token.kind == "op" and self.token.text == text

    def expect(self, text: str) -> None:
        if not self.is_op(text):
            example = "SUM(项目!资金.全年执行)" if text == "(" else "ROUND(执行数/预算数,4)"
            raise self.unexpected(f"写“{text}”", example)
        self.advance()

    def advance(self) -> Token:
        token = self.token
        self.at += 1
        return token

    def unexpected(self, wanted: str, example: str) -> FormulaError:
        token = self.token
        found = "公式的末尾" if token.kind == "end" else f"“{token.text}”"
        return FormulaError(token.pos, found, wanted, example)


def _call(name: Token, function: str, args: list[Expr]) -> Call:
    spec = FUNCTIONS[function]
    if not spec.least <= len(args) <= spec.most:
        many = "至少" if spec.most == MANY else ""
        counts = f"{spec.least}" if spec.most in (spec.least, MANY) else f"{spec.least} 到 {spec.most}"
        raise FormulaError(name.pos, f"{function} 带 {len(args)} 个参数", f"带{many} {counts} 个参数", spec.example)
    return Call(function, tuple(args), name.pos)


def _prior(name: Token, args: list[Expr]) -> Ref:
    if len(args) != 1 or not isinstance(args[0], Ref) or args[0].prior:
        raise FormulaError(name.pos, "上年( )", "在括号里写一个项目名称", "上年(基础数据!三公经费.本年决算)")
    item = args[0]
    return Ref(item.form, item.path, True, item.pos)
