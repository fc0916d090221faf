"""Stores of objects, by their address: a folder (``file:///…``) or S3 (``s3://bucket/prefix``)."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from obstore.store import ObjectStore, from_url


def opened(url: str, options: Mapping[str, str]) -> ObjectStore:
    """``options`` are what obstore wants to know of S3: ``endpoint``, ``access_key_id``…; a folder is made."""
    far: dict[str, Any] = {
        "config": dict(options) or None,
        "client_options": {"allow_http": options.get("endpoint", "").startswith("http:")},
        "retry_config": {"max_retries": 3, "retry_timeout": timedelta(seconds=15)},
    }
    return from_url(url, **({"mkdir": True} if url.startswith("file:") else far))
