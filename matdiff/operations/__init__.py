"""All operations: one record each, in one registry that every pass reads."""

from matdiff.operations.algebra import (
    ADD,
    COMMUTATION,
    HADAMARD,
    IDENTITY,
    INNER,
    MULTIPLY,
    ONES,
    SCALE,
    TRANSPOSE,
    ZEROS,
)
from matdiff.operations.elementwise import ELEMENTWISE, PI, POWER
from matdiff.operations.linear import (
    DIAG,
    DIAGONAL,
    KHATRI_RAO,
    KRONECKER,
    SIZE,
    TOTAL,
    TRACE,
    UNVEC,
    VEC,
)
from matdiff.operations.nonlinear import (
    DET,
    INVERSE,
    LOGDET,
    LOGSUMEXP,
    LOGSUMEXP_ROWS,
    NORM,
    NORM1,
    PSEUDOINVERSE,
    SOFTMAX,
    SOFTMAX_ROWS,
)
from matdiff.operations.record import Operation

REGISTRY: tuple[Operation, ...] = (
    ADD, SCALE, MULTIPLY, HADAMARD, POWER, KRONECKER, INNER, TRANSPOSE, INVERSE,
    TRACE, DET, LOGDET, TOTAL, DIAG, DIAGONAL, VEC, UNVEC, NORM, NORM1, SOFTMAX, LOGSUMEXP,
    SOFTMAX_ROWS, LOGSUMEXP_ROWS, PSEUDOINVERSE, KHATRI_RAO,
    *ELEMENTWISE.values(),
    IDENTITY, ONES, ZEROS, COMMUTATION, PI, SIZE,
)  # fmt: skip


def functions() -> dict[str, tuple[Operation, ...]]:
    """The operations that a function name may stand for: diag stands for two."""
    found: dict[str, tuple[Operation, ...]] = {}
    for operation in REGISTRY:
        for spelling in operation.spellings:
            found[spelling] = (*found.get(spelling, ()), operation)
    return found
