"""The extension module belongs to the main interpreter: others get an ImportError."""


def _is_main():
    for name in ("_interpreters", "_xxsubinterpreters"):
        try:
            module = __import__(name)
        except ImportError:
            continue
        current, main = module.get_current(), module.get_main()
        # Python 3.13 answers with pairs whose first part is the interpreter's number.
        number = [v[0] if isinstance(v, tuple) else v for v in (current, main)]
        return number[0] == number[1]
    return True


if not _is_main():
    raise ImportError("linnet works in the main interpreter only, not in sub-interpreters")
