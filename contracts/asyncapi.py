"""The AsyncAPI 3.1 document of the topics."""

from typing import Any

from chassis.app import VERSION
from contracts.channels import CHANNELS, Channel

_HEADERS: dict[str, Any] = {
    "type": "object",
    "description": "The attributes of CloudEvents 1.0 in binary mode.",
    "required": ["ce_specversion", "ce_id", "ce_source", "ce_type", "ce_subject", "ce_time", "ce_sequence"],
    "properties": {
        "ce_specversion": {"const": "1.0"},
        "ce_id": {"type": "string", "format": "uuid", "description": "The same when the event is published again"},
        "ce_source": {"type": "string", "pattern": "^/zoneportal/[a-z]+$"},
        "ce_type": {"type": "string"},
        "ce_subject": {"type": "string", "minLength": 1, "description": "The thing's id, which is the key as well"},
        "ce_time": {"type": "string", "format": "date-time"},
        "ce_sequence": {"type": "string", "pattern": "^[0-9]+$", "description": "The thing's version"},
        "ce_tenant": {"type": "string", "description": "The thing's jurisdiction, when it has one"},
        "ce_traceparent": {"type": "string", "pattern": "^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$"},
        "content-type": {"const": "application/json"},
    },
}
HEADERS = _HEADERS | {"required": [*_HEADERS["required"], "content-type"]}


def document() -> dict[str, Any]:
    """All channels with their messages, whose payloads are the files under ``events/``."""
    return {
        "asyncapi": "3.1.0",
        "info": {
            "title": "自贸试验区推进 Zone portal: events",
            "version": VERSION,
            "description": (
                "CloudEvents 1.0 in binary mode, data as JSON; the key is the thing's id, so one thing's events keep "
                "their order. Each event comes at least once: handle a `ce_id` once. Within `v1` only optional "
                "fields are added: ignore fields and types that you do not know."
            ),
        },
        "defaultContentType": "application/json",
        "servers": _SERVERS,
        "channels": {channel.name: _channel(channel) for channel in CHANNELS},
        "operations": {
            f"send{channel.name[0].upper()}{channel.name[1:]}": {
                "action": "send",
                "channel": {"$ref": f"#/channels/{channel.name}"},
            }
            for channel in CHANNELS
        },
        "components": {
            "messages": {name: _message(name, kind.title) for c in CHANNELS for name, kind in c.types.items()},
            "schemas": {"CloudEvent": HEADERS},
            "securitySchemes": _SECURITY,
        },
    }


_SERVERS = {
    "integrators": {
        "host": "{broker}",
        "protocol": "kafka-secure",
        "description": "For other systems, with a token of their own client; each reads the topics granted to it.",
        "variables": {"broker": {"default": "kafka.example:9094", "description": "Told by the operator"}},
        "security": [{"$ref": "#/components/securitySchemes/client"}],
    },
    "services": {
        "host": "{broker}",
        "protocol": "kafka-secure",
        "description": "For the services themselves.",
        "variables": {"broker": {"default": "kafka.example:9092"}},
        "security": [{"$ref": "#/components/securitySchemes/service"}],
    },
}
_SECURITY = {
    "client": {
        "type": "oauth2",
        "description": "SASL/OAUTHBEARER with an access token of the realm zoneportal",
        "flows": {
            "clientCredentials": {
                "tokenUrl": "https://gateway.example/auth/realms/zoneportal/protocol/openid-connect/token",
                "availableScopes": {},
            }
        },
    },
    "service": {"type": "scramSha512", "description": "SASL/SCRAM-SHA-512"},
}


def _channel(channel: Channel) -> dict[str, Any]:
    described = {
        "address": channel.address,
        "title": channel.title,
        "description": channel.description,
        "messages": {name: {"$ref": f"#/components/messages/{name}"} for name in channel.types},
        "bindings": {"kafka": {"topicConfiguration": dict(channel.kafka)}},
    }
    return described | ({"parameters": dict(channel.parameters)} if channel.parameters else {})


def _message(name: str, title: str) -> dict[str, Any]:
    return {
        "name": name,
        "title": title,
        "contentType": "application/json",
        "headers": {
            "allOf": [
                {"$ref": "#/components/schemas/CloudEvent"},
                {"type": "object", "properties": {"ce_type": {"const": name}}},
            ]
        },
        "payload": {"$ref": f"./events/{name}.json"},
        "bindings": {"kafka": {"key": {"type": "string", "description": "The subject"}}},
    }
