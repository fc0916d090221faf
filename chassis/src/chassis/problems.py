"""Errors as ``application/problem+json`` (RFC 9457), in the reader's language, with a pointer per field."""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.routing import Match

from chassis import failures, languages, telemetry

MEDIA_TYPE = "application/problem+json"

TITLES = {
    400: ("请求无法理解", "Bad request"),
    401: ("需要登录", "Authentication required"),
    403: ("无权进行此操作", "Not permitted"),
    404: ("未找到", "Not found"),
    405: ("不支持该方法", "Method not allowed"),
    409: ("与当前状态冲突", "Conflict with the present state"),
    410: ("内容已不再保存", "No longer kept"),
    412: ("内容已被他人修改", "Changed by somebody else"),
    413: ("内容过大", "Too large"),
    415: ("不支持的内容类型", "Unsupported media type"),
    422: ("内容不符合要求", "Invalid content"),
    428: ("缺少版本条件", "Version condition required"),
    500: ("服务内部错误", "Internal error"),
    503: ("服务暂时不可用", "Service unavailable"),
}


class FieldError(BaseModel):
    """What is wrong with one field; ``pointer`` is a JSON pointer (RFC 6901) into body, query, path or headers."""

    pointer: str
    detail: str


class ProblemOut(BaseModel):
    """The body of every error (RFC 9457): Chinese, with ``Accept-Language: en`` English."""

    type: str
    title: str
    title_en: str
    status: int
    detail: str
    trace: str | None = None
    errors: list[FieldError] = []


