"""``python -m realm [--demo]``: makes the realm, or brings it back to what is declared; says what it changed."""

from typing import Annotated

import typer

from realm import demo
from realm.clients import clients
from realm.provision import connect, provision
from realm.settings import DemoSettings, RealmSettings

app = typer.Typer(pretty_exceptions_enable=False, add_completion=False)


@app.command()
def main(
    with_demo: Annotated[
        bool, typer.Option("--demo", help="Also demo people, organizations and an integrator")
    ] = False,
) -> None:
    """Makes the realm, or brings it back to what is declared; says what it changed."""
    settings = RealmSettings()
    admin = connect(settings.keycloak_url, settings.keycloak_admin, settings.keycloak_admin_password)
    for change in provision(admin, settings, clients(settings)):
        print(change)
    if with_demo:
        for change in demo.provision(admin, DemoSettings()):
            print(change)


app()
