"""NumPy, imported when it is first used: importing it takes longer than importing this package."""


class _Lazy:
    def __getattr__(self, name):
        import numpy

        value = getattr(numpy, name)
        setattr(self, name, value)
        return value


np = _Lazy()
