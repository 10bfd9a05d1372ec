"""`get(identifier)` of Keras's modules."""

import pytest

from linnet import keras

MODULES = {
    keras.regularizers: (keras.regularizers.L2, "l2", {"l2": 0.5}),
    keras.metrics: (keras.metrics.AUC, "AUC", {"name": "q"}),
    keras.losses: (keras.losses.Huber, "Huber", {"delta": 2.0}),
    keras.initializers: (keras.initializers.Constant, "constant", {"value": 3.0}),
    keras.constraints: (keras.constraints.MaxNorm, "max_norm", {"max_value": 3}),
}


@pytest.mark.parametrize("module", MODULES, ids=lambda m: m.__name__)
def test_names_classes_configurations_and_objects(module):
    kind, name, config = MODULES[module]
    for identifier in (kind, name, {"class_name": kind.__name__, "config": config}):
        assert type(module.get(identifier)) is kind
    found = module.get({"class_name": kind.__name__, "config": config}).get_config()
    assert {key: found[key] for key in config} == config
    thing = kind()
    assert module.get(thing) is thing and module.get(None) is None


@pytest.mark.parametrize("module", [*MODULES, keras.activations], ids=lambda m: m.__name__)
@pytest.mark.parametrize("identifier", ["get", "find", "_core", "nothing", "", 5, {}, {"a": 1},
                                        {"class_name": "L3", "config": {}}, []], ids=repr)
def test_what_is_no_identifier_is_refused(module, identifier):
    with pytest.raises(ValueError):
        module.get(identifier)


def test_activations():
    get = keras.activations.get
    assert get(None) is keras.activations.linear and get("relu") is keras.activations.relu
    assert get(len) is len and get(keras.layers.ReLU) is keras.layers.ReLU
