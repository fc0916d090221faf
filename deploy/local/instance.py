"""One copy of the system on this machine: its folder, its ports, its secrets. All that it writes is in ``run_dir``."""

import json
import os
import socket
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from deploy.local import credentials, ports
from deploy.local.ports import SERVICES

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Instance:
    """``cache_dir`` holds downloads and what is built from them; instances may share it."""

    run_dir: Path
    cache_dir: Path
    ports: dict[str, int] = field(default_factory=dict)

    @classmethod
    def here(cls) -> "Instance":
        """The instance of this checkout, or the one that ``ZP_RUN_DIR`` (and ``ZP_CACHE_DIR``) names."""
        return cls.at(Path(os.environ.get("ZP_RUN_DIR", ROOT / ".run")).resolve())

    @classmethod
    def at(cls, run_dir: Path) -> "Instance":
        """The instance of a run folder, with the ports that it had last."""
        cache_dir = Path(os.environ.get("ZP_CACHE_DIR", ROOT / ".run" / "cache")).resolve()
        instance = cls(run_dir, cache_dir)
        instance.ports.update(instance.read("ports.json"))
        return instance

    def take_ports(self, say: Callable[[str], None]) -> socket.socket:
        """Chooses the ports; they are this instance's for as long as the socket is open."""
        held = ports.reserve(self.ports.get("block"), say)
        self.ports.update(ports.choose(held.getsockname()[1], self.ports, say))
        self.write("ports.json", self.ports)
        return held

    @cached_property
    def secrets(self) -> dict[str, str]:
        return credentials.load(self.run_dir / "secrets.json")

    def read(self, name: str) -> dict[str, Any]:
        """A JSON file of the instance; empty when there is none."""
        try:
            content: dict[str, Any] = json.loads((self.run_dir / name).read_text())
        except FileNotFoundError:
            return {}
        return content

    def write(self, name: str, content: object) -> None:
        """Replaces a JSON file of the instance."""
        self.write_text(name, json.dumps(content, indent=2, ensure_ascii=False))

    def write_text(self, name: str, text: str) -> None:
        """Replaces a file of the instance in one step; only its owner may read it."""
        path = self.run_dir / name
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_suffix(".new")
        draft.unlink(missing_ok=True)
        draft.touch(mode=0o600)
        draft.write_text(text)
        draft.replace(path)

    def folder(self, name: str) -> Path:
        path = self.run_dir / name
        path.mkdir(parents=True, exist_ok=True)
        return path

    def log(self, component: str) -> Path:
        return self.folder("log") / f"{component}.log"

    def address(self, port: str) -> str:
        return f"127.0.0.1:{self.ports[port]}"

    def database(self, name: str, user: str, secret: str) -> str:
        return f"postgresql://{user}:{self.secrets[secret]}@{self.address('postgres')}/{name}"

    @property
    def gateway(self) -> str:
        return f"http://{self.address('gateway')}"

    @property
    def keycloak(self) -> str:
        return f"http://{self.address('keycloak')}/auth"

    @property
    def issuer(self) -> str:
        return f"{self.gateway}/auth/realms/zoneportal"

    @property
    def jwks(self) -> str:
        return f"{self.keycloak}/realms/zoneportal/protocol/openid-connect/certs"

    def endpoints(self) -> dict[str, object]:
        """What ``endpoints.json`` holds, for people, tests and integrators."""
        processes = ["portal", *(f"{service}_{kind}" for service in SERVICES for kind in ("api", "worker"))]
        return {
            "gateway": self.gateway,
            "issuer": self.issuer,
            "kafka": self.address("kafka_external"),
            "kafka_internal": self.address("kafka_internal"),
            "mail": f"http://{self.address('mail')}",
            "smtp": self.address("smtp"),
            "databases": {name: self.database(name, "postgres", "postgres") for name in (*SERVICES, "portal")},
            "components": {name.replace("_", "-"): f"http://{self.address(name)}" for name in processes},
        }
