"""Rewrites a function's control flow into calls that decide at run time: Python's own for Python
values, linnet.cond and linnet.while_loop for traced tensors. See _autograph.py for those calls."""

import ast

from . import _jumps, _scopes
from ._jumps import HELPER, helper

_FRAME_FUNCTIONS = {"super", "locals", "globals", "vars", "dir", "eval", "exec"}


def _parameters(function):
    a = function.args
    every = a.posonlyargs + a.args + a.kwonlyargs + [p for p in (a.vararg, a.kwarg) if p]
    return [p.arg for p in every]


def _no_arguments(*names):
    return ast.arguments(posonlyargs=[], args=[ast.arg(n) for n in names], kwonlyargs=[],
                         kw_defaults=[], defaults=[])


def _function(name, body, *arguments):
    fields = dict(name=name, args=_no_arguments(*arguments), body=body, decorator_list=[])
    if "type_params" in ast.FunctionDef._fields:
        fields["type_params"] = []
    return ast.FunctionDef(**fields)


def _lambda(body):
    return ast.Lambda(_no_arguments(), body)


def _load(name):
    return ast.Name(name, ast.Load())


def _binds(node):
    """True for expressions that cannot move into a lambda."""
    return any(isinstance(n, (ast.NamedExpr, ast.Await, ast.Yield, ast.YieldFrom))
               for n in ast.walk(node))


class _Rewriter(ast.NodeTransformer):
    """Rewrites one function; nested ones get rewriters of their own."""

    def __init__(self, filename, class_name):
        self.filename, self.class_name = filename, class_name
        self.count = 0

    def function(self, node):
        _jumps.lower_jumps(node)
        self.parameters = _parameters(node)
        self.globals = _scopes.declared(node, ast.Global)
        self.outer = _scopes.declared(node, ast.Nonlocal)
        self.liveness = _scopes.Liveness(node)
        names = [n for n in _scopes.stores(node.body)
                 if n not in self.globals and n not in self.outer]
        declarations = [s for s in node.body if isinstance(s, (ast.Global, ast.Nonlocal))]
        rest = [s for s in node.body if s not in declarations]
        body = []
        for statement in rest:
            result = self.visit(statement)
            body.extend(result if isinstance(result, list) else [result])
        # Names that only nested functions assign now are still this function's.
        bind = [ast.If(ast.Constant(False),
                       [ast.Assign([ast.Name(n, ast.Store()) for n in names],
                                   ast.Constant(None))], [])] if names else []
        node.body = declarations + bind + body
        for statement in bind:
            ast.copy_location(statement, node)
        return node

    # --- Statements -----------------------------------------------------------------------------

    def _names(self, nodes):
        return [n for n in _scopes.stores(nodes) if n not in self.globals]

    def _declare(self, names, nodes):
        """`nonlocal` and `global` for what the statements assign."""
        out = [ast.Nonlocal(list(names))] if names else []
        shared = [n for n in _scopes.stores(nodes) if n in self.globals]
        return out + ([ast.Global(shared)] if shared else [])

    def _state(self, k, names):
        """Functions that read and write the names, which may be unbound."""
        values = [ast.Call(helper("get"), [_lambda(_load(n))], []) for n in names]
        get = _function(f"_ln_get{k}", [ast.Return(ast.Tuple(values, ast.Load()))])
        body = [ast.Nonlocal(list(names))] if names else [ast.Pass()]
        for i, n in enumerate(names):
            item = ast.Subscript(_load("_ln_state"), ast.Constant(i), ast.Load())
            unbound = ast.Compare(_load(n), [ast.Is()], [helper("undefined")])
            body += [ast.Assign([ast.Name(n, ast.Store())], item),
                     ast.If(unbound, [ast.Delete([ast.Name(n, ast.Del())])], [])]
        return [get, _function(f"_ln_put{k}", body, "_ln_state")]

    def _block(self, statements):
        out = []
        for s in statements:
            result = self.visit(s)
            out.extend(result if isinstance(result, list) else [result])
        return out or [ast.Pass()]

    def _call(self, name, k, node, arguments, names, *flags):
        state = [_load(f"_ln_get{k}"), _load(f"_ln_put{k}"),
                 ast.Constant(tuple(names))] + [ast.Constant(f) for f in flags]
        state.append(ast.Constant((self.filename, node.lineno)))
        return ast.Expr(ast.Call(helper(name), arguments + state, []))

    def _finish(self, statements, node):
        for s in statements:  # what is in them gets its place at the end, from around it
            ast.copy_location(s, node)
        return statements

    def visit_If(self, node):
        if isinstance(node.test, ast.Constant):
            return self.generic_visit(node)
        self.count += 1
        k, blocks = self.count, node.body + node.orelse
        names = self._names(blocks)
        after = self.liveness.needed_after(node)
        live = tuple(n in after for n in names)
        functions = []
        for name, block in (("true", node.body), ("false", node.orelse)):
            functions.append(_function(f"_ln_{name}{k}",
                                       self._declare(names, blocks) + self._block(block)))
        call = self._call("if_", k, node,
                          [self.visit(node.test), _load(f"_ln_true{k}"), _load(f"_ln_false{k}")],
                          names, live)
        return self._finish(functions + self._state(k, names) + [call], node)

    def _loop(self, k, node, kind, arguments, functions, names):
        head, after = self.liveness.needed_at_head(node), self.liveness.needed_after(node)
        call = self._call(kind, k, node, arguments, names, tuple(n in head for n in names),
                          tuple(n in after for n in names))
        return self._finish(functions + self._state(k, names) + [call], node)

    def visit_While(self, node):
        self.count += 1
        k, nodes = self.count, [node.test] + node.body
        names = self._names(nodes)
        declare = lambda: self._declare(names, nodes)  # noqa: E731
        test = _function(f"_ln_test{k}", declare() + [
            ast.copy_location(ast.Return(self.visit(node.test)), node.test)])
        body = _function(f"_ln_body{k}", declare() + self._block(node.body))
        return self._loop(k, node, "while_", [_load(f"_ln_test{k}"), _load(f"_ln_body{k}")],
                          [test, body], names)

    def visit_For(self, node):
        self.count += 1
        k, nodes = self.count, [node.target] + node.body
        names = self._names(nodes)
        extra = node.extra_test
        functions = []
        if extra:
            test = extra[0] if len(extra) == 1 else ast.BoolOp(ast.And(), list(extra))
            functions.append(_function(f"_ln_test{k}", [ast.Return(self.visit(test))]))
        iterable = self.visit(node.iter)
        target = ast.copy_location(ast.Assign([node.target], _load("_ln_item")), node.target)
        functions.append(_function(f"_ln_body{k}", self._declare(names, nodes) + [target]
                                   + self._block(node.body), "_ln_item"))
        arguments = [iterable, _load(f"_ln_test{k}") if extra else ast.Constant(None),
                     _load(f"_ln_body{k}")]
        return self._loop(k, node, "for_", arguments, functions, names)

    def visit_Assert(self, node):
        message = _lambda(self.visit(node.msg) if node.msg else ast.Constant(None))
        place = ast.Constant((self.filename, node.lineno))
        call = ast.Call(helper("assert_"), [self.visit(node.test), message, place], [])
        return self._finish([ast.Expr(call)], node)

    def visit_FunctionDef(self, node):
        node.decorator_list = [self.visit(d) for d in node.decorator_list]
        if _is_rewritable(node):
            _Rewriter(self.filename, self.class_name).function(node)
        return node

    def visit_AsyncFunctionDef(self, node):
        return node

    def visit_ClassDef(self, node):
        return node

    # --- Expressions ----------------------------------------------------------------------------

    def _replace(self, node, name, arguments):
        return ast.copy_location(ast.Call(helper(name), arguments, []), node)

    def visit_BoolOp(self, node):
        self.generic_visit(node)
        if _binds(node):
            return node
        name = "and_" if isinstance(node.op, ast.And) else "or_"
        return self._replace(node, name, [_lambda(v) for v in node.values])

    def visit_UnaryOp(self, node):
        self.generic_visit(node)
        return self._replace(node, "not_", [node.operand]) if isinstance(node.op, ast.Not) else node

    def visit_IfExp(self, node):
        self.generic_visit(node)
        if _binds(node.body) or _binds(node.orelse):
            return node
        return self._replace(node, "if_exp", [node.test, _lambda(node.body), _lambda(node.orelse),
                                              ast.Constant((self.filename, node.lineno))])

    def visit_Compare(self, node):
        self.generic_visit(node)
        if len(node.ops) == 1 or _binds(node):
            return node
        parts = [_lambda(node.left)]
        for op, value in zip(node.ops, node.comparators):
            parts += [ast.Constant(type(op).__name__), _lambda(value)]
        return self._replace(node, "chain", parts)

    def visit_Call(self, node):
        name = node.func.id if isinstance(node.func, ast.Name) else None
        self.generic_visit(node)
        if name == "super" and not node.args and self.parameters:
            # It looks at the frame's first argument; blocks become functions of their own.
            node.args = [_load("__class__"), _load(self.parameters[0])]
            return node
        if name in _FRAME_FUNCTIONS or name == HELPER:
            return node
        if isinstance(node.func, ast.Attribute) and isinstance(node.func.value, ast.Name) and (
                node.func.value.id == HELPER):
            return node
        node.func = self._replace(node.func, "call", [node.func])
        return node

    def visit_Lambda(self, node):
        return self.generic_visit(node)


