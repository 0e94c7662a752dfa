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
    "In the Scene": "使用中",
    "Use": "使う",
    "Its proposals went with the session of Blender that made them.": "候補は、それを作ったBlenderのセッションとともになくなりました。",
    "Not in my world: this looks like nothing that the model knows. What you see is only the nearest thing to it.": "知らない物です。モデルが知っているどの物にも似ていません。表示されているのは最も近いものにすぎません。",
    "Low confidence: look at the other proposals, compare with the picture, or try another seed.": "信頼度が低いです。他の候補を見るか、画像と比べるか、別のシードで試してください。",
    "Least sure of:": "最も自信がないパーツ:",
    "Select an asset that was generated since Blender was started": "Blenderの起動後に生成したアセットを選択してください",
    "Select an asset that was generated from a picture": "画像から生成したアセットを選択してください",
    "Made {name}, confidence {sure}": "{name} を生成しました。信頼度 {sure}",
    "Made {name}": "{name} を生成しました",
}
