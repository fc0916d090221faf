"""Formulas of derived indicators: other indicators' codes with + - * / and parentheses and numbers. Pure.

How units of measure are reckoned with: + and - want the same measure on both sides, and a plain number has none;
* and / multiply and divide measures, so 亿元 / 亿元 is a plain number and 亿元 / 人 is 亿元/人. What comes out is the
indicator's own measure, or a plain number where that is one of RATIOS. These count as measures of their own when they
go in: a percentage is not added to a plain number.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, DecimalException, localcontext

from chassis.problems import DomainError

LONGEST, DEEPEST, MOST_PARTS = 300, 10, 60
RATIOS = frozenset({"", "%", "‰", "倍"})
_WIDE = str.maketrans("＋－−×＊÷／（）", "+--**//()")
_PART = re.compile(
    r"\s*(?:(?P<number>[0-9]{1,14}(?:\.[0-9]{1,6})?)(?![\w.])|(?P<code>[a-z][a-z0-9_]*)|(?P<sign>[-+*/()]))"
)
_PRECISION = 50


class BadFormula(DomainError):
    """It cannot be read, or does not say anything that could be reckoned."""

    status = 422
    slug = "bad-formula"
    pointer = "/body/formula"


@dataclass(frozen=True)
class Number:
    value: Decimal


@dataclass(frozen=True)
class Code:
    code: str


@dataclass(frozen=True)
class Operation:
    sign: str
    left: "Tree"
    right: "Tree"


Tree = Number | Code | Operation
Measure = Mapping[str, int]
"""Units of measure with their powers; empty for a plain number."""


def parse(text: str) -> Tree:
    """Raises BadFormula, which says where reading ended."""
    if len(text) > LONGEST:
        raise BadFormula(f"公式最多 {LONGEST} 个字符。")
    reader = _Reader(list(_parts(text.translate(_WIDE))))
    tree = reader.sum(0)
    if reader.next:
        raise BadFormula(f"公式在“{reader.next}”处无法理解。")
    return tree


def _parts(text: str) -> Iterator[str]:
    place, text = 0, text.rstrip()
    while place < len(text):
        found = _PART.match(text, place)
        if found is None:
            raise BadFormula(f"公式中不能有“{text[place:].strip()[:20]}”。")
        yield found.group().strip()
        place = found.end()


class _Reader:
    """Recursive descent over the parts; what binds closer is read deeper."""

    def __init__(self, parts: list[str]) -> None:
        if not parts:
            raise BadFormula("公式不能为空。")
        if len(parts) > MOST_PARTS:
            raise BadFormula(f"公式最多 {MOST_PARTS} 个项和符号。")
        self._parts, self._place = parts, 0

    @property
    def next(self) -> str:
        return self._parts[self._place] if self._place < len(self._parts) else ""

    def _take(self) -> str:
        part, self._place = self.next, self._place + 1
        return part

    def sum(self, depth: int) -> Tree:
        tree = self._product(depth)
        while self.next in ("+", "-"):
            tree = Operation(self._take(), tree, self._product(depth))
        return tree

    def _product(self, depth: int) -> Tree:
        tree = self._factor(depth)
        while self.next in ("*", "/"):
            tree = Operation(self._take(), tree, self._factor(depth))
        return tree

    def _factor(self, depth: int) -> Tree:
        part = self._take()
        if part == "(":
            if depth == DEEPEST:
                raise BadFormula(f"括号最多 {DEEPEST} 层。")
            tree = self.sum(depth + 1)
            if self._take() != ")":
                raise BadFormula("公式的括号不成对。")
            return tree
        if part[:1].isdigit():
            return Number(Decimal(part))
        if part[:1].isalpha():
            return Code(part)
        raise BadFormula(f"公式在“{part or '末尾'}”处缺少指标代码或数字。")


def codes(tree: Tree) -> frozenset[str]:
    """The indicators that it is made of."""
    if isinstance(tree, Operation):
        return codes(tree.left) | codes(tree.right)
    return frozenset({tree.code}) if isinstance(tree, Code) else frozenset()


def evaluate(tree: Tree, value_of: Callable[[str], Decimal | None]) -> Decimal | None:
    """None when a value is missing, when something is divided by zero, and when it is beyond what decimals hold."""
    with localcontext(prec=_PRECISION):
        try:
            return _evaluate(tree, value_of)
        except DecimalException:
            return None


def _evaluate(tree: Tree, value_of: Callable[[str], Decimal | None]) -> Decimal | None:
    if isinstance(tree, Number):
        return tree.value
    if isinstance(tree, Code):
        return value_of(tree.code)
    left, right = _evaluate(tree.left, value_of), _evaluate(tree.right, value_of)
    return None if left is None or right is None else _SIGNS[tree.sign](left, right)


_SIGNS: Mapping[str, Callable[[Decimal, Decimal], Decimal]] = {
    "+": lambda left, right: left + right,
    "-": lambda left, right: left - right,
    "*": lambda left, right: left * right,
    "/": lambda left, right: left / right,
}


def measure(text: str) -> Measure:
    """``亿元/人`` is 亿元 by 人; what is written without a stroke is one measure."""
    over, _, under = text.partition("/")
    return _multiplied(_single(over), _single(under), -1)


def _single(text: str) -> Measure:
    return {text.strip(): 1} if text.strip() else {}


def _multiplied(left: Measure, right: Measure, power: int = 1) -> Measure:
    powers = {name: left.get(name, 0) + power * right.get(name, 0) for name in {*left, *right}}
    return {name: number for name, number in powers.items() if number}


def measured(tree: Tree, measure_of: Callable[[str], str]) -> Measure:
    """The measure of what comes out. Raises BadFormula when two different ones are added."""
    if isinstance(tree, Number):
        return {}
    if isinstance(tree, Code):
        return measure(measure_of(tree.code))
    left, right = measured(tree.left, measure_of), measured(tree.right, measure_of)
    if tree.sign in "+-" and left != right:
        raise BadFormula(f"计量单位不同，不能相加减：{written(left)}、{written(right)}。")
    return left if tree.sign in "+-" else _multiplied(left, right, 1 if tree.sign == "*" else -1)


def written(given: Measure) -> str:
    """A measure as people write it."""
    over = "·".join(name for name, power in sorted(given.items()) for _ in range(power))
    under = "·".join(name for name, power in sorted(given.items()) for _ in range(-power))
    if not over and not under:
        return "纯数"
    return f"{over or '1'}/{under}" if under else over


def must_measure(tree: Tree, own: str, measure_of: Callable[[str], str]) -> None:
    """Raises BadFormula unless the formula gives the measure ``own``."""
    given = measured(tree, measure_of)
    if given != measure(own) and (given or own not in RATIOS):
        raise BadFormula(f"公式得出的计量单位是{written(given)}，与指标的{own or '纯数'}不符。")


def must_divide(tree: Tree) -> None:
    """Raises BadFormula when something is divided by numbers that are zero together."""
    if not isinstance(tree, Operation):
        return
    if tree.sign == "/" and not codes(tree.right) and not evaluate(tree.right, lambda code: None):
        raise BadFormula("公式中不能除以零。")
    must_divide(tree.left)
    must_divide(tree.right)


def must_not_turn(trees: Mapping[str, Tree]) -> None:
    """Raises BadFormula when derived indicators are made of each other in a circle."""
    done: set[str] = set()

    def walk(code: str, way: tuple[str, ...]) -> None:
        if code in way:
            raise BadFormula(f"公式互相引用成环：{' → '.join((*way[way.index(code) :], code))}。")
        if code in trees and code not in done:
            if len(way) == DEEPEST:
                raise BadFormula(f"公式最多逐层引用 {DEEPEST} 层。")
            for part in sorted(codes(trees[code])):
                walk(part, (*way, code))
            done.add(code)

    for code in sorted(trees):
        walk(code, ())
