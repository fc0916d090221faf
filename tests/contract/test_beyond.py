"""What rules refuse is known to the fuzz before it happens to meet the one thing that lets it get so far."""

import re

from deploy.local.instance import ROOT
from tests.contract.beyond import BEYOND_SCHEMAS

REFUSED = re.compile(r'(?:pointer = |Invalid\()"([^"]+)"')


def test_every_field_that_a_rule_refuses_is_beyond_schemas() -> None:
    sources = [*ROOT.glob("services/*/src/**/*.py"), *ROOT.glob("chassis/src/**/*.py")]
    refused = {pointer for source in sources for pointer in REFUSED.findall(source.read_text())}
    assert "/body/due" in refused
    assert refused - BEYOND_SCHEMAS == set()
