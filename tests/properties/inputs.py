"""Inputs that nobody meant to be right: by the grammar, by changes of what is right, and bytes.

All are drawn by a Random of their own, so that the seed of an input repeats it.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache
from pathlib import Path
from random import Random

TESTS = Path(__file__).resolve().parents[1]
DECLARED = (
    "A: m×n, B: n×m, X: m×n, Q: n×n, S: n×n symmetric, P: n×n spd, D: n×n diagonal, L: n×n lower, "
    "O: n×n orthogonal, x: n, y: m, t: scalar, c: scalar positive, φ: elementwise, g: n → m, "
    "f: n → scalar"
)
NAMES = ("A", "B", "X", "Q", "S", "P", "D", "L", "O", "x", "y", "t", "c", "m", "n", "I", "K", "σ",
         "e", "pi", "T", "XA", "xx", "Σ", "λ", "W_1", "dX", "where", "wrt", "lambda")  # fmt: skip
NUMBERS = ("0", "1", "2", "-1", "1/2", "0.5", "1e400", "1e-400", "3e5", "64", "65", "1.5.2", "00")
FUNCTIONS = (
    "tr", "det", "logdet", "inv", "adj", "pinv", "diag", "vec", "vech", "tril", "triu", "sum",
    "mean", "rowsum", "colsum", "unvec", "norm", "norm1", "max", "min", "norm_inf", "nuclear",
    "hardmax", "polar", "expm", "logm", "sqrtm", "exp", "log", "sin", "tan", "asin", "sqrt", "abs",
    "sign", "relu", "step", "sigmoid", "softplus", "silu", "erf", "softmax", "logsumexp", "kron",
    "khatri_rao", "I", "ones", "zeros", "K", "D", "e", "hadamard", "φ", "g", "f", "jac[g]",
    "grad[f]", "hess[f]", "Tr", "foo",
)  # fmt: skip
INFIX = (" ", "*", "·", "@", "∘", ".*", "⊘", "./", "⊗", "⊛", "/", "+", "-", " : ", " + ", " - ", "")
POSTFIX = ("'", "^2", "^-1", "^T", "^-T", ".^2", "^k", "^0.5", "''", "^n", "[1,2]", "[:,1]", "[i]",
           "[1:n,:]", "ᵀ", "⁻¹", "^(n-1)", "^^", "!", "²")  # fmt: skip
LATEX = (r"\top", r"\frac{1}{2}", r"\lVert", r"\rVert", r"\mathbf{A}", r"^{-1}", "{", "}", "$",
         r"\sum_{i=1}^{n}", r"\sigma(x)", r"\left(", r"\right)", r"\begin{bmatrix}", r"\\", "&",
         r"\end{bmatrix}", r"\operatorname{tr}", r"\newcommand{\a}{\a\a}", "_{ij}")  # fmt: skip
STRANGE = ("\u202e", "\x00", "\x1b[31m", "А", "Ａ", "٣", "²", "\u0301", "﷽", "\ud800", "\ufeff",
           "🙂", "\r", "\t", "\x85", "\u2028", "”", "–", "%", "#", "\\", '"', "`", "~", "|",
           "‖")  # fmt: skip
KINDS = ("gradient", "jacobian", "hessian", "differential", "shape", "check", "grad", "∂")


class Inputs:
    """Draws inputs; the same seed draws the same ones."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)

    def pick(self, options: tuple[str, ...]) -> str:
        return self.random.choice(options)

    def expression(self, depth: int = 4) -> str:
        """By the grammar, with shapes that need not agree."""
        if depth <= 0 or self.random.random() < 0.15:
            return self.pick(NUMBERS) if self.random.random() < 0.2 else self.pick(NAMES)
        ways: tuple[Callable[[int], str], ...] = (
            lambda d: self.expression(d) + self.pick(INFIX) + self.expression(d),
            lambda d: self.expression(d) + self.pick(INFIX) + self.expression(d),
            lambda d: f"({self.expression(d)})",
            lambda d: self.expression(d) + self.pick(POSTFIX),
            lambda d: f"{self.pick(FUNCTIONS)}({self._listed(d)})",
            lambda d: f"-{self.expression(d)}",
            lambda d: f"[{self._listed(d)}; {self._listed(d)}]",
            lambda d: f"Σ_{self.pick(('i', 'j', '{i,j}', '{i=1}^{n}'))} {self.expression(d)}",
            lambda d: f"‖{self.expression(d)}‖{self.pick(('', '_1', '_F', '^2', '_∞'))}",
            lambda d: f"|{self.expression(d)}|",
        )
        return self.random.choice(ways)(depth - 1)

    def _listed(self, depth: int) -> str:
        return ",".join(self.expression(depth) for _ in range(self.random.choice((1, 1, 1, 2, 3))))

    def statement(self) -> str:
        """A line of a .mx file."""
        E, kind, wrt = self.expression(), self.pick(KINDS), self.pick(NAMES)
        return self.pick(
            (
                f"{kind} {E} wrt {wrt}",
                f"{kind} {E} wrt {wrt}",
                f"{kind} {E} wrt {wrt} == {self.expression()}",
                f"check {E} wrt {wrt} == {self.expression(2)} where {wrt} = {self.expression(1)}",
                f"{kind} {E} wrt {wrt} as {self.pick(('denominator', 'row', 'entries', 'x'))}",
                f"shape {E}",
                f"{wrt} = {E}",
                f"{self.pick(NAMES)} : {self.pick(NAMES)}×{self.pick(NUMBERS)} {self.pick(NAMES)}",
                f"U, s, V = svd({E})",
            )
        )

    def changed(self, text: str) -> str:
        """A text with a few characters or pieces lost, doubled, exchanged or put in."""
        for _ in range(self.random.choice((1, 1, 2, 3, 8))):
            at = self.random.randrange(len(text) + 1)
            upto = min(len(text), at + self.random.choice((1, 1, 2, 5, 20)))
            piece = self.pick(
                ("", "", text[at:upto] * 2, self.pick(STRANGE), self.pick(LATEX), self.pick(INFIX),
                 self.pick(POSTFIX), self.pick(NAMES), self.pick(("(", ")", "[", "]", ",", "=")))
            )  # fmt: skip
            text = text[:at] + piece + text[upto:]
        return text

    def typed(self) -> str:
        """A statement: by the grammar, or right ones changed."""
        way = self.random.random()
        if way < 0.5:
            return self.statement()
        text = self.random.choice(right_statements()) if way < 0.8 else self.statement()
        return self.changed(text)

    def noise(self) -> str:
        """Pieces of the language in a row."""
        pieces = (*NAMES, *NUMBERS, *FUNCTIONS, *INFIX, *POSTFIX, *LATEX, *STRANGE, *KINDS, "wrt")
        return "".join(self.random.choices(pieces, k=self.random.randrange(40)))

    def content(self) -> tuple[str, bytes]:
        """The name and the bytes of a document: noise, or one that is right with bytes changed."""
        suffix = self.pick((".mx", ".md", ".tex", ".ipynb"))
        if self.random.random() < 0.3:
            return f"a{suffix}", self.random.randbytes(self.random.randrange(300))
        name, right = self.random.choice(right_documents())
        content = bytearray(right)
        for _ in range(self.random.choice((1, 3, 10))):
            at = self.random.randrange(len(content) + 1)
            new = self.random.choice((b"", self.random.randbytes(2), self.noise().encode(
                "utf-8", "surrogatepass"), bytes(content[at : at + 50])))  # fmt: skip
            content[at : at + self.random.choice((0, 1, 10, 200))] = new
        return name, bytes(content)


@cache
def right_statements() -> list[str]:
    """Questions of the corpora, in the language and in LaTeX."""
    found: list[str] = []
    for path in sorted((TESTS / "corpus").glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            entry = json.loads(line)
            for key, sign in (("expr", ""), ("latex", "$"), ("indexed", "")):
                if entry.get(key) and entry.get("wrt"):
                    kind = entry.get("kind", "gradient")
                    found.append(f"{kind} {sign}{entry[key]}{sign} wrt {entry['wrt']}")
    return found


@cache
def right_documents() -> list[tuple[str, bytes]]:
    """Documents of every kind, short enough to be read a thousand times."""
    folders = (TESTS / "documents" / "corpus", TESTS.parent / "samples")
    paths = [path for folder in folders for path in sorted(folder.rglob("*")) if path.is_file()]
    return [
        (path.name, path.read_bytes()[:2000])
        for path in paths
        if path.suffix in (".mx", ".md", ".tex", ".ipynb")
    ]
