"""MX6xx: the command was called in a way it does not understand, or a file cannot be used."""

from __future__ import annotations

from matdiff.codes.page import Page

PAGES = {
    "MX600": Page(
        "The command was not understood",
        "An option or argument is missing, unknown, or does not go with another.",
        '$ matdiff gradient "x\'x"',
        "`matdiff COMMAND --help` lists the options of a command.",
    ),
    "MX605": Page(
        "A report without a format",
        "The ending of a report's file says no format, or there are more --report-format than "
        "--report.",
        "$ matdiff check notes.mx --report notes.out",
        "Add --report-format; the first is for the first --report.",
    ),
    "MX606": Page(
        "A report in the way of another file",
        "A report would replace a file that the command reads or writes, or go to standard output.",
        "$ matdiff check notes.mx --report notes.mx --report-format text",
        "Give the report a file of its own.",
    ),
    "MX607": Page(
        "Two outputs for one place",
        "JSON lines and the annotations of GitHub would both be written to standard output.",
        "$ matdiff check notes.mx --format json --report-format github",
        "-o FILE puts the JSON lines into a file.",
    ),
    "MX608": Page(
        "No such code",
        "`matdiff explain` was asked for a code that no message has.",
        "$ matdiff explain MX000",
        "`matdiff explain` lists all codes.",
    ),
    "MX609": Page(
        "A limit in the environment that is none",
        "A variable MATDIFF_LIMIT_… of the environment names no limit, or its value is no whole "
        "number.",
        "",
        "docs/command-line.md lists the limits and their names.",
    ),
    "MX614": Page(
        "Nothing was done",
        "The files hold no question, or no claim. A check that checks nothing must not look like "
        "success.",
        "",
        "Name files with claims: `check x'x wrt x == 2 x`.",
    ),
    "MX615": Page(
        "svd of what is no plain variable",
        "U, s, V = svd(E) names the factors of a variable without properties, once for "
        "each and by new names.",
        "E : m×n\ncheck tr(E'E) wrt E == 2 E where U, s, V = svd(2 E)",
        "Declare a variable for the matrix that is decomposed.",
    ),
    "MX618": Page(
        "Rules for a differential",
        "The derivation by rules leads to a Jacobian; a differential has no layout.",
        "",
        "Leave `rules` out, or ask for the jacobian.",
    ),
    "MX621": Page(
        "No equation follows",
        "`@next` stands for the next displayed equation of the LaTeX document, and there is none.",
        "",
        "Put the comment before the equation that it is about.",
    ),
    "MX622": Page(
        "The equation that follows is not closed",
        "The environment of the displayed equation has no end.",
        "",
        "Close it: \\end{equation}, \\] or $$.",
    ),
    "MX623": Page(
        "The equation that follows claims nothing",
        "The displayed equation has no = outside brackets, so it has no right-hand side.",
        "",
        "Put the comment before the equation with the formula.",
    ),
    "MX624": Page(
        "A dollar in the equation that follows",
        "The right-hand side switches between mathematics and text by dollars.",
        "",
        "Put the remark after a comma, or into \\text with the words around it.",
    ),
    "MX625": Page(
        "No such option of the cell magic",
        "%%matdiff has been given an option that it does not have.",
        "",
        "Statements begin in the line below %%matdiff.",
    ),
    "MX626": Page(
        "@next outside LaTeX",
        "`@next` is the next displayed equation of a LaTeX document; other documents have none.",
        "x : n\ncheck x'x wrt x == @next",
        "Write the formula that is claimed after ==.",
    ),
    "MX627": Page(
        "No code for a function in this target",
        "The library or language that the code is for has no such function, and none is written "
        "for it yet.",
        '$ matdiff gradient "tr(sqrtm(A))" --wrt A -d "A: n×n" --format jax',
        "--format numpy has them all.",
    ),
    "MX628": Page(
        "A remark in a displayed equation",
        "The claim has a word in \\text that is not declared, or an order term such as O(h): "
        "neither is part of a derivative.",
        "",
        "Put the remark after a comma, declare the name, or leave out the order term.",
    ),
    "MX650": Page(
        "A file that cannot be used",
        "The file cannot be read or written, or it is not UTF-8 text.",
        "",
        "Look at the reason in the message; save the file as UTF-8.",
    ),
    "MX651": Page(
        "A file that cannot be read",
        "The file does not exist or must not be read.",
        "$ matdiff run missing.mx",
        "Look at the reason in the message.",
    ),
    "MX652": Page(
        "Not a regular file",
        "Only regular files are read, since a pipe or a device could make the command wait.",
        "$ matdiff run /dev/null",
        "Pipe its content to `-`.",
    ),
    "MX653": Page(
        "A folder without files",
        "The folder holds no file of those that are read.",
        "",
        "Name the folder that has them. Checking nothing must not look like success.",
    ),
    "MX655": Page(
        "A notebook with broken JSON",
        "The file ends in .ipynb and is not JSON.",
        "",
        "Save the notebook anew from its program.",
    ),
    "MX656": Page(
        "Not a notebook",
        "The JSON has not the parts that a notebook has.",
        "",
        "Save the notebook anew from its program.",
    ),
    "MX657": Page(
        "A notebook of another version",
        "Notebooks of nbformat 4 are read.",
        "",
        "`jupyter nbconvert --to notebook` converts older ones.",
    ),
    "MX661": Page(
        "Output that did not arrive",
        "The disk is full, the folder is missing, or writing is not allowed.",
        '$ matdiff gradient "x\'x" --wrt x -o /nowhere/result.txt',
        "Look at the reason in the message. A file that was there is left as it was.",
    ),
    "MX662": Page(
        "A place that is not written to",
        "Output goes to regular files only: a link could lead a stranger's file elsewhere.",
        "",
        "Name the file itself.",
    ),
    "MX690": Page(
        "A library in the current folder",
        "numpy, lark, click or rich would be imported from the current folder, where a stranger's "
        "file could make every check pass. matdiff does not start.",
        "",
        "Call the installed command `matdiff`, and take the current folder off PYTHONPATH.",
    ),
    "MX691": Page(
        "A part of matdiff cannot be loaded",
        "A library is missing or broken, or there is too little memory to load it.",
        "",
        "Install matdiff anew; MATDIFF_TRACEBACK=1 shows where it happened.",
    ),
    "MX699": Page(
        "A bug in matdiff",
        "Something happened that should never happen.",
        "",
        "Please report the input. MATDIFF_TRACEBACK=1 shows where it happened.",
    ),
}
