"""How a derivative is wanted: what the options of the command and the words after `as` set."""

from __future__ import annotations

from matdiff.errors import UsageProblem


class Settings:
    """How a derivative is wanted: its layout, how it is checked, how strictly text is read.

    `structure` is what is done with that of the variable, None for what is usual; `steps` is the
    kind of derivation wanted, "differentials" or "rules", None for none.
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
        self.layout, self.vec, self.structure, self.steps = layout, vec, structure, steps
        self.strict, self.verify, self.trials, self.seed = strict, verify, trials, seed

    def without_steps(self) -> Settings:
        """These settings, but no derivation wanted."""
        new = self.changed_by([])
        new.steps = None
        return new

    def changed_by(self, options: list[str]) -> Settings:
        """These settings with the words after `as` applied: row, denominator, free …

        Raises UsageProblem for a word that means nothing.
        """
        new = Settings(**{name: getattr(self, name) for name in self.__slots__})
        for word in options:
            if word in ("numerator", "denominator"):
                new.layout = word
            elif word in ("row", "column"):
                new.vec = word
            elif word in ("projection", "free", "entries"):
                new.structure = word
            else:
                raise UsageProblem(
                    f"the option {word} after `as` is not known",
                    hint="numerator, denominator, row, column, projection, free or entries",
                )
        return new
