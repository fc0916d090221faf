"""Keycloak behind the gateway's ``/auth``; java is run itself, since ``kc.sh`` keeps it as a child."""

from deploy.local.artifacts import JAVA, keycloak_home
from deploy.local.instance import Instance
from deploy.local.processes import Command

_THREADS = "io.quarkus.bootstrap.forkjoin.QuarkusForkJoinWorkerThreadFactory"
_JAVA = (
    *("-Xms64m", "-Xmx384m", "-XX:MaxMetaspaceSize=224m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"),
    *("-XX:+ExitOnOutOfMemoryError", "-Dfile.encoding=UTF-8", "-Duser.language=en", "-Duser.country=US"),
    *(f"--add-opens=java.base/java.{name}=ALL-UNNAMED" for name in ("util", "util.concurrent", "security", "lang")),
    "--enable-native-access=ALL-UNNAMED",
    f"-Djava.util.concurrent.ForkJoinPool.common.threadFactory={_THREADS}",
)


ADMIN = "admin"
PLANNED_ONCE = "prepareThreshold=1&options=-c%20plan_cache_mode%3Dforce_generic_plan"
"""Of the driver: Keycloak asks for its fine-grained rights by joins that take longer to plan than to run."""


def command(instance: Instance) -> Command:
    options = [
        *("start", "--optimized", "--cache=local", "--http-enabled=true", "--http-host=127.0.0.1"),
        f"--http-port={instance.ports['keycloak']}",
        f"--http-management-port={instance.ports['keycloak_management']}",
        "--http-management-host=127.0.0.1",
        f"--hostname={instance.gateway}/auth",
        "--hostname-backchannel-dynamic=true",
        "--proxy-headers=xforwarded",
        *("--db-pool-initial-size=1", "--db-pool-max-size=15"),
    ]
    return _run(instance, options, ADMIN, instance.secrets["keycloak_admin"])


def bootstrap(instance: Instance, name: str, password: str) -> Command:
    """Makes a further administrator, in the database alone."""
    options = [
        "bootstrap-admin",
        "user",
        "--optimized",
        "--username",
        name,
        "--password:env",
        "KC_BOOTSTRAP_ADMIN_PASSWORD",
    ]
    return _run(instance, options, name, password)


def _run(instance: Instance, options: list[str], admin: str, password: str) -> Command:
    home, own = keycloak_home(instance.cache_dir), instance.folder("keycloak")
    java = [
        *_JAVA,
        f"-Djava.io.tmpdir={own}",
        f"-Dkc.home.dir={home}",
        f"-Dkc.conf.dir={home / 'conf'}",
        *("-cp", str(home / "lib" / "quarkus-run.jar"), "io.quarkus.bootstrap.runner.QuarkusEntryPoint"),
    ]
    address = f"jdbc:postgresql://{instance.address('postgres')}/keycloak?{PLANNED_ONCE}"
    database = [f"--db-url={address}", "--db-username=keycloak"]
    env = {
        "KC_DB_PASSWORD": instance.secrets["keycloak_db"],
        "KC_BOOTSTRAP_ADMIN_USERNAME": admin,
        "KC_BOOTSTRAP_ADMIN_PASSWORD": password,
    }
    return Command([JAVA, *java, *options, *database], own, env)


def realm_env(instance: Instance) -> dict[str, str]:
    """What the provisioning of the realm is told."""
    host, port = instance.address("smtp").split(":")
    return {
        "ZP_KEYCLOAK_URL": instance.keycloak,
        "ZP_KEYCLOAK_ADMIN": ADMIN,
        "ZP_KEYCLOAK_ADMIN_PASSWORD": instance.secrets["keycloak_admin"],
        "ZP_GATEWAY_URL": instance.gateway,
        "ZP_PORTAL_URL": f"http://{instance.address('portal')}",
        "ZP_PORTAL_SECRET": instance.secrets["portal_client"],
        "ZP_NOTIFY_SECRET": instance.secrets["notify_client"],
        "ZP_CATALOG_SECRET": instance.secrets["catalog_client"],
        "ZP_GRANTS_SECRET": instance.secrets["grants_client"],
        "ZP_PEOPLE_SECRET": instance.secrets["people_client"],
        "ZP_SMTP_HOST": host,
        "ZP_SMTP_PORT": port,
        "ZP_MAIL_FROM": "zoneportal@localhost",
        "ZP_DEMO_PASSWORD": instance.secrets["demo"],
        "ZP_DEMO_INTEGRATOR_SECRET": instance.secrets["integrator-hefei_client"],
    }
