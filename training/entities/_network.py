"""The networks: a pretrained encoder with case shapes added to its input and a linear label head.

Two encoders share one set of word pieces. *MiniLM* (`sentence-transformers/all-MiniLM-L6-v2`; W. Wang et al., MiniLM,
2020) is small enough to ship. *MPNet* (`sentence-transformers/all-mpnet-base-v2`; K. Song et al., MPNet, 2020) is five
times as large and teaches it; it never ships. The case shapes give the uncased encoders their capitals back.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional

from training.entities._windows import CLS, PAD, SEP

SHAPES = 10
DROPOUT = 0.1
POSITIONS = 512
_FAR = 128
"""Distance from which on MPNet's relative positions share one bucket."""


@dataclass(frozen=True, slots=True)
class Architecture:
    """Sizes of an encoder, and where its word pieces and positions begin."""

    width: int
    layers: int
    heads: int
    vocabulary: int
    epsilon: float
    first_piece: int = 0
    first_position: int = 0
    relative_buckets: int = 0
    coarse: bool = False
    """Learn with word pieces rounded as they will ship, so that rounding them costs nothing later."""


COARSE_BLOCK = 128
COARSE_LIMIT = 7
"""Word pieces ship in 4 bits, -7 to 7, with one scale for each 128 values: half of the bytes of an 8-bit model."""

MINILM = Architecture(width=384, layers=6, heads=12, vocabulary=30_522, epsilon=1e-12)
MPNET = Architecture(
    width=768,
    layers=12,
    heads=12,
    vocabulary=30_527,
    epsilon=1e-5,
    first_piece=4,
    first_position=2,
    relative_buckets=32,
)
"""MPNet's word pieces are MiniLM's, moved by its four own markers; its positions begin after those of the padding."""


