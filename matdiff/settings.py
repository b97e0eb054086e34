"""How a derivative is wanted: what the options of the command and the words after `as` set."""

from __future__ import annotations

from matdiff.errors import UsageProblem

LAYOUTS, VECS = ("numerator", "denominator"), ("column", "row")
STRUCTURES = ("projection", "free", "entries")


class Settings:
    """How a derivative is wanted: its layout, how it is checked, how strictly text is read.

    `structure` is what is done with that of the variable, None for what is usual; `steps` is the
    kind of derivation wanted, "differentials" or "rules", None for none.

    UsageProblem for a word that is none of these, and for numbers that cannot be: a layout that was
    misspelled must not pass for another one.
    """

    __slots__ = ("layout", "seed", "steps", "strict", "structure", "trials", "vec", "verify")

    def __init__(
        self,
        *,
        layout: str = "numerator",
        vec: str = "column",
        structure: str | None = None,
        steps: str | None = None,
        strict: bool = False,
        verify: bool = False,
        trials: int = 3,
        seed: int | None = None,
    ) -> None:
        _refuse_unknown("layout", layout, LAYOUTS)
        _refuse_unknown("vec", vec, VECS)
        _refuse_unknown("structure", structure, (None, *STRUCTURES))
        _refuse_unless_whole("trials", trials, 1)
        if seed is not None:
            _refuse_unless_whole("seed", seed, 0)
        self.layout, self.vec, self.structure, self.steps = layout, vec, structure, steps
        self.strict, self.verify, self.trials, self.seed = strict, verify, trials, seed

    def without_steps(self) -> Settings:
        """These settings, but no derivation wanted."""
        new = self.changed_by([])
        new.steps = None
        return new

    def with_seed(self, seed: int) -> Settings:
        """These settings, with random points that are repeated."""
        new = self.changed_by([])
        new.seed = seed
        return new

    def changed_by(self, options: list[str]) -> Settings:
        """These settings with the words after `as` applied: row, denominator, free …

        Raises UsageProblem for a word that means nothing.
        """
        new = Settings(**{name: getattr(self, name) for name in self.__slots__})
        for word in options:
            if word in LAYOUTS:
                new.layout = word
            elif word in VECS:
                new.vec = word
            elif word in STRUCTURES:
                new.structure = word
            else:
                raise UsageProblem(
                    f"the option {word} after `as` is not known",
                    hint="numerator, denominator, row, column, projection, free or entries",
                )
        return new


def refuse_code_of(kind: str, *, operator: bool, structured: bool) -> None:
    """Raise UsageProblem for code that a derivative of that kind has not, or that is two things."""
    if operator and structured:
        raise UsageProblem("operator and structured ask for different things", hint="take one")
    asked = "operator" if operator else "structured" if structured else None
    if asked is not None and kind not in ("jacobian", "hessian"):
        raise UsageProblem(
            f"{asked} is of the code for a Jacobian or Hessian, not for a {kind}",
            hint="a gradient or differential is an array as it stands: leave it out",
        )


def _refuse_unknown(name: str, value: object, known: tuple[str | None, ...]) -> None:
    if value not in known:
        words = " or ".join(repr(word) for word in known)
        raise UsageProblem(f"{name} is {words}, not {value!r}")


def _refuse_unless_whole(name: str, value: object, least: int) -> None:
    if not isinstance(value, int) or value < least:
        raise UsageProblem(f"{name} is a whole number from {least} on, not {value!r}")
