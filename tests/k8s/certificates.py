"""Certificates of a gateway as cert-manager issues them, which nobody else vouches for, and what a gateway shows."""

import ssl
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http.client import HTTPSConnection

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

_ANY = ssl._create_unverified_context()


@dataclass(frozen=True)
class Certificate:
    """In PEM, with its key."""

    chain: bytes
    key: bytes


def issue(serial: int) -> Certificate:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "zoneportal.example")])
    now = datetime.now(UTC)
    certificate = x509.CertificateBuilder(name, name, key.public_key(), serial, now, now + timedelta(days=1)).sign(
        key, SHA256()
    )
    return Certificate(
        certificate.public_bytes(Encoding.PEM),
        key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()),
    )


def connection(host: str, port: int) -> HTTPSConnection:
    return HTTPSConnection(host, port, timeout=30, context=_ANY)


def status(open_one: HTTPSConnection, path: str) -> int:
    """Of the next answer over a connection."""
    open_one.request("GET", path)
    response = open_one.getresponse()
    response.read()
    return response.status


def served(host: str, port: int) -> int | None:
    """The serial number of what a new connection is shown; None while there is no TLS."""
    try:
        pem = ssl.get_server_certificate((host, port), timeout=5)
    except OSError:
        return None
    return x509.load_pem_x509_certificate(pem.encode()).serial_number
