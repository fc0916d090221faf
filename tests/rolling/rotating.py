"""New passwords and secrets for processes that work: as ``docs/operators/rotation.md`` says, step by step."""

import json
from collections.abc import Mapping
from dataclasses import replace
from secrets import token_urlsafe

from deploy.local import keycloak, postgres, topology
from deploy.local.components import Component
from deploy.local.instance import Instance
from deploy.local.kafka import provision_env
from deploy.local.processes import Command

STEPS = {component.name: component for component in topology.topology()}


def told(component: Component, env: Mapping[str, str]) -> Component:
    """The component with other variables."""

    def command(instance: Instance) -> Command:
        present = component.command(instance)
        return replace(present, env={**present.env, **env})

    return replace(component, command=command)


def databases(instance: Instance, passwords: Mapping[str, str]) -> Component:
    """The step that gives roles their passwords, with others for some."""
    roles = json.loads(postgres.provision_env(instance)["ZP_ROLE_PASSWORDS"])
    return told(STEPS["databases"], {"ZP_ROLE_PASSWORDS": json.dumps({**roles, **passwords})})


def topics(instance: Instance, passwords: Mapping[str, str]) -> Component:
    """The step that gives the broker's users their passwords, with others for some."""
    users = json.loads(provision_env(instance)["ZP_KAFKA_USERS"])
    return told(STEPS["topics"], {"ZP_KAFKA_USERS": json.dumps({**users, **passwords})})


def realm(instance: Instance, secrets: Mapping[str, str]) -> Component:
    """The step that gives Keycloak's clients their secrets, with others for some."""
    return told(STEPS["realm"], {**keycloak.realm_env(instance), **secrets})


class Rotation:
    """New secrets of progress and of the portal."""

    def __init__(self, instance: Instance) -> None:
        self._instance = instance
        self.database = {role: token_urlsafe(18) for role in ("progress_api_b", "progress_worker_b")}
        self.kafka, self.client = token_urlsafe(18), token_urlsafe(18)

    def address(self, role: str) -> str:
        return f"postgresql://{role}:{self.database[role]}@{self._instance.address('postgres')}/progress"

    @property
    def apis(self) -> list[Component]:
        env = {"ZP_DATABASE_URL": self.address("progress_api_b")}
        return [told(topology.api("progress", copy), env) for copy in ("", "_2")]

    @property
    def workers(self) -> list[Component]:
        env = {"ZP_DATABASE_URL": self.address("progress_worker_b"), "ZP_KAFKA_PASSWORD": self.kafka}
        return [told(topology.worker("progress", copy), env) for copy in ("", "_2")]

    def portals(self, **env: str) -> list[Component]:
        return [told(topology.portal(copy), env) for copy in ("", "_2")]
