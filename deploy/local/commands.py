"""Commands in our own Python."""

import sys
from collections.abc import Mapping

from deploy.local.instance import ROOT
from deploy.local.processes import Command


def python(module: str, *arguments: str, env: Mapping[str, str] | None = None) -> Command:
    """``python -m module arguments`` in the repository's root."""
    return Command([sys.executable, "-m", module, *arguments], ROOT, env or {})
