"""The gateway alone: a renewed certificate is served without a stop, and before Keycloak has answered nobody is turned
away.
"""

import json
import socket
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from deploy.local.gateway import ENVOY
from deploy.provision import gateway
from tests.k8s import certificates
from tests.support import until

_HOST = "127.0.0.1"
ISSUER = "https://zoneportal.example/auth/realms/zoneportal"


@pytest.fixture
def mounted(tmp_path: Path) -> Path:
    """A folder as the kubelet mounts a Secret."""
    home = tmp_path / "certificate"
    home.mkdir()
    for name in ("tls.crt", "tls.key"):
        (home / name).symlink_to(f"..data/{name}")
    _renew(home, 1)
    return home


@pytest.fixture
def port(tmp_path: Path, mounted: Path) -> Iterator[int]:
    """Where a gateway with these certificates speaks TLS; there is nothing behind it."""
    plain, secure, admin, nobody = _free(4)
    names = tmp_path / "certificate.yaml"
    names.write_text(gateway.secret(mounted))
    text = gateway.render(
        {name: [(_HOST, nobody)] for name in gateway.UPSTREAMS},
        host=_HOST,
        ports={"public": plain, "secure": secure},
        admin_port=admin,
        issuer=ISSUER,
        audience="zoneportal-api",
        certificate=str(names),
    )
    (tmp_path / "envoy.yaml").write_text(text)
    command = [ENVOY, "-c", "envoy.yaml", "--concurrency", "1", "--use-dynamic-base-id", "--log-level", "warning"]
    with subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.DEVNULL) as process:
        try:
            yield secure
        finally:
            process.terminate()


def test_a_renewed_certificate_is_served_without_a_stop(port: int, mounted: Path) -> None:
    until(lambda: certificates.served(_HOST, port) == 1)
    connection = certificates.connection(_HOST, port)
    assert certificates.status(connection, "/metrics") == 404
    before = connection.sock
    _renew(mounted, 2)
    until(lambda: certificates.served(_HOST, port) == 2)
    assert certificates.status(connection, "/metrics") == 404
    assert connection.sock is before
    connection.close()


def test_who_cannot_be_verified_yet_shall_try_again(port: int) -> None:
    until(lambda: certificates.served(_HOST, port) == 1)
    claims = {"iss": ISSUER, "aud": "zoneportal-api", "sub": "somebody", "exp": datetime.now(UTC) + timedelta(hours=1)}
    token = jwt.encode(claims, ec.generate_private_key(ec.SECP256R1()), "ES256")
    connection = certificates.connection(_HOST, port)
    connection.request("GET", "/api/progress/v1/lines", headers={"Authorization": f"Bearer {token}"})
    response = connection.getresponse()
    assert (response.status, response.getheader("Retry-After")) == (503, "1")
    assert json.load(response)["type"] == "/problems/keys-unavailable"
    connection.close()


def _renew(home: Path, serial: int) -> None:
    """Swaps all files at once, as the kubelet does."""
    certificate = certificates.issue(serial)
    version = home / f"..{serial}"
    version.mkdir()
    (version / "tls.crt").write_bytes(certificate.chain)
    (version / "tls.key").write_bytes(certificate.key)
    (home / "..next").symlink_to(version.name)
    (home / "..next").replace(home / "..data")


def _free(count: int) -> list[int]:
    sockets = [socket.create_server((_HOST, 0)) for _ in range(count)]
    ports = [each.getsockname()[1] for each in sockets]
    for each in sockets:
        each.close()
    return ports
