"""``python -m tasks.entities <setting>``: whether a recognizer can be used here, and if not, what to do about it."""

import sys

from tasks.entities.recognizer import DEFAULT, RecognizerUnavailable, open_recognizer


def main(arguments: list[str]) -> int:
    """Load the recognizer and print what it is; 1 with one line on standard error if it cannot be loaded."""
    setting = arguments[0] if arguments else DEFAULT
    try:
        recognizer = open_recognizer(setting)
    except RecognizerUnavailable as error:
        sys.stderr.write(f"✗ DATELINE_RECOGNIZER={setting}: {error}\n")
        return 1
    models = ", ".join(f"{name} {version}" for name, version in recognizer.artefacts.items())
    sys.stdout.write(f"✓ {models} ({', '.join(sorted(recognizer.languages))})\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
