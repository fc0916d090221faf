"""The topics ``progress.<jurisdiction>``: made before the first event goes there, so a new zone needs no restart."""

import asyncio

from kafka.admin import KafkaAdminClient
from kafka.errors import KafkaError, TopicAlreadyExistsError

from chassis.settings import Settings
from chassis.topics import KEPT, PARTITIONS


def name(jurisdiction: str) -> str:
    return f"progress.{jurisdiction}"


class Topics:
    """Makes topics that are missing; remembers those that it has seen."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._known: set[str] = set()

    async def ensure(self, jurisdiction: str) -> None:
        """Raises ConnectionError as long as the broker does not make the topic."""
        if jurisdiction not in self._known:
            try:
                await asyncio.to_thread(self._create, name(jurisdiction))
            except KafkaError as error:
                raise ConnectionError(f"topic {name(jurisdiction)}: {error!r}") from error
            self._known.add(jurisdiction)

    def _create(self, topic: str) -> None:
        admin = KafkaAdminClient(**self._settings.kafka)
        try:
            admin.create_topics({topic: {"num_partitions": PARTITIONS, "replication_factor": -1, "configs": KEPT}})
        except TopicAlreadyExistsError:
            return
        finally:
            admin.close()
