"""What only progress is told by its environment."""

from pydantic import Field

from chassis.settings import Settings


class ProgressSettings(Settings):
    """``attachments_url`` is where attachments lie: ``file:///a/folder`` or ``s3://bucket/prefix``, of which
    ``attachments_options`` tell the rest by the names of obstore: ``endpoint``, ``access_key_id``…

    ``clamd`` is ``host:port`` of a virus scanner that looks at every upload; empty for none.
    """

    attachments_url: str
    attachments_options: dict[str, str] = Field(default_factory=dict)
    clamd: str = ""
