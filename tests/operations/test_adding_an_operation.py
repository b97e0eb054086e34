"""The guide to adding an operation shows records that are in the source, word for word."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BLOCK = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def test_the_records_shown_are_the_records() -> None:
    guide = (ROOT / "docs" / "adding-an-operation.md").read_text(encoding="utf-8")
    folder = ROOT / "matdiff" / "operations"
    sources = [path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.py"))]
    shown = BLOCK.findall(guide)
    assert len(shown) > 2
    for block in shown:
        assert any(block in source for source in sources), block
