"""The words that follow a shape: the properties there are, and what others are meant by."""

from __future__ import annotations

from lark import Token

from matdiff.errors import NameProblem

PROPERTIES = frozenset(
    "symmetric spd skew orthogonal lower upper diagonal invertible positive binary"
    " posdet unit onehot".split()
)
# Together these leave only the zero matrix, or nothing: any claim about it would hold.
_CONTRADICTIONS = [
    (other, "skew") for other in ("symmetric", "spd", "diagonal", "lower", "upper", "positive")
] + [("binary", "skew"), ("onehot", "skew"), ("positive", "binary")]
# Other words for properties: what is written here.
_KNOWN_AS = {
    "symmetric positive definite": "spd",
    "positive definite": "spd",
    "positive semidefinite": "symmetric, or spd if it is definite",
    "skew symmetric": "skew",
    "lower triangular": "lower",
    "upper triangular": "upper",
    "psd": "symmetric, or spd if it is definite",
    "pd": "spd",
    "posdef": "spd",
    "sym": "symmetric",
    "hermitian": "symmetric: matrices are real",
    "antisymmetric": "skew",
    "antisym": "skew",
    "skewsymmetric": "skew",
    "skew_symmetric": "skew",
    "lower_triangular": "lower",
    "upper_triangular": "upper",
    "tril": "lower",
    "triu": "upper",
    "diag": "diagonal",
    "orthonormal": "orthogonal, of a square matrix",
    "unitary": "orthogonal: matrices are real",
    "ortho": "orthogonal",
    "nonsingular": "invertible",
    "regular": "invertible",
    "real": "nothing: matrices are real",
    "square": "one size twice, A : n×n",
    "column": "one size, x : n",
    "row": "a row as 1×n",
    "vector": "one size, x : n",
}


def settle_properties(name: str, tokens: list[Token]) -> list[str]:
    """The properties in order, each once; raises NameProblem (MX153, MX154)."""
    names = list(dict.fromkeys(str(token.value) for token in tokens))
    for token in tokens:
        if token.value not in PROPERTIES:
            raise NameProblem(
                f"{token.value} is no property that {name} could have",
                hint=_meant([str(other.value) for other in tokens], str(token.value)),
                span=(token.start_pos or 0, token.end_pos or 0),
                code="MX153",
            )
    for one, other in _CONTRADICTIONS:
        if one in names and other in names:
            raise NameProblem(
                f"{name} cannot be both {one} and {other}",
                hint="a skew-symmetric matrix is declared skew"
                if (one, other) == ("symmetric", "skew")
                else "no matrix has both properties unless it is zero or very small",
                span=(tokens[0].start_pos or 0, tokens[-1].end_pos or 0),
                code="MX154",
            )
    return names


def _meant(words: list[str], unknown: str) -> str:
    """The hint for a word that is no property, from all words that follow the shape."""
    phrase = f" {' '.join(words).lower()} "
    for other, known in _KNOWN_AS.items():
        if unknown.lower() in other.split() and f" {other} " in phrase:
            return f"write {known}"
    if unknown.lower() in PROPERTIES:
        return f"write {unknown.lower()}"
    return "properties: " + ", ".join(sorted(PROPERTIES))
