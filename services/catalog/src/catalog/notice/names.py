"""What a unit's name tells: its kind, and the code that is made of it."""

import re
from collections.abc import Collection
from itertools import count

from catalog.units.rules import Kind

OFFICE = re.compile(r"领导小组|指挥部|联席会议|委员会办公室$|成员单位")
ENTERPRISE = re.compile(r"(?:集团|公司|银行|交易所|基金|控股)$")
CENTRAL = re.compile(
    r"海关|^人行|人民银行|中心支行|银保监|证监|金融监管总局|外汇管理|外汇局|税务局|通信管理局|邮政管理局|海事局|铁路局|民航.*监管局|能源监管办"
    r"|矿山安全监察|气象局|地震局|烟草专卖局|^国家|^中国"
)
CITY = re.compile(r"[市县区州](?:委|人民政府|政府)?$|^(?:各|相关|有关).*(?:市|县|区)|^[^省市]{2,3}市(?!场)|管委会$")
PREFIX = re.compile(r"^(?:安徽)?省(?=..)")
LONGEST_CODE = 24


def unit_kind(name: str) -> Kind:
    """The kind of a unit that nobody has listed, by its name."""
    if OFFICE.search(name):
        return "office"
    if ENTERPRISE.search(name):
        return "enterprise"
    if CENTRAL.search(name):
        return "central"
    return "city" if CITY.search(name) else "department"


def spelling(name: str, *, initials: bool = False) -> str:
    """The name in pinyin without tones, or the initials of its characters."""
    from pypinyin import Style, lazy_pinyin  # noqa: PLC0415 - its dictionaries take 60 MB, and few names need them

    return "".join(lazy_pinyin(name, style=Style.FIRST_LETTER if initials else Style.NORMAL)).lower()


def unit_code(name: str, taken: Collection[str]) -> str:
    """The pinyin initials without 省, numbered when taken: 省商务厅 is ``swt``, 合肥海关 ``hfhg``."""
    spelt = spelling(PREFIX.sub("", name), initials=True)
    letters = re.sub("[^a-z0-9]", "", spelt).lstrip("0123456789")[:LONGEST_CODE] or "unit"
    codes = (letters if again == 1 else f"{letters}{again}" for again in count(1))
    return next(code for code in codes if code not in taken)
