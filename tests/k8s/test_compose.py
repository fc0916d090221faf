"""``docker-compose.yml``: valid by the specification, and the same system as the other launchers start."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from compose_spec import PyCompose

from deploy.local import artifacts, credentials, keycloak, postgres
from deploy.local.instance import ROOT
from deploy.provision.secrets import folders
from tests.k8s import launchers, pods
from tests.k8s.kustomize import build

Service = dict[str, Any]
_SECRETS = "./.run/compose"
_LOCAL_ONLY = ("listen_addresses", "unix_socket_directories")


@pytest.fixture(scope="module")
def text() -> str:
    """The file with the defaults of its variables."""
    raw = (ROOT / "docker-compose.yml").read_text()
    return re.sub(r"\$\{\w+:-([^}]*)\}", r"\1", raw)


@pytest.fixture(scope="module")
def compose(text: str) -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load(text.replace("$$", "$"))
    return loaded


@pytest.fixture(scope="module")
def services(compose: dict[str, Any]) -> dict[str, Service]:
    found: dict[str, Service] = compose["services"]
    return found


@pytest.fixture(scope="module")
def kubernetes() -> dict[str, Any]:
    """The container of each workload of the single node."""
    templates = pods.templates(build(ROOT / "deploy/k8s/overlays/single-node"))
    return {name: template["spec"]["containers"][0] for name, template in templates.items()}


def told(service: Service) -> set[str]:
    """The names that a service finds in its environment and among its secrets."""
    files = folders(credentials.new())
    mounted = [Path(volume.split(":")[0]).name for volume in service.get("volumes", ()) if "/run/secrets" in volume]
    return {*service.get("environment", ()), *(name for folder in mounted for name in files[folder])}


def test_it_is_valid(compose: dict[str, Any]) -> None:
    parsed = PyCompose.from_yaml(yaml.safe_dump(compose))
    assert set(parsed.service_names()) == set(compose["services"])


def test_what_it_names_is_there(compose: dict[str, Any], services: dict[str, Service]) -> None:
    for service in services.values():
        for volume in service.get("volumes", ()):
            source, _, target = volume.partition(":")
            known = source in compose["volumes"] or source.startswith(_SECRETS)
            assert known or (source.startswith("./deploy/") and (ROOT / source).exists()), volume
            assert target.startswith("/")
        if build_ := service.get("build"):
            assert (ROOT / build_["dockerfile"]).is_file()
            assert (ROOT / build_.get("args", {}).get("PACKAGE", "deploy")).is_dir()


def test_what_is_waited_for_can_come(services: dict[str, Service]) -> None:
    for service in services.values():
        for name, condition in service.get("depends_on", {}).items():
            awaited = services[name]
            assert set(awaited.get("profiles", ())) <= set(service.get("profiles", ())), name
            if condition["condition"] == "service_healthy":
                assert "healthcheck" in awaited, name
            else:
                assert awaited["restart"] == "no", name


def test_each_is_limited(services: dict[str, Service]) -> None:
    for name, service in services.items():
        assert service["deploy"]["resources"]["limits"]["memory"], name
        assert "no-new-privileges:true" in service["security_opt"], name


def test_limits_are_those_of_kubernetes(services: dict[str, Service], kubernetes: dict[str, Any]) -> None:
    """Compose's M is Kubernetes' Mi."""
    for name, container in kubernetes.items():
        limit = services[name]["deploy"]["resources"]["limits"]["memory"]
        assert f"{limit}i" == container["resources"]["limits"]["memory"], name


def test_a_service_is_told_what_the_launcher_tells_it(services: dict[str, Service], tmp_path: Path) -> None:
    for name, (service, wanted) in launchers.processes(tmp_path).items():
        assert told(services[name]) & launchers.names(launchers.KNOWN[service]) == wanted, name
        assert launchers.names(launchers.KNOWN[service], required=True) <= wanted, name


def test_no_step_misses_a_setting(services: dict[str, Service]) -> None:
    for step, every in launchers.STEPS.items():
        required = {name for settings in every for name in launchers.names(settings, required=True)}
        assert required <= told(services[step]), step


def test_postgres_is_set_up_as_by_the_launcher(services: dict[str, Service], kubernetes: dict[str, Any]) -> None:
    wanted = {f"{name}={value}" for name, value in postgres.SETTINGS.items() if name not in _LOCAL_ONLY}
    assert set(services["postgres"]["command"].split()) - {"postgres", "-c"} == wanted
    assert {option.removeprefix("-c") for option in kubernetes["postgres"]["args"]} == wanted


def test_keycloak_is_set_up_alike(services: dict[str, Service], kubernetes: dict[str, Any]) -> None:
    options = services["keycloak"]["command"]
    assert set(artifacts.KEYCLOAK_BUILD) <= set(options)
    assert f"--db-url=jdbc:postgresql://postgres:5432/keycloak?{keycloak.PLANNED_ONCE}" in options
    seen = [option.replace("$(ZP_GATEWAY_URL)", "http://localhost:8080") for option in kubernetes["keycloak"]["args"]]
    assert seen == options


def test_images_and_commands_are_those_of_kubernetes(services: dict[str, Service], kubernetes: dict[str, Any]) -> None:
    for name, container in kubernetes.items():
        assert services[name]["image"] == container["image"].removesuffix(":0.1.0"), name
        if services[name]["image"].startswith("zoneportal/"):
            assert services[name]["command"] == container["args"], name
    assert services["gateway"]["entrypoint"] == kubernetes["gateway"]["command"]
    assert services["gateway"]["healthcheck"]["test"][1:] == kubernetes["gateway"]["readinessProbe"]["exec"]["command"]
    assert [*services["kafka"]["entrypoint"], *services["kafka"]["command"]] == kubernetes["kafka"]["command"]
    heap = {each["name"]: each["value"] for each in kubernetes["kafka"]["env"]}
    assert services["kafka"]["environment"] == heap