class Problem(Exception):
    """Raised anywhere below a route; becomes the answer and rolls the transaction back."""

    def __init__(
        self,
        status: int,
        slug: str,
        detail: str,
        *,
        errors: Sequence[tuple[str, str]] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status, self.slug, self.detail = status, slug, detail
        self.errors, self.headers = list(errors), dict(headers or {})

    def response(self) -> Response:
        telemetry.refuse(self.slug, [pointer for pointer, _ in self.errors])
        title, title_en = TITLES.get(self.status, ("请求失败", "Request failed"))
        body = ProblemOut(
            type=f"/problems/{self.slug}",
            title=languages.either(title, title_en),
            title_en=title_en,
            status=self.status,
            detail=languages.tell(self.detail),
            trace=telemetry.trace_id(),
            errors=[FieldError(pointer=pointer, detail=languages.tell(detail)) for pointer, detail in self.errors],
        )
        return Response(body.model_dump_json(), self.status, self.headers | languages.headers(), MEDIA_TYPE)


class NotFound(Problem):
    """404; the same for a thing that does not exist and for one that the caller may not see."""

    def __init__(self) -> None:
        super().__init__(404, "not-found", "所请求的内容不存在。")


class Forbidden(Problem):
    def __init__(self, detail: str = "您的角色不能进行此操作。") -> None:
        super().__init__(403, "forbidden", detail)


class Conflict(Problem):
    def __init__(self, slug: str, detail: str) -> None:
        super().__init__(409, slug, detail)


class Invalid(Problem):
    """422 for one field."""

    def __init__(self, pointer: str, detail: str) -> None:
        super().__init__(422, "invalid", "提交的内容有误，请按提示修改。", errors=[(pointer, detail)])


class DomainError(Exception):
    """Base of what rules raise: ``status`` and ``slug`` say how it is answered; the message is Chinese, for people;
    ``english.toml`` has it in English.

    ``pointer`` is the field that it is about, if it is about one.
    """

    status = 409
    slug = "conflict"
    pointer: str | None = None


Refusal = Callable[[str], DomainError]
"""What is wrong when a trigger refuses, of the message that it gives."""


def responses(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The OpenAPI description of the problems that a route may answer with."""
    return {
        status: {
            "description": TITLES[status][1],
            "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/ProblemOut"}}},
        }
        for status in statuses
    }


def _pointer(location: Sequence[int | str]) -> str:
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in location)


REASONS = {
    "missing": "必填",
    "extra_forbidden": "未知的字段",
    "string_type": "应为文本",
    "string_too_short": "至少 {min_length} 个字符",
    "string_too_long": "最多 {max_length} 个字符",
    "string_pattern_mismatch": "格式不符",
    "int_type": "应为整数",
    "int_parsing": "应为整数",
    "int_from_float": "应为整数",
    "float_type": "应为数字",
    "bool_type": "应为 true 或 false",
    "bool_parsing": "应为 true 或 false",
    "list_type": "应为列表",
    "too_long": "最多 {max_length} 项",
    "too_short": "至少 {min_length} 项",
    "model_attributes_type": "应为对象",
    "greater_than_equal": "不小于 {ge}",
    "less_than_equal": "不大于 {le}",
    "greater_than": "大于 {gt}",
    "less_than": "小于 {lt}",
    "enum": "应为 {expected} 之一",
    "literal_error": "应为 {expected} 之一",
    "uuid_parsing": "不是有效的编号",
    "date_from_datetime_parsing": "不是有效的日期",
    "date_parsing": "不是有效的日期",
    "datetime_parsing": "不是有效的时间",
    "datetime_from_date_parsing": "不是有效的时间",
}


def _in_chinese(item: Mapping[str, Any]) -> str:
    reason = REASONS.get(item["type"])
    if reason is None:
        return str(item["msg"]).removeprefix("Value error, ")
    return reason.format_map(item.get("ctx") or {})


async def _validation(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)  # noqa: S101 - registered for this class only
    problems = error.errors()
    if any(item["type"] == "json_invalid" for item in problems):
        return Problem(
            400, "malformed-json", "请求正文不是有效的 JSON。", errors=[("/body", "JSON 格式有误")]
        ).response()
    fields = [(_pointer(item["loc"]), _in_chinese(item)) for item in problems]
    return Problem(422, "invalid", "提交的内容有误，请按提示修改。", errors=fields).response()


async def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101
    if error.status_code == 404:
        return NotFound().response()
    slug = {405: "method-not-allowed", 400: "malformed"}.get(error.status_code, "refused")
    title, title_en = TITLES.get(error.status_code, (str(error.detail), str(error.detail)))
    detail = languages.either(f"{title}。", f"{title_en}.")
    headers = {"Allow": ", ".join(_methods(request))} if error.status_code == 405 else error.headers
    return Problem(error.status_code, slug, detail, headers=headers).response()


def _methods(request: Request) -> list[str]:
    """The methods of all routes of the path; Starlette names those of the first one only."""
    tried = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
    scopes = {method: {**request.scope, "method": method} for method in tried}
    return [
        method
        for method, scope in scopes.items()
        if any(route.matches(scope)[0] is Match.FULL for route in request.app.router.routes)
    ]


async def _disconnected(request: Request, error: Exception) -> Response:
    """Nobody is there to read it; the log shows that the caller ended it, not we."""
    return Problem(400, "incomplete", "请求正文没有传完。").response()


async def _problem(request: Request, error: Exception) -> Response:
    assert isinstance(error, Problem)  # noqa: S101
    return error.response()


async def _domain(request: Request, error: Exception) -> Response:
    assert isinstance(error, DomainError)  # noqa: S101
    errors = [(error.pointer, str(error))] if error.pointer else []
    return Problem(error.status, error.slug, str(error), errors=errors).response()


async def _database(request: Request, error: Exception) -> Response:
    if failures.passing(error):
        telemetry.log.warning("database unavailable: %s: %s", type(error).__name__, failures.sqlstate(error))
        return Problem(503, "try-again", "服务繁忙，请稍后重试。", headers={"Retry-After": "1"}).response()
    if refusal := request.app.state.refusals.get(failures.sqlstate(error)):
        return await _domain(request, refusal(str(error)))
    if failures.sqlstate(error).startswith("22"):
        return Invalid("", "含有无法保存的字符或超出范围的数值").response()
    return await _unexpected(request, error)


async def _unexpected(request: Request, error: Exception) -> Response:
    telemetry.log.error("unhandled error", exc_info=error)
    return Problem(500, "internal", "服务内部错误，已记录。").response()


def install(app: FastAPI, refusals: Mapping[str, Refusal]) -> None:
    """Makes every error of the app a problem, and documents its schema."""
    app.state.refusals = refusals
    app.add_exception_handler(RequestValidationError, _validation)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(ClientDisconnect, _disconnected)
    app.add_exception_handler(Problem, _problem)
    app.add_exception_handler(DomainError, _domain)
    for kind in failures.DATABASE:
        app.add_exception_handler(kind, _database)
    app.add_exception_handler(Exception, _unexpected)


def schema() -> dict[str, Any]:
    """The OpenAPI component ``ProblemOut`` with its parts inlined."""
    definition = ProblemOut.model_json_schema(ref_template="#/components/schemas/{model}")
    definition.pop("$defs", None)
    definition["properties"]["errors"]["items"] = FieldError.model_json_schema()
    return json.loads(json.dumps(definition))  # type: ignore[no-any-return]
