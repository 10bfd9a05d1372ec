"""ONNX Runtime's side of the benchmarks: inference of one sample.

    onnxruntime_bench.py default|tuned

default: session.run. tuned: inputs and outputs bound once, on one thread or all, the fastest.
"""
import sys
from functools import partial

import numpy as np
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

import common


def model_bytes(definition):
    """The chain of layers, NCHW as ONNX has it."""
    nodes, constants, now = [], [], "x"

    def constant(name, value):
        constants.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def node(op, *inputs, **attributes):
        name = f"{op}{len(nodes)}"
        nodes.append(helper.make_node(op, list(inputs), [name], name=name, **attributes))
        return name

    for kind, key, relu in definition.layers:
        if kind == "pool":
            now = node("MaxPool", now, kernel_shape=[2, 2], strides=[2, 2])
            continue
        if kind == "flatten":
            now = node("Flatten", now)
            continue
        kernel = definition.parameters[key + "/kernel"]
        bias = constant(key + "/bias", definition.parameters[key + "/bias"])
        if kind == "conv":
            weight = constant(key + "/kernel", kernel.transpose(3, 2, 0, 1))
            now = node("Conv", now, weight, bias, kernel_shape=[3, 3])
        else:
            if key == definition.after_flatten():  # channels first
                h, w, c = definition.flattened
                kernel = kernel.reshape(h, w, c, -1).transpose(2, 0, 1, 3).reshape(h * w * c, -1)
            now = node("Gemm", now, constant(key + "/kernel", kernel), bias)
        now = node("Relu", now) if relu else now
    shape = sample(definition).shape
    nodes[-1].output[0] = "y"
    graph = helper.make_graph(
        nodes, "model", [helper.make_tensor_value_info("x", TensorProto.FLOAT, shape)],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, (1, 10))], constants)
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)],
                             ir_version=9).SerializeToString()


def sample(definition):
    x = definition.x
    return np.ascontiguousarray(x.transpose(0, 3, 1, 2) if x.ndim == 4 else x)


def infer(name, threads=0, bound=False):
    definition = common.definition(name)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    session = onnxruntime.InferenceSession(model_bytes(definition), options,
                                           providers=["CPUExecutionProvider"])
    x = sample(definition)
    if not bound:
        feed = {"x": x}

        def step():
            session.run(None, feed)

        return common.Workload(step, outputs=lambda: session.run(None, feed)[0].ravel())
    y = onnxruntime.OrtValue.ortvalue_from_numpy(np.zeros((1, 10), np.float32))
    binding = session.io_binding()
    binding.bind_ortvalue_input("x", onnxruntime.OrtValue.ortvalue_from_numpy(x))
    binding.bind_ortvalue_output("y", y)

    def step():
        session.run_with_iobinding(binding)

    return common.Workload(step, outputs=lambda: y.numpy().ravel())


def candidates_of(variant, name):
    if name not in common.INFERENCE:
        return []
    if variant == "default":
        return [("session.run", partial(infer, name))]
    return [(f"I/O binding, {threads} threads", partial(infer, name, threads, True))
            for threads in sorted({1, common.THREADS})]


if __name__ == "__main__":
    common.serve(f"ONNX Runtime {onnxruntime.__version__}", partial(candidates_of, sys.argv[1]))
