"""Layers that turn strings and integers into indices by a vocabulary: StringLookup, IntegerLookup,
TextVectorization.

A model's tensors hold numbers, so that a string in it is its number in the process's table
(linnet/_texts.py). Within a captured step these layers are nodes that call Python."""

import collections
import re

from .. import _core, _texts
from .._numpy import np
from ..errors import InvalidArgumentError, NotSupportedError
from ..errors import ValueError as LinnetValueError
from ._layer import Layer
from . import _symbolic

_PUNCTUATION = re.compile(r"""[!"#$%&()*+,\-./:;<=>?@\[\\\]^_`{|}~']""")
_MODES = ("int", "multi_hot", "one_hot", "count", "tf_idf")


def _nested(x):
    """Nested lists of str of what a layer of strings may be given."""
    if isinstance(x, _core.Variable):
        x = x.value()
    if isinstance(x, _core.Tensor) and x.dtype.is_floating:
        x = np.full(x.shape, "", object)  # zeros on which a Sequential is built
    if isinstance(x, _core.Tensor):
        x = _texts.decode(x)  # in a model: the strings' numbers
    return _texts.plain(x)


def _batches(data, batch_size=None):
    """Arrays or a dataset, in parts."""
    if hasattr(data, "_core_dataset"):
        for element in data:
            yield element[0] if isinstance(element, tuple) else element
    else:
        yield data


def _flat(nested):
    return [leaf for part in nested for leaf in _flat(part)] if isinstance(nested, list) else [nested]


def _idf(documents, frequencies):
    return [float(np.log(1 + documents / (1 + count))) for count in frequencies]


