# SPDX-License-Identifier: GPL-3.0-or-later
"""The asset as text and in the asset browser."""

from __future__ import annotations

TEXTS: dict[str, str] = {
    "Text and Library": "テキストとライブラリ",
    "Edit as Text": "テキストとして編集",
    "Write names, materials, shapes and joints of the active asset as text, and open it in a text editor": "アクティブなアセットの名前、材質、形状、関節をテキストに書き出し、テキストエディターで開きます",
    "Rebuild from Text": "テキストから再構築",
    "Make the active asset what its text says; the asset in the scene is replaced, and Undo brings it back": "アクティブなアセットをテキストの内容に作り直します。シーンのアセットは置き換わり、元に戻すで戻ります",
    "Text": "テキスト",
    "Name of the text; empty = the one of the active asset": "テキストの名前。空欄ならアクティブなアセットのもの",
    "Use Edit as Text first": "先に「テキストとして編集」を使ってください",
    "The text says what the asset is already": "テキストの内容はアセットと同じです",
    "Mark as Asset": "アセットとしてマーク",
    "Put the asset into the asset browser: its collection with description, tags, catalogue and a preview picture": "アセットブラウザーに登録します。コレクションに説明、タグ、カタログ、プレビュー画像を付けます",
    "Catalogue": "カタログ",
    "Catalogue of the library, with slashes; empty = SimReady and the asset's category. It is written beside the file, once the file is saved": "ライブラリのカタログ(スラッシュ区切り)。空欄ならSimReadyとアセットの分類。ファイルの保存後、その横に書き込まれます",
    "Author": "作者",
    "Who made it; may be empty": "作った人。空欄でも構いません",
    "The catalogue is written beside the file: save the file and mark it again": "カタログはファイルの横に書き込まれます。ファイルを保存してからもう一度マークしてください",
}
