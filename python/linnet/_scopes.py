"""Which names a piece of a function assigns and reads, and which are still needed after it."""

import ast

_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)
_LEFT_ANYWHERE = tuple(getattr(ast, n) for n in ("Try", "TryStar", "Match") if hasattr(ast, n))


class _Stores(ast.NodeVisitor):
    def __init__(self):
        self.names = {}  # in order

    def _add(self, name):
        self.names.setdefault(name)

    def visit_Name(self, node):
        if not isinstance(node.ctx, ast.Load):
            self._add(node.id)

    def visit_FunctionDef(self, node):
        self._add(node.name)

    visit_AsyncFunctionDef = visit_ClassDef = visit_FunctionDef

    def visit_Lambda(self, node):
        pass

    def _comprehension(self, node):
        for inner in ast.walk(node):  # its own targets are its own; `:=` is the function's
            if isinstance(inner, ast.NamedExpr):
                self._add(inner.target.id)

    visit_ListComp = visit_SetComp = visit_DictComp = visit_GeneratorExp = _comprehension

    def visit_ExceptHandler(self, node):
        if node.name:
            self._add(node.name)
        self.generic_visit(node)

    def visit_alias(self, node):
        self._add((node.asname or node.name).split(".")[0])


def stores(nodes):
    """Names that the statements bind in their function, in order."""
    visitor = _Stores()
    for node in nodes:
        visitor.visit(node)
    return list(visitor.names)


def loads(node):
    """Names read anywhere in there, nested functions included."""
    return {n.id for n in ast.walk(node) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)}


def declared(function, kind):
    """Names of the function's `global` or `nonlocal` statements."""
    names = set()

    def visit(node):
        for child in ast.iter_child_nodes(node):
            if isinstance(child, kind):
                names.update(child.names)
            if not isinstance(child, _SCOPES):
                visit(child)

    visit(function)
    return names


def captured(function):
    """Names that nested functions and classes read: they may run at any time."""
    names = set()

    def visit(node):
        for child in ast.iter_child_nodes(node):
            if isinstance(child, _SCOPES):
                names.update(loads(child))
                for inner in ast.walk(child):
                    if isinstance(inner, ast.Nonlocal):
                        names.update(inner.names)
            else:
                visit(child)

    visit(function)
    return names


class Liveness:
    """Names needed after each `if` and loop (`after`), and at the head of each loop (`head`)."""

    def __init__(self, function):
        self.after, self.head = {}, {}
        self._always = captured(function)
        self._block(function.body, set())

    def needed_after(self, node):
        return self.after[node] | self._always

    def needed_at_head(self, node):
        return self.head[node] | self._always

    def _block(self, statements, live):
        for statement in reversed(statements):
            live = self._statement(statement, live)
        return live

    def _statement(self, node, live):
        if isinstance(node, ast.If):
            self.after[node] = set(live)
            return (loads(node.test) | self._block(node.body, live)
                    | self._block(node.orelse, live))
        if isinstance(node, (ast.While, ast.For)):
            return self._loop(node, live)
        if isinstance(node, (ast.With, ast.AsyncWith)):
            live = self._block(node.body, live)
            for item in reversed(node.items):
                if item.optional_vars is not None:
                    live = live - set(stores([item.optional_vars]))
                live = live | loads(item)
            return live
        if isinstance(node, _LEFT_ANYWHERE):
            return self._anything(node, live)
        if isinstance(node, (ast.Return, ast.Raise)):
            return loads(node)
        if isinstance(node, ast.Assign):
            kills = {t.id for target in node.targets for t in ast.walk(target)
                     if isinstance(t, ast.Name) and isinstance(t.ctx, ast.Store)}
            return (live - kills) | loads(node)
        if isinstance(node, ast.AugAssign):
            return live | loads(node) | set(stores([node.target]))
        return live | loads(node) | {n.id for n in ast.walk(node)
                                     if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Del)}

    def _loop(self, node, live):
        self.after[node] = set(live)
        out = self._block(node.orelse, live)
        test = loads(node.test) if isinstance(node, ast.While) else set()
        test = test | {n for part in getattr(node, "extra_test", []) for n in loads(part)}
        targets = set(stores([node.target])) if isinstance(node, ast.For) else set()
        head = out | test
        while True:
            self.head[node] = set(head)
            grown = head | (self._block(node.body, head) - targets)
            if grown == head:
                break
            head = grown
        return head | loads(node.iter) if isinstance(node, ast.For) else head

    def _anything(self, node, live):
        """Statements that may be left anywhere: nothing is known to be overwritten."""
        needed = live | loads(node)

        def visit(part):
            for child in ast.iter_child_nodes(part):
                if isinstance(child, ast.stmt):
                    self._statement(child, needed)
                else:
                    visit(child)

        visit(node)
        return needed
