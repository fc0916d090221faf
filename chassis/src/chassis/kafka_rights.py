"""What a user may do on the broker, as rights of its own (ACLs): brought to what is wanted, and no more."""

from collections.abc import Iterable

from kafka.admin import (
    ACL,
    ACLFilter,
    ACLOperation,
    ACLPermissionType,
    ACLResourcePatternType,
    KafkaAdminClient,
    ResourcePattern,
    ResourcePatternFilter,
    ResourceType,
)

Right = tuple[ResourceType, str, ACLResourcePatternType, ACLOperation]


class RightsRefused(Exception):
    """The broker did not take some rights."""


def bring(admin: KafkaAdminClient, user: str, rights: Iterable[Right]) -> None:
    """The user has these rights and no others; what is so already stays untouched. What is too much goes first."""
    everything = ResourcePatternFilter(ResourceType.ANY, None, ACLResourcePatternType.ANY)
    its = ACLFilter(f"User:{user}", None, ACLOperation.ANY, ACLPermissionType.ANY, everything)
    have, want = set(admin.describe_acls(its)[0]), {_acl(user, right) for right in rights}
    if have - want:
        for _, _, error in admin.delete_acls([_exactly(acl) for acl in have - want]):
            if error.errno:
                raise error
    if want - have:
        refused = admin.create_acls(list(want - have))["failed"]
        if refused:
            raise RightsRefused(f"rights of {user} refused: {refused}")


def _acl(user: str, right: Right) -> ACL:
    kind, name, pattern, operation = right
    return ACL(f"User:{user}", "*", operation, ACLPermissionType.ALLOW, ResourcePattern(kind, name, pattern))


def _exactly(acl: ACL) -> ACLFilter:
    resource = acl.resource_pattern
    pattern = ResourcePatternFilter(resource.resource_type, resource.resource_name, resource.pattern_type)
    return ACLFilter(acl.principal, acl.host, acl.operation, acl.permission_type, pattern)