class _Mangler(ast.NodeTransformer):
    """Private names as the class body would have made them."""

    def __init__(self, class_name):
        self.prefix = "_" + class_name.lstrip("_")

    def _mangled(self, name):
        private = name.startswith("__") and not name.endswith("__") and "." not in name
        return self.prefix + name if private else name

    def generic_visit(self, node):
        for field in ("id", "attr", "arg", "name"):
            value = getattr(node, field, None)
            if isinstance(value, str):
                setattr(node, field, self._mangled(value))
        return super().generic_visit(node)


def _is_rewritable(node):
    """Generators and coroutines stay as they are."""
    for inner in ast.walk(node):
        if isinstance(inner, (ast.Yield, ast.YieldFrom, ast.Await)):
            return False
    return isinstance(node, ast.FunctionDef)


def rewrite(tree, filename, class_name):
    """The FunctionDef `tree`, rewritten for _flow; None if it is a generator or coroutine."""
    if not _is_rewritable(tree):
        return None
    if class_name and class_name.lstrip("_"):
        name = tree.name
        _Mangler(class_name).visit(tree)
        tree.name = name
    tree.decorator_list, tree.returns = [], None
    arguments = tree.args
    arguments.defaults = [ast.Constant(None) for _ in arguments.defaults]
    arguments.kw_defaults = [d and ast.Constant(None) for d in arguments.kw_defaults]
    for inner in ast.walk(arguments):
        if isinstance(inner, ast.arg):
            inner.annotation = None
    _Rewriter(filename, class_name).function(tree)
    return ast.fix_missing_locations(tree)
