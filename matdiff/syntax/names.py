"""What a name is where it stands: a call, a factor, or a mistake worth a word of help.

A name before a bracket is called if it is a function or a sized constant and not declared; any
other is a factor, x(y + z) = x*(y + z).  A function's name without bracket, a name that differs
from a function's in its capitals or one letter, a call of what nobody knows: each is refused here,
where the reason is still plain.
"""

from __future__ import annotations

import re
from collections.abc import Collection

from lark import Token

from matdiff.errors import NameProblem, SyntaxProblem
from matdiff.syntax.powers import TRANSPOSED, is_product, is_transposing
from matdiff.syntax.tokens import Tokens, make_token, span_of

SIZED_CONSTANTS = frozenset(("I", "ones", "zeros", "K", "D", "D_skew", "L_vech", "e", "hadamard"))
_NUMBERS = frozenset(("pi",))  # never called: pi(1 + x) is a product
_DERIVATIVES = ("jac", "grad", "hess")  # of a declared function g: jac[g](x)
_INDEX_SUMS = ("sum_", "Σ_")
_WORD = re.compile(r"[^\W\d_]+")


def name_token(
    tokens: Tokens, i: int, end: int, declared: Collection[str], functions: Collection[str]
) -> tuple[Token, int]:
    """The token that the name at i is, and how many tokens it uses up; raises NameProblem."""
    token, name = tokens.items[i], tokens.value(i)
    if is_transposing(tokens, i, declared):
        return make_token("NAME", TRANSPOSED, span_of(token)), 1
    if not name[0].isalpha() or name.startswith("ℝ"):
        raise _problem(tokens, i, "has no meaning here", "MX103")
    if name in _DERIVATIVES and tokens.value(i + 1) == "[" and name not in declared:
        if (derivative := _derivative(tokens, i, end, functions)) is not None:
            return derivative, 4
    primes = 0
    while i + 1 + primes < end and tokens.value(i + 1 + primes) == "'":
        primes += 1
    before_bracket = i + 1 + primes < end and tokens.value(i + 1 + primes) == "("
    if name in declared:
        if before_bracket and not primes:
            _refuse_shadowed_call(tokens, i, functions)
        return token, 1
    called = name + "'" * primes
    if primes and name + "'" in functions:
        known = True  # φ' is a function, and so are φ'' and all that follow
    else:
        known = called in functions or called in SIZED_CONSTANTS
    if before_bracket and known:
        span = span_of(token)[0], span_of(tokens.items[i + primes])[1]
        return make_token("FUNCTION", called, span), 1 + primes
    if name in functions and name not in SIZED_CONSTANTS:
        own = derivatives_named(name, functions)
        if before_bracket:
            hint = (
                f"{called} is the derivative of {name}; only an unknown function has one so named"
            )
            raise _unknown(tokens, i, called, _how_written(name, own) if own else hint)
        if len(name) > 1 or own:
            reason = f"is a function: its argument stands in brackets, {name}(…)"
            raise _problem(tokens, i, reason, "MX107")
    if name.startswith(_INDEX_SUMS) and len(name.partition("_")[2]) == 1 and name[-1].isalpha():
        return _sum_head(tokens, i, end)
    if before_bracket and not primes and name not in _NUMBERS:
        _refuse_unknown_call(tokens, i, declared, functions)
    return token, 1


def derivatives_named(name: str, functions: Collection[str]) -> list[str]:
    """The derivatives of an unknown function by name, φ' or jac[g] or grad[f] and hess[f]; nothing
    for any other name."""
    written = [f"{name}'", *(f"{kind}[{name}]" for kind in _DERIVATIVES)]
    return [derivative for derivative in written if derivative in functions]


def _derivative(tokens: Tokens, i: int, end: int, functions: Collection[str]) -> Token | None:
    """jac[g] before a bracket as one token; raises NameProblem for a derivative g has not."""
    if [tokens.kind(i + 2), tokens.value(i + 3), tokens.value(i + 4)] != ["NAME", "]", "("]:
        return None
    if i + 4 >= end:
        return None
    kind, name = tokens.value(i), tokens.value(i + 2)
    called = f"{kind}[{name}]"
    if called not in functions:
        own = derivatives_named(name, functions)
        raise _unknown(tokens, i, called, _how_written(name, own) if own else _how_declared(name))
    span = span_of(tokens.items[i])[0], span_of(tokens.items[i + 3])[1]
    return make_token("FUNCTION", called, span)


