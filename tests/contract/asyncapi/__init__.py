"""AsyncAPI's own parser, from npm, pinned by ``package-lock.json``."""

from pathlib import Path

from tests import npm


def bring(cache: Path) -> Path:
    """The folder in ``cache`` in which ``validate.mjs`` runs."""
    return npm.bring("asyncapi", Path(__file__).parent, ("validate.mjs",), cache)