class _Vocabulary(Layer):
    """What the layers share: indices of tokens, learned by adapt() or given, and how they come out."""

    _always_python = True

    def __init__(self, special, output_mode, max_tokens, pad_to_max_tokens, **kwargs):
        super().__init__(**kwargs)
        if output_mode not in _MODES:
            raise LinnetValueError(f"{type(self).__name__}: unknown output_mode {output_mode!r}, expected "
                                   f"one of {_MODES}")
        if max_tokens is not None and max_tokens <= len(special):
            raise LinnetValueError(f"{type(self).__name__}: max_tokens is {max_tokens}, the special tokens "
                                   f"alone are {len(special)}")
        self._special, self._mode, self._limit = special, output_mode, max_tokens
        self._pad = bool(pad_to_max_tokens)
        self._counts, self._documents, self._frequencies = None, 0, None
        self._tokens = self._index = self._idf = None

    # The vocabulary.

    def reset_state(self):
        """Forgets what adapt() learned."""
        self._counts, self._frequencies = collections.Counter(), collections.Counter()
        self._documents = 0

    def adapt(self, data, batch_size=None, steps=None):
        """Learns the vocabulary: the most frequent tokens first, equally frequent ones from the last in
        order to the first."""
        self.reset_state()
        for number, batch in enumerate(_batches(data)):
            if steps is not None and number >= steps:
                break
            self.update_state(batch)
        self.finalize_state()

    def update_state(self, data):
        """Counts the tokens of a batch."""
        if self._counts is None:
            self.reset_state()
        for document in self._documents_of(data):
            self._counts.update(document)
            self._frequencies.update(set(document))
            self._documents += 1

    def finalize_state(self):
        """Makes the vocabulary of what was counted."""
        known = [t for t in self._counts if t not in self._special]
        known.sort(reverse=True)
        known.sort(key=lambda token: -self._counts[token])
        if self._limit is not None:
            known = known[:self._limit - len(self._special)]
        weights = _idf(self._documents, [self._frequencies[t] for t in known])
        self._set(known, weights if self._mode == "tf_idf" else None)

    def set_vocabulary(self, vocabulary, idf_weights=None):
        """Takes these tokens: a list, an array or a file's name, with or without the special ones."""
        if isinstance(vocabulary, str):
            from .._text_files import lines

            vocabulary = list(lines(vocabulary)())
        tokens = [self._token(t) for t in (vocabulary.numpy() if hasattr(vocabulary, "numpy") else
                                           vocabulary)]
        weights = None if idf_weights is None else [float(w) for w in np.asarray(idf_weights)]
        if tokens[:len(self._special)] == self._special:
            if weights is not None and len(weights) == len(tokens):
                weights = weights[len(self._special):]
            tokens = tokens[len(self._special):]
        repeated = [t for t, n in collections.Counter(tokens).items() if n > 1]
        if repeated:
            raise LinnetValueError(f"{self.name}: the vocabulary has {repeated[:5]} more than once")
        if self._limit is not None and len(tokens) > self._limit - len(self._special):
            raise LinnetValueError(f"{self.name}: {len(tokens)} tokens, max_tokens is {self._limit}")
        if self._mode == "tf_idf" and weights is None:
            raise LinnetValueError(f"{self.name}: output_mode 'tf_idf' needs idf_weights")
        self._set(tokens, weights)

    def _set(self, tokens, weights):
        self._tokens = tokens
        self._index = {token: i + len(self._special) for i, token in enumerate(tokens)}
        if weights is not None:
            mean = float(np.mean(weights)) if weights else 0.0
            self._idf = np.array([mean] * len(self._special) + list(weights), "float32")
        self._mark_built()

    def get_vocabulary(self, include_special_tokens=True):
        """The tokens in the order of their indices."""
        return (self._special if include_special_tokens else []) + list(self._tokens or [])

    def vocabulary_size(self):
        """The number of tokens, the special ones among them."""
        return len(self.get_vocabulary())

    def _width(self):
        return self._limit if self._pad and self._limit else self.vocabulary_size()

    # Calling it.

    def __call__(self, inputs, training=None, mask=None):
        if _symbolic.is_symbolic(inputs):
            return _symbolic.apply(self, (inputs,), {})
        if self._index is None:
            raise LinnetValueError(f"{self.name} has no vocabulary yet: call adapt(), or give it one")
        if isinstance(inputs, _core.Tensor) and inputs._is_traced:
            return self._recorded(inputs)
        return self._output(self._indices(inputs))

    call = __call__

    def _recorded(self, inputs):
        from .._python_call import py_function

        shape = self._recorded_shape(tuple(inputs.shape))
        return py_function(lambda x: self._output(self._indices(x)), [inputs], self._dtype(),
                           output_shapes=shape)

    def _dtype(self):
        return "float32" if self._mode == "tf_idf" else "int64"

    def _output(self, rows):
        """Indices (nested lists or an array) in the form of the output mode."""
        if self._mode == "int":
            return _core.constant(np.asarray(rows, "int64"))
        rows = np.asarray(rows, "int64") if not _is_uneven(rows) else rows
        if self._mode == "one_hot":
            rows = np.asarray(rows)
            rows = rows[..., 0] if rows.ndim > 1 and rows.shape[-1] == 1 else rows
            return _core.constant(np.eye(self._width(), dtype="int64")[rows])
        return _core.constant(self._bags(rows), self._dtype())

    def _bags(self, rows):
        """One row for each document: which tokens it has, or how often."""
        if not isinstance(rows, list) and rows.ndim > 2:
            return np.stack([self._bags(part) for part in rows])
        single = not isinstance(rows, list) and rows.ndim < 2
        out = np.zeros((1 if single else len(rows), self._width()), "float32")
        for at, row in enumerate([rows] if single else rows):
            np.add.at(out[at], np.asarray(row, "int64").reshape(-1), 1)
        if self._mode == "multi_hot":
            out = np.minimum(out, 1)
        if self._mode == "tf_idf":
            out[:, :len(self._idf)] *= self._idf
        return out[0] if single else out

    # Files.

    def get_config(self):
        config = {**super().get_config(), **self._config, "vocabulary": self.get_vocabulary(False)
                  if self._tokens is not None else None}
        if self._idf is not None:
            config["idf_weights"] = self._idf[len(self._special):].tolist()
        return config


def _is_uneven(rows):
    return isinstance(rows, list) and bool(rows) and isinstance(rows[0], list) and any(
        len(row) != len(rows[0]) for row in rows)


