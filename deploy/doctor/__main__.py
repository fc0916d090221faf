"""``python -m deploy.doctor``: what is found, line by line; exit code 1 when something is wrong."""

import asyncio

from deploy.doctor.checks import examine
from deploy.doctor.rules import Level, counted
from deploy.provision.settings import DoctorSettings


def main() -> int:
    found = asyncio.run(examine(DoctorSettings()))
    for finding in found:
        print(finding.line)
    count = counted(found)
    print(f"{len(found)} checks: {count[Level.WRONG]} wrong, {count[Level.WARNING]} warnings")
    return 1 if count[Level.WRONG] else 0


if __name__ == "__main__":
    raise SystemExit(main())
