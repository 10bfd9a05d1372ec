"""Programs with strings: what tutorials of text classification do, and the layers they use."""

import re
import string

import numpy as np
import pytest

import linnet as tf
from linnet import keras
from linnet.keras import layers

TEXTS = ["The cat sat on the mat!", "the dog ate my homework, again", "A bad <br /> movie",
         "what a GOOD movie"] * 8


def test_text_classification_from_strings_to_strings():
    labels = [1, 0, 0, 1] * 8
    batches = tf.data.Dataset.from_tensor_slices((TEXTS, labels)).batch(8)

    def standardize(text):
        text = tf.strings.regex_replace(tf.strings.lower(text), "<br />", " ")
        return tf.strings.regex_replace(text, f"[{re.escape(string.punctuation)}]", "")

    vectorize = layers.TextVectorization(standardize=standardize, max_tokens=50,
                                         output_sequence_length=6)
    vectorize.adapt(batches.map(lambda text, label: text))
    assert vectorize.get_vocabulary()[:5] == ["", "[UNK]", "the", "movie", "a"]
    prepared = batches.map(lambda text, label: (vectorize(tf.expand_dims(text, -1)), label)).cache()
    rows, _ = next(iter(prepared))
    assert rows.shape == (8, 6) and rows.dtype == tf.int64 and rows[3].numpy().tolist()[4:] == [0, 0]
    model = keras.Sequential([layers.Embedding(51, 8, mask_zero=True), layers.GlobalAveragePooling1D(),
                              layers.Dense(1)])
    model.compile("adam", keras.losses.BinaryCrossentropy(from_logits=True))
    losses = model.fit(prepared, epochs=3, verbose=0).history["loss"]
    assert losses[-1] < losses[0]
    whole = keras.Sequential([vectorize, model, layers.Activation("sigmoid")])
    whole.compile(loss="binary_crossentropy", metrics=["accuracy"])
    expected = tf.sigmoid(model.predict(rows, verbose=0)[:2]).numpy()
    assert np.allclose(whole.predict(tf.constant(TEXTS[:2]), verbose=0), expected, atol=1e-6)
    assert len(whole.evaluate(batches, verbose=0)) == 2


@pytest.mark.parametrize("options, vocabulary, given, expected", [
    ({}, ["", "[UNK]", "c", "a", "b"], ["a b z"], [[3, 4, 1]]),
    ({"ngrams": 2, "max_tokens": 4}, ["", "[UNK]", "c", "a"], ["c c", "a"], [[2, 2, 1], [3, 0, 0]]),
    ({"output_mode": "multi_hot"}, ["[UNK]", "c", "a", "b"], ["b b z"], [[1, 0, 0, 1]]),
    ({"output_mode": "count"}, ["[UNK]", "c", "a", "b"], ["b b z"], [[1, 0, 0, 2]]),
    ({"output_mode": "tf_idf"}, ["[UNK]", "c", "a", "b"], ["a b b"],
     [[0, 0, np.log(2), 2 * np.log(2)]]),
    ({"split": "character", "standardize": None}, ["", "[UNK]", " ", "c", "a", "b"], ["ab"], [[4, 5]]),
])
def test_text_vectorization(options, vocabulary, given, expected):
    layer = layers.TextVectorization(**options)
    source = ["b a a", "c, C c!"] if options.get("split") is None else ["b a a", "c c c"]
    layer.adapt(source)
    if "ngrams" not in options:
        assert layer.get_vocabulary() == vocabulary
    else:
        assert layer.get_vocabulary()[:2] == vocabulary[:2] and layer.vocabulary_size() == 4
        return
    assert np.allclose(layer(given).numpy(), expected, atol=1e-6)


def test_tokenizer():
    tokenizer = keras.preprocessing.text.Tokenizer(num_words=4, oov_token="<OOV>")
    tokenizer.fit_on_texts(["The cat sat, on the MAT!", "the dog ate the cat"])
    assert list(tokenizer.word_index)[:3] == ["<OOV>", "the", "cat"]
    rows = tokenizer.texts_to_sequences(["the new cat sat"])
    assert rows == [[2, 1, 3, 1]] and tokenizer.sequences_to_texts(rows) == ["the <OOV> cat <OOV>"]
    assert tokenizer.texts_to_matrix(["the cat the"], mode="count").tolist() == [[0, 0, 2, 1]]
    again = keras.preprocessing.text.tokenizer_from_json(tokenizer.to_json())
    assert again.texts_to_sequences(["the new cat sat"]) == rows


def test_lookups_there_and_back():
    ids = layers.StringLookup(vocabulary=["a", "b"], mask_token="")
    assert ids(["", "z", "b"]).numpy().tolist() == [0, 1, 3]
    names = layers.StringLookup(vocabulary=ids.get_vocabulary(), invert=True, mask_token="")
    assert names([3, 2, 1]).numpy().tolist() == [b"b", b"a", b"[UNK]"]
    one_hot = layers.StringLookup(output_mode="one_hot")
    one_hot.adapt(np.array(["u", "v", "u"]))
    assert one_hot(np.array(["u", "w"])).numpy().tolist() == [[0, 1, 0], [1, 0, 0]]
    numbers = layers.IntegerLookup(vocabulary=[5, 7])
    assert numbers([5, 7, 9]).numpy().tolist() == [1, 2, 0]
    with pytest.raises(tf.errors.InvalidArgumentError, match="not in the vocabulary"):
        layers.StringLookup(vocabulary=["a"], num_oov_indices=0)(["b"])
    with pytest.raises(ValueError, match="adapt"):
        layers.StringLookup()(["a"])


def test_strings_are_inputs_of_functional_models():
    kind = keras.Input((1,), dtype="string", name="kind")
    found = layers.StringLookup(vocabulary=["cat", "dog"], output_mode="one_hot")(kind)
    model = keras.Model(kind, layers.Dense(1, use_bias=False, kernel_initializer="ones")(found))
    assert model(tf.constant([["dog"], ["cow"]])).numpy().tolist() == [[1.0], [1.0]]


def test_strings_under_tensorflows_names():
    assert tf.constant("hello").numpy() == b"hello" and tf.constant("a").dtype == tf.string
    pair = tf.constant(["ab", "é"])
    assert tf.strings.length(pair).numpy().tolist() == [2, 2]
    assert tf.strings.length(pair, unit="UTF8_CHAR").numpy().tolist() == [2, 1]
    assert tf.strings.upper(pair).numpy().tolist() == [b"AB", "É".encode()]
    assert tf.strings.join(["a", ["b", "c"]], "-").numpy().tolist() == [b"a-b", b"a-c"]
    assert tf.strings.reduce_join([["a", "b"], ["c", "d"]], axis=-1).numpy().tolist() == [b"ab", b"cd"]
    assert tf.strings.split("a b").numpy().tolist() == [b"a", b"b"]
    assert list(tf.strings.unicode_split("né", "UTF-8")) == ["n", "é"]
    assert tf.strings.to_number(["1.5", "2"]).numpy().tolist() == [1.5, 2.0]
    with pytest.raises(tf.errors.InvalidArgumentError, match="no float32"):
        tf.strings.to_number("one")
    assert tf.strings.substr("hello", 1, 3).numpy() == b"ell"
