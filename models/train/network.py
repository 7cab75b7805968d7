"""The judge's network in PyTorch: an encoder over prompt and answer together, and a head that looks
at both and at single tokens.

- After a low layer (`Sizes.marked_after`) three vectors are added to tokens: one to those that
  occur on the other side of the pair as well, one to those whose predecessor does so too, one to
  those of the answer. A number or name of the answer that the passage does not have, or has
  elsewhere, is thus marked where it stands.
- Each token of the answer gets a *fault*: how surely it is false. Training tells which tokens are
  (those that a falsified answer does not share with the right one).
- The head sees the first token, the means over prompt and answer, their product and distance, the
  largest value of some features over the answer's tokens, and the largest and the mean fault.
"""

from typing import Any

import torch
import torch.nn.functional as F
from torch import nn

from . import backbone

#: Features of single tokens that the head sees the largest value of.
PEAKS = 128


class Attention(torch.autograd.Function):
    """Softmax attention of [batch, heads, length, width], as batched products: on two cores half
    the time of the library's fused one.

    Nothing is differentiated by `bias` [batch, heads, length, length], which is added to the
    products.
    """

    @staticmethod
    def forward(
        ctx: Any, query: torch.Tensor, key: torch.Tensor, value: torch.Tensor, bias: torch.Tensor
    ) -> torch.Tensor:
        """The attention [batch, heads, length, width]."""
        batch, heads, length, width = query.shape
        query, key, value = (y.reshape(batch * heads, length, width) for y in (query, key, value))
        scale = width**-0.5
        weights = torch.baddbmm(
            bias.view(batch * heads, length, length), query, key.transpose(1, 2), alpha=scale
        ).softmax(-1)
        ctx.save_for_backward(query, key, value, weights)
        ctx.shape, ctx.scale = (batch, heads, length, width), scale
        return torch.bmm(weights, value).view(batch, heads, length, width)

    @staticmethod
    def backward(ctx: Any, gradient: torch.Tensor) -> tuple[torch.Tensor | None, ...]:
        """The gradients of query, key and value, each [batch, heads, length, width], and None for
        the bias.
        """
        query, key, value, weights = ctx.saved_tensors
        gradient = gradient.reshape(query.shape)
        of_value = torch.bmm(weights.transpose(1, 2), gradient)
        of_weights = torch.bmm(gradient, value.transpose(1, 2))
        of_products = torch._softmax_backward_data(of_weights, weights, -1, weights.dtype)
        of_query = torch.bmm(of_products, key).mul_(ctx.scale)
        of_key = torch.bmm(of_products.transpose(1, 2), query).mul_(ctx.scale)
        return *(y.view(ctx.shape) for y in (of_query, of_key, of_value)), None


class Layer(nn.Module):
    def __init__(self, sizes: backbone.Sizes) -> None:
        super().__init__()
        self.heads = sizes.heads
        self.query, self.key, self.value, self.mixed = (
            nn.Linear(sizes.hidden, sizes.hidden) for _ in range(4)
        )
        self.mixed_norm = nn.LayerNorm(sizes.hidden, eps=sizes.epsilon)
        self.inner, self.outer = (
            nn.Linear(sizes.hidden, sizes.inner),
            nn.Linear(sizes.inner, sizes.hidden),
        )
        self.outer_norm = nn.LayerNorm(sizes.hidden, eps=sizes.epsilon)

    def forward(self, x: torch.Tensor, bias: torch.Tensor, dropout: float) -> torch.Tensor:
        """`x` [batch, length, hidden] and `bias` [batch, heads, length, length] give [batch,
        length, hidden].
        """
        batch, length, hidden = x.shape

        def split(y):
            return y.view(batch, length, self.heads, -1).transpose(1, 2)

        query, key, value = split(self.query(x)), split(self.key(x)), split(self.value(x))
        mixed = Attention.apply(query, key, value, bias.to(query.dtype))
        mixed = self.mixed(mixed.transpose(1, 2).reshape(batch, length, hidden))
        x = self.mixed_norm(x + F.dropout(mixed, dropout, self.training))
        return self.outer_norm(
            x + F.dropout(self.outer(F.gelu(self.inner(x))), dropout, self.training)
        )


