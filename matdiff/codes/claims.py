"""MX3xx and MX4xx: what was claimed is wrong, or could not be decided."""

from __future__ import annotations

from matdiff.codes.page import Page

PAGES = {
    "MX301": Page(
        "The claim is wrong",
        "The formula that was handed in is not the derivative: they differ at a point where both "
        "were computed exactly or to 50 digits, or their shapes differ. The derived formula is "
        "shown, and what would make the claim right wherever it was found by trying.",
        "x : n\ncheck x'x wrt x == 3 x",
        "Compare with the formula that is shown. If the claim is meant in another layout, say so: "
        "`as denominator`, or --layout and --vec.",
    ),
    "MX310": Page(
        "matdiff's own result did not pass",
        "With --verify, the derived formula is compared with numerical derivatives. It did not "
        "agree, so it is not shown: a wrong formula is worse than none.",
        "",
        "Please report the input with the seed. --trials and --seed repeat the check.",
    ),
    "MX401": Page(
        "The claim could not be decided",
        "Neither were the two formulas shown to be equal nor to differ: no point was found where "
        "both have a value, or the derived formula could not be confirmed. This counts as not "
        "right, since a check that decides nothing must not pass.",
        "x : n\ncheck sum(log(-exp(x))) wrt x == ones(n)",
        "Declare what is known of the variables (positive, invertible …), or check a smaller part.",
    ),
}
