"""Count in how many Wikipedia articles of Re-DocRED (MIT) each stem stands: ``python -m training.dedupe.stems``."""

import gzip
import json
import re
from collections import Counter
from pathlib import Path

from benchmarks.evaluation import data_folder

SOURCE = data_folder("entities") / "redocred.jsonl.gz"
OUTPUT = Path("tasks/dedupe/data/stem_frequencies.tsv")
_STEM, _FEWEST = 6, 3


def main() -> None:
    """Write the table: the number of articles as ``*``, then stems that at least three of them have."""
    counts: Counter[str] = Counter()
    with gzip.open(SOURCE, "rt", encoding="utf-8") as lines:
        for row in map(json.loads, lines):
            counts["*"] += 1
            counts.update({word.lower()[:_STEM] for word in re.findall(r"[^\W\d_]{3,}", row["text"])})
    rows = [f"{stem}\t{count}" for stem, count in sorted(counts.items()) if count >= _FEWEST]
    head = "# Stems of six letters, and how many Wikipedia articles of Re-DocRED (MIT) have them; see training/dedupe"
    OUTPUT.write_text("\n".join((head, *rows)) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
