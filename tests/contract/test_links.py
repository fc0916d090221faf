"""What was made leads to reading it, and to changing it with its ETag, in the descriptions of the APIs."""

import pytest

from contracts.apis import APPS
from contracts.schemas import kinds


@pytest.mark.parametrize("service", APPS)
def test_each_creation_leads_to_what_it_made(service: str) -> None:
    document = APPS[service]().openapi()
    paths = document["paths"]
    leading = 0
    for path in paths:
        collection, _, parameter = path.rpartition("/")
        made = paths.get(collection, {}).get("post", {}).get("responses", {}).get("201")
        if made is None or not parameter.startswith("{"):
            continue
        given = kinds(document, made["content"]["application/json"]["schema"])["object"]["properties"]
        for method in {"get", "put", "patch"} & paths[path].keys():
            told = made["links"][method]["parameters"]
            assert made["links"][method]["operationId"] == paths[path][method]["operationId"]
            assert told[f"path.{parameter[1:-1]}"].removeprefix("$response.body#/") in given
            assert ("header.if-match" in told) == (method != "get")
            leading += 1
    assert leading
