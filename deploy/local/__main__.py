"""``python -m deploy.local <command>``: see ``make``."""

import argparse
import os
from collections.abc import Callable
from pathlib import Path

from deploy.local import backup, doctor, launcher, report
from deploy.local.components import selection
from deploy.local.instance import Instance
from deploy.local.topology import topology


def main() -> int:
    arguments = _parser().parse_args()
    return _COMMANDS[arguments.command](Instance.here(), arguments) or 0


def _run(instance: Instance, arguments: argparse.Namespace) -> int:
    try:
        components = selection(backup.added(topology(), instance), arguments.only)
        return launcher.foreground(instance, components, unattended=arguments.unattended)
    except launcher.Busy:
        print("the system runs already: see `make status`")
        return 1


def _logs(instance: Instance, arguments: argparse.Namespace) -> None:
    report.component(instance, arguments.component)
    os.execlp("tail", "tail", "-n", "100", "-F", instance.log(arguments.component))


def _token(instance: Instance, arguments: argparse.Namespace) -> None:
    from deploy.local.tokens import token_of  # noqa: PLC0415 - httpx is slow to load, only this needs it

    print(token_of(instance, arguments.user))


def _keycloak_admin(instance: Instance, _: argparse.Namespace) -> int:
    from deploy.local.rescue import bring_back  # noqa: PLC0415 - python-keycloak is slow to load

    return bring_back(instance)


_COMMANDS: dict[str, Callable[[Instance, argparse.Namespace], int | None]] = {
    "run": _run,
    "up": lambda instance, arguments: launcher.background(instance, arguments.only),
    "down": lambda instance, _: launcher.down(instance),
    "reset": lambda instance, _: launcher.reset(instance),
    "status": lambda instance, _: print(report.table(instance, launcher.launcher(instance))),
    "doctor": lambda instance, _: doctor.examine(instance),
    "logs": _logs,
    "restart": lambda instance, arguments: launcher.restart(instance, arguments.component),
    "token": _token,
    "provision": lambda instance, _: launcher.provision(instance),
    "keycloak-admin": _keycloak_admin,
    "backup": lambda instance, arguments: backup.take(instance, arguments.to),
    "restore": lambda instance, arguments: backup.restore(instance, arguments.folder),
}


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="deploy.local", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    running = {name: commands.add_parser(name) for name in ("run", "up")}
    for each in running.values():
        each.add_argument("only", nargs="*", help="components; all when none is named")
    running["run"].add_argument("--unattended", action="store_true", help="the output is a log: without the logins")
    for name in ("down", "reset", "status", "doctor", "provision", "keycloak-admin"):
        commands.add_parser(name)
    for name in ("logs", "restart"):
        commands.add_parser(name).add_argument("component")
    commands.add_parser("token").add_argument("user")
    commands.add_parser("backup").add_argument("to", nargs="?", type=Path, help="a folder to make")
    commands.add_parser("restore").add_argument("folder", type=Path)
    return parser


if __name__ == "__main__":
    raise SystemExit(main())
