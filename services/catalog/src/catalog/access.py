"""Who may read the catalog, and who may change it; how an answer without a version is recognised."""

from hashlib import sha256

from chassis.auth import Role, allow

READERS = (Role.PROVINCE, Role.CITY, Role.DEPARTMENT, Role.INTEGRATOR, Role.AUDITOR)
READ = allow(*READERS)
READ_ZONES = allow(*READERS, Role.SECURITY)
MAINTAIN = allow(Role.PROVINCE)
DRAFT = allow(Role.PROVINCE, Role.CITY)


def tag(body: bytes) -> str:
    """The ETag of an answer that shows several things at once, each with a version of its own."""
    return f'"{sha256(body).hexdigest()[:24]}"'
