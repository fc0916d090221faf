"""What a page becomes when something fails: a page of ours in both languages, with the navigation still there."""

from urllib.parse import quote, urlsplit

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import RedirectResponse
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from chassis import telemetry
from chassis.failures import DATABASE
from portal.web import security
from portal.web.api import Away, DeputyshipEnded, Forbidden, LoginNeeded, Missing, Rejected
from portal.web.visit import CSRF_FIELD, SAFE, AnyVisit, CsrfMissing, UserVisit, read_form
from portal.web.words import SYSTEM_PARTS, Both

_TEXTS: dict[int, tuple[Both, Both]] = {
    403: (
        ("无权访问", "Not permitted"),
        ("您的角色不能访问此内容或进行此操作。", "Your role does not allow this page or action."),
    ),
    404: (
        ("页面不存在", "Not found"),
        ("所请求的内容不存在，或者您无权查看。", "There is nothing here, or nothing that you may see."),
    ),
    405: (("不支持的操作", "Not supported"), ("该页面不支持此操作。", "This page does not support the action.")),
    422: (
        ("请求无法理解", "Not understood"),
        (
            "地址或提交的内容有误，请返回后重试。",
            "The address or what was sent is wrong. Please go back and try again.",
        ),
    ),
    500: (
        ("系统出错了", "Something went wrong"),
        ("问题已记录，请稍后重试。", "The error was recorded. Please try again later."),
    ),
}
_EXPIRED = (
    ("登录已过期", "Your login has expired"),
    (
        "内容尚未提交。请重新登录后再次填写，您刚才填写的内容在下方。",
        "Nothing was submitted. Please log in and fill it in again; what you wrote stands below.",
    ),
)
_CSRF = (
    ("表单已失效", "The form has expired"),
    (
        "为保护您的账号，请返回原页面并刷新后重新提交。",
        "To protect your account, please reload the page and send the form again.",
    ),
)
_ENDED = (
    ("代理已结束", "The deputyship has ended"),
    (
        "您不再代理该用户，已恢复本人身份；刚才的内容没有提交。",
        "You are not this person's deputy any more and act in your own name again; nothing was submitted.",
    ),
)

_OTHERS = ("其他功能不受影响", "the others work")
_NOT_WITHOUT = ("恢复前各页面可能无法打开，已有的登录继续有效", "until then pages may not open; your login stays")


async def _page(request: Request, status: int, title: Both, text: Both, part: Both | None = None) -> Response:
    """What was sent is not lost: it is shown again, and can be sent again when a part was away."""
    visit: AnyVisit = getattr(request.state, "visit", None) or AnyVisit(request)
    template = "errors/_part.html" if visit.partial else "errors/page.html"
    said = {"title": title, "text": text, "part": part, "trace": telemetry.trace_id()}
    return visit.render(template, status=status, code=status, sent=await _sent(request), **said)


async def _sent(request: Request) -> list[tuple[str, str]]:
    """The texts of the form, by their fields; none when there is none, or when it is too large or no form at all."""
    if request.method in SAFE:
        return []
    try:
        form = await read_form(request)
    except (Rejected, HTTPException):
        return []
    return [(name, value) for name, value in form.multi_items() if isinstance(value, str) and name != CSRF_FIELD]


async def _standard(request: Request, status: int) -> Response:
    return await _page(request, status, *_TEXTS.get(status, _TEXTS[422]))


async def _login(request: Request, error: Exception) -> Response:
    """To the login and back; an htmx request takes its whole page along, unless the page asked by itself."""
    if "zp-background" in request.headers:
        return Response(status_code=401)
    if "hx-request" in request.headers:
        page = urlsplit(request.headers.get("hx-current-url", "/"))
        target = f"{page.path}?{page.query}" if page.query else page.path
        return Response(status_code=401, headers={"HX-Redirect": _login_path(target)})
    if request.method in SAFE:
        return RedirectResponse(_login_path(AnyVisit(request).address), 303)
    return await _page(request, 401, *_EXPIRED)