def _how_written(name: str, own: list[str]) -> str:
    return f"a derivative of {name} is written {' or '.join(f'{one}(…)' for one in own)}"


def _how_declared(name: str) -> str:
    return f"declare an unknown function by {name} : elementwise or {name} : n → m"


def _sum_head(tokens: Tokens, i: int, end: int) -> tuple[Token, int]:
    """The sign Σ_i, or Σ_i^n with the upper bound, as one token."""
    used = 1
    if tokens.value(i + 1) == "^" and i + 2 < end:
        last = tokens.closer.get(i + 2, i + 2)
        used = last - i + 1 if tokens.kind(i + 2) in ("NAME", "NUMBER", "OPEN") else 1
    parts = tokens.items[i : i + used]
    span = span_of(parts[0])[0], span_of(parts[-1])[1]
    return make_token("SIGMA", "".join(str(part.value) for part in parts), span), used


def _refuse_unknown_call(
    tokens: Tokens, i: int, declared: Collection[str], functions: Collection[str]
) -> None:
    """Raise NameProblem (MX151) for f(a, b), for names of several letters no product splits, and
    for names made of a function's, as log1p and leaky_relu are."""
    name = tokens.value(i)
    if len(name) > 1 and name.lower() in functions:
        raise _unknown(tokens, i, name, f"write {name.lower()}(…)")
    from matdiff.syntax.instead import instead_of  # few formulas need it

    if not is_product(name, declared) and (advice := instead_of(name)) is not None:
        raise _unknown(tokens, i, name, advice)
    if i + 1 in tokens.with_comma:
        raise _unknown(tokens, i, name, "only a function has arguments separated by commas")
    words = [word.lower() for word in _WORD.findall(name)] if not name.isalpha() else []
    is_made = any(len(word) > 1 and word in functions for word in words)
    if is_made or (len(name) > 1 and name.isalpha() and not is_product(name, declared)):
        near = [known for known in sorted(functions) if differ_by_one(known, name)]
        question = f"did you mean {near[0]}? " if near else ""
        advice = f"if {name} is a variable, declare it, or write {name}*(…); "
        raise _unknown(tokens, i, name, question + advice + _how_declared(name))


def _refuse_shadowed_call(tokens: Tokens, i: int, functions: Collection[str]) -> None:
    if i + 1 not in tokens.with_comma:
        return
    name = tokens.value(i)
    known = name in functions or name in SIZED_CONSTANTS
    raise NameProblem(
        f"{name} is declared as a variable, so the bracket after it is a factor and cannot hold "
        "several arguments",
        hint=f"rename the variable to use {name}(…)" if known else "write an operator between them",
        span=span_of(tokens.items[i]),
        code="MX151",
    )


def differ_by_one(one: str, other: str) -> bool:
    """Whether one letter changed, added, left out, or swapped with the next makes them equal."""
    if abs(len(one) - len(other)) > 1 or min(len(one), len(other)) < 3:
        return False
    i = 0
    while i < min(len(one), len(other)) and one[i] == other[i]:
        i += 1
    rests = [(one[i:], other[i + 1 :]), (one[i + 1 :], other[i:])]
    if i > 0:  # the first letter is seldom mistaken: sech is not vech
        rests.append((one[i + 1 :], other[i + 1 :]))
    swapped = one[i : i + 2] == other[i : i + 2][::-1] and one[i + 2 :] == other[i + 2 :]
    return swapped or any(left == right for left, right in rests)


def _unknown(tokens: Tokens, i: int, name: str, hint: str) -> NameProblem:
    message = f"{name} is not a known function"
    return NameProblem(message, hint=hint, span=span_of(tokens.items[i]), code="MX151")


def _problem(tokens: Tokens, i: int, reason: str, code: str) -> SyntaxProblem:
    token = tokens.items[i]
    return SyntaxProblem(
        f"`{tokens.written(token)}` {tokens.place(token)} {reason}", span=span_of(token), code=code
    )
