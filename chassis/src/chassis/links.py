"""Links of an OpenAPI document: what was made leads to reading it and, with its ETag, to changing it."""

import re
from typing import Any

Json = dict[str, Any]
_PARAMETERS = re.compile(r"{(\w+)}")
_ON = ("get", "put", "patch")


def add(document: Json) -> None:
    """Adds them to the answer 201 of each POST to ``/things`` for which there is ``/things/{name}``."""
    for path, methods in document["paths"].items():
        made = methods.get("post", {}).get("responses", {}).get("201")
        thing = next((other for other in document["paths"] if _is_one_of(other, path)), None)
        if made is not None and thing is not None:
            parameter = thing[len(path) + 2 : -1]
            above = {f"path.{name}": f"$request.path.{name}" for name in _PARAMETERS.findall(path)}
            told = above | {f"path.{parameter}": f"$response.body#/{_field(document, made, parameter)}"}
            operations = document["paths"][thing]
            made["links"] = {method: _link(operations[method], told) for method in _ON if method in operations}


def _is_one_of(path: str, collection: str) -> bool:
    rest = path.removeprefix(f"{collection}/{{")
    return rest != path and rest.endswith("}") and "/" not in rest


def _field(document: Json, made: Json, parameter: str) -> str:
    """Where the answer says what to put for the parameter."""
    schema = made["content"]["application/json"]["schema"]["$ref"].rpartition("/")[2]
    if parameter in document["components"]["schemas"][schema]["properties"]:
        return parameter
    return "id" if parameter.endswith("_id") else "code"


def _link(operation: Json, told: Json) -> Json:
    changes = any(each["name"] == "if-match" for each in operation.get("parameters", ()))
    version = {"header.if-match": "$response.header.ETag"} if changes else {}
    return {"operationId": operation["operationId"], "parameters": told | version}
