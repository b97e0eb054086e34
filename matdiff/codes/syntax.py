"""MX1xx: the text cannot be read, or a name does not mean what it would have to."""

from __future__ import annotations

from matdiff.codes.page import Page

PAGES = {
    "MX100": Page(
        "Text that cannot be read",
        "The text is no expression and no statement of the language.",
        "",
        "Look at the place of the caret; docs/language.md shows what can be written.",
    ),
    "MX101": Page(
        "Nothing to read",
        "An expression was expected and the text is empty.",
        "$ matdiff gradient '' --wrt x",
        "Give an expression. In a shell, put it between quotes.",
    ),
    "MX102": Page(
        "A character that is not read",
        "A control character, a letter that only looks like a Latin or Greek one, or a letter of "
        "another script. Two names that look alike would be two variables.",
        "gradient х'х wrt х",
        "Type the letter anew; text copied from a page often brings look-alikes.",
    ),
    "MX103": Page(
        "A sign without meaning here",
        "The sign has no meaning in this place.",
        "gradient x! wrt x",
        "Leave it out, or write the operation by its name: `matdiff functions` lists them.",
    ),
    "MX104": Page(
        "A bracket that is not closed",
        "A bracket or bar is opened and not closed, or closed and not opened.",
        "gradient (x'x wrt x",
        "Close it; the caret shows the one that has no partner.",
    ),
    "MX105": Page(
        "An operand is missing",
        "An operator, a bracket or a comma has nothing beside or in it.",
        "gradient x'x + wrt x",
        "Write the missing operand, or leave the operator out.",
    ),
    "MX106": Page(
        "A sign where it cannot stand",
        "The sign is known, but no expression has it in this place.",
        "gradient <x> wrt x",
        "Compare with the examples in docs/language.md.",
    ),
    "MX107": Page(
        "A function without argument",
        "The name of a function is followed by no bracket, or by nothing.",
        "gradient tr wrt x",
        "Write the argument between brackets: tr(A).",
    ),
    "MX108": Page(
        "Two powers in a row",
        "a^b^c has two readings, and ** is not a power here.",
        "gradient x'x^2^3 wrt x",
        "Write brackets, (a^b)^c, and ^ for a power.",
    ),
    "MX109": Page(
        "A form that is not supported",
        "The text has a meaning in other notations that is not read here.",
        "x : n\ncheck x'x wrt x == 2 x where a, b = 2",
        "Write it in one of the forms of docs/language.md.",
    ),
    "MX110": Page(
        "An equation instead of an expression",
        "An expression or a shape was expected, and there is an equation.",
        "gradient y = x'x wrt x",
        "Define the name in a line of its own, or leave out `y =`.",
    ),
    "MX111": Page(
        "A declaration that says no shape",
        "A declaration has no shape, too many sides, or a side that is no dimension.",
        "A : m×n×k",
        "Write A : m×n, x : n or c : scalar, and properties after the shape.",
    ),
    "MX112": Page(
        "A line that is no statement",
        "A line of a file neither declares, nor defines, nor asks, nor claims.",
        "what is this",
        "Begin a remark with #. The statements are listed in docs/language.md.",
    ),
    "MX113": Page(
        "A question that is not complete",
        "The variable, the expression or the claim is missing.",
        "gradient x'x",
        "Say with respect to what: gradient x'x wrt x.",
    ),
    "MX114": Page(
        "An index sum that is not read",
        "A sum runs over a part of its range, or over more than two indices.",
        "gradient Σ_{i=2}^{n} x[i]^2 wrt x",
        "Let the sum run over the whole range; a 0/1 matrix as a factor selects terms.",
    ),
    "MX115": Page(
        "LaTeX that is not read",
        "A command, superscript or subscript of LaTeX has no meaning here.",
        r"gradient $\foo{x}$ wrt x",
        "Write the formula with commands that docs/language.md lists, or define a macro.",
    ),
    "MX116": Page(
        "A number beyond double precision",
        "Numbers end at about 1.8e308, where the double precision of checks and emitted code ends.",
        "c : scalar\ngradient 1e400 c wrt c",
        "Give the number a name.",
    ),
    "MX150": Page(
        "A name that cannot be used",
        "The name is unknown, reserved, or has another meaning.",
        "x : n\ngradient x'x wrt y",
        "Use the name of a variable that is declared or occurs in the expression.",
    ),
    "MX151": Page(
        "No such function",
        "A name before a bracket is no function that is known or declared.",
        "A : n×n\ngradient trase(A) wrt A",
        "`matdiff functions` lists all; φ : elementwise declares one. For a product write a blank.",
    ),
    "MX152": Page(
        "A name with two meanings",
        "A name is declared or defined twice, and not in the same way.",
        "A : m×n\nA : n×n",
        "Use two names.",
    ),
    "MX153": Page(
        "An unknown property",
        "The word after a shape is no property of matrices that is known.",
        "A : n×n purple",
        "docs/language.md lists the properties, such as symmetric, spd and orthogonal.",
    ),
    "MX154": Page(
        "Properties that contradict each other",
        "No matrix but a trivial one has all the properties that are declared.",
        "A : n×n symmetric skew",
        "Leave one of them out.",
    ),
    "MX155": Page(
        "A name that begins with a digit",
        "Names begin with a letter; 2x is the product of 2 and x.",
        "2x : n",
        "Put the digit behind the letter: x2, or x_2.",
    ),
    "MX156": Page(
        "A name that the differential needs",
        "The change of X is called dX, and a variable of the expression has that name.",
        "x : scalar, dx : scalar\ndifferential x dx wrt x",
        "Give one of the two another name.",
    ),
    "MX157": Page(
        "A name that no function can have",
        "The name of the declared function has a meaning of its own before a bracket.",
        "softmax : elementwise",
        "Choose another name.",
    ),
    "MX158": Page(
        "A name that hides a function",
        "The result has a function, or the change of a variable, whose name was declared "
        "as a function, so that it would be read otherwise.",
        "sigmoid : elementwise\nx : n\ngradient sum(softplus(x)) wrt x",
        "Give the declared name another spelling.",
    ),
}
