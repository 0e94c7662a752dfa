# SPDX-License-Identifier: GPL-3.0-or-later
"""A small U-Net (Ronneberger et al. 2015) with attention over its coarsest level: whole pictures to the object's mask."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

from ..model.network import EncoderLayer

IMAGE = 64
CHANNELS = (24, 48, 96, 128)


class Block(nn.Module):
    """Two 3x3 convolutions around a shortcut.

    No normalisation, which takes most of the time on a CPU: the block begins as the identity, as in Fixup (Zhang et al.
    2019).
    """

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(channels, channels, 3, padding=1)
        self.conv2 = nn.Conv2d(channels, channels, 3, padding=1)
        nn.init.zeros_(self.conv2.weight)

    def forward(self, x: Tensor) -> Tensor:
        """(B, C, H, W) to the same shape."""
        return x + self.conv2(functional.relu(self.conv1(functional.relu(x))))


class SegmentNetwork(nn.Module):
    """Pictures (B, 3, 64, 64) in 0..1 to logits (B, 1, 64, 64) of "belongs to the one main object"."""

    def __init__(self) -> None:
        super().__init__()
        c1, c2, c3, c4 = CHANNELS
        self.stem = nn.Conv2d(3, c1, 5, stride=2, padding=2)
        self.fine = Block(c1)
        self.down2 = nn.Conv2d(c1, c2, 3, stride=2, padding=1)
        self.level2 = Block(c2)
        self.down3 = nn.Conv2d(c2, c3, 3, stride=2, padding=1)
        self.level3 = nn.Sequential(Block(c3), Block(c3))
        self.down4 = nn.Conv2d(c3, c4, 3, stride=2, padding=1)
        self.level4 = Block(c4)
        # which of several things is the object can only be said of the whole picture
        self.place = nn.Parameter(torch.randn((IMAGE // 16) ** 2, c4) * 0.02)
        self.whole = EncoderLayer(c4, 4)
        self.up3, self.merge3 = nn.Conv2d(c4, c3, 1), Block(c3)
        self.up2, self.merge2 = nn.Conv2d(c3, c2, 1), Block(c2)
        self.up1, self.merge1 = nn.Conv2d(c2, c1, 1), Block(c1)
        self.head = nn.Conv2d(c1, 4, 3, padding=1)

    def forward(self, picture: Tensor) -> Tensor:
        """Logits at the picture's own resolution."""
        fine = self.fine(functional.relu(self.stem(picture - 0.5)))
        two = self.level2(self.down2(fine))
        three = self.level3(self.down3(two))
        four = self.level4(self.down4(three))
        b, c, h, w = four.shape
        tokens = self.whole(four.flatten(2).transpose(1, 2) + self.place)
        four = tokens.transpose(1, 2).reshape(b, c, h, w)

        def grown(x: Tensor) -> Tensor:
            return functional.interpolate(x, scale_factor=2.0, mode="nearest")

        three = self.merge3(three + grown(self.up3(four)))
        two = self.merge2(two + grown(self.up2(three)))
        fine = self.merge1(fine + grown(self.up1(two)))
        return functional.pixel_shuffle(self.head(functional.relu(fine)), 2)
