"""Which small faults are put in: mutmut's mutators, and three for guards and steps.

A fault that changes only a docstring, a type, what is logged, an error's words or a wording is not made:
nobody is hurt by it. Neither is one in a decorator or an import, which would break the whole module.
"""

import ast
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import libcst as cst
import libcst.matchers as m
from libcst.metadata import MetadataWrapper, PositionProvider
from mutmut.mutation import mutators

#: Strings that are states, keys or codes; a string with other characters is a wording.
WORD = m.SimpleString(
    value=m.MatchIfTrue(lambda text: text.strip("\"'").replace("-", "_").isidentifier())
)

#: Calls whose arguments nobody but a developer reads.
LOGGED = m.Call(func=m.Attribute(value=m.Name("log"))) | m.Call(
    func=m.Name("cast") | m.Name("TypeVar") | m.Attribute(value=m.Name("logging"))
)

#: Attributes of these mark data classes and the like; they are no rule.
LEFT_OUT = (cst.Annotation, cst.Decorator, cst.Import, cst.ImportFrom, cst.TypeAlias)


@dataclass(frozen=True, slots=True)
class Fault:
    """One small fault: where it is, and what becomes of it there."""

    path: str
    #: The lines of the statement that it changes.
    lines: range
    #: The lines of the function it is in; none outside.
    around: range
    #: The function it is in, with its class; empty outside.
    inside: str
    #: The how-manieth of its function it is.
    number: int
    #: Names that the statement binds, if it stands outside every function.
    binds: frozenset[str]
    module: cst.Module
    node: cst.CSTNode
    other: cst.CSTNode

    def source(self) -> str | None:
        """The whole module with it; None if nobody could notice it, or it is no Python."""
        changed = cst.ensure_type(self.module.deep_replace(self.node, self.other), cst.Module).code
        try:
            return None if _meaning(changed) == _meaning(self.module.code) else changed
        except SyntaxError:
            return None

    def key(self, changed: str) -> str:
        """Names it in the list of equivalent ones, wherever its line moves."""
        difference = _difference(self.module.code.splitlines(), changed.splitlines())
        return f"{self.path} {self.inside or 'module'}: {difference}"


def _never(node: cst.If) -> Iterable[cst.If]:
    """A guard that is left out."""
    yield node.with_changes(test=cst.Name("False"))


def _always(node: cst.If) -> Iterable[cst.If]:
    """A guard that stops everybody."""
    yield node.with_changes(test=cst.Name("True"))


def _left_out(node: cst.Expr) -> Iterable[cst.Pass]:
    """A step that is not taken."""
    call = node.value.expression if isinstance(node.value, cst.Await) else node.value
    if isinstance(call, cst.Call) and not m.matches(call, LOGGED):
        yield cst.Pass()


def _keyword_left_out(node: cst.Call) -> Iterable[cst.Call]:
    """An argument that falls back to its default."""
    for number, argument in enumerate(node.args):
        if argument.keyword is not None:
            yield node.with_changes(args=[*node.args[:number], *node.args[number + 1 :]])


def _other_word(node: cst.SimpleString) -> Iterable[cst.BaseString]:
    """Another state or key."""
    if m.matches(node, WORD):
        yield from list(mutators.operator_string(node))[:1]


MUTATORS: mutators.OPERATORS_TYPE = [
    (cst.BaseNumber, mutators.operator_number),
    (cst.SimpleString, _other_word),
    (cst.Name, mutators.operator_name),
    (cst.AugAssign, mutators.operator_augmented_assignment),
    (cst.UnaryOperation, mutators.operator_remove_unary_ops),
    (cst.Call, mutators.operator_symmetric_string_methods_swap),
    (cst.CSTNode, mutators.operator_keywords),
    (cst.CSTNode, mutators.operator_swap_op),
    (cst.Match, mutators.operator_match),
    (cst.IfExp, mutators.operator_if_exp),
    (cst.If, _never),
    (cst.If, _always),
    (cst.Expr, _left_out),
    (cst.Call, _keyword_left_out),
]