class Block(nn.Module):
    """One transformer layer: attention and feed-forward, each with a residual and a norm after it."""

    def __init__(self, sizes: Architecture) -> None:
        """Create the layer's weights."""
        super().__init__()
        width = sizes.width
        self.heads = sizes.heads
        self.query = nn.Linear(width, width)
        self.key = nn.Linear(width, width)
        self.value = nn.Linear(width, width)
        self.mixed = nn.Linear(width, width)
        self.mixed_norm = nn.LayerNorm(width, eps=sizes.epsilon)
        self.widen = nn.Linear(width, 4 * width)
        self.narrow = nn.Linear(4 * width, width)
        self.narrow_norm = nn.LayerNorm(width, eps=sizes.epsilon)

    def forward(self, states: Tensor, bias: Tensor | None) -> Tensor:
        """Return the next states; `bias` is added to the attention scores."""
        mixed = functional.dropout(self.mixed(self._attend(states, bias)), DROPOUT, self.training)
        states = self.mixed_norm(states + mixed)
        narrow = self.narrow(functional.gelu(self.widen(states)))
        after: Tensor = self.narrow_norm(states + functional.dropout(narrow, DROPOUT, self.training))
        return after

    def _attend(self, states: Tensor, bias: Tensor | None) -> Tensor:
        batch, length, width = states.shape

        def heads(projected: Tensor) -> Tensor:
            return projected.view(batch, length, self.heads, width // self.heads).transpose(1, 2)

        query, key, value = heads(self.query(states)), heads(self.key(states)), heads(self.value(states))
        if states.is_cuda:
            mask = None if bias is None else bias.to(query.dtype)
            context = functional.scaled_dot_product_attention(query, key, value, attn_mask=mask)
        else:
            # Written out on a CPU, where `scaled_dot_product_attention` runs its backward pass 6 x slower in bf16.
            scores = query @ key.transpose(2, 3) * (width // self.heads) ** -0.5
            weights = torch.softmax(scores if bias is None else scores + bias, dim=-1).to(states.dtype)
            context = weights @ value
        return context.transpose(1, 2).reshape(batch, length, width)


class Tagger(nn.Module):
    """Word pieces and case shapes to label scores."""

    def __init__(self, labels: int, sizes: Architecture = MINILM) -> None:
        """Create a tagger with `labels` outputs and untrained weights."""
        super().__init__()
        self.sizes = sizes
        self.pieces = nn.Embedding(sizes.vocabulary, sizes.width)
        self.positions = nn.Embedding(POSITIONS, sizes.width)
        self.shapes = nn.Embedding(SHAPES, sizes.width)
        self.input_norm = nn.LayerNorm(sizes.width, eps=sizes.epsilon)
        self.blocks = nn.ModuleList(Block(sizes) for _ in range(sizes.layers))
        self.head = nn.Linear(sizes.width, labels)
        self.nearness = nn.Embedding(sizes.relative_buckets, sizes.heads) if sizes.relative_buckets else None
        nn.init.normal_(self.shapes.weight, std=0.02)
        nn.init.normal_(self.head.weight, std=0.02)
        nn.init.zeros_(self.head.bias)

    def forward(self, ids: Tensor, shapes: Tensor, mask: Tensor | None = None) -> Tensor:
        """Return scores `[batch, piece, label]`; `mask` is 1 for pieces and 0 for padding; without it there is none."""
        scores: Tensor = self.head(self.states(ids, shapes, mask))
        return scores

    def states(self, ids: Tensor, shapes: Tensor, mask: Tensor | None = None) -> Tensor:
        """Return the last states `[batch, piece, width]`, from which the scores are read."""
        places = torch.arange(ids.shape[1], device=ids.device)
        pieces = self.pieces(ids)
        pieces = rounded(pieces) if self.sizes.coarse else pieces
        states = pieces + self.positions(places) + self.shapes(shapes)
        states = functional.dropout(self.input_norm(states), DROPOUT, self.training)
        bias = self._bias(states, mask)
        for block in self.blocks:
            states = block(states, bias)
        return states

    def _bias(self, states: Tensor, mask: Tensor | None) -> Tensor | None:
        bias = None if mask is None else (1.0 - mask.to(states.dtype))[:, None, None, :] * -10_000.0
        if self.nearness is None:
            return bias
        near: Tensor = self.nearness(_buckets(states.shape[1], self.sizes.relative_buckets, states.device))
        near = near.permute(2, 0, 1)[None]
        return near if bias is None else near + bias


def rounded(pieces: Tensor) -> Tensor:
    """Round to what 4 bits can say; gradients pass as if nothing had happened (Y. Bengio et al., 2013)."""
    blocks = pieces.unflatten(-1, (-1, COARSE_BLOCK))
    scale = coarse_scale(blocks)
    said = ((blocks / scale).round() * scale).flatten(-2)
    return pieces + (said - pieces).detach()


def coarse_scale(blocks: Tensor) -> Tensor:
    """Return the scale of each block of values, `[…, block, 1]`."""
    return blocks.detach().abs().amax(-1, keepdim=True).clamp(min=1e-6) / COARSE_LIMIT


def _buckets(length: int, count: int, device: torch.device) -> Tensor:
    """Return MPNet's bucket `[from, to]` of each distance: exact when near, on a logarithmic scale when far."""
    places = torch.arange(length, device=device)
    distance = places[:, None] - places[None, :]
    half, exact = count // 2, count // 4
    size = distance.abs()
    grown = exact + (torch.log(size.clamp(min=1).float() / exact) / math.log(_FAR / exact) * (half - exact)).long()
    near = torch.where(size < exact, size, grown.clamp(max=half - 1))
    return near + (distance < 0).long() * half


def load_minilm(model: Tagger, weights: Mapping[str, Tensor], layers: tuple[int, ...]) -> None:
    """Fill `model` with MiniLM's embeddings and these of its layers."""
    own = model.state_dict()
    first = weights["embeddings.token_type_embeddings.weight"][0]
    own["pieces.weight"] = weights["embeddings.word_embeddings.weight"]
    own["positions.weight"] = weights["embeddings.position_embeddings.weight"] + first
    _load(model, own, weights, layers, _MINILM_NAMES)


def load_mpnet(model: Tagger, weights: Mapping[str, Tensor]) -> None:
    """Fill `model` with MPNet's weights, its word pieces in MiniLM's order."""
    own = model.state_dict()
    pieces = weights["embeddings.word_embeddings.weight"]
    own["pieces.weight"] = pieces.roll(-model.sizes.first_piece, dims=0)
    for marker, theirs in _MPNET_MARKERS.items():
        own["pieces.weight"][marker] = pieces[theirs]
    begin = model.sizes.first_position
    own["positions.weight"] = weights["embeddings.position_embeddings.weight"][begin : begin + POSITIONS]
    own["nearness.weight"] = weights["encoder.relative_attention_bias.weight"]
    _load(model, own, weights, tuple(range(model.sizes.layers)), _MPNET_NAMES)


def _load(
    model: Tagger,
    own: dict[str, Tensor],
    weights: Mapping[str, Tensor],
    layers: tuple[int, ...],
    names: Mapping[str, str],
) -> None:
    for part in ("weight", "bias"):
        own[f"input_norm.{part}"] = weights[f"embeddings.LayerNorm.{part}"]
        for here, layer in enumerate(layers):
            for mine, theirs in names.items():
                own[f"blocks.{here}.{mine}.{part}"] = weights[f"encoder.layer.{layer}.{theirs}.{part}"]
    model.load_state_dict(own)


_MINILM_NAMES = {
    "query": "attention.self.query",
    "key": "attention.self.key",
    "value": "attention.self.value",
    "mixed": "attention.output.dense",
    "mixed_norm": "attention.output.LayerNorm",
    "widen": "intermediate.dense",
    "narrow": "output.dense",
    "narrow_norm": "output.LayerNorm",
}
_MPNET_NAMES = _MINILM_NAMES | {
    "query": "attention.attn.q",
    "key": "attention.attn.k",
    "value": "attention.attn.v",
    "mixed": "attention.attn.o",
    "mixed_norm": "attention.LayerNorm",
}


_MPNET_MARKERS = {CLS: 0, PAD: 1, SEP: 2}
