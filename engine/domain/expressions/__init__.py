"""The guard language: a closed, typed subset of Python's expression syntax, parsed into a tree of our own.

It may not run, import or look up anything that the given names do not hold; there is no way out of it.

Rules of reading (domain dossier 3.3): a missing fact is *unknown*; ``x is None`` is definite, every other use of
an unknown is unknown, and unknown never satisfies. ``and``, ``or`` and ``not`` are those of Kleene. ``x in (a, b)``
reads as ``x == a or x == b``, and ``None`` in such a list as ``x is None``, so that ``x not in (None, 'tbd')`` is a
definite no for a missing ``x``. An empty list is false as a condition. Dates and moments compare by calendar day in
Europe/Stockholm. Numbers are exact; dividing by zero is unknown.
"""

from engine.domain.expressions.causes import causes
from engine.domain.expressions.evaluation import Environment
from engine.domain.expressions.parsing import Expression, parse
from engine.domain.expressions.tree import ExpressionFault, Names, Shape, shape_of

__all__ = ["Environment", "Expression", "ExpressionFault", "Names", "Shape", "causes", "parse", "shape_of"]
