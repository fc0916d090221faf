"""``python -m deploy.local <command>``: see ``make``."""

import argparse
import os

from deploy.local import launcher, report
from deploy.local.components import selection
from deploy.local.instance import Instance
from deploy.local.topology import topology


def main() -> int:
    arguments = _parser().parse_args()
    instance = Instance.here()
    if arguments.command == "run":
        try:
            return launcher.foreground(instance, selection(topology(), arguments.only))
        except launcher.Busy:
            print("the system runs already: see `make status`")
            return 1
    if arguments.command == "up":
        return launcher.background(instance, arguments.only)
    if arguments.command == "status":
        print(report.table(instance, launcher.launcher(instance)))
    elif arguments.command == "logs":
        report.component(instance, arguments.component)
        os.execlp("tail", "tail", "-n", "100", "-F", instance.log(arguments.component))
    elif arguments.command == "token":
        from deploy.local.tokens import token_of  # noqa: PLC0415 - httpx is slow to load, only this needs it

        print(token_of(instance, arguments.user))
    elif arguments.command == "restart":
        return launcher.restart(instance, arguments.component)
    else:
        return {"down": launcher.down, "reset": launcher.reset}[arguments.command](instance)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="deploy.local", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    for name in ("run", "up"):
        commands.add_parser(name).add_argument("only", nargs="*", help="components; all when none is named")
    for name in ("down", "reset", "status"):
        commands.add_parser(name)
    for name in ("logs", "restart"):
        commands.add_parser(name).add_argument("component")
    commands.add_parser("token").add_argument("user")
    return parser


if __name__ == "__main__":
    raise SystemExit(main())
