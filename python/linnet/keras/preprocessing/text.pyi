"""keras.preprocessing.text: words and their indices in Python. TextVectorization is the layer for it."""

from builtins import bool as _bool
from typing import Any

FILTERS: str

class Tokenizer:
    """Texts to lists of the indices of their words: 1 is the most frequent one (or oov_token), 0 none."""

    def __init__(self, num_words: Any = None, filters: str = '!"#$%&()*+,-./:;<=>?@[\\]^_`{|}~\t\n', lower: _bool = True, split: str = ' ', char_level: _bool = False, oov_token: Any = None, analyzer: Any = None, **_: Any) -> None: ...

    def fit_on_texts(self, texts: Any) -> Any:
        """Counts the words of texts, and orders them by frequency."""
        ...

    def texts_to_sequences_generator(self, texts: Any) -> Any:
        """texts_to_sequences(), text by text."""
        ...

    def texts_to_sequences(self, texts: Any) -> Any:
        """Lists of indices; unknown and rare words (num_words) are oov_token's, or left out."""
        ...

    def sequences_to_texts(self, sequences: Any) -> Any:
        """Texts of the indices' words."""
        ...

    def texts_to_matrix(self, texts: Any, mode: str = 'binary') -> Any:
        """sequences_to_matrix() of texts."""
        ...

    def sequences_to_matrix(self, sequences: Any, mode: str = 'binary') -> Any:
        """A row for each list: which indices it has ("binary"), how often ("count", "freq", "tfidf")."""
        ...

    def get_config(self) -> dict[str, Any]:
        """What tokenizer_from_json() makes the same tokenizer of."""
        ...

    def to_json(self, **kwargs: Any) -> str:
        """get_config() as JSON."""
        ...

    analyzer: Any

    char_level: Any

    document_count: Any

    filters: Any

    index_docs: Any

    index_word: Any

    lower: Any

    num_words: Any

    oov_token: Any

    split: Any

    word_counts: Any

    word_docs: Any

    word_index: Any

def one_hot(input_text: Any, n: int, filters: str = '!"#$%&()*+,-./:;<=>?@[\\]^_`{|}~\t\n', lower: _bool = True, split: str = ' ') -> Any:
    """A number of [1, n) for each word: the same one for the same word, in every process."""
    ...

def text_to_word_sequence(input_text: Any, filters: str = '!"#$%&()*+,-./:;<=>?@[\\]^_`{|}~\t\n', lower: _bool = True, split: str = ' ') -> Any:
    """The words of a text, without the characters of `filters`."""
    ...

def tokenizer_from_json(json_string: Any) -> Any:
    """The tokenizer of to_json()."""
    ...