class _Lookup(_Vocabulary):
    """Tokens to indices, element by element, or (invert) back."""

    def __init__(self, kind, max_tokens, num_oov_indices, mask_token, oov_token, vocabulary, idf_weights,
                 invert, output_mode, pad_to_max_tokens, **kwargs):
        special = ([] if mask_token is None else [mask_token]) + [oov_token] * num_oov_indices
        if invert and (output_mode != "int" or num_oov_indices > 1):
            raise LinnetValueError(f"{kind}: invert=True goes with output_mode 'int' and at most one "
                                   "num_oov_indices")
        super().__init__(special, output_mode, max_tokens, pad_to_max_tokens, **kwargs)
        self._config = dict(max_tokens=max_tokens, num_oov_indices=num_oov_indices, mask_token=mask_token,
                            oov_token=oov_token, invert=invert, output_mode=output_mode,
                            pad_to_max_tokens=pad_to_max_tokens)
        self._oov, self._invert, self._unknown = oov_token, bool(invert), num_oov_indices
        self._mask = mask_token
        if vocabulary is not None:
            self.set_vocabulary(vocabulary, idf_weights)

    def _documents_of(self, data):
        nested = self._values(data)
        if not isinstance(nested, list):
            return [[nested]]
        return [_flat(part) for part in nested] if nested and isinstance(nested[0], list) else \
            [[part] for part in nested]

    def _indices(self, inputs):
        return self._map(self._values(inputs))

    def _map(self, nested):
        if isinstance(nested, list):
            return [self._map(part) for part in nested]
        found = self._index.get(nested)
        if found is not None:
            return found
        if self._mask is not None and nested == self._mask:
            return 0
        if not self._unknown:
            raise InvalidArgumentError(f"{self.name}: {nested!r} is not in the vocabulary, and num_oov_indices "
                                   "is 0")
        return (self._mask is not None) + _bucket(nested, self._unknown)

    def _recorded_shape(self, shape):
        if self._mode == "int":
            return shape
        if self._mode == "one_hot":
            return (*(shape[:-1] if len(shape) > 1 and shape[-1] == 1 else shape), self._width())
        return (*shape[:-1], self._width())

    def __call__(self, inputs, training=None, mask=None):
        if not self._invert or _symbolic.is_symbolic(inputs):
            return super().__call__(inputs)
        if self._index is None:
            raise LinnetValueError(f"{self.name} has no vocabulary yet: call adapt(), or give it one")
        names = dict(enumerate(self.get_vocabulary()))
        numbers = _core.convert_to_tensor(inputs).numpy()
        return self._made(np.vectorize(lambda i: names.get(int(i), self._oov), otypes=[object])(numbers))

    call = __call__


def _bucket(token, count):
    """Which index of several an unknown token has: the same one each time."""
    if count == 1:
        return 0
    import zlib

    return zlib.crc32(str(token).encode()) % count


class StringLookup(_Lookup):
    """Strings to indices: the mask token (if any), then unknown strings, then the vocabulary.

    output_mode "int" keeps the shape; "one_hot", "multi_hot", "count" and "tf_idf" give rows as wide as
    the vocabulary. invert=True turns indices back into strings."""

    def __init__(self, max_tokens=None, num_oov_indices=1, mask_token=None, oov_token="[UNK]",
                 vocabulary=None, idf_weights=None, invert=False, output_mode="int",
                 pad_to_max_tokens=False, sparse=False, encoding="utf-8", **kwargs):
        super().__init__("StringLookup", max_tokens, num_oov_indices, mask_token, oov_token, vocabulary,
                         idf_weights, invert, output_mode, pad_to_max_tokens, **kwargs)

    def _token(self, token):
        return _texts.plain(token)

    def _values(self, inputs):
        return _nested(inputs)

    def _made(self, names):
        return _texts.make(names)


class IntegerLookup(_Lookup):
    """Integers to indices, as StringLookup for strings."""

    def __init__(self, max_tokens=None, num_oov_indices=1, mask_token=None, oov_token=-1,
                 vocabulary=None, vocabulary_dtype="int64", idf_weights=None, invert=False,
                 output_mode="int", sparse=False, pad_to_max_tokens=False, **kwargs):
        super().__init__("IntegerLookup", max_tokens, num_oov_indices, mask_token, oov_token, vocabulary,
                         idf_weights, invert, output_mode, pad_to_max_tokens, **kwargs)

    def _token(self, token):
        return int(token)

    def _values(self, inputs):
        return np.asarray(_core.convert_to_tensor(inputs).numpy()).astype("int64").tolist()

    def _made(self, names):
        return _core.constant(names.astype("int64"))


