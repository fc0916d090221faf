"""``zoneportal``: one command whose groups the installed services bring along."""

from importlib.metadata import entry_points

import typer

app = typer.Typer(no_args_is_help=True, add_completion=False, help="Tools of the zone portal.")
for _group in entry_points(group="zoneportal.commands"):
    app.add_typer(_group.load(), name=_group.name)
