# SPDX-License-Identifier: GPL-3.0-or-later
"""The check."""

from __future__ import annotations

TEXTS: dict[str, str] = {
    "Select the part, or the bone of the link or joint, that this is about": "問題のパーツ、またはリンクや関節のボーンを選択します",
    "Fix": "修復",
    "Repair this problem, and check again": "この問題を修復し、もう一度チェックします",
    "All of This Kind": "同じ種類をすべて",
    "Repair all problems of the same kind as this one, in one step": "これと同じ種類の問題をまとめて修復します",
    "Check the asset first": "先にアセットをチェックしてください",
    "It is gone already; the list has been updated": "問題はもうありません。一覧を更新しました",
    "nothing to say": "問題なし",
    "undone since, check again": "元に戻されました。もう一度チェックしてください",
}
