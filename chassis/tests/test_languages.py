from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from chassis import languages, problems
from chassis.languages import CHINESE, ENGLISH, Catalogue, Told
from chassis.problems import Invalid
from chassis.routing import answer
from chassis.schemas import Input, Line, Output

CATALOGUE = Catalogue(
    {
        "最多 {most} 个字符": "at most {most} characters",
        "最多 {most} 项": "at most {most} items",
        "背景": "background",
        "主要做法": "practice",
        "申报前请填写：{fields}。": "Please fill in: {fields}.",
        "低于下限 {bound}。": "It is below {bound}.",
        "请核对。": "Please check.",
    }
)


@pytest.mark.parametrize(
    ("accept", "language"),
    [
        ("", CHINESE),
        ("*", CHINESE),
        ("en", ENGLISH),
        ("EN-gb", ENGLISH),
        ("fr, en;q=0.5", ENGLISH),
        ("zh-CN,zh;q=0.9,en;q=0.8", CHINESE),
        ("en-US,en;q=0.9,zh-CN;q=0.8", ENGLISH),
        ("en;q=0.2, zh;q=0.7", CHINESE),
        ("en, zh", CHINESE),
        ("en;q=0", CHINESE),
        ("english, en;q=x", CHINESE),
    ],
)
def test_english_is_for_whom_likes_it_better(accept: str, language: str) -> None:
    assert languages.wanted(accept) == language


@pytest.mark.parametrize(
    ("chinese", "english"),
    [
        ("背景", "background"),
        ("最多 12 个字符", "at most 12 characters"),
        ("最多 12 项", "at most 12 items"),
        ("申报前请填写：背景、主要做法。", "Please fill in: background, practice."),
        ("低于下限 {most}。", "It is below {most}."),
        ("低于下限 3。请核对。", "It is below 3. Please check."),
        ("无人知晓", "无人知晓"),
    ],
)
def test_a_text_is_told_in_english_whole_or_by_its_sentences(chinese: str, english: str) -> None:
    assert CATALOGUE.english(chinese) == english


class _Named(Input):
    name: Line


class _Said(Output):
    said: Told


def _client() -> httpx.AsyncClient:
    app = FastAPI()
    languages.load("chassis")
    app.add_middleware(languages.Language)
    problems.install(app, {})

    @app.post("/names")
    async def name(given: _Named) -> Any:
        raise Invalid("/body/name", "文件是空的")

    @app.get("/said")
    async def said() -> Any:
        return answer(_Said(said="必填"))

    @app.get("/broken")
    async def broken() -> Any:
        raise ZeroDivisionError

    return httpx.AsyncClient(transport=httpx.ASGITransport(app, raise_app_exceptions=False), base_url="http://test")


@pytest.mark.parametrize(
    ("accept", "language", "title", "required", "empty"),
    [
        ("en", ENGLISH, "Invalid content", "Required", "The file is empty"),
        ("", CHINESE, "内容不符合要求", "必填", "文件是空的"),
    ],
)
async def test_a_problem_is_in_the_callers_language(
    accept: str, language: str, title: str, required: str, empty: str
) -> None:
    client = _client()
    for body, reason in (({}, required), ({"name": "甲"}, empty)):
        refused = await client.post("/names", json=body, headers={"Accept-Language": accept})
        assert (refused.json()["title"], refused.json()["title_en"]) == (title, "Invalid content")
        assert [error["detail"] for error in refused.json()["errors"]] == [reason]
        assert (refused.headers["content-language"], refused.headers["vary"]) == (language, "Accept-Language")
    said = await client.get("/said", headers={"Accept-Language": accept})
    assert (said.json()["said"], said.headers["content-language"]) == (required, language)


async def test_what_fails_without_a_rule_is_in_the_callers_language_too() -> None:
    client = _client()
    for method, path, title in (("GET", "/names", "Method not allowed"), ("GET", "/broken", "Internal error")):
        answered = await client.request(method, path, headers={"Accept-Language": "en"})
        assert (answered.json()["title"], answered.headers["content-language"]) == (title, ENGLISH)
        assert answered.json()["detail"].isascii()
