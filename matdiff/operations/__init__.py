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
from matdiff.operations.blocks import ABOVE, BESIDE, SELECTION
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
from matdiff.operations.matrix_functions import EXPM, LOGM, MATRIX_POWER, SQRTM, SYLVESTER
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
from matdiff.operations.norms import HARDMAX, MAX, NUCLEAR, POLAR
from matdiff.operations.record import Operation
from matdiff.operations.triangles import (
    DUPLICATION,
    ELIMINATION,
    SKEW_DUPLICATION,
    TRIL,
    VECH,
)

REGISTRY: tuple[Operation, ...] = (
    ADD, SCALE, MULTIPLY, HADAMARD, POWER, KRONECKER, INNER, TRANSPOSE, INVERSE,
    TRACE, DET, LOGDET, TOTAL, DIAG, DIAGONAL, VEC, UNVEC, NORM, NORM1, SOFTMAX, LOGSUMEXP,
    SOFTMAX_ROWS, LOGSUMEXP_ROWS, PSEUDOINVERSE, KHATRI_RAO, BESIDE, ABOVE,
    EXPM, LOGM, SQRTM, MATRIX_POWER, NUCLEAR, POLAR, MAX, HARDMAX,
    TRIL, VECH,
    *ELEMENTWISE.values(),
    IDENTITY, ONES, ZEROS, COMMUTATION, DUPLICATION, ELIMINATION, SKEW_DUPLICATION,
    SELECTION, SYLVESTER, PI, SIZE,
)  # fmt: skip


def functions() -> dict[str, tuple[Operation, ...]]:
    """The operations that a function name may stand for: diag stands for two."""
    found: dict[str, tuple[Operation, ...]] = {}
    for operation in REGISTRY:
        for spelling in operation.spellings:
            found[spelling] = (*found.get(spelling, ()), operation)
    return found
