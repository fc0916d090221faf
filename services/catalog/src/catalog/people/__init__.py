"""People and their accounts (用户), which Keycloak alone keeps."""
