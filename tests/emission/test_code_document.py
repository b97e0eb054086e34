"""The programs in docs/code.md are run as a reader would, on the functions that it has written."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = re.compile(
    r"^```sh\n(matdiff [^\n]*)\n```\n+```python\n(.*?)^```$", re.MULTILINE | re.DOTALL
)
PROGRAMS = PROGRAM.findall((ROOT / "docs" / "code.md").read_text(encoding="utf-8"))
JUDGE = """
import numpy as np

A, x, b, g = (np.asarray(array, dtype=float) for array in (A, x, b, g))
assert np.allclose(g, 2 * A.T @ (A @ x - b), rtol=1e-4), g
"""
FOUR_DEVICES = {"XLA_FLAGS": "--xla_force_host_platform_device_count=4", "JAX_PLATFORMS": "cpu"}


@pytest.mark.parametrize("library", ["jax", "dask.array"])
def test_programs_of_the_document(library: str, tmp_path: Path) -> None:
    pytest.importorskip(library)
    ((command, program),) = [found for found in PROGRAMS if f"import {library}" in found[1]]
    start = ["-P", "-c", "from matdiff.cli import main; main()"]
    environment = os.environ | FOUR_DEVICES | {"PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"}
    for arguments in ([*start, *shlex.split(command)[1:]], ["-c", program + JUDGE]):
        subprocess.run([sys.executable, *arguments], cwd=tmp_path, env=environment, check=True)
