"""Checks ONNX files as the format's own library does, shapes of every value included; prints what each takes and gives."""

import json
import sys

import onnx


def described(file):
    model = onnx.load(file)
    onnx.checker.check_model(model, full_check=True)
    inferred = onnx.shape_inference.infer_shapes(model, check_type=True, strict_mode=True, data_prop=True)
    outputs = {
        value.name: [size.dim_param or size.dim_value for size in value.type.tensor_type.shape.dim]
        for value in inferred.graph.output
    }
    return {
        "opset": model.opset_import[0].version,
        "inputs": [value.name for value in model.graph.input],
        "outputs": outputs,
    }


print(json.dumps([described(file) for file in sys.argv[1:]]))
