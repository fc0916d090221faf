"""Writes the SQL of all migrations and has squawk look at it: ``python -m deploy.lint_migrations``."""

import io
import subprocess
import sysconfig
import tempfile
from pathlib import Path

from alembic import command
from alembic.config import Config

from deploy.local.instance import ROOT


def sql(migrations: Path) -> str:
    """What an empty database of the service would be told to become the newest one."""
    output = io.StringIO()
    config = Config(output_buffer=output)
    config.set_main_option("script_location", str(migrations))
    command.upgrade(config, "head", sql=True)
    return output.getvalue()


def main() -> int:
    """The exit code of squawk."""
    folders = sorted(path.parent for path in ROOT.glob("*/*/migrations/versions"))
    with tempfile.TemporaryDirectory() as drafts:
        files = [Path(drafts) / f"{folder.parent.name}.sql" for folder in folders]
        for folder, file in zip(folders, files, strict=True):
            file.write_text(sql(folder))
        squawk = Path(sysconfig.get_path("scripts")) / "squawk"
        return subprocess.run([squawk, *files], cwd=ROOT, check=False).returncode


if __name__ == "__main__":
    raise SystemExit(main())
