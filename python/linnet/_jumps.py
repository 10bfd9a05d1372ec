"""Rewrites `break`, `continue` and early `return` into assignments and conditions."""

import ast

RESULT, DONE, HELPER = "_ln_result", "_ln_returned", "_ln"


def helper(name):
    """What rewritten code calls: an attribute of linnet._autograph."""
    return ast.Attribute(ast.Name(HELPER, ast.Load()), name, ast.Load())


def _lambda(body):
    return ast.Lambda(ast.arguments(posonlyargs=[], args=[], kwonlyargs=[], kw_defaults=[],
                                    defaults=[]), body)


def _name(name, store=False, like=None):
    node = ast.Name(name, ast.Store() if store else ast.Load())
    return ast.copy_location(node, like) if like is not None else node


def _assign(name, value, like):
    return ast.copy_location(ast.Assign([_name(name, True, like)], value), like)


def _jumps(node, kinds):
    """True if a jump of these kinds leaves the statement (or block)."""
    if isinstance(node, list):
        return any(_jumps(n, kinds) for n in node)
    if isinstance(node, kinds):
        return True
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)):
        return False
    if isinstance(node, (ast.While, ast.For, ast.AsyncFor)):
        inner = tuple(k for k in kinds if k is ast.Return)
        return (bool(inner) and _jumps(node.body, inner)) or _jumps(node.orelse, kinds)
    return any(_jumps(child, kinds) for child in ast.iter_child_nodes(node)
               if isinstance(child, (ast.stmt, ast.ExceptHandler))
               or type(child).__name__ == "match_case")


_ALL = (ast.Return, ast.Break, ast.Continue)


def _ends(block):
    """True if the block always ends in a jump."""
    if not block:
        return False
    last = block[-1]
    if isinstance(last, _ALL):
        return True
    if isinstance(last, ast.If):
        return _ends(last.body) and _ends(last.orelse)
    return isinstance(last, ast.With) and _ends(last.body)


class _Lowering:
    def __init__(self):
        self.count = 0
        self.loops = []  # (break flag, continue flag) of the loops around
        self.returned = False  # DONE is needed

    def block(self, statements):
        """The statements without jumps out of them, and the flags that they may set."""
        out, flags = [], set()
        for i, statement in enumerate(statements):
            rest = statements[i + 1:]
            if not _jumps(statement, _ALL):
                out.extend(self.inside(statement))
                continue
            if isinstance(statement, _ALL):
                out.extend(self.jump(statement, flags))
                break  # what follows is never reached
            if isinstance(statement, ast.If) and rest and (
                    _ends(statement.body) or _ends(statement.orelse)):
                # One branch leaves: what follows belongs to the other.
                taken, other = statement.body, statement.orelse
                if _ends(taken):
                    other = other if _ends(other) else other + rest
                else:
                    taken = taken + rest
                statement = ast.copy_location(ast.If(statement.test, taken, other), statement)
                rest = []
            out.extend(self.lowered(statement, flags))
            if rest and not flags:
                continue  # its jumps are never reached
            if rest:
                out.extend(self.guarded(rest, flags, statement))
            break
        return out, flags

    def guarded(self, rest, flags, like):
        names = sorted(flags)
        flag = [_name(n, like=like) for n in names]
        test = flag[0] if len(flag) == 1 else ast.BoolOp(ast.Or(), flag)
        body, more = self.block(rest)
        flags |= more
        node = ast.If(ast.UnaryOp(ast.Not(), test), body, [])
        return [ast.copy_location(node, like)]

    def jump(self, node, flags):
        if isinstance(node, ast.Return):
            value = node.value or ast.Constant(None)
            flags.add(DONE)
            self.returned = True
            return [_assign(RESULT, value, node), _assign(DONE, ast.Constant(True), node)]
        flag = self.loops[-1][isinstance(node, ast.Continue)]
        flags.add(flag)
        return [_assign(flag, ast.Constant(True), node)]

    def lowered(self, node, flags):
        if isinstance(node, (ast.While, ast.For)):
            return self.loop(node, flags)
        for field in ("body", "orelse", "finalbody"):
            if getattr(node, field, None):
                block, more = self.block(getattr(node, field))
                flags |= more
                setattr(node, field, block)
        for part in list(getattr(node, "handlers", [])) + list(getattr(node, "cases", [])):
            part.body, more = self.block(part.body)
            flags |= more
        return [node]

    def inside(self, node):
        """A statement that nothing jumps out of; loops in it may have jumps of their own."""
        if isinstance(node, (ast.While, ast.For)):
            return self.loop(node, set())
        if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            self.lowered(node, set())
        return [node]

    def loop(self, node, flags):
        self.count += 1
        stop, skip = f"_ln_break{self.count}", f"_ln_continue{self.count}"
        self.loops.append((stop, skip))
        body, set_inside = self.block(node.body)
        self.loops.pop()
        before, ends = [], [f for f in (stop, DONE) if f in set_inside]
        if skip in set_inside:
            body.insert(0, _assign(skip, ast.Constant(False), node))
        if stop in set_inside:
            before.append(_assign(stop, ast.Constant(False), node))
        orelse, more = self.block(node.orelse)
        flags |= more
        node.body = body
        go_on = [ast.UnaryOp(ast.Not(), _name(f, like=node)) for f in ends]
        if isinstance(node, ast.While):
            if go_on:
                node.test = ast.BoolOp(ast.And(), go_on + [node.test])
            node.extra_test = []
        else:
            node.extra_test = go_on
        if ends and orelse:
            test = go_on[0] if len(go_on) == 1 else ast.BoolOp(ast.And(), list(go_on))
            orelse = [ast.copy_location(ast.If(test, orelse, []), node)]
        node.orelse = []
        if DONE in ends:
            flags.add(DONE)
        return before + [node] + orelse


def lower_jumps(function):
    """The function without break, continue and return but at its end; in place."""
    nested = _jumps([s for s in function.body if not isinstance(s, ast.Return)], (ast.Return,))
    lowering = _Lowering()
    if not nested:
        function.body = [part for s in function.body
                         for part in ([s] if isinstance(s, ast.Return) else lowering.inside(s))]
        return
    first, last = function.body[0], function.body[-1]
    always = _ends(function.body)
    body, _ = lowering.block(function.body)
    start = [_assign(RESULT, helper("undefined"), first), _assign(DONE, ast.Constant(False), first)]
    result = _name(RESULT)
    if not always:  # it may reach its end, and return None
        result = ast.Call(helper("result"), [_lambda(result), _name(DONE)], [])
    end = ast.copy_location(ast.Return(result), last)
    function.body = start + body + [end]
