"""Emitted MATLAB run by Octave, many functions in one process."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

OCTAVE = shutil.which("octave-cli")


class Call:
    """A function's source and its arguments, in order; `name` is the function's own."""

    def __init__(self, name: str, source: str, arguments: Sequence[Any]) -> None:
        self.name, self.source, self.arguments = name, source, arguments


def run(calls: Sequence[Call], folder: Path) -> list[np.ndarray | str]:
    """What each call returns, or the message of its error."""
    script = ["warning('off', 'all'); more off; page_screen_output(false);"]
    for call in calls:
        (folder / f"{call.name}.m").write_text(call.source, encoding="ascii")
        listed = ", ".join(map(literal, call.arguments))
        script += [
            "try",
            f"  r = {call.name}({listed});",
            "  if ~isreal(r), error('complex'); end",
            "  printf('value %d %d', size(r, 1), size(r, 2)); printf(' %.17g', r); disp('');",
            "catch problem",
            "  disp(['error ', problem.identifier, ' ', strrep(problem.message, char(10), ' ')]);",
            "end",
        ]
    (folder / "run_all.m").write_text("\n".join(script), encoding="ascii")
    assert OCTAVE is not None
    done = subprocess.run(
        [OCTAVE, "--no-init-file", "--no-history", "--norc", "run_all.m"],
        cwd=folder, capture_output=True, text=True, timeout=600, check=False,
    )  # fmt: skip
    lines = [line for line in done.stdout.splitlines() if line.startswith(("value", "error"))]
    assert len(lines) == len(calls), done.stderr
    return [_read(line) for line in lines]


def _read(line: str) -> np.ndarray | str:
    kind, *words = line.split()
    if kind == "error":
        return " ".join(words)
    rows, columns, *entries = words
    return np.array([float(e) for e in entries]).reshape((int(rows), int(columns)), order="F")


def literal(value: Any) -> str:
    """A number or an array of at most two axes; one axis is a column."""
    if isinstance(value, str):
        return value
    array = np.asarray(value, dtype=float)
    if array.ndim == 0:
        return repr(float(array))
    matrix = array.reshape(len(array), -1)
    rows = ["[" + ", ".join(repr(float(entry)) for entry in row) + "]" for row in matrix]
    return f"[{'; '.join(rows)}]".replace("inf", "Inf").replace("nan", "NaN")


def named(arrays: Mapping[str, Any], arguments: Mapping[str, str]) -> list[Any]:
    """The values of the parameters, given what each stands for."""
    return [arrays[meant] for meant in arguments.values()]