def _login_path(target: str) -> str:
    return f"/login?next={quote(security.own_path(target), safe='')}"


async def _forbidden(request: Request, error: Exception) -> Response:
    """What a user may not see does not exist for it; what it may see and not do says so."""
    return await _standard(request, 404 if request.method in SAFE else 403)


async def _deputyship_ended(request: Request, error: Exception) -> Response:
    """The session goes on in the user's own name, in which nothing is done that was sent in another's."""
    state, visit = request.app.state, request.state.visit
    assert isinstance(visit, UserVisit)  # noqa: S101 - guests stand in for nobody
    if "zp-background" in request.headers:
        return Response(status_code=403)
    await state.sessions.act_for(request.cookies[state.cookies.session], None)
    visit.stand_down()
    if request.method in SAFE and not visit.partial:
        return visit.redirect(
            "/", ("代理已结束，已恢复本人身份", "The deputyship has ended; you act in your own name again")
        )
    return await _page(request, 403, *_ENDED)


async def _missing(request: Request, error: Exception) -> Response:
    return await _standard(request, 404)


async def _invalid(request: Request, error: Exception) -> Response:
    return await _standard(request, 422)


async def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - registered for this class only
    return await _standard(request, error.status_code)


async def _csrf(request: Request, error: Exception) -> Response:
    return await _page(request, 403, *_CSRF)


async def _away(request: Request, error: Exception) -> Response:
    """502 for another part, which the gateway does not try again by itself, 503 for the portal's own database."""
    name, wait = (error.part, error.wait) if isinstance(error, Away) else ("portal", Away.wait)
    part = SYSTEM_PARTS.get(name, SYSTEM_PARTS["portal"])
    title = (f"“{part[0]}”暂时不可用", f"Not available now: {part[1]}")
    others = _NOT_WITHOUT if name in ("keycloak", "portal") else _OTHERS
    text = (
        f"该部分正在恢复，{others[0]}。已保存的内容不会丢失，请在 {wait} 秒后重试。",
        f"This part is being restored; {others[1]}. What was saved is safe. Please try again in {wait} seconds.",
    )
    response = await _page(request, 503 if name == "portal" else 502, title, text, part)
    response.headers["Retry-After"] = str(wait)
    return response


async def _rejected(request: Request, error: Exception) -> Response:
    """For pages that do not show the problem in their form."""
    assert isinstance(error, Rejected)  # noqa: S101
    after, after_en = (f"请在 {error.wait} 秒后重试。", f" Please wait {error.wait} s.") if error.wait else ("", "")
    text = (error.detail + after, error.detail + after_en)
    response = await _page(request, error.status, (error.title, error.title_en), text)
    if error.wait:
        response.headers["Retry-After"] = str(error.wait)
    return response


async def _database(request: Request, error: Exception) -> Response:
    telemetry.log.warning("database unavailable: %s", type(error).__name__)
    return await _away(request, error)


async def _unexpected(request: Request, error: Exception) -> Response:
    """Answered outside of all middleware, so it brings the security headers itself."""
    telemetry.log.error("unhandled error", exc_info=error)
    response = await _standard(request, 500)
    response.headers.update(security.headers(request.app.state.settings))
    return response


def install(app: FastAPI) -> None:
    app.add_exception_handler(LoginNeeded, _login)
    app.add_exception_handler(Forbidden, _forbidden)
    app.add_exception_handler(DeputyshipEnded, _deputyship_ended)
    app.add_exception_handler(Missing, _missing)
    app.add_exception_handler(Away, _away)
    app.add_exception_handler(Rejected, _rejected)
    app.add_exception_handler(CsrfMissing, _csrf)
    for incomplete in (RequestValidationError, ClientDisconnect):
        app.add_exception_handler(incomplete, _invalid)
    app.add_exception_handler(HTTPException, _http)
    for unreachable in DATABASE:
        app.add_exception_handler(unreachable, _database)
    app.add_exception_handler(Exception, _unexpected)
