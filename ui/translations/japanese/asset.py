# SPDX-License-Identifier: GPL-3.0-or-later
"""The asset and the check."""

from __future__ import annotations

TEXTS: dict[str, str] = {
    "Asset": "アセット",
    "Generate or import an asset, or select a part of one.": "アセットを生成かインポートするか、その一部を選択してください。",
    "Select an asset, or a part of one": "アセットかその一部を選択してください",
    "Make Asset of Armature": "アーマチュアをアセットにする",
    "Treat the active armature and the meshes on its bones as an asset: one bone per link": "アクティブなアーマチュアとボーン上のメッシュをアセットとして扱います。1つのボーンが1つのリンク",
    "Select an armature that is not an asset yet": "まだアセットでないアーマチュアを選択してください",
    "Category": "分類",
    "What kind of object it is": "物体の種類",
    "Description": "説明",
    "Fixed Base": "ベースを固定",
    "Fastened to the world (a wall cabinet, a door in its frame), not standing free": "自立せずワールドに固定されています(吊り戸棚、枠に付いたドアなど)",
    "Open": "開く",
    "Close": "閉じる",
    "Open every joint that has limits": "可動範囲のあるすべての関節を開きます",
    "Put every joint to rest": "すべての関節を静止位置に戻します",
    "How Far": "どこまで",
    "Update Masses": "質量を更新",
    "Measure the volumes of all parts again, after their meshes have been edited": "メッシュを編集した後、すべてのパーツの体積を測り直します",
    "Check": "チェック",
    "Check the active asset: rules on its parts and joints and, with the backend, a test in MuJoCo": "アクティブなアセットを調べます。パーツと関節の規則、バックエンドがあればMuJoCoでのテスト",
    "Physics Test": "物理テスト",
    "Also let the backend simulate the exported files: stand, sweep every joint, stay calm": "書き出したファイルをバックエンドでシミュレートします。立つ、全関節を動かす、静止を保つ",
    "Come back only when all is checked": "すべて調べ終わるまで戻りません",
    "Select": "選択",
    "Select this part, or the bone of this link or joint": "このパーツ、またはこのリンクや関節のボーンを選択します",
    "Error": "エラー",
    "Warning": "警告",
    "Info": "情報",
}