class TextVectorization(_Vocabulary):
    """Texts to the indices of their words: '' is 0 and fills short rows, '[UNK]' is 1.

    standardize and split may be functions; output_mode "multi_hot", "count" and "tf_idf" give a row as
    wide as the vocabulary for each text. Within a captured step the texts' length must be known:
    output_sequence_length."""

    def __init__(self, max_tokens=None, standardize="lower_and_strip_punctuation", split="whitespace",
                 ngrams=None, output_mode="int", output_sequence_length=None, pad_to_max_tokens=False,
                 vocabulary=None, idf_weights=None, sparse=False, ragged=False, encoding="utf-8", **kwargs):
        if standardize not in (None, "lower", "strip_punctuation", "lower_and_strip_punctuation") and \
                not callable(standardize):
            raise LinnetValueError(f"TextVectorization: unknown standardize {standardize!r}")
        if split not in (None, "whitespace", "character") and not callable(split):
            raise LinnetValueError(f"TextVectorization: unknown split {split!r}")
        if output_mode == "one_hot":
            raise LinnetValueError("TextVectorization: unknown output_mode 'one_hot'")
        special = ["", "[UNK]"] if output_mode == "int" else ["[UNK]"]
        super().__init__(special, output_mode, max_tokens, pad_to_max_tokens, **kwargs)
        self._config = dict(max_tokens=max_tokens, standardize=standardize, split=split, ngrams=ngrams,
                            output_mode=output_mode, output_sequence_length=output_sequence_length,
                            pad_to_max_tokens=pad_to_max_tokens)
        self._standardize, self._split, self._length = standardize, split, output_sequence_length
        self._ngrams = tuple(range(1, ngrams + 1)) if isinstance(ngrams, int) else tuple(ngrams or ())
        if vocabulary is not None:
            self.set_vocabulary(vocabulary, idf_weights)

    def _token(self, token):
        return _texts.plain(token)

    def _words(self, text):
        """The tokens of one text."""
        if callable(self._standardize):
            text = str(_texts.plain(self._standardize(_texts.Text(text))))
        elif self._standardize is not None:
            text = text.lower() if "lower" in self._standardize else text
            text = _PUNCTUATION.sub("", text) if "strip" in self._standardize else text
        if callable(self._split):
            words = _flat(_texts.plain(self._split(_texts.Text(text))))
        else:
            words = text.split() if self._split == "whitespace" else list(text) if self._split else [text]
        if not self._ngrams:
            return words
        return [" ".join(words[i:i + n]) for n in self._ngrams for i in range(len(words) - n + 1)]

    def _texts_of(self, inputs):
        """The texts [n] of inputs [n] or [n, 1], and whether it is one alone."""
        nested = _nested(inputs)
        if not isinstance(nested, list):
            return [nested], True
        if nested and isinstance(nested[0], list):
            if any(len(row) != 1 for row in nested):
                raise LinnetValueError(f"{self.name}: expected texts of shape [n] or [n, 1]")
            nested = [row[0] for row in nested]
        return nested, False

    def _documents_of(self, data):
        return [self._words(text) for text in self._texts_of(data)[0]]

    def _indices(self, inputs):
        found, single = self._texts_of(inputs)
        unknown = len(self._special) - 1
        rows = [[self._index.get(word, unknown) if word else 0 for word in self._words(text)]
                for text in found]
        if self._mode == "int":
            length = self._length or max((len(row) for row in rows), default=0)
            rows = [(row + [0] * (length - len(row)))[:length] for row in rows]
        return rows[0] if single else rows

    def _recorded_shape(self, shape):
        if self._mode == "int" and self._length is None:
            raise NotSupportedError(f"[{self.name}] in a captured step the shape must be known: give "
                                    "output_sequence_length")
        return (*shape[:1], self._length if self._mode == "int" else self._width())
