"""Messages signed by the Standard Webhooks specification. Pure but for new secrets."""

import json
import secrets
from base64 import b64encode
from collections.abc import Sequence
from datetime import datetime

from standardwebhooks import Webhook

PREFIX = "whsec_"
SECRET_BYTES = 32
CONTENT_TYPE = "application/cloudevents+json"
USER_AGENT = "zoneportal-webhooks/1"
TEST_TYPE = "zoneportal.notify.webhook.tested.v1"


def new_secret() -> str:
    return PREFIX + b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


def headers(message_id: str, body: str, keys: Sequence[str], now: datetime) -> dict[str, str]:
    """What a message is sent with; ``keys`` are the present secret and, for a day, the one before it."""
    return {
        "content-type": CONTENT_TYPE,
        "user-agent": USER_AGENT,
        "webhook-id": message_id,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": " ".join(Webhook(key).sign(message_id, now, body) for key in keys),
    }


def test_event(message_id: str, webhook_id: str, created_at: datetime) -> str:
    """A test: a CloudEvent such as the others, of a type that only tests have."""
    event = {
        "specversion": "1.0",
        "id": message_id,
        "source": "/zoneportal/notify",
        "type": TEST_TYPE,
        "subject": webhook_id,
        "time": created_at.isoformat().replace("+00:00", "Z"),
        "sequence": "1",
        "datacontenttype": "application/json",
        "data": {},
    }
    return json.dumps(event, separators=(",", ":"))
