"""MX5xx: a limit was reached, so that no input can hang the command or fill the memory."""

from __future__ import annotations

from matdiff.codes.page import Page

_SPLIT = "Split it into definitions, Y = …, and ask about Y."

PAGES = {
    "MX500": Page(
        "A limit was reached",
        "A documented limit was reached, such as the size of a file or the memory; the message "
        "names it and its value.",
        "",
        "Split the input; docs/command-line.md lists the limits.",
    ),
    "MX501": Page(
        "A statement is too long",
        "A statement may have 64 KiB.",
        "",
        _SPLIT,
    ),
    "MX502": Page(
        "A statement has too many signs",
        "A statement may have 20 000 names, numbers and operators.",
        "",
        _SPLIT,
    ),
    "MX503": Page(
        "Brackets are nested too deep",
        "Brackets may be nested 200 deep.",
        "",
        _SPLIT,
    ),
    "MX504": Page(
        "A name is too long",
        "A name may have 64 characters.",
        "",
        "Choose a shorter name.",
    ),
    "MX505": Page(
        "A number has too many digits",
        "A number may have 1000 digits.",
        "",
        "Round it, or give it a name.",
    ),
    "MX506": Page(
        "An exponent of ten is too large",
        "The exponent of a decimal number lies between -400 and 400.",
        "x : n\ngradient 1e999 x'x wrt x",
        "Give the number a name.",
    ),
    "MX507": Page(
        "Too many statements",
        "A file has more statements than the limit.",
        "",
        "Split the file.",
    ),
    "MX508": Page(
        "Arrays too large for numbers",
        "The sizes that are declared as numbers make arrays too large for a numerical check. With "
        "--verify the result is shown all the same, with a warning and status 3.",
        "",
        "Declare the sizes by names; the formula holds for all sizes, and small ones are tried.",
    ),
    "MX509": Page(
        "A power is too large",
        "A power of a matrix with a number for exponent may go to 64.",
        "A : n×n\ngradient tr(A^65) wrt A",
        "Use a name for the exponent: A^k.",
    ),
    "MX510": Page(
        "The formula is too long",
        "Written out, the formula has more than 200 000 names, numbers and operators.",
        "",
        "Differentiate the parts on their own; the chain rule joins them.",
    ),
    "MX511": Page(
        "It took too long",
        "A statement may take 10 seconds, a file 60.",
        "",
        "Ask about parts of the expression; for a claim, check the parts on their own.",
    ),
    "MX512": Page(
        "A product has too many factors",
        "More factors stand in one product than are looked at.",
        "",
        _SPLIT,
    ),
    "MX513": Page(
        "No process for -j",
        "No process, or none of as many as -j asks for, could be started.",
        "",
        "Ask for fewer, or leave -j out.",
    ),
    "MX514": Page(
        "A process was ended from outside",
        "The process that worked on a file with -j was killed, perhaps for want of memory. The "
        "rest of its file was not read; the other files were carried through.",
        "",
        "Check the file on its own.",
    ),
    "MX515": Page(
        "An expression has too many nodes",
        "The expression and its derivatives have more than a million parts.",
        "",
        "Ask about parts of the expression; the chain rule joins them.",
    ),
    "MX516": Page(
        "A file is too large",
        "A file may have 1 MiB, a notebook 16 MiB.",
        "",
        "Split the file. Who calls the command may raise the limit, see docs/command-line.md.",
    ),
    "MX517": Page(
        "Too many files",
        "A run reads at most 10 000 files.",
        "",
        "Name folders one by one.",
    ),
    "MX518": Page(
        "Out of memory",
        "The process could get no more memory. The message names the limit if the system set one, "
        "as `ulimit -v` does.",
        "",
        "Ask about parts of the expression, or allow more memory.",
    ),
    "MX520": Page(
        "A size is too large",
        "A dimension written as a number may be 10^9 at most.",
        "A : 10000000000×2",
        "Use a name for the size.",
    ),
    "MX521": Page(
        "A size is too complicated",
        "The dimension is a polynomial of too high a degree.",
        "",
        "Give the size a name of its own.",
    ),
    "MX530": Page(
        "Markdown is nested too deep",
        "List items and block quotes are nested deeper than the limit.",
        "",
        "Put the fence further out.",
    ),
    "MX531": Page(
        "Too many definitions in a LaTeX document",
        "The document defines more commands than the limit.",
        "",
        "Check the chapters as documents of their own.",
    ),
    "MX532": Page(
        "Claims of a LaTeX document are too long",
        "All displayed equations that are claimed have together more characters than the limit.",
        "",
        "Split the document.",
    ),
    "MX533": Page(
        "A notebook is nested too deep",
        "The JSON of the notebook is nested deeper than any notebook is.",
        "",
        "Save the notebook anew from its program.",
    ),
}