class Judge(nn.Module):
    """Logits and faults of pairs of token ids."""

    def __init__(self, name: str, dropout: float = 0.0) -> None:
        super().__init__()
        self.name, self.sizes, self.dropout = name, backbone.SIZES[name], dropout
        sizes, hidden = self.sizes, self.sizes.hidden
        words, positions = (30522, 512) if name == "minilm" else (30527, 514)
        self.word, self.position = nn.Embedding(words, hidden), nn.Embedding(positions, hidden)
        if sizes.has_types:
            self.side = nn.Embedding(2, hidden)
        if sizes.has_distances:
            self.distance = nn.Embedding(32, sizes.heads)
            self.register_buffer("buckets", backbone.distance_buckets(512), persistent=False)
        self.embedded = nn.LayerNorm(hidden, eps=sizes.epsilon)
        self.layers = nn.ModuleList(Layer(sizes) for _ in range(sizes.layers))
        self.marks = nn.Parameter(torch.zeros(3, hidden))
        self.fault = nn.Linear(hidden, 1)
        self.peaks = nn.Linear(hidden, PEAKS)
        self.seen = nn.Linear(5 * hidden + PEAKS + 2, hidden)
        self.out = nn.Linear(hidden, 1)
        for linear in (self.fault, self.peaks, self.seen, self.out):
            nn.init.normal_(linear.weight, std=0.02)
            nn.init.zeros_(linear.bias)

    @classmethod
    def pretrained(cls, name: str, dropout: float = 0.0) -> "Judge":
        """The network on its backbone's pre-trained weights; the head is new."""
        judge = cls(name, dropout)
        missing, unknown = judge.load_state_dict(backbone.weights(name), strict=False)
        assert not unknown, unknown
        assert {key.split(".")[0] for key in missing} <= {
            "marks",
            "fault",
            "peaks",
            "seen",
            "out",
        }, missing
        return judge

    def shared(self, ids: torch.Tensor, mask: torch.Tensor, types: torch.Tensor) -> torch.Tensor:
        """Which tokens occur on the other side of the pair as well [batch, sequence, 2]: alone, and
        with the token before them.
        """
        answer = mask & (types == 1)
        prompt = mask & (types == 0)
        across = (answer[:, :, None] & prompt[:, None, :]) | (
            prompt[:, :, None] & answer[:, None, :]
        )
        text = ids >= self.sizes.first_word
        before = F.pad(ids[:, :-1], (1, 0))
        same = (ids[:, :, None] == ids[:, None, :]) & across
        follows = same & (before[:, :, None] == before[:, None, :])
        return torch.stack([same.any(2) & text, follows.any(2) & text], dim=-1)

    def encode(self, ids: torch.Tensor, mask: torch.Tensor, types: torch.Tensor) -> torch.Tensor:
        """Hidden states [batch, sequence, hidden] of ids, mask and types [batch, sequence]."""
        length, sizes = ids.shape[1], self.sizes
        x = (
            self.word(ids)
            + self.position.weight[sizes.first_position : sizes.first_position + length]
        )
        if sizes.has_types:
            x = x + self.side(types)
        x = self.embedded(x)
        bias = torch.zeros(ids.shape[0], 1, 1, length, device=ids.device).masked_fill(
            ~mask[:, None, None, :], -1e4
        )
        if sizes.has_distances:
            place = torch.arange(length, device=ids.device)
            apart = self.buckets[place[None, :] - place[:, None] + 511]
            bias = bias + self.distance(apart).permute(2, 0, 1)[None].detach()
        bias = bias.expand(-1, sizes.heads, length, length).contiguous()
        if torch.is_autocast_enabled(x.device.type):
            bias = bias.to(torch.get_autocast_dtype(x.device.type))
        marks = torch.cat([self.shared(ids, mask, types), (mask & (types == 1))[..., None]], dim=-1)
        for number, layer in enumerate(self.layers):
            x = layer(x, bias, self.dropout)
            if number == sizes.marked_after:
                x = x + marks.to(x.dtype) @ self.marks.to(x.dtype)
        return x

    def forward(
        self, ids: torch.Tensor, mask: torch.Tensor, types: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """(logits [batch], faults [batch, sequence]) of ids, mask and types [batch, sequence]."""
        x = self.encode(ids, mask, types).float()
        of_answer, of_prompt = mask & (types == 1), mask & (types == 0)

        def mean(y, which):
            share = which.float() / which.float().sum(1, keepdim=True).clamp(min=1.0)
            return (share[:, None, :] @ y)[:, 0]

        prompt, answer = mean(x, of_prompt), mean(x, of_answer)
        faults = self.fault(x)[..., 0].float()
        strength = torch.sigmoid(faults) * of_answer
        peaks = (torch.tanh(self.peaks(x).float()) - 2.0 * (~of_answer)[..., None]).amax(1)
        seen = torch.cat(
            [
                x[:, 0],
                prompt,
                answer,
                prompt * answer,
                (prompt - answer).abs(),
                peaks,
                strength.amax(1, keepdim=True),
                mean(strength[..., None], of_answer),
            ],
            dim=-1,
        )
        return self.out(torch.tanh(self.seen(seen).float()))[:, 0].float(), faults

    def is_frozen(self, name: str) -> bool:
        """Whether a parameter stays as it was pre-trained: embeddings and the layers below the
        marks.
        """
        return name.startswith(("word", "position", "side", "distance", "embedded")) or any(
            name.startswith(f"layers.{layer}.") for layer in range(self.sizes.marked_after + 1)
        )