class _Finder(cst.CSTVisitor):
    """Every place for a fault, with the statement around it."""

    METADATA_DEPENDENCIES = (PositionProvider,)

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[cst.CSTNode, cst.CSTNode, range, range, str]] = []
        self._inside: list[str] = []
        self._functions: list[range] = []
        self._lines = range(0)

    def on_visit(self, node: cst.CSTNode) -> bool:
        """Look at a node, unless it is of no consequence."""
        if isinstance(node, LEFT_OUT) or m.matches(node, LOGGED) or _is_docstring(node):
            return False
        if isinstance(node, cst.Raise) and not m.matches(node.exc, m.Call(func=m.Name("refused"))):
            return False
        if isinstance(node, cst.FunctionDef | cst.ClassDef):
            self._inside.append(node.name.value)
            if isinstance(node, cst.FunctionDef):
                self._functions.append(self._range(node))
        if isinstance(node, cst.SimpleStatementLine):
            self._lines = self._range(node)
        elif isinstance(node, cst.BaseCompoundStatement):
            whole = self._range(node)
            body = node.cases[0] if isinstance(node, cst.Match) else node.body
            self._lines = range(whole.start, max(self._range(body).start, whole.start + 1))
        if isinstance(node, cst.SimpleString) and not self._functions:
            return False
        for kind, mutator in MUTATORS:
            if isinstance(node, kind):
                for other in mutator(node):
                    around = self._functions[0] if self._functions else range(0)
                    where = ".".join(self._inside)
                    self.found.append((node, other, self._lines, around, where))
        return True

    def on_leave(self, node: cst.CSTNode) -> None:
        """Come out of functions and classes."""
        if isinstance(node, cst.FunctionDef | cst.ClassDef):
            self._inside.pop()
            if isinstance(node, cst.FunctionDef):
                self._functions.pop()

    def _range(self, node: cst.CSTNode) -> range:
        place = self.get_metadata(PositionProvider, node)
        return range(place.start.line, place.end.line + 1)


def _is_docstring(node: cst.CSTNode) -> bool:
    return m.matches(node, m.Expr(value=m.SimpleString() | m.ConcatenatedString()))


def faults_in(root: Path, path: str) -> list[Fault]:
    """Every fault that can be put into a module, in the order of its lines."""
    source = (root / path).read_text("utf-8")
    wrapper = MetadataWrapper(cst.parse_module(source))
    finder = _Finder()
    wrapper.visit(finder)
    binds = _bound(source)
    numbers: Counter[str] = Counter()
    made = []
    for node, other, lines, around, inside in finder.found:
        numbers[inside] += 1
        bound = frozenset() if around else binds.get(lines.start, frozenset())
        number = numbers[inside]
        made.append(Fault(path, lines, around, inside, number, bound, wrapper.module, node, other))
    return made


def _difference(before: list[str], after: list[str]) -> str:
    """The lines that differ, on one line."""
    first = 0
    while first < min(len(before), len(after)) and before[first] == after[first]:
        first += 1
    last = 0
    while last < min(len(before), len(after)) - first and before[-1 - last] == after[-1 - last]:
        last += 1
    old = " ".join(" ".join(before[first : len(before) - last]).split())
    new = " ".join(" ".join(after[first : len(after) - last]).split())
    return f"{old} -> {new}"


def _bound(source: str) -> dict[int, frozenset[str]]:
    """Line -> the names that a statement outside every function binds there."""
    found: dict[int, frozenset[str]] = {}

    def note(body: list[ast.stmt], owner: str | None) -> None:
        for statement in body:
            if isinstance(statement, ast.ClassDef):
                note(statement.body, statement.name)
                continue
            if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef):
                continue
            names = {one.id for one in ast.walk(statement) if isinstance(one, ast.Name)
                     and isinstance(one.ctx, ast.Store)}  # fmt: skip
            if owner is not None:
                names |= {owner}
            for line in range(statement.lineno, (statement.end_lineno or statement.lineno) + 1):
                found[line] = frozenset(names)

    note(ast.parse(source).body, None)
    return found


class _Meaning(ast.NodeTransformer):
    """What of a module can matter to anybody: no types, no docstrings."""

    def visit_arg(self, node: ast.arg) -> ast.arg:
        node.annotation = None
        return node

    def visit_Expr(self, node: ast.Expr) -> ast.AST | None:
        if isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
            return None
        return self.generic_visit(node)


def _meaning(source: str) -> str:
    return ast.dump(_Meaning().visit(ast.parse(source)))
