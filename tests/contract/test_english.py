"""What the services tell people is in English too: every text that their code has in Chinese, found in the source."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from string import Formatter

import pytest

from chassis.languages import Catalogue, shape, texts

ROOT = Path(__file__).parents[2]
PACKAGES = {"chassis": ROOT / "chassis/src/chassis"} | {
    name: ROOT / f"services/{name}/src/{name}" for name in ("catalog", "progress", "notify")
}
CHINESE = re.compile("[\u4e00-\u9fff]")
STATEMENT_OR_PATTERN = re.compile(r"SELECT|CASE |\[|\||\\d|\(\?")
RAISE_ALONE = re.compile(
    r"chassis/(audit_cli|documents|parking)|catalog/(app|publishing|tasks/rules|manuscripts/(keeping|store))"
    r"|catalog/notice/(cli|dates|headings|names|nearly|numerals|outline|repair|responsibilities|zones)"
    r"|notify/(app|inbox|mail|channels/_(letter|wording)|robots/telling|webhooks/notices|announcements/news)"
    r"|progress/(app|cli|publishing|templates/rules|bulletins/(drafting|documents|store))"
    r"|progress/(assessment/rules|indicators/store|meetings/deciding|results/(api|documents)|milestones/moving)"
)
"""Modules whose other texts are names, documents, mail, descriptions, or stand beside their English already."""
OWN_WORDS = re.compile(r"catalog/(notice|manuscripts/sheets|people/words)|progress/sheets/rules")
"""Modules whose constants are the words of files that they read or write, which stay as they are."""
NAMES = {"专项", "未命名计划", "片区", "填写说明", "（牵头）", "（完成时限：{}）", "〔{}〕{}号"} | {
    *("{}．{}。{}（责任单位：{}）{}", "{}（代{}）", "片区已撤销，督办随之终止。{}")
}
"""What is written into a plan, a bulletin or an order, or names who did something; not told to a reader."""


def _may_be_told(text: str) -> bool:
    return CHINESE.search(text) is not None and STATEMENT_OR_PATTERN.search(text) is None


def _refuses(node: ast.AST) -> bool:
    """A raise, or the constructor of what is raised."""
    return isinstance(node, ast.Raise) or (
        isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "__init__"
    )


class _Texts(ast.NodeVisitor):
    """The shapes of the texts below a node."""

    def __init__(self) -> None:
        self.found: list[str] = []

    def visit_Expr(self, node: ast.Expr) -> None:
        if not isinstance(node.value, ast.Constant):
            self.generic_visit(node)

    def visit_Tuple(self, node: ast.Tuple) -> None:
        """A pair of texts, one in each language, needs no other."""
        said = [bool(CHINESE.search(ast.unparse(each))) for each in node.elts]
        if said != [True, False]:
            self.generic_visit(node)

    def visit_Constant(self, node: ast.Constant) -> None:
        if isinstance(node.value, str) and _may_be_told(node.value):
            self.found.append(shape(node.value))

    def visit_JoinedStr(self, node: ast.JoinedStr) -> None:
        parts = [part.value if isinstance(part, ast.Constant) else "{}" for part in node.values]
        text = "".join(map(str, parts))
        if _may_be_told(text):
            self.found.append(text)
        for part in node.values:
            if isinstance(part, ast.FormattedValue):
                self.visit(part.value)


def _told(path: Path, name: str) -> Iterator[str]:
    tree = ast.parse(path.read_text())
    nodes: list[ast.AST] = [tree]
    if RAISE_ALONE.match(name):
        nodes = [node for node in ast.walk(tree) if _refuses(node)]
    elif OWN_WORDS.match(name):
        nodes = [node for node in tree.body if not isinstance(node, ast.Assign)]
    for node in nodes:
        visitor = _Texts()
        visitor.visit(node)
        yield from (text for text in visitor.found if text not in NAMES)


@cache
def _all(package: str) -> dict[str, str]:
    """Where each text of a package stands."""
    root = PACKAGES[package]
    files = {f"{package}/{path.relative_to(root).with_suffix('')}": path for path in sorted(root.rglob("*.py"))}
    return {text: name for name, path in files.items() for text in _told(path, name)}


@cache
def _english(package: str) -> dict[str, str]:
    return texts("chassis") | texts(package)


def _names(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


@pytest.mark.parametrize("package", PACKAGES)
def test_every_text_has_an_english_one(package: str) -> None:
    shapes, catalogue = {shape(text) for text in _english(package)}, Catalogue(_english(package))
    missing = {
        text: where
        for text, where in _all(package).items()
        if text not in shapes and ("{}" in text or CHINESE.search(catalogue.english(text)))
    }
    assert not missing, "these have no text in english.toml"


@pytest.mark.parametrize("package", PACKAGES)
def test_no_english_text_outlives_the_chinese_one(package: str) -> None:
    said = _all(package)
    unsaid = [text for text in texts(package) if shape(text) not in said and not any(text in each for each in said)]
    assert not unsaid, "nobody says these any more"


@pytest.mark.parametrize("package", PACKAGES)
def test_a_text_with_its_values_finds_its_own_english(package: str) -> None:
    """No other text is taken for it, and the same values stand in both."""
    catalogue = Catalogue(_english(package))
    for chinese, english in texts(package).items():
        values = {name: f"<{name}>" for name in _names(chinese)}
        assert _names(english) == _names(chinese), chinese
        assert catalogue.english(chinese.format_map(values)) == english.format_map(values)
