"""The words of the Excel template by which people are invited, which stay Chinese. Pure."""

from chassis.auth import Role

MOST = 50
PAGE, NOTES, NAMES = "用户", "填写说明", "单位名称"
ADMINISTRATOR = "管理员"
HATS = {"系统管理员": Role.OPERATOR, "安全管理员": Role.SECURITY, "审计管理员": Role.AUDITOR}
HINTS = (
    f"每行一名用户，一次最多 {MOST} 名；姓名、用户名、邮箱必填。",
    "用户名为 3–40 个小写字母或数字，可用单个点、下划线或连字符分隔，以字母开头。",
    "单位填名称；只管理一个单位的，可不填。",
    "角色不填即为该单位的普通用户；填“管理员”的同时管理本单位用户；系统管理下填系统管理员、安全管理员或审计管理员。",
    "全部核对无误才会创建；有一处错误，则一个也不创建。",
)
