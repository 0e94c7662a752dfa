# SPDX-License-Identifier: GPL-3.0-or-later
"""Weights of an older grammar in a network of this one: what both know by name means the same."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import save_file

from backend.embedded.model.network import Network, NetworkConfig
from backend.embedded.model.transplant import transplant
from backend.embedded.program.grammar import encode, grammar
from backend.embedded.world.sampling import sample_program
from physx_blender.errors import AssetError

SMALL = NetworkConfig(
    image=32, width=32, heads=2, encoder_layers=1, decoder_layers=1, channels=(8, 8, 16, 16)
)
GONE = 3  # categories, kinds and slots of today that the older grammar did not have


def older(path: Path, network: Network) -> tuple[list[str], list[str]]:
    """Write the network as if the first categories and kinds were not there yet; returns those it knows."""
    g = grammar()
    categories, kinds = list(g.categories[GONE:]), list(g.kinds[GONE:])
    slots = [s.name for s in g.slots if s.name.split(".")[0] not in g.kinds[:GONE]]
    tokens = [0, 1, *(g.first_category + g.categories.index(c) for c in categories)]
    tokens += [g.first_kind + g.kinds.index(k) for k in kinds]
    tokens += [g.first_number + k for k in range(g.numbers)]
    rows = {
        "token.weight": tokens,
        "head.weight": tokens,
        "head.bias": tokens,
        "slot.weight": [g.slot_index[s] for s in slots],
        "before.weight": [g.slot_index[s] for s in slots],
        "auxiliary.0.weight": [g.categories.index(c) for c in categories],
        "auxiliary.0.bias": [g.categories.index(c) for c in categories],
    }
    state = {k: (v[rows[k]] if k in rows else v).clone() for k, v in network.state_dict().items()}
    del state["dense.weight"], state["dense.bias"]  # that head is new
    metadata = {"categories": categories, "kinds": kinds, "slots": slots, "samples": 7}
    save_file(state, path, {k: json.dumps(v) for k, v in metadata.items()})
    return categories, kinds


def test_what_both_grammars_know_comes_over_by_name(tmp_path: Path) -> None:
    torch.manual_seed(0)
    before = Network(SMALL).eval()
    categories, kinds = older(tmp_path / "old.safetensors", before)
    after = Network(SMALL).eval()
    came = transplant(tmp_path / "old.safetensors", after)
    assert came.samples == 7
    assert came.left == ("dense.weight", "dense.bias")
    rng = np.random.default_rng(0)
    programs = (sample_program(rng, c) for c in categories * 3)
    program = next(p for p in programs if all(n.kind in kinds for n in p.walk()))
    tokens, slots = (torch.from_numpy(a.astype(np.int64))[None] for a in encode(program))
    picture = torch.rand(1, 4, 32, 32)
    g = grammar()
    known = [0, 1, *(g.first_category + g.categories.index(c) for c in categories)]
    known += [g.first_kind + g.kinds.index(k) for k in kinds] + list(range(g.first_number, g.vocabulary))
    with torch.inference_mode():
        a, heads_a, _ = before(picture, tokens, slots)
        b, heads_b, _ = after(picture, tokens, slots)
    assert torch.equal(a[..., known], b[..., known])
    own = [g.categories.index(c) for c in categories]
    assert torch.equal(heads_a[0][:, own], heads_b[0][:, own])
    assert not torch.equal(a, b)  # the new words' rows are the new network's own


def test_a_file_that_is_no_weights_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x.safetensors").write_bytes(b"nothing")
    with pytest.raises(AssetError, match=r"x\.safetensors.*is not weights"):
        transplant(tmp_path / "x.safetensors", Network(SMALL))
