# SPDX-License-Identifier: GPL-3.0-or-later
"""Comparing with the picture."""

from __future__ import annotations

TEXTS: dict[str, str] = {
    "Compare with the Picture": "画像と比べる",
    "Look Through the Reference Camera": "参照カメラから見る",
    "Look through the camera that is estimated to have taken the picture, with the picture over it; again to come back": "画像を撮影したと推定されるカメラから、画像を重ねて見ます。もう一度押すと戻ります",
    "Look Through the Camera": "カメラから見る",
    "Leave the Camera": "カメラから離れる",
    "Picture Opacity": "画像の不透明度",
    "Picture Beside the Asset": "画像をアセットの横に表示",
    "Show the reference picture standing beside the asset, as high as the asset, or take it away": "参照画像をアセットの横に同じ高さで立てます。もう一度押すと取り除きます",
    "This asset has no reference picture; generate one from a picture": "このアセットには参照画像がありません。画像から生成してください",
    "Use it in a 3D viewport": "3Dビューポートで使ってください",
    "Reference camera": "参照カメラ",
    "The camera that took the reference picture": "参照画像を撮影したカメラ",
}
