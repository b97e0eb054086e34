"""matdiff: derivatives of matrix expressions, as formulas.

The package is a pipeline, one folder a stage: `syntax` reads text, `shapes` settles what it means,
`calculus` differentiates, `normal` shortens, `derivatives` arranges the result in a layout,
`rendering` writes it, `verification` checks it against numbers, `documents` reads files and `cli`
talks to people.  `session` is the whole pipeline for one question.
"""

__version__ = "0.1.0"
