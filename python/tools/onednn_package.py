"""Prints the folder of oneDNN's CMake files among this interpreter's packages; nothing without them."""

import importlib.metadata

try:
    files = importlib.metadata.files("onednn-devel-cpu-gomp") or []
except importlib.metadata.PackageNotFoundError:
    files = []
for file in files:
    if file.name == "dnnl-config.cmake":
        print(file.locate().resolve().parent.as_posix())
