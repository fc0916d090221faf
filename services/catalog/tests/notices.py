"""Notices made up for tests: what they mean, how they are written in one of many forms, how PDF damages them."""

from dataclasses import dataclass
from random import Random

from hypothesis import strategies as st

from catalog.notice import Notice, parse
from catalog.notice.repair import CHARACTERS
from catalog.units.directory import listed

KNOWN = tuple(name for unit in listed() for name in (unit.name, *unit.aliases))
RADICALS = {meant: chr(code) for code, meant in CHARACTERS.items() if 0x2E80 <= code < 0x2FE0}
CHINESE = "一二三四五六七八九十"
ZONES = {"合肥市": "hefei", "芜湖市": "wuhu", "蚌埠市": "bengbu"}
UNITS = [
    *ZONES,
    "省商务厅",
    "合肥海关",
    "省市场监管局〔省知识产权局〕",
    "省“四送一服”双千工程领导小组办公室及其他成员单位",
    "马鞍山市",
    "省民航机场集团",
    "省引江济淮工程领导小组其他成员单位",
    "相关市人民政府",
]
SENTENCES = [
    "推进口岸开放，扩大进口",
    "完善中欧班列（合肥）功能",
    "建设2.17平方公里的综合保税区",
    "推动3.5G频段和5G应用",
    "打造“四最”营商环境，完善7×24小时服务",
    "开展合格境外有限合伙人（QFLP）试点",
    "推广首台（套）保险；落实《若干规定》（国发〔2020〕10号）",
    "对接RCEP规则：一是学习，二是试行",
    "力争3年内引进世界500强企业",
    "做好以下工作：（1）立法；（2）执法",
]
DUES = {"2022年6月底前": "2022-06-30", "2022年底": "2022-12-31", "2022年9月30日前": "2022-09-30", "长期坚持": None}


@dataclass(frozen=True)
class Bracket:
    """``lead`` are named under 牵头单位; without them the first of ``others`` leads."""

    lead: tuple[str, ...]
    others: tuple[str, ...]
    due: str | None

    @property
    def parts(self) -> list[tuple[str, str]]:
        lead = self.lead or self.others[:1]
        return [(unit, "lead") for unit in lead] + [(unit, "member") for unit in self.others if unit not in lead]


@dataclass(frozen=True)
class Item:
    text: str
    bracket: Bracket


@dataclass(frozen=True)
class Task:
    """``lead`` is the sentence before sub-items with units of their own."""

    lead: str
    items: tuple[Item, ...]


@dataclass(frozen=True)
class Made:
    """Plans by name with their tasks, which are numbered throughout."""

    plans: tuple[tuple[str, tuple[Task, ...]], ...]


@st.composite
def brackets(draw: st.DrawFn) -> Bracket:
    units = draw(st.lists(st.sampled_from(UNITS), min_size=1, max_size=5, unique=True))
    leads = draw(st.integers(0, len(units)))
    return Bracket(tuple(units[:leads]), tuple(units[leads:]), draw(st.sampled_from([None, *DUES])))


@st.composite
def texts(draw: st.DrawFn, sentences: list[str]) -> str:
    return "。".join(draw(st.lists(st.sampled_from(sentences), min_size=1, max_size=3))) + "。"


@st.composite
def tasks(draw: st.DrawFn) -> Task:
    count = draw(st.sampled_from([1, 1, 1, 2, 3]))
    sentences = SENTENCES if count == 1 else SENTENCES[:-1]
    items = tuple(Item(draw(texts(sentences)), draw(brackets())) for _ in range(count))
    return Task(draw(st.sampled_from(SENTENCES[:-1])) + "。" if count > 1 else "", items)


@st.composite
def made(draw: st.DrawFn) -> Made:
    names = draw(st.lists(st.sampled_from(["营商环境", "深化投资领域改革", "口岸开放"]), min_size=1, unique=True))
    suffix = draw(st.sampled_from(["专项推进行动计划", "专项行动计划", "专项行动方案"]))
    return Made(tuple((name + suffix, tuple(draw(st.lists(tasks(), min_size=1, max_size=4)))) for name in names))


