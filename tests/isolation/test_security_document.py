"""What ``docs/security.md`` names is there; and no file of the repository has a secret in it."""

import re
import subprocess
from collections.abc import Mapping

import pytest
from detect_secrets.core.plugins.util import get_mapping_from_secret_type_to_class
from detect_secrets.plugins.base import RegexBasedDetector

from deploy.local.instance import ROOT

DOCUMENT = (ROOT / "docs" / "security.md").read_text()
NAMED = sorted(set(re.findall(r"`([\w./-]+/[\w.-]+\.\w+)(?:::(\w+))?`", DOCUMENT)))
ROWS = [row for row in DOCUMENT.partition("## OWASP")[2].splitlines() if row.startswith("| ")]
NO_SECRETS = {
    *("Secret Keyword", "Public IP (ipv4)", "Artifactory Credentials", "Cloudant Credentials"),
    *("IBM COS HMAC Credentials", "IBM Cloud IAM Key", "SoftLayer Credentials"),
}
"""What these find here are names of settings, or things that nobody uses here."""
SAID = {"://{user}:{password}@", "://user:word@"}
"""A template, and an address that a test has refused."""


def test_every_place_and_test_that_it_names_is_there() -> None:
    missing = [
        f"{path}::{name}"
        for path, name in NAMED
        if not (ROOT / path).exists() or (name and f"def {name}(" not in (ROOT / path).read_text())
    ]
    assert missing == []


@pytest.mark.parametrize("catalog", ["API", "V", "**"])
def test_every_point_says_which_test_shows_it(catalog: str) -> None:
    points = [row for row in ROWS if row.startswith(f"| {catalog}") and "not used" not in row]
    assert len(points) >= {"API": 10, "V": 30, "**": 5}[catalog]
    for row in points:
        assert re.search(r"`[\w./-]*(test_\w+|whole)\.py", row.rpartition(" | ")[2]), row


def test_no_file_has_a_secret() -> None:
    kinds: Mapping[str, type[RegexBasedDetector]] = get_mapping_from_secret_type_to_class()
    looked_for = {
        kind: made().denylist
        for kind, made in kinds.items()
        if issubclass(made, RegexBasedDetector) and kind not in NO_SECRETS
    }
    assert {"Private Key", "JSON Web Token", "Basic Auth Credentials"} <= looked_for.keys()
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True, text=True).stdout
    found = [
        (name, kind, match.group(0)[:30])
        for name in listed.split("\0")
        if (ROOT / name).is_file() and b"\0" not in (content := (ROOT / name).read_bytes())
        for kind, patterns in looked_for.items()
        for pattern in patterns
        for match in pattern.finditer(content.decode("utf-8", "replace"))
    ]
    assert [one for one in found if one[2] not in SAID] == []
