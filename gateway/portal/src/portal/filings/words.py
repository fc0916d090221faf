"""The words for filings, their steps and what a check on entry asks about."""

from portal.web.words import Both

FIELDS: dict[str, Both] = {
    "percent": ("完成比例", "Progress"),
    "done": ("工作进展", "What was done"),
    "problems": ("存在问题", "Problems"),
    "next_steps": ("下一步打算", "Next steps"),
    "finished": ("已完成", "Finished"),
    "line_percent": ("推进事项的完成比例", "The line's progress"),
}
STEPS: dict[str, Both] = {
    "submit": ("提交本单位审核", "Submit"),
    "withdraw": ("撤回", "Take back"),
    "check": ("审核报送", "Check and send"),
    "send_back": ("退回填报人", "Give back to the writer"),
    "uncheck": ("取消报送", "Take back from the province"),
    "accept": ("接收", "Accept"),
    "unaccept": ("取消接收", "Undo the acceptance"),
    "approve": ("审定", "Approve"),
    "return": ("退回", "Return"),
    "reopen": ("重新开放", "Open again"),
    "take_over": ("历史数据接管", "Take over"),
}
HOLDS: dict[str, Both] = {
    "locked": (
        "该报告期已锁定，不能再填报。如需补报或更正，请联系省自贸办重新开放。",
        "This period is locked. Ask the provincial office to open it again.",
    ),
    "past": (
        "该报告期早于平台启用，由省自贸办统一接管，不能填报。",
        "This period is from before the portal; the provincial office takes it over.",
    ),
    "suspended": ("该事项已暂停推进，恢复前不能填报。", "The line is suspended; nothing is filed until it is resumed."),
    "withdrawn": ("该事项已随任务撤回，或其所在片区已撤销。", "The line was withdrawn with its task or its zone."),
}
USES: dict[str, Both] = {
    "line": ("推进事项现状", "The line as it stands"),
    "period": ("报告期结果", "The period's results"),
    "days": ("往日总览", "The overview of past days"),
    "bulletin": ("通报", "Bulletin"),
    "assessment": ("考评", "Assessment"),
}
HREFS: dict[str, str] = {
    "line": "/lines",
    "period": "/periods",
    "bulletin": "/bulletins",
    "assessment": "/assessments",
}
"""Where the pages of what reads a filing are; past days are the overview's."""