def write(notice: Made, random: Random) -> str:
    """One of the forms in which such a notice may be written."""
    level = random.choice(["{}、", "（{}）", "({})"])
    number = 0
    written = ["安徽省人民政府关于印发专项推进行动计划方案的通知\n各市、县人民政府：\n"]
    for place, (name, plan_tasks) in enumerate(notice.plans):
        written.append(level.format(CHINESE[place]) + name + random.choice(["\n", "", "。\n"]))
        for task in plan_tasks:
            number += 1
            written.append(f"{number}{random.choice('．.、')}{_body(task, random)}")
            written.append(random.choice(["\n", "\n\n", "。\n", ""]))
    return "".join(written)


def _body(task: Task, random: Random) -> str:
    parts = [task.lead]
    for place, item in enumerate(task.items, 1):
        if len(task.items) > 1:
            parts.append(random.choice(["\n", ""]) + random.choice(["（{}）", "({})"]).format(place))
        parts.append(item.text + _bracket(item.bracket, random))
    return "".join(parts)


def _bracket(bracket: Bracket, random: Random) -> str:
    colon = random.choice("：:")
    lead, others = (random.choice("、，").join(units) for units in (bracket.lead, bracket.others))
    closing = random.choice(["", "", "等"])
    labelled = []
    if lead:
        labelled.append(f"牵头单位{colon}{lead}")
    if others:
        label = random.choice(["责任单位", "配合单位"]) if lead else "责任单位"
        labelled.append(f"{label}{colon}{others}{closing}")
    if bracket.due:
        labelled.append(f"{random.choice(['完成时限', '完成时间'])}{colon}{bracket.due}")
    return f"{random.choice('（(')}{random.choice('；，').join(labelled)}{random.choice('）)')}"


def damage(text: str, random: Random) -> str:
    """The text as it may come out of PDF: nothing that it says is lost."""
    rate = random.choice([0, 0.02, 0.15])
    damaged = []
    for before, character in zip(" " + text, text, strict=False):
        latin = before.isascii() and before.isalnum() and character.isascii() and character.isalnum()
        if random.random() < rate and not latin:
            # a number on a line of its own would be a page's
            damaged.append(
                random.choice([" ", "\t", "\u200b", "\u3000", *([] if before.isdecimal() else ["\n", "\r\n", "\f"])])
            )
        damaged.append(RADICALS.get(character, character) if random.random() < rate * 3 else character)
    return "".join(damaged)


def meaning(notice: Made) -> list[tuple[object, ...]]:
    """Every task as (number, plan, title, items, responsibilities, due)."""
    found: list[tuple[object, ...]] = []
    for plan, (_, plan_tasks) in enumerate(notice.plans, 1):
        for task in plan_tasks:
            first = task.items[0]
            rest = (unit for item in task.items[1:] for unit, _ in item.bracket.parts)
            units = dict(first.bracket.parts)
            units |= {unit: units.get(unit, "member") for unit in rest}
            days = [day for item in task.items if (day := DUES.get(item.bracket.due or ""))]
            items = [(item.text, item.bracket.parts, _zones(dict(item.bracket.parts))) for item in task.items]
            title = (task.lead or first.text).split("。")[0]
            found.append(
                (len(found) + 1, plan, title, items, list(units.items()), _zones(units), max(days, default=None))
            )
    return found


def _zones(units: dict[str, str]) -> list[str]:
    return [code for city, code in ZONES.items() if city in units]


def read(text: str) -> Notice:
    return parse(text, KNOWN)


def told(notice: Notice) -> list[tuple[object, ...]]:
    """What ``meaning`` gives, of a notice that was read."""
    return [
        (
            task.number,
            task.plan,
            task.title,
            [
                (item.text, [(part.unit, part.role) for part in item.responsibilities], list(item.zones))
                for item in task.items
            ],
            [(part.unit, part.role) for part in task.responsibilities],
            list(task.zones),
            task.due,
        )
        for task in notice.tasks
    ]
