"""``python -m contracts.generate``: writes the contracts anew from the code."""

import json
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import yaml

from contracts import apis, asyncapi, channels, dictionary, states
from contracts.consumers import announcements, grants, integrator, letters, notify, portal, portal_catalog, progress

FOLDER = Path(__file__).parent
GENERATED = ("openapi/*.json", "events/*.json", "asyncapi.yaml", "pacts/*.json")
PACTS = (
    *(progress.catalog, notify.catalog, notify.progress),
    *(portal_catalog.catalog, portal.progress, portal.notify),
    *(integrator.progress, integrator.notify),
    *(grants.catalog, grants.notify),
    *(letters.progress, letters.notify),
    announcements.province,
)


def generated() -> dict[str, str]:
    """What the code says: file, by its path under ``contracts/``, and content."""
    return dict(_files())


def committed() -> dict[str, str]:
    """What the files say."""
    found = (path for pattern in GENERATED for path in FOLDER.glob(pattern))
    return {path.relative_to(FOLDER).as_posix(): path.read_text("utf-8") for path in found}


def _files() -> Iterator[tuple[str, str]]:
    for service, app in apis.APPS.items():
        yield f"openapi/{service}.json", _json(app().openapi())
    for name, kind in channels.TYPES.items():
        yield f"events/{name}.json", _json(channels.schema(kind) | {"examples": dictionary.examples(name)})
    yield "asyncapi.yaml", yaml.safe_dump(asyncapi.document(), allow_unicode=True, sort_keys=False, width=120)
    yield from _pacts()


def _pacts() -> Iterator[tuple[str, str]]:
    with TemporaryDirectory() as folder:
        for consumer in PACTS:
            consumer().write_file(folder)
        for path in Path(folder).iterdir():
            yield f"pacts/{path.name}", path.read_text("utf-8") + "\n"


def _json(content: Any) -> str:
    return json.dumps(content, ensure_ascii=False, indent=2) + "\n"


def main() -> None:
    """Files that nothing says any more go."""
    files = generated()
    for name in committed().keys() - files.keys():
        (FOLDER / name).unlink()
    for name, content in files.items():
        path = FOLDER / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(content, "utf-8")
    states.write()


if __name__ == "__main__":
    main()
