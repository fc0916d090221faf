"""Who stands in for whom, from when to when (代理): kept with the deputy's account in Keycloak."""
