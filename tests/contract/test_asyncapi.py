"""AsyncAPI's own parser finds nothing wrong with the document of the topics, and would."""

import json

import pytest

from contracts.generate import FOLDER
from deploy.local.instance import Instance
from tests import npm
from tests.contract import asyncapi

DOCUMENT = FOLDER / "asyncapi.yaml"
UNIT = "events/zoneportal.catalog.unit.published.v1.json"
FAULTS = (("address: catalog", "addressee: catalog"), (UNIT, "strange.json"))


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> list[list[str]]:
    """What the parser says of the committed document, of it without a schema, and of it with other faults."""
    folder = tmp_path_factory.mktemp("asyncapi")
    (folder / "events").symlink_to(FOLDER / "events")
    (folder / "strange.json").write_text((FOLDER / UNIT).read_text("utf-8").replace('"string"', '"text"', 1))
    text = DOCUMENT.read_text("utf-8")
    (folder / "lacking.yaml").write_text(text.replace(UNIT, "events/nowhere.json"))
    for before, after in FAULTS:
        assert before in text
        text = text.replace(before, after, 1)
    (folder / "faulty.yaml").write_text(text)
    here = asyncapi.bring(Instance.here().cache_dir)
    files = DOCUMENT, folder / "lacking.yaml", folder / "faulty.yaml"
    said: list[list[str]] = json.loads(npm.node(here, "validate.mjs", *files))
    return said


def test_the_document_of_the_topics_is_valid(found: list[list[str]]) -> None:
    assert found[0] == []


def test_faults_in_it_are_named(found: list[list[str]]) -> None:
    _, lacking, faulty = map("\n".join, found)
    assert "invalid-ref at components/messages/zoneportal.catalog.unit.published.v1/payload/$ref" in lacking
    assert 'at channels/catalog/addressee: Property "addressee" is not expected' in faulty
    assert 'at properties/id/type: "type" property must be equal to one of' in faulty
