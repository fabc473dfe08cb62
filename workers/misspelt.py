"""Names that are set, look like a setting and are none: misspelt, it would change nothing and say nothing."""

import os
from collections.abc import Iterable
from difflib import get_close_matches
from pathlib import Path

from dotenv import dotenv_values

from workers.settings import Settings

_PREFIX = "DATELINE_"
_ALIKE = 0.87
"""As `difflib` counts, without the prefix. Names of Compose, of the client and of tests stay below .85."""


def misspelt(names: Iterable[str]) -> dict[str, str]:
    """The names that are no setting's, each with the setting that is probably meant.

    Args:
        names: Names of environment variables, in any case; those of other programs are passed over.
    """
    known = [name.upper() for name in Settings.model_fields]
    ours = {name.upper().removeprefix(_PREFIX) for name in names if name.upper().startswith(_PREFIX)}
    close = {name: get_close_matches(name, known, n=1, cutoff=_ALIKE) for name in sorted(ours.difference(known))}
    return {f"{_PREFIX}{name}": f"{_PREFIX}{meant[0]}" for name, meant in close.items() if meant}


def misspelt_here() -> dict[str, str]:
    """Those in the environment of this process and in the file beside it that settings are read from."""
    file = Path(str(Settings.model_config["env_file"]))
    return misspelt((*os.environ, *dotenv_values(file)))
