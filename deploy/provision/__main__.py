"""``python -m deploy.provision <step> [folder]``; addresses and passwords come from the environment (settings.py).

The steps import their own: each process loads only the driver that it needs.
"""

import asyncio
from pathlib import Path

import typer

app = typer.Typer(pretty_exceptions_enable=False, add_completion=False, help="What the servers need.")


@app.command("databases")
def _databases() -> None:
    """Databases and roles."""
    from deploy.provision import databases  # noqa: PLC0415

    asyncio.run(databases.provision())


@app.command("wait")
def _wait(needs: list[str]) -> None:
    """Until each is there: tcp://host:port, an address that answers, or the process's own database."""
    from deploy.provision import waiting  # noqa: PLC0415

    asyncio.run(waiting.wait(needs))


@app.command("kafka")
def _kafka() -> None:
    """Topics, users and rights."""
    from deploy.provision import kafka  # noqa: PLC0415

    kafka.provision()


@app.command("broker")
def _broker(folder: Path) -> None:
    """The files that Kafka's container starts with."""
    from deploy.provision import broker  # noqa: PLC0415

    broker.provision(folder)


@app.command("gateway")
def _gateway(folder: Path) -> None:
    """The files that the gateway's container starts with."""
    from deploy.provision import gateway  # noqa: PLC0415

    gateway.provision(folder)


@app.command("secrets")
def _secrets(folder: Path) -> None:
    """A folder of files for each process, below the given one; what is there stays."""
    from deploy.provision import secrets  # noqa: PLC0415

    secrets.provision(folder)


@app.command("kubernetes-secrets")
def _kubernetes_secrets() -> None:
    """New secrets as a list of manifests, for ``kubectl create -f -``."""
    from deploy.local import credentials  # noqa: PLC0415
    from deploy.provision import secrets  # noqa: PLC0415

    print(secrets.manifests(credentials.new()))


@app.command("watching")
def _watching() -> None:
    """Alerts and dashboards as a list of manifests, for ``kubectl apply -f -``."""
    from deploy.provision import watching  # noqa: PLC0415

    print(watching.manifests())


app()
