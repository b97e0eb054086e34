"""Functions of other programs and of textbooks: what is written instead of them here.

`WRITTEN` has formulas that matdiff reads; `ABSENT` says of the others why there is none.
"""

from __future__ import annotations

import re

_METHOD = re.compile(r"\.(?:[A-Za-z]\w*\.)*([A-Za-z]\w*)\s*\(")
_AFTER_POINT = re.compile(r"\.(?:'|(?:H|I|mT)\b)")
_OF_A_POINT = {
    ".'": "the transpose is written A'",
    ".H": "matrices are real; the transpose is written A'",
    ".I": "the inverse is written inv(A) or A^-1",
    ".mT": "the transpose is written A'",
}


def _each(names: str, *formulas: str) -> dict[str, tuple[str, ...]]:
    return dict.fromkeys(names.split(), formulas)


WRITTEN: dict[str, tuple[str, ...]] = {
    **_each("transpose trans transposed ctranspose", "A'"),
    **_each("inverse invert", "inv(A)", "A^-1"),
    **_each("pseudoinverse pinverse", "pinv(A)"),
    **_each("determinant", "det(A)"),
    **_each("slogdet lndet logabsdet log_det", "logdet(A)"),
    **_each("adjugate", "adj(A)"),
    **_each("cofactor", "adj(A)'"),
    **_each("dot vdot", "x'y", "A B"),
    **_each("inner", "x'y", "A : B"),
    **_each("outer", "x y'"),
    **_each("matmul mm bmm matvec mv mtimes", "A B"),
    **_each("multiply times mul", "A∘B"),
    **_each("divide", "A⊘B"),
    **_each("add", "A + B"),
    **_each("subtract", "A - B"),
    **_each("kronecker", "kron(A, B)"),
    **_each("solve linsolve mldivide", "inv(A) b"),
    **_each("quad_form", "x'A x"),
    **_each("power pow", "x.^a", "A^2"),
    **_each("square sq sqr", "x.^2", "A^2"),
    **_each("cube", "x.^3"),
    **_each("reciprocal", "x.^-1"),
    **_each("matrix_power mpower", "A^3"),
    **_each("logistic sigma sigm expit", "sigmoid(x)"),
    **_each("logit", "log(x⊘(ones - x))"),
    **_each("log1p", "log(1 + c)", "log(ones + x)"),
    **_each("expm1", "exp(c) - 1", "exp(x) - ones"),
    **_each("log2", "log(x)/log(2)"),
    **_each("log10", "log(x)/log(10)"),
    **_each("cbrt", "x.^(1/3)"),
    **_each("rsqrt", "x.^(-1/2)"),
    **_each("erfc", "1 - erf(c)", "ones - erf(x)"),
    **_each("gelu", "x∘(ones + erf(x/sqrt(2)))/2"),
    **_each("leaky_relu leakyrelu", "relu(x) - a relu(-x)"),
    **_each("hinge", "relu(ones - x)"),
    **_each("heaviside", "step(x)"),
    **_each("sec", "cos(x).^-1"),
    **_each("csc", "sin(x).^-1"),
    **_each("cot", "cos(x)⊘sin(x)"),
    **_each("sech", "cosh(x).^-1"),
    **_each("csch", "sinh(x).^-1"),
    **_each("coth", "cosh(x)⊘sinh(x)"),
    **_each("frobenius fro frob norm2 norm_2 norm_f norm_fro l2 l2norm", "norm(A)"),
    **_each("l1 l1norm norm_1", "norm1(A)"),
    **_each("linf norminf", "norm_inf(A)"),
    **_each("sumsq sum_squares sqnorm norm_sq", "norm(x)^2"),
    **_each("maximum fmax", "max(0, x)"),
    **_each("log_softmax logsoftmax", "x - logsumexp(x) ones"),
    **_each("average", "mean(A)"),
    **_each("row_sum row_sums rowsums", "rowsum(A)"),
    **_each("col_sum col_sums colsums columnsum", "colsum(A)"),
    **_each("eye identity", "I(n)"),
    **_each("hstack horzcat hcat concat concatenate", "[A, B]", "[A; C]"),
    **_each("vstack vertcat vcat", "[A; C]"),
    **_each("flatten ravel", "vec(A)", "vec(A')"),
}

_DECOMPOSED = "matrix decompositions have no derivative here; declare the factors, as L : n×n lower"
_EIGEN = "eigenvalues have no derivative here; det(A) is their product, tr(A) their sum"
_ORDERED = "what hangs on the order of entries is not supported; the largest entry is max(x)"
_ACTIVATION = "it is not supported; an unknown function is declared by φ : elementwise"

ABSENT: dict[str, str] = {
    **dict.fromkeys(("prod", "product", "cumprod"),
                    "products of entries are not supported; of positive ones it is "
                    "exp(sum(log(x)))"),
    **dict.fromkeys(("cumsum", "diff"), "write it as a product with a constant matrix of 0 and 1"),
    **dict.fromkeys(("var", "variance"),
                    "of the entries of x : n it is norm(x - mean(x) ones(n))^2/n"),
    "std": "of the entries of x : n it is norm(x - mean(x) ones(n))/sqrt(n)",
    **dict.fromkeys(("cov", "corr", "corrcoef"),
                    "it is not supported; write it out for the matrix X : n×p of the sample"),
    **dict.fromkeys(("cholesky", "chol", "qr", "lu", "ldl", "schur"), _DECOMPOSED),
    "svd": "it stands only in the `where` of a claim: U, s, V = svd(E)",
    **dict.fromkeys(("eig", "eigh", "eigvals", "eigvalsh", "eigen", "eigs"), _EIGEN),
    **dict.fromkeys(("rank", "cond", "spectral_norm"), "it is not supported"),
    **dict.fromkeys(("median", "quantile", "percentile", "sort"), _ORDERED),
    **dict.fromkeys(("argmax", "argmin"),
                    "positions are not supported; hardmax(x) is 1 at the largest entry"),
    **dict.fromkeys(("elu", "selu", "mish", "relu6", "hardtanh", "softsign"), _ACTIVATION),
    **dict.fromkeys(("lgamma", "gammaln", "digamma"), _ACTIVATION),
    **dict.fromkeys(("atan2", "arctan2", "hypot", "cross", "minimum", "clip", "round", "floor",
                     "ceil", "mod"), "it is not supported"),
    **dict.fromkeys(("conj", "real", "imag"), "matrices are real here; leave it out"),
    **dict.fromkeys(("reshape", "einsum", "tensordot"),
                    "write an index sum instead: Σ_{i,j} A[i,j] B[j,i]"),
}  # fmt: skip


def instead_of(name: str) -> str | None:
    """What to say to a person who calls a function by a name that is not the language's.

    >>> instead_of("inverse")
    'write inv(A) or A^-1'
    """
    formulas = WRITTEN.get(name.lower())
    if formulas is not None:
        return f"write {' or '.join(formulas)}"
    return ABSENT.get(name.lower())


def after_point(folded: str, position: int) -> str | None:
    """What to write instead of what begins with a point there: A.inv(), np.dot(x, y), A.'."""
    found = _METHOD.match(folded, position)
    if found is not None and not (name := found.group(1)).startswith("_"):
        plain = f"a function stands before its argument, without a point: {name}(A)"
        return instead_of(name) or plain
    sign = _AFTER_POINT.match(folded, position)
    return _OF_A_POINT[sign.group()] if sign is not None else None
