"""Where the command line starts, and how it ends."""

from __future__ import annotations

import sys

import click

from trigpoint.cli import decisions, deliveries, figures, purging, workspaces
from trigpoint.cli.options import commands
from trigpoint.terms.errors import TrigpointError

INTERRUPTED = 130
ROOMS = (workspaces, deliveries, figures, decisions, purging)
"""The modules whose commands there are: to import one is to add its commands."""


def main() -> None:
    """Run a command. A person's mistakes are told in words; anything else shows its traceback."""
    try:
        commands.main(standalone_mode=False)
    except TrigpointError as error:
        click.echo(str(error), err=True)
        sys.exit(error.exit_code)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (KeyboardInterrupt, click.Abort):
        click.echo("\nStopped. The workspace is as it was before the step that was under way.", err=True)
        sys.exit(INTERRUPTED)
