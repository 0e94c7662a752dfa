# SPDX-License-Identifier: GPL-3.0-or-later
"""Choosing among proposals."""

from __future__ import annotations

TEXTS: dict[str, str] = {
    "Proposals": "候補",
    "Use This Proposal": "この候補を使う",
    "Put this proposal in the place of the asset, as it was proposed; Undo brings back what was there": "アセットをこの候補で置き換えます。元に戻すと前のものに戻ります",
    "Proposal": "候補",
    "0 is the one that the model finds best": "0はモデルが最良とした候補",
    "Armature to replace; empty = the active one": "置き換えるアーマチュア。空欄ならアクティブなもの",
    "In the Scene": "シーンにあります",
    "Use": "使う",
    "Its proposals went with the session of Blender that made them.": "候補は、それを作ったBlenderのセッションとともになくなりました。",
    "This may not be an object that the model knows: what you see is the nearest thing to it.": "モデルの知らない物体かもしれません。表示されているのは最も近いものです。",
    "Select an asset that was generated since Blender was started": "Blenderの起動後に生成したアセットを選択してください",
    "Select an asset that was generated from a picture": "画像から生成したアセットを選択してください",
}
