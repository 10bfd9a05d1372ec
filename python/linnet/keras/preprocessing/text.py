"""keras.preprocessing.text: words and their indices in Python. TextVectorization is the layer for it."""

import collections
import json

FILTERS = '!"#$%&()*+,-./:;<=>?@[\\]^_`{|}~\t\n'


def text_to_word_sequence(input_text, filters=FILTERS, lower=True, split=" "):
    """The words of a text, without the characters of `filters`."""
    text = input_text.lower() if lower else input_text
    text = text.translate({ord(c): split for c in filters})
    return [word for word in text.split(split) if word]


def one_hot(input_text, n, filters=FILTERS, lower=True, split=" "):
    """A number of [1, n) for each word: the same one for the same word, in every process."""
    import zlib

    return [zlib.crc32(word.encode()) % (n - 1) + 1
            for word in text_to_word_sequence(input_text, filters, lower, split)]


class Tokenizer:
    """Texts to lists of the indices of their words: 1 is the most frequent one (or oov_token), 0 none."""

    def __init__(self, num_words=None, filters=FILTERS, lower=True, split=" ", char_level=False,
                 oov_token=None, analyzer=None, **_):
        self.num_words, self.filters, self.lower, self.split = num_words, filters, lower, split
        self.char_level, self.oov_token, self.analyzer = char_level, oov_token, analyzer
        self.word_counts, self.word_docs = collections.OrderedDict(), collections.defaultdict(int)
        self.word_index, self.index_word, self.document_count = {}, {}, 0
        self.index_docs = collections.defaultdict(int)

    def _words(self, text):
        if self.analyzer is not None:
            return self.analyzer(text)
        if isinstance(text, bytes):
            text = text.decode()
        if isinstance(text, str) and not self.char_level:
            return text_to_word_sequence(text, self.filters, self.lower, self.split)
        return [part.lower() for part in text] if self.lower else list(text)

    def fit_on_texts(self, texts):
        """Counts the words of texts, and orders them by frequency."""
        for text in texts:
            words = self._words(text)
            self.document_count += 1
            for word in words:
                self.word_counts[word] = self.word_counts.get(word, 0) + 1
            for word in set(words):
                self.word_docs[word] += 1
        ordered = sorted(self.word_counts, key=lambda word: -self.word_counts[word])
        first = [] if self.oov_token is None else [self.oov_token]
        self.word_index = {word: i + 1 for i, word in enumerate(first + ordered)}
        self.index_word = {i: word for word, i in self.word_index.items()}
        self.index_docs = {self.word_index[word]: n for word, n in self.word_docs.items()}

    def texts_to_sequences_generator(self, texts):
        """texts_to_sequences(), text by text."""
        unknown = self.word_index.get(self.oov_token)
        for text in texts:
            row = []
            for word in self._words(text):
                index = self.word_index.get(word)
                if index is None or self.num_words and index >= self.num_words:
                    index = unknown
                if index is not None:
                    row.append(index)
            yield row

    def texts_to_sequences(self, texts):
        """Lists of indices; unknown and rare words (num_words) are oov_token's, or left out."""
        return list(self.texts_to_sequences_generator(texts))

    def sequences_to_texts(self, sequences):
        """Texts of the indices' words."""
        return [" ".join(self.index_word.get(int(i), self.oov_token) for i in row
                         if int(i) in self.index_word or self.oov_token is not None)
                for row in sequences]

    def texts_to_matrix(self, texts, mode="binary"):
        """sequences_to_matrix() of texts."""
        return self.sequences_to_matrix(self.texts_to_sequences(texts), mode)

    def sequences_to_matrix(self, sequences, mode="binary"):
        """A row for each list: which indices it has ("binary"), how often ("count", "freq", "tfidf")."""
        import numpy as np

        if mode not in ("binary", "count", "freq", "tfidf"):
            raise ValueError(f"Tokenizer: unknown mode {mode!r}")
        width = self.num_words or len(self.word_index) + 1
        out = np.zeros((len(sequences), width))
        for at, row in enumerate(sequences):
            for index, n in collections.Counter(i for i in row if i < width).items():
                if mode == "tfidf":
                    documents = self.index_docs.get(index, 0)
                    out[at, index] = (1 + np.log(n)) * np.log(1 + self.document_count / (1 + documents))
                else:
                    out[at, index] = {"binary": 1, "count": n, "freq": n / len(row)}[mode]
        return out

    def get_config(self):
        """What tokenizer_from_json() makes the same tokenizer of."""
        return {"num_words": self.num_words, "filters": self.filters, "lower": self.lower,
                "split": self.split, "char_level": self.char_level, "oov_token": self.oov_token,
                "document_count": self.document_count, "word_counts": json.dumps(self.word_counts),
                "word_docs": json.dumps(self.word_docs), "index_docs": json.dumps(self.index_docs),
                "index_word": json.dumps(self.index_word), "word_index": json.dumps(self.word_index)}

    def to_json(self, **kwargs):
        """get_config() as JSON."""
        return json.dumps({"class_name": "Tokenizer", "config": self.get_config()}, **kwargs)


def tokenizer_from_json(json_string):
    """The tokenizer of to_json()."""
    config = json.loads(json_string)["config"]
    learned = {key: json.loads(config.pop(key)) for key in (
        "word_counts", "word_docs", "index_docs", "index_word", "word_index")}
    count = config.pop("document_count")
    made = Tokenizer(**config)
    made.document_count = count
    made.word_counts.update(learned["word_counts"])
    made.word_docs.update(learned["word_docs"])
    made.word_index = learned["word_index"]
    made.index_word = {int(i): word for i, word in learned["index_word"].items()}
    made.index_docs = {int(i): n for i, n in learned["index_docs"].items()}
    return made
