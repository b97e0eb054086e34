r"""What the commands of LaTeX mean here: one table for each kind of command.

A command that stands in none of them is refused by its name; `INSTEAD` says what to write for the
ones that people try.
"""

from __future__ import annotations

GREEK = dict(
    zip(
        "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi pi rho sigma tau "
        "upsilon phi chi psi omega varepsilon vartheta varkappa varpi varrho varsigma varphi Gamma "
        "Delta Theta Lambda Xi Pi Sigma Phi Psi Omega".split(),
        "αβγδεζηθικλμνξπρστυφχψωεθκπρςφΓΔΘΛΞΠΣΦΨΩ",
        strict=True,
    )
) | {"ell": "l", "imath": "i", "jmath": "j"}

# A font of letters: \mathbf{Wx} is W x.
FONTS = frozenset(
    "mathbf boldsymbol bm pmb mathit mathcal mathscr mathfrak mathbb mathds mathbbm bf it cal "
    "boldmath bfseries symbf symbfit mathnormal vb vb* vectorbold".split()
)
# An upright or sans-serif font spells a word: \mathrm{tr}.
WORDS = (
    "operatorname mathrm text textrm textsf texttt textit textbf textnormal mathsf mathtt mathop "
    "mbox rm sf"
).split()
SPACES = frozenset(
    ", : ; ! > quad qquad thinspace enspace limits nolimits displaystyle textstyle "
    "scriptstyle scriptscriptstyle nonumber notag mathstrut strut left right middle protect "
    "xspace medspace thickspace negthinspace negmedspace negthickspace displaylimits relax "
    "allowbreak nobreak hfill ensuremath qty mathbin mathrel mathord mathopen mathclose mathinner "
    "smash IEEEyesnumber IEEEnonumber IEEEyessubnumber IEEEnosubnumber IEEEeqnarraynumspace".split()
) | {" ", "\n"}
SIZES = frozenset(
    name + side for name in ("big", "Big", "bigg", "Bigg") for side in ("", "l", "r", "m")
)

OPENING = {"lbrace": "(", "{": "(", "lbrack": "(", "lparen": "(", "langle": "<"}
CLOSING = {"rbrace": ")", "}": ")", "rbrack": ")", "rparen": ")", "rangle": ">"}
BARS = {  # bars and, where it shows, the side they stand on
    "lvert": ("|", -1),
    "rvert": ("|", 1),
    "vert": ("|", 0),
    "mid": ("|", 0),
    "lVert": ("‖", -1),
    "rVert": ("‖", 1),
    "Vert": ("‖", 0),
    "|": ("‖", 0),
}

OPERATORS = {
    "odot": "∘",
    "circ": "∘",
    "circledast": "∘",
    "otimes": "⊗",
    "oslash": "⊘",
    "cdot": "·",
    "times": "*",
    "div": "/",
    "colon": ":",
    "in": "∈",
    "to": "→",
}
TRANSPOSING = frozenset(("top", "intercal", "prime", "T", "t", "'", "⊤"))
STARS = frozenset(("star", "ast", "*"))
ACCENTS = {
    "hat": "_hat",
    "widehat": "_hat",
    "bar": "_bar",
    "overline": "_bar",
    "tilde": "_tilde",
    "widetilde": "_tilde",
    "dot": "_dot",
    "ddot": "_ddot",
    "check": "_check",
    "breve": "_breve",
    "vec": "",
    "overrightarrow": "",
    "underline": "",
}
FRACTIONS = frozenset(("frac", "tfrac", "dfrac", "cfrac"))
# Functions under other names than the language's own.
FUNCTIONS = {
    "Diag": "diag",
    "sigm": "sigmoid",
    "logistic": "sigmoid",
    "max": "max",
}
# Functions of one number: what follows their argument without brackets is a factor of its own.
NARROW = frozenset(
    "exp log ln sin cos tan sinh cosh tanh asin acos atan arcsin arccos arctan".split()
)

INSTEAD = {
    "partial": "ask for the derivative: gradient, jacobian or hessian, with wrt",
    "nabla": "ask for the gradient of the expression that follows",
    "prod": "products over an index are not read; write the factors out",
    "int": "integrals are not read",
    "mathbb{E}": "expectations are not read; write the mean over the sample",
    "begin": "the environments that are read are bmatrix, pmatrix and their like",
    "max": "leave the search for a maximum out, and give what is maximised",
    "min": "leave the search for a minimum out, and give what is minimised",
    "argmin": "leave the search for a minimum out, and give what is minimised",
    "argmax": "leave the search for a maximum out, and give what is maximised",
    "arg": "leave the search for an extremum out, and give its objective",
    "sup": "leave the search for a maximum out, and give what is maximised",
    "inf": "leave the search for a minimum out, and give what is minimised",
    "underset": "leave out what is set below, and give the expression",
    "overset": "leave out what is set above, and give the expression",
    "\\": "give one formula; the lines of a long one are joined without it",
    "mathcal{N}": "write the logarithm of the density out",
    "sim": "a distribution is not read; write its density out",
    "propto": "give one side",
    "approx": "give one side",
    "equiv": "give one side",
    "le": "give one side",
    "leq": "give one side",
    "ge": "give one side",
    "geq": "give one side",
    "neq": "a 0/1 matrix as a factor selects the pairs that are meant",
    "iint": "integrals are not read",
    "oint": "integrals are not read",
    "forall": "leave the condition out",
    "mathrm{d}": "ask for the derivative: gradient, jacobian or hessian, with wrt",
    "lim": "limits are not read",
    "ast": "write \\odot for the elementwise product, \\cdot for the product",
    "star": "write \\odot for the elementwise product, \\cdot for the product",
    "pm": "ask twice, once with each sign",
    "dots": "write an index sum in place of the dots",
    "cdots": "write an index sum in place of the dots",
    "ldots": "write an index sum in place of the dots",
    "binom": "write the number out",
    "newcommand": "write what the command stands for",
    "def": "write what the command stands for",
    "(": "group with ( ) alone; A\\b of other programs is written A^{-1}b",
    "left.": "write the expression without the bar of evaluation",
}
