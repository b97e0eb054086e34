"""Dimensions with rational coefficients: exact, interned, written and read back the same."""

from __future__ import annotations

import pytest

from matdiff.dimensions import ONE, Dimension, at_least_one, shape_text
from matdiff.emission.statements import size_code
from matdiff.errors import MatdiffError
from matdiff.rendering import latex, text
from matdiff.session import Session
from matdiff.settings import Settings

m, n = Dimension.of("m"), Dimension.of("n")
HALF = n * (n + ONE) / 2


def test_equal_polynomials_are_one_object() -> None:
    assert HALF is (n * n + n) / 2 and HALF * Dimension.of(2) is n * n + n
    assert HALF - n is n * (n - ONE) / 2 and HALF.substitute({"n": n - ONE}) is HALF - n
    assert Dimension.of(6) / 2 is Dimension.of(3) and n / 1 is n


@pytest.mark.parametrize("size", [1, 2, 7, 10**9, 10**40 + 1])
def test_a_half_is_exact_at_any_size(size: int) -> None:
    assert HALF.at({"n": size}) == size * (size + 1) // 2
    assert HALF.substitute({"n": Dimension.of(size)}).value == size * (size + 1) // 2


def test_what_is_whole_at_all_whole_numbers() -> None:
    whole = (HALF, HALF * m, n * (n + ONE) * (n + ONE + ONE) / 6, HALF + HALF.substitute({"n": m}))
    assert all(size.is_whole for size in (*whole, n, n + m))
    assert not any(size.is_whole for size in (n / 2, n * n / 2, n * m / 2, HALF / 2, ONE / 2))


@pytest.mark.parametrize(
    "size, written",
    [
        (HALF, "n*(n+1)/2"),
        (HALF - n, "n*(n-1)/2"),
        (HALF + ONE, "(n*n+n+2)/2"),
        (HALF * m, "m*n*(n+1)/2"),
        (Dimension.of(3) * HALF, "n*(3*n+3)/2"),
        (n * n / 2, "n*n/2"),
    ],
)
def test_they_are_written_with_one_fraction_line(size: Dimension, written: str) -> None:
    assert str(size) == written
    assert shape_text((size, n)) == f"{written}×n"
    assert size_code(size, {"m": "m", "n": "n"}).text == (
        written.replace("*", " * ").replace("/", " // ").replace("+", " + ").replace("-", " - ")
    )


@pytest.mark.parametrize("size", ["n*(n+1)/2", "n*(n-1)/2", "m*n*(n+1)/2", "(n*n+n)/2", "8/2"])
def test_what_is_written_is_read_back(size: str) -> None:
    session = Session()
    session.declare("X : m×n")
    one = session.shape(session.parse(f"I({size})"), Settings()).reading.expression
    for written, is_latex in ((text(one), False), (latex(one), True)):
        tree = session.parse(written, latex=is_latex)
        assert session.shape(tree, Settings()).reading.expression is one


def test_they_are_declared() -> None:
    for written in ("n*(n+1)/2", "(n^2 + n)/2"):
        session = Session()
        session.declare(f"v : {written}")
        assert session.environment.variables["v"].shape == (HALF, ONE)


@pytest.mark.parametrize(
    "size, code",
    [("n/2", "MX211"), ("n*n/2", "MX211"), ("n/m", "MX111"), ("n/0", "MX111"), ("1/2", "MX211")],
)
def test_no_half_entries(size: str, code: str) -> None:
    with pytest.raises(MatdiffError) as refusal:
        Session().declare(f"v : {size}")
    assert refusal.value.code == code


def test_a_size_is_found_from_half_of_a_matrix() -> None:
    for declared, order in (("n*(n+1)/2", n), ("15", Dimension.of(5))):
        session = Session()
        session.declare(f"v : {declared}")
        reading = session.shape(session.parse("v'vech(A)"), Settings()).reading
        assert reading.inferred == {"A": (order, order)}
    session.declare("u : 16")
    with pytest.raises(MatdiffError):  # no matrix has 16 entries on and below its diagonal
        session.shape(session.parse("u'vech(B)"), Settings())


def test_where_it_is_at_least_one() -> None:
    assert at_least_one(HALF) is True
    assert at_least_one(HALF - n) is None
    assert at_least_one(ONE - HALF - ONE) is False


def test_many_of_them_are_fast() -> None:
    total = Dimension.of(0)
    for i in range(2000):
        total = total + Dimension.of(f"n{i % 7}") * HALF
    assert len(total.terms) == 14
