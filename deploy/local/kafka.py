"""The Kafka broker of one machine."""

import json
from pathlib import Path

from deploy.local.artifacts import JAVA, kafka_classpath
from deploy.local.instance import Instance
from deploy.local.ports import SERVICES
from deploy.local.processes import Command
from deploy.provision.broker import ADMIN, LOG4J, Broker, scram

_JAVA = ("-Xms48m", "-Xmx384m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:+ExitOnOutOfMemoryError")
# the tool prints keys of the first users, so its output goes nowhere; a format that broke off leaves no meta.properties
_FORMAT = """
[ -e data/meta.properties ] && exit
rm -rf data
cluster=$("$@" random-uuid 2>/dev/null | tail -n 1)
"$@" format --ignore-formatted -t "$cluster" -c server.properties $(cat scram) >/dev/null
rm scram
"""


def storage(instance: Instance) -> Command:
    """Makes the storage and the first users, unless it is there."""
    home = _configure(instance)
    users = {"broker": "kafka_broker", ADMIN: "kafka_admin"}
    _write(home / "scram", scram({name: instance.secrets[key] for name, key in users.items()}))
    tool = [JAVA, "-Xmx128m", "-XX:TieredStopAtLevel=1", f"-Dlog4j2.configurationFile={home / 'log4j2.yaml'}"]
    tool += ["-cp", kafka_classpath(instance.cache_dir), "kafka.tools.StorageTool"]
    return Command(["/bin/sh", "-euc", _FORMAT, "format", *tool], home)


def command(instance: Instance) -> Command:
    home = _configure(instance)
    log4j = f"-Dlog4j2.configurationFile={home / 'log4j2.yaml'}"
    allowed = f"-Dorg.apache.kafka.sasl.oauthbearer.allowed.urls={instance.jwks}"
    classpath = kafka_classpath(instance.cache_dir)
    return Command([JAVA, *_JAVA, log4j, allowed, "-cp", classpath, "kafka.Kafka", "server.properties"], home)


def _configure(instance: Instance) -> Path:
    home = instance.folder("kafka")
    _write(home / "server.properties", _broker(instance).properties)
    _write(home / "log4j2.yaml", LOG4J)
    return home


def _write(path: Path, text: str) -> None:
    path.unlink(missing_ok=True)
    path.touch(mode=0o600)
    path.write_text(text)


def _broker(instance: Instance) -> Broker:
    listeners = {name: instance.address(f"kafka_{name.lower()}") for name in ("INTERNAL", "CONTROLLER", "EXTERNAL")}
    data = str(instance.run_dir / "kafka" / "data")
    return Broker(listeners, listeners, data, instance.issuer, instance.jwks, instance.secrets["kafka_broker"])


def provision_env(instance: Instance) -> dict[str, str]:
    """What the provisioning of topics, users and rights is told."""
    users = {service: instance.secrets[f"kafka_{service}"] for service in SERVICES}
    return {
        "ZP_KAFKA_USERS": json.dumps(users),
        "ZP_KAFKA_BOOTSTRAP": instance.address("kafka_internal"),
        "ZP_KAFKA_USERNAME": ADMIN,
        "ZP_KAFKA_PASSWORD": instance.secrets["kafka_admin"],
    }
