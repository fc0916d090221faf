"""The passwords of one instance: made once, kept where only their owner reads them."""

import json
import secrets
from pathlib import Path

from deploy.local.ports import SERVICES

DEMO_USERS = {
    "province.admin": "省自贸办",
    "hefei.admin": "合肥片区",
    "wuhu.admin": "芜湖片区",
    "bengbu.admin": "蚌埠片区",
    "dept.swt": "省商务厅",
    "swt.admin": "省商务厅（审核）",
    "dept.hfhg": "合肥海关",
    "auditor.demo": "审计",
    "operator.demo": "运维",
    "security.demo": "安全",
}
DEMO_INTEGRATORS = {"integrator-hefei": ["hefei"]}
"""Client -> the zones whose events it may read, as they are first granted."""
_NAMES = (
    *("postgres", "keycloak_db", "keycloak_admin", "portal_client", "notify_client", "catalog_client", "grants_client"),
    *("people_client", "demo", "grafana"),
    *(f"{client}_client" for client in DEMO_INTEGRATORS),
    *("kafka_broker", "kafka_admin", *(f"kafka_{service}" for service in SERVICES)),
    *(f"{service}_{role}" for service in (*SERVICES, "portal") for role in ("owner", "api", "worker")),
)


def load(path: Path) -> dict[str, str]:
    """The passwords by name, from ``path``; those not there yet are made."""
    known: dict[str, str] = json.loads(path.read_text()) if path.exists() else {}
    missing = {name: password for name, password in new().items() if name not in known}
    if missing:
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_suffix(".new")
        draft.unlink(missing_ok=True)
        draft.touch(mode=0o600)
        draft.write_text(json.dumps(known | missing, indent=2))
        draft.replace(path)
    return known | missing


def new() -> dict[str, str]:
    """A password for each name."""
    return {name: secrets.token_urlsafe(18) for name in _NAMES}
