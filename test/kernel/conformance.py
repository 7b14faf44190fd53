"""The official conformance suite of Jupyter kernels (jupyter_kernel_test), with samples for every part of it."""

import unittest

import jupyter_kernel_test

HOOK = 'globalThis[Symbol.for("jupyter.display")]'


class TypeScriptKernelTests(jupyter_kernel_test.KernelTests):
    kernel_name = "tslab"
    language_name = "typescript"
    file_extension = ".ts"

    code_hello_world = "console.log('hello, world')"
    code_stderr = "console.error('test')"
    code_generate_error = "throw new Error('boom')"
    code_execute_result = [
        {"code": "1 + 2", "result": "3"},
        {"code": "({ toMimeBundle: () => ({ 'text/html': '<b>3</b>' }) })", "result": "<b>3</b>", "mime": "text/html"},
    ]
    code_display_data = [
        {"code": "import * as tslab from 'tslab'; tslab.display.html('<b>x</b>')", "mime": "text/html"},
        {"code": f"({HOOK.replace('globalThis', '(globalThis as any)')}).display({{ 'image/png': 'AQI=' }})", "mime": "image/png"},
    ]
    code_inspect_sample = "Math.floor"
    code_clear_output = f"({HOOK.replace('globalThis', '(globalThis as any)')}).clearOutput()"

    completion_samples = [
        {"text": "Math.fl", "matches": {"floor"}},
        {"text": "[1].toSor", "matches": {"toSorted"}},
    ]
    complete_code_samples = ["1", "const x: number = 1", "function f(x: number) { return x }", "await fetch('x')"]
    incomplete_code_samples = ["function f(x: number) {", "const a = [", "`template"]
    invalid_code_samples = ["const = 3", "}", "a b"]


if __name__ == "__main__":
    unittest.main(verbosity=2)
