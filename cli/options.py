"""Options and arguments that commands share."""

from typing import Annotated

import typer

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")]
ArticleId = Annotated[str, typer.Argument(help="Article id, or id:revision.", metavar="ID")]
