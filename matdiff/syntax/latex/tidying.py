r"""What authors type in another order or with other signs, put into one form.

The power before the subscript (\|x\|^2_2, \Sigma^{-1}_k), a norm of two single bars, {a \over b}.
"""

from __future__ import annotations

from matdiff.errors import SyntaxProblem
from matdiff.syntax.characters import Text
from matdiff.syntax.latex.commands import STARS, TRANSPOSING
from matdiff.syntax.latex.tokens import LatexToken

LONGEST_LABEL = 8  # tokens from the bracket in x^{(i)\top} to the one that closes it


def tidied(tokens: list[LatexToken], text: Text) -> list[LatexToken]:
    """The tokens of a text in the form that the reader expects."""
    if "∑" in text.original:
        tokens = [_with_sum_sign(token, text) for token in tokens]
    tokens = _with_double_bars(tokens)
    if any(token.kind == "command" and token.text == "over" for token in tokens):
        tokens = _with_fractions(tokens)
    if any(token.kind == "_" for token in tokens):
        tokens = _subscripts_first(tokens)
    if any(token.kind == "^" for token in tokens):
        tokens = _transposed_last(tokens)
    return tokens


def script_end(tokens: list[LatexToken], at: int) -> int:
    """Where the script stops whose sign stands at `at`: after a group in braces or one token."""
    if at + 1 >= len(tokens) or tokens[at + 1].kind != "{":
        return min(at + 2, len(tokens))
    depth, stop = 1, at + 2
    while stop < len(tokens) and depth:
        depth += {"{": 1, "}": -1}.get(tokens[stop].kind, 0)
        stop += 1
    return stop


def _with_sum_sign(token: LatexToken, text: Text) -> LatexToken:
    r"""∑ as \sum: it has been folded to the letter Σ, which in LaTeX is no sum."""
    typed = text.original[slice(*text.span(token.start, token.end))]
    return LatexToken("command", "sum", token.start, token.end) if typed == "∑" else token


def _with_double_bars(tokens: list[LatexToken]) -> list[LatexToken]:
    r"""\left|\left|x\right|\right| has the bars of a norm."""
    found: list[LatexToken] = []
    for token in tokens:
        last = found[-1] if found else None
        single = token.kind == "bar" and token.text == "|" and abs(token.side) == 1
        if single and last is not None and (last.kind, last.text) == ("bar", "|"):
            if last.side == token.side:
                found[-1] = LatexToken("bar", "‖", last.start, token.end, token.side)
                continue
        found.append(token)
    return found


def _subscripts_first(tokens: list[LatexToken]) -> list[LatexToken]:
    r"""x^2_1 as x_1^2, and x'_1 as x_1'; scripts nested in others are left for their own turn."""
    found: list[LatexToken] = []
    at = 0
    while at < len(tokens):
        stop = at
        while stop < len(tokens) and tokens[stop].text == "'" and tokens[stop].kind == "sign":
            stop += 1
        if stop == at and tokens[at].kind == "^":
            stop = script_end(tokens, at)
        if stop > at and stop + 1 < len(tokens) and tokens[stop].kind == "_":
            end = script_end(tokens, stop)
            found += tokens[stop:end] + tokens[at:stop]
            at = end
            continue
        found.append(tokens[at])
        at += 1
    return found


def _transposed_last(tokens: list[LatexToken]) -> list[LatexToken]:
    r"""x^{(i)\top} and x^{(i)^\top} as x^{(i)}^{\top}, and w^{\star T} likewise."""
    found: list[LatexToken] = []
    at = 0
    while at < len(tokens):
        label = _label_end(tokens, at)
        primes = _primes(tokens[label : label + LONGEST_LABEL]) if label else []
        if primes:
            place = primes[0].start, primes[0].start
            between = [LatexToken(kind, kind, *place) for kind in "}^{"]
            signs = [token for token in primes if token.kind not in "^{}"]
            found += [*tokens[at:label], *between, *signs, primes[-1]]
            at = label + len(primes)
        else:
            found.append(tokens[at])
            at += 1
    return found


def _label_end(tokens: list[LatexToken], at: int) -> int:
    """Where the (i) or star ends that begins the superscript in braces at a token; 0 if none."""
    if tokens[at].kind != "^" or [token.kind for token in tokens[at + 1 : at + 2]] != ["{"]:
        return 0
    label = tokens[at + 2 : at + 2 + LONGEST_LABEL]
    if label and label[0].text in STARS:
        return at + 3
    closing = [i for i, token in enumerate(label) if token.kind == "close"]
    return at + 3 + closing[0] if closing and label[0].kind == "open" else 0


def _primes(near: list[LatexToken]) -> list[LatexToken]:
    r"""The \top or ^{\top} that fills a superscript up to its brace, with that; else nothing."""
    depth = 0
    for count, token in enumerate(near, start=1):
        depth += (token.kind == "{") - (token.kind == "}")
        if depth < 0:
            return near[:count] if count > 1 else []
        if token.kind not in "^{}" and token.text not in TRANSPOSING:
            return []
    return []


def _with_fractions(tokens: list[LatexToken]) -> list[LatexToken]:
    r"""{a \over b} as \frac{a}{b}."""
    found: list[LatexToken] = []
    opened: list[tuple[int, bool]] = [(0, False)]  # where a group begins, and whether it is parted
    for token in [*tokens, None]:
        if token is None or token.kind == "}" or (len(opened) > 1 and _ends_fence(token)):
            begin, parted = opened.pop() if opened else (0, False)
            if parted:
                place = found[-1].end, found[-1].end
                found.append(LatexToken("}", "}", *place))
            if token is None:
                break
            if not opened:
                opened.append((len(found) + 1, False))
        if token.kind == "command" and token.text == "over":
            begin, parted = opened[-1]
            _refuse_no_numerator(token, [] if parted else found[begin:])
            start = found[begin].start
            head = [LatexToken("command", "frac", token.start, token.end)]
            found[begin:begin] = [*head, LatexToken("{", "{", start, start)]
            found += [LatexToken(kind, kind, token.start, token.end) for kind in "}{"]
            opened[-1] = begin, True
            continue
        found.append(token)
        if _begins_group(token):
            opened.append((len(found), False))
    return found


def _begins_group(token: LatexToken) -> bool:
    r"""Whether the token begins what \over parts: a brace, or a bracket or bar after \left."""
    return token.kind == "{" or (token.kind in ("open", "bar") and token.side < 0)


def _ends_fence(token: LatexToken) -> bool:
    return token.kind in ("close", "bar") and token.side > 0


def _refuse_no_numerator(over: LatexToken, above: list[LatexToken]) -> None:
    r"""Raise if what stands before \over in its group is no numerator: (a \over b) is the fraction
    of `(a` and `b)`."""
    brackets = sum((token.kind == "open") - (token.kind == "close") for token in above)
    if above and not brackets:
        return
    reason, hint = "parts one numerator from one denominator", None
    if above:
        reason = "parts all that stands in its braces, and brackets on both sides are no fraction"
        hint = r"write \frac{a}{b}, or braces within the bracket: ({a \over b})"
    raise SyntaxProblem(rf"`\over` {reason}", hint=hint, span=(over.start, over.end), code="MX105")
