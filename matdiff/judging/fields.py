"""What expressions are evaluated over, besides floating point: a prime field, or many digits.

Multilinear operations and constants need no more than + and ×, so their own `evaluate` serves over
any field, on numpy arrays of Python objects.  The others are reduced to a few by their records'
`definition`; what is left is here, for `over_field` of a record to call: inverse, determinant,
powers, functions of one entry and of a square matrix.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from matdiff.operations.algebra import Expression
from matdiff.verification.evaluation import Sizes

Array = Any  # a two-dimensional numpy array of objects


class OutsideDomain(Exception):
    """A value does not exist at this point: another point may serve."""


class NotFound(OutsideDomain):
    """A value that may exist was not found by the iteration for it."""


class NotComputable(Exception):
    """An operation cannot be computed over this field at any point."""


class Field:
    """Arithmetic of one field; the elements are Python objects that know + - and ×."""

    __slots__ = ()

    def rational(self, value: Fraction) -> Any:
        """The element that a rational number is."""
        raise NotImplementedError

    def reduced(self, values: Array) -> Array:
        """The array with every entry in its standard form, after sums and products."""
        raise NotImplementedError

    def reciprocal(self, element: Any) -> Any:
        """1/element; OutsideDomain for zero."""
        raise NotImplementedError

    def pivot(self, column: Array, negligible: Any = 0) -> int | None:
        """Where in a column to divide; None if nothing in it is more than negligible."""
        raise NotImplementedError

    def negligible(self, X: Array) -> Any:
        """What may be rounding beside the entries of a matrix."""
        raise NotImplementedError

    def powered(self, element: Any, exponent: Any) -> Any:
        """The power of one element; OutsideDomain where it does not exist."""
        raise NotImplementedError

    def opaque(self, node: Expression, arguments: list[Array], sizes: Sizes) -> Array:
        """The value of an operation of which the field knows nothing; NotComputable if none."""
        raise NotImplementedError

    def pi(self) -> Array:
        """π, 1×1."""
        raise NotImplementedError

    # -- functions of one entry, which the definitions of the others lead to

    def exp(self, element: Any) -> Any:
        raise NotImplementedError

    def log(self, element: Any) -> Any:
        """OutsideDomain for zero and what counts as negative."""
        raise NotImplementedError

    def sin(self, element: Any) -> Any:
        raise NotImplementedError

    def cos(self, element: Any) -> Any:
        raise NotImplementedError

    def asin(self, element: Any) -> Any:
        raise NotImplementedError

    def atan(self, element: Any) -> Any:
        raise NotImplementedError

    def erf(self, element: Any) -> Any:
        raise NotImplementedError

    def sign(self, element: Any) -> Any:
        raise NotImplementedError

    # -- functions of a matrix

    def expm(self, X: Array) -> Array:
        raise NotImplementedError

    def logm(self, X: Array) -> Array:
        raise NotImplementedError

    def sqrtm(self, X: Array) -> Array:
        raise NotImplementedError

    def matrix_power(self, X: Array, exponent: Array) -> Array:
        """X^k for a 1×1 exponent."""
        raise NotImplementedError

    def polar(self, X: Array) -> Array:
        """The orthogonal factor U V' of X = U S V'."""
        raise NotImplementedError

    # -- what products and quotients do

    def array(self, values: Any) -> Array:
        """Exact numbers (integers, fractions, floats taken as they are) as elements."""
        import numpy as np

        given = np.asarray(values).astype(object)  # of Python's own numbers
        return self.each(given, lambda value: self.rational(Fraction(value)))

    def power(self, X: Array, exponent: Array) -> Array:
        """X.^a for a 1×1 exponent."""
        return self.each(X, lambda element: self.powered(element, exponent[0, 0]))

    def each(self, X: Array, function: Any) -> Array:
        """A Python function of every entry."""
        import numpy as np

        result = np.empty(X.shape, dtype=object)
        for place, element in np.ndenumerate(X):
            result[place] = function(element)
        return result

    def inverse(self, X: Array) -> Array:
        """X^-1 by Gauss and Jordan; OutsideDomain if X is singular."""
        return self._eliminated(X, self.negligible(X))[0]

    def determinant(self, X: Array) -> Array:
        """det(X), 1×1."""
        import numpy as np

        try:
            value = self._eliminated(X, 0)[1]
        except OutsideDomain:
            value = self.rational(Fraction(0))
        return np.array([[value]], dtype=object)

    def pseudoinverse(self, X: Array) -> Array:
        """The Moore-Penrose inverse: of X = F G with F of full column rank and G of full row rank,
        G'(G G')^-1 (F'F)^-1 F'.  Source: Ben-Israel & Greville 2003, theorem 1.5."""
        columns, G = self._row_echelon(X)
        if not columns:
            return X.T
        F = X[:, columns]
        left = self.reduced(self.inverse(self.reduced(F.T.dot(F))).dot(F.T))
        if len(columns) == X.shape[1]:
            return left
        right = self.reduced(G.T.dot(self.inverse(self.reduced(G.dot(G.T)))))
        return self.reduced(right.dot(left))

    def _row_echelon(self, X: Array) -> tuple[list[int], Array]:
        """The columns of the pivots, and the rows G of the reduced echelon form: X is its columns
        there, times G."""
        A, negligible = X.copy(), self.negligible(X)
        columns: list[int] = []
        for column in range(X.shape[1]):
            done = len(columns)
            place = self.pivot(A[done:, column], negligible)
            if place is None:
                continue
            A[[done, done + place]] = A[[done + place, done]]
            A[done] = self.reduced(A[done] * self.reciprocal(A[done, column]))
            for other in range(len(A)):
                if other != done and A[other, column]:
                    A[other] = self.reduced(A[other] - A[other, column] * A[done])
            columns.append(column)
        return columns, A[: len(columns)]

    def _eliminated(self, X: Array, negligible: Any) -> tuple[Array, Any]:
        """The inverse and the determinant; OutsideDomain where a pivot is negligible."""
        import numpy as np

        n = len(X)
        if X.shape != (n, n):
            raise OutsideDomain("the matrix is not square")
        A = np.concatenate([X, self.array(np.eye(n))], axis=1)
        determinant = self.rational(Fraction(1))
        for k in range(n):
            place = self.pivot(A[k:, k], negligible)
            if place is None:
                raise OutsideDomain("a matrix is singular")
            row = k + place
            if row != k:
                A[[k, row]] = A[[row, k]]
                determinant = -determinant
            determinant = determinant * A[k, k]
            A[k] = A[k] * self.reciprocal(A[k, k])
            A[k] = self.reduced(A[k])
            for other in range(n):
                if other != k and A[other, k]:
                    A[other] = self.reduced(A[other] - A[other, k] * A[k])
        determinant = self.reduced(np.array([[determinant]], dtype=object))[0, 0]
        return A[:, n:], determinant
