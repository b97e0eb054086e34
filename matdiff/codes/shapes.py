"""MX2xx: shapes do not agree, or there is no value or derivative."""

from __future__ import annotations

from matdiff.codes.page import Page

PAGES = {
    "MX200": Page(
        "Shapes do not agree",
        "No reading of the expression has consistent shapes.",
        "",
        "`matdiff shape EXPR` shows the shape of every part.",
    ),
    "MX201": Page(
        "Inner dimensions differ",
        "In a product A B the columns of A must be as many as the rows of B, for all sizes.",
        "A : m×n, B : k×p\njacobian A B wrt A",
        "Transpose a factor, change the order, or declare the sizes by the same name.",
    ),
    "MX202": Page(
        "A sum of different shapes",
        "The operands of +, - and : need one shape.",
        "A : m×n, B : n×m\njacobian A + B wrt A",
        "Transpose one of them; x x' is n×n, x'x a scalar.",
    ),
    "MX203": Page(
        "An elementwise product of different shapes",
        "The operands of ∘ and ⊘ need one shape, those of ⊛ as many columns.",
        "A : m×n, B : n×m\njacobian A∘B wrt A",
        "Transpose one of them; diag(v) A scales the rows of A by v.",
    ),
    "MX204": Page(
        "A scalar beside a matrix",
        "x + 1 is no sum: nothing is added to every entry in silence.",
        "x : n\njacobian x + 1 wrt x",
        "Write c*ones(m,n) to add c to every entry, c*I to add it to the diagonal.",
    ),
    "MX205": Page(
        "Division by a matrix",
        "What stands below a fraction line has to be a scalar.",
        "A : n×n, x : n\njacobian x/A wrt x",
        "Write A^-1 x, or x⊘y for the quotient of entries.",
    ),
    "MX206": Page(
        "Not a square matrix",
        "Trace, determinant, inverse and powers are of square matrices.",
        "A : m×n\ngradient tr(A) wrt A",
        "Look at the shape: tr(A'A) is square for every A.",
    ),
    "MX207": Page(
        "A shape that the function does not take",
        "The function takes another shape than that of its argument.",
        "A : m×n\ngradient logsumexp(A) wrt A",
        "`matdiff functions` shows the shapes that each function takes.",
    ),
    "MX208": Page(
        "Too many or too few arguments",
        "The function takes another number of arguments.",
        "A : n×n\ngradient tr(A, A) wrt A",
        "`matdiff functions` shows how each function is called.",
    ),
    "MX209": Page(
        "An exponent without meaning",
        "A power of a matrix has a number or a scalar for exponent.",
        "A : n×n, x : n\njacobian A^x wrt x",
        "For powers of entries write A.^p.",
    ),
    "MX210": Page(
        "A constant of unknown size",
        "Nothing fixes the size of I, ones or zeros.",
        "x : n\ngradient x'x + tr(I) wrt x",
        "Write the size: I(n), ones(n), zeros(m,n).",
    ),
    "MX211": Page(
        "A size that is no dimension",
        "A size is a positive number, a name, or a polynomial in names.",
        "x : n\njacobian ones(0) wrt x",
        "Write a size such as n, 3 or n+1.",
    ),
    "MX212": Page(
        "A property of square matrices",
        "Only a square matrix can have the property that is declared.",
        "A : m×n symmetric",
        "Declare it square, A : n×n symmetric, or leave the property out.",
    ),
    "MX213": Page(
        "Another shape than the one that is wanted",
        "The expression has a shape, and another one is declared or needed for it.",
        "",
        "`matdiff shape EXPR` shows the shape of every part.",
    ),
    "MX215": Page(
        "A shape that nothing fixes",
        "A name is not declared, and the expression fits with more than one shape of it.",
        "",
        'Declare it: -d "A: m×n".',
    ),
    "MX216": Page(
        "A text with several readings",
        "With --strict, a text is refused whose operators can be bracketed in more than one way.",
        '$ matdiff gradient "tr(A∘B C)" --wrt A -d "A: n×n, B: n×n, C: n×n" --strict',
        "Write the brackets that are meant.",
    ),
    "MX217": Page(
        "Not a scalar",
        "A gradient and a Hessian are of a scalar.",
        "A : m×n, x : n\ngradient A x wrt x",
        "Ask for the jacobian, or for a scalar of it such as its sum.",
    ),
    "MX218": Page(
        "A sum without matrix notation",
        "What the sum adds up would need an array of three indices.",
        "",
        "In a sum stand products, sums, powers and functions of single entries, each over at most "
        "two indices.",
    ),
    "MX219": Page(
        "An index of unknown range",
        "Nothing in the sum has the index, so that nothing says how far it runs.",
        "x : n\ngradient Σ_j x'x wrt x",
        "State the range: sum_{j=1}^{n}.",
    ),
    "MX220": Page(
        "An index that no sum binds",
        "An index occurs outside the sum that it belongs to, or two sums use it at once.",
        "x : n\ngradient x'x + x[i] wrt x",
        "Put brackets around what is summed, and use two letters for two sums.",
    ),
    "MX221": Page(
        "An index as a number",
        "An index says which entry; its value is no number of the formula.",
        "x : n\ngradient Σ_i i x[i] wrt x",
        "Declare a vector of the numbers 1, 2, …, say k, and write k[i].",
    ),
    "MX222": Page(
        "Parts of a sum that do not fit",
        "Two parts of an index sum have ranges or shapes that do not agree.",
        "",
        "Look at the two parts that the message names.",
    ),
    "MX223": Page(
        "An index that is computed",
        "In a sum an index stands alone between its brackets.",
        "x : n\ngradient Σ_i x[i+1] x[i] wrt x",
        "A 0/1 matrix as a factor selects what the sum runs over.",
    ),
    "MX224": Page(
        "Blocks that do not fit together",
        "The blocks of a row need as many rows, those of a column as many columns.",
        "A : m×n, B : k×n\njacobian [A, B] wrt A",
        "`;` puts blocks below each other, `,` beside.",
    ),
    "MX225": Page(
        "An index beyond its dimension",
        "An index is larger than the dimension, or a range ends before it begins.",
        "x : 3\ngradient x[4] wrt x",
        "Indices begin with 1 and end with the dimension.",
    ),
    "MX226": Page(
        "One index of a matrix",
        "A matrix has two indices.",
        "A : m×n\ngradient A[1] wrt A",
        "Write A[1,2] for an entry, A[1,:] for a row, A[:,1] for a column.",
    ),
    "MX227": Page(
        "A unit vector beyond its length",
        "e(i,n) has its one at place i, which must not be beyond n.",
        "x : 3\ngradient e(4,3)'x wrt x",
        "Write an index between 1 and n.",
    ),
    "MX228": Page(
        "No such Hadamard matrix",
        "hadamard(n) is known for powers of two.",
        "x : 3\njacobian hadamard(3) x wrt x",
        "Write the order as a number that is a power of two.",
    ),
    "MX229": Page(
        "D_skew(1) has no columns",
        "A skew 1×1 matrix is zero: it has no entry of its own.",
        "",
        "Leave the term out.",
    ),
    "MX230": Page(
        "A triangle that is not square",
        "The independent entries of a triangle are stacked for square matrices only.",
        "",
        "Declare it square, or ask for the derivative of free entries: --structure free.",
    ),
    "MX231": Page(
        "An array that would have to be a scalar",
        "Something is transposed or summed, or its determinant is taken, and the shapes agree only "
        "if it is a scalar, by a name that nobody declared.",
        "gradient logdet(A A' + λ) wrt A",
        "Write what the shapes want: λ*I on a diagonal, ones(n) for a column of ones, a dot before "
        "a power of entries, brackets where they are missing; declare the name if it is a scalar.",
    ),
    "MX232": Page(
        "A run of letters that may be a product",
        "The run was not declared, and holds the variable of differentiation beside other letters. "
        "As a name of its own it would be a constant.",
        "gradient norm(Ax - b)^2 wrt x",
        "Put blanks between the factors, A x, or declare the run if it is one name. A run of names "
        "that are declared or used alone is read as their product.",
    ),
    "MX250": Page(
        "No value or no derivative",
        "The expression has no value, or no derivative that is known here.",
        "",
        "Look at the part that the message names.",
    ),
    "MX251": Page(
        "A derivative that is not known",
        "The operation has no derivative here. It is never taken for a constant.",
        "",
        "Write the operation by others, or declare an unknown function for it.",
    ),
    "MX252": Page(
        "Division by zero",
        "The number below the fraction line is zero.",
        "x : n\ngradient x'x/0 wrt x",
        "Correct the number.",
    ),
    "MX253": Page(
        "The inverse of a singular matrix",
        "The matrix is singular for all values of its variables.",
        "A : 3×3 skew, x : 3\njacobian inv(A) x wrt x",
        "Use pinv, or correct what was declared.",
    ),
    "MX254": Page(
        "Division by what vanishes",
        "What is divided by is zero for all values of its variables.",
        "x : n\ngradient x'x/(x'x - x'x) wrt x",
        "Correct the expression.",
    ),
    "MX255": Page(
        "A complex number",
        "A fractional power of a negative number is complex; matdiff is real.",
        "x : n\ngradient (-2)^(1/2) x'x wrt x",
        "Correct the sign or the exponent.",
    ),
    "MX256": Page(
        "An array of three indices",
        "The derivative of a declared function would have three indices, for which there is no "
        "matrix notation.",
        "",
        "Write the function out, or ask for a lower derivative.",
    ),
    "MX258": Page(
        "A derivative without closed form",
        "The derivative of the matrix function has no closed form in matrix notation here.",
        "A : n×n\njacobian expm(A) wrt A",
        "Inside a trace, or beside what it commutes with, it has: ask for the gradient of "
        "tr(expm(A)).",
    ),
    "MX259": Page(
        "The logarithm of zero",
        "The argument of the logarithm is zero for all values of its variables.",
        "x : n\ngradient log(x'x - x'x) wrt x",
        "Correct the expression.",
    ),
}
