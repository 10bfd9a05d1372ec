import pathlib
import re
import subprocess
import sys

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "examples" / "python"


@pytest.mark.parametrize("name, arguments", [
    ("recommender", []), ("linear_regression_mirrored", []), ("gradient_tape", []),
    ("collaborative_filtering", []), ("fashion_mnist", ["1", "6400"]),
    ("image_folder_cnn", []),
])
def test_example(name, arguments):
    if name == "fashion_mnist" and not pathlib.Path("/usr/share/datasets/fashion-mnist").exists():
        pytest.skip("Fashion-MNIST is not on this machine")
    run = subprocess.run([sys.executable, str(EXAMPLES / f"{name}.py"), *arguments],
                         capture_output=True, text=True, timeout=600)
    assert run.returncode == 0, run.stdout[-2000:] + run.stderr[-2000:]


@pytest.mark.parametrize("page", sorted(p.name for p in (ROOT / "docs").glob("*.md")
                                        if "```python" in p.read_text(encoding="utf-8")))
def test_snippets_of_the_docs_run(page, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    text = (ROOT / "docs" / page).read_text(encoding="utf-8")
    names = {}
    for i, snippet in enumerate(re.findall(r"```python\n(.*?)```", text, re.S)):
        file = tmp_path / f"{page}_{i}.py"  # captured functions look for their source
        file.write_text(snippet, encoding="utf-8")
        exec(compile(snippet, str(file), "exec"), names)  # noqa: S102
