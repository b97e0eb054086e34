"""Expressions: what the language page says, as trees."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import pytest

from matdiff.syntax import parse_expression
from matdiff.syntax.tree import Call, Chain, Number, Power, Sum, Transpose

Read = Callable[..., str]


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("A B", "<A _ B>"),
        ("A*B·C@D", "<A * B * C * D>"),
        ("A B∘C", "<A _ B ∘ C>"),
        ("A∘B ⊙ C .* D", "<A ∘ B ∘ C ∘ D>"),
        ("A⊗B⊛C⊘D./E/f", "<A ⊗ B ⊛ C ⊘ D ⊘ E / f>"),
        ("(A(B(XC)∘D)∘E)F", "<(<A _ (<B _ (XC) ∘ D>) ∘ E>) _ F>"),
        ("1/2 norm(x)^2", "<1 / 2 _ (norm[x])^(2)>"),
        ("2x", "<2 _ x>"),
        ("2.*A", "<2 ∘ A>"),
        ("x(y + z)", "<x _ ((+y +z))>"),
    ],
)
def test_a_chain_of_products_is_flat(read: Read, text: str, tree: str) -> None:
    assert read(text) == tree


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("A + B - C", "(+A +B -C)"),
        ("-A B + C", "(-<A _ B> +C)"),
        ("A + B : C", "(+A +(B : C))"),
        ("A B : C∘D", "(<A _ B> : <C ∘ D>)"),
        ("-A : B", "(-(A : B))"),
        ("<A, B + C>", "(A : (+B +C))"),
        ("⟨A, B⟩ c", "<(A : B) _ c>"),
        ("-A^2", "(-(A)^(2))"),
        ("A * -B", "<A * (-B)>"),
        ("A - -B", "(+A +B)"),
        ("--A", "(+A)"),
        ("A -B", "(+A -B)"),
        ("(-A)B", "<((-A)) _ B>"),
    ],
)
def test_sums_are_loosest_and_signs_stand_before_a_product(
    read: Read, text: str, tree: str
) -> None:
    assert read(text) == tree


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("A'", "T(A)"),
        ("A''", "T(T(A))"),
        ("A.T B", "<T(A) _ B>"),
        ("Aᵀ", "T(A)"),
        ("A⊤", "T(A)"),
        ("A^T", "T(A)"),
        ("A^{T}", "T(A)"),
        (r"A^\top", "T(A)"),
        (r"A^{\top}", "T(A)"),
        ("x’A x", "<T(x) _ A _ x>"),
        ("A^-T", "T((A)^(-1))"),
        ("A^{-T}", "T((A)^(-1))"),
        ("A⁻ᵀ", "T((A)^(-1))"),
        ("A^T^2", "(T(A))^(2)"),
        ("tr(A)'", "T(tr[A])"),
    ],
)
def test_transposes(read: Read, text: str, tree: str) -> None:
    assert read(text) == tree


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("A^2", "(A)^(2)"),
        ("A²", "(A)^(2)"),
        ("A^-1", "(A)^(-1)"),
        ("A^(-1)", "(A)^(-1)"),
        ("A^{-1}", "(A)^(-1)"),
        ("A⁻¹", "(A)^(-1)"),
        ("A^(1/2)", "(A)^(1/2)"),
        ("A^{-1/2}", "(A)^(-1/2)"),
        ("A^-1/2", "<(A)^(-1) / 2>"),
        ("A^1/2", "<(A)^(1) / 2>"),
        ("A^(k+1)", "(A)^((+k +1))"),
        ("A^k", "(A)^(k)"),
        ("A^-k", "(A)^((-k))"),
        ("A^(T)", "T(A)"),
        ("c^(T)", "(c)^(T)"),
        ("A⁻¹ᵀ", "T((A)^(-1))"),
        ("A^-1ᵀ", "T((A)^(-1))"),
        ("A²ᵀB", "<T((A)^(2)) _ B>"),
        ("A^(k)ᵀ", "T((A)^(k))"),
        ("2./x", "<2 * (x).^(-1)>"),
        ("A∘1⊘B", "<A ∘ 1 * (B).^(-1)>"),
        ("A.^2", "(A).^(2)"),
        ("A.^-2", "(A).^(-2)"),
        ("A^{∘2}", "(A).^(2)"),
        ("A.^2'", "T((A).^(2))"),
        ("A'^2", "(T(A))^(2)"),
        ("x²3", "<(x)^(2) _ 3>"),
        ("½ x²y", "<(<1 / 2>) _ (x)^(2) _ y>"),
    ],
)
def test_powers_take_one_operand(read: Read, text: str, tree: str) -> None:
    assert read(text) == tree


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("|A|", "|A|"),
        ("|x| |y|", "<|x| _ |y|>"),
        ("|a||b|", "<|a| _ |b|>"),
        ("2|x|", "<2 _ |x|>"),
        ("|x| - |y|", "(+|x| -|y|)"),
        ("|a(|b| + 1)|", "|<a _ ((+|b| +1))>|"),
        ("||x||^2", "(||x||)^(2)"),
        ("‖A‖_F", "||A||F"),
        ("∥x∥₁", "||x||1"),
        ("‖A‖_* + ‖x‖_∞", "(+||A||* +||x||∞)"),
        (r"‖x‖_{\infty}", "||x||∞"),
        ("|‖x‖|", "|||x|||"),
    ],
)
def test_bars_open_or_close_by_what_stands_before(read: Read, text: str, tree: str) -> None:
    assert read(text) == tree


@pytest.mark.parametrize(
    ("text", "declared", "tree"),
    [
        ("tr(A B)", (), "tr[<A _ B>]"),
        ("softmax(A, rows)", (), "softmax_rows[A]"),
        ("K(m,n) vec(A)", (), "<K[m, n] _ vec[A]>"),
        ("I(n) + I", (), "(+I[n] +I)"),
        ("ones(n)'x", (), "<T(ones[n]) _ x>"),
        ("e(i,n) e", (), "<e[i, n] _ e>"),
        ("K(m n)", ("K",), "<K _ (<m _ n>)>"),
        ("tr(A)", ("tr",), "<tr _ (A)>"),
        ("σ(x) + σ", (), "(+σ[x] +σ)"),
        ("σ(x)", ("σ",), "<σ _ (x)>"),
        ("φ'(x)", (), "φ'[x]"),
        ("x'(y)", (), "<T(x) _ (y)>"),
        ("W1(x)", (), "<W1 _ (x)>"),
        ("Σ_1 Σ_xy", (), "<Σ_1 _ Σ_xy>"),
        ("XC(A + B)", ("X", "C"), "<XC _ ((+A +B))>"),
        ("exp^2", ("exp",), "(exp)^(2)"),
        ("numpy lambda'", ("numpy", "lambda"), "<numpy _ T(lambda)>"),
    ],
)
def test_a_name_is_called_if_it_is_a_function_and_not_declared(
    read: Read, text: str, declared: tuple[str, ...], tree: str
) -> None:
    assert read(text, *declared) == tree


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("Σ_i x[i] y[i] + z", "(+Σ[i; -; <x[i] _ y[i]>] +z)"),
        ("2 sum_{i=1}^{n} x[i]/c", "<2 _ Σ[i; n; <x[i] / c>]>"),
        ("∑_{ij} -X[i,j]'", "(-Σ[i,j; -; T(X[i,j])])"),
        ("Σ_{i, j} Σ_k^3 X[i,:] y", "Σ[i,j; -; Σ[k; 3; <X[i,:] _ y>]]"),
        ("sum(i, j, x[i] y[j])", "Σ[i,j; -; <x[i] _ y[j]>]"),
        ("-2 Σ_i^n f(x)[i]^2", "(-<2 _ Σ[i; n; <f _ ((x)[i])^(2)>]>)"),
    ],
)
def test_the_body_of_a_sum_is_the_rest_of_the_chain(read: Read, text: str, tree: str) -> None:
    assert read(text) == tree


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0.1", Fraction(1, 10)),
        (".5", Fraction(1, 2)),
        ("1e-6", Fraction(1, 10**6)),
        ("3E+2", Fraction(300)),
        ("2.00000001", Fraction(200000001, 10**8)),
        ("1e308", Fraction(10**308)),
    ],
)
def test_numbers_are_exact(text: str, value: Fraction) -> None:
    tree = parse_expression(text, functions=())
    assert isinstance(tree, Number)
    assert tree.value == value


def test_blanks_and_line_ends_change_nothing(read: Read) -> None:
    assert read("x' A\n\t x") == read("x'A x") == read("x'A\u00a0x") == read("x'A\r\nx")


def test_spans_are_places_in_the_text_as_typed() -> None:
    text = "c − tr(A²B’)"
    tree = parse_expression(text, functions={"tr"})
    assert isinstance(tree, Sum)
    assert tree.span == (0, 12)
    call = tree.terms[1][1]
    assert isinstance(call, Call)
    assert (call.span, call.function_span) == ((4, 12), (4, 6))
    chain = call.arguments[0]
    assert isinstance(chain, Chain)
    assert (chain.span, chain.operator_spans) == ((7, 11), [(9, 9)])
    power, transposed = chain.operands
    assert isinstance(power, Power) and isinstance(transposed, Transpose)
    assert (power.span, power.base.span, power.exponent.span) == ((7, 9), (7, 8), (8, 9))
    assert (transposed.span, transposed.operand.span) == ((9, 11), (9, 10))


def test_a_transpose_tells_whether_it_was_written_with_the_letter_t() -> None:
    letters = []
    for text in ("A'", "A.T", "A^T", "A^-T"):
        tree = parse_expression(text, functions=())
        assert isinstance(tree, Transpose)
        letters.append(tree.letter)
    assert letters == [False, False, True, True]


def test_operators_of_a_chain_carry_their_places() -> None:
    tree = parse_expression("A .* B C", functions=())
    assert isinstance(tree, Chain)
    assert tree.operators == ["∘", ""]
    assert tree.operator_spans == [(2, 4), (7, 7)]
