"""The stubs: current, right by mypy's strict rules, and what editors complete from them."""

import inspect
import pathlib
import re
import subprocess
import sys

import pytest

import linnet as tf

ROOT = pathlib.Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "python" / "linnet"


def run(*command, **options):
    return subprocess.run([sys.executable, *map(str, command)], capture_output=True, text=True,
                          check=False, **options)


def test_stubs_are_current():
    done = run(ROOT / "python" / "tools" / "stubs.py", "--check")
    assert done.returncode == 0, (
        f"{done.stdout}{done.stderr}write them anew: python3 python/tools/stubs.py")


def mypy(files, tmp_path, *options):
    pytest.importorskip("mypy", reason="mypy is not installed")
    done = run("-m", "mypy", "--strict", "--no-incremental", *options, *files, cwd=tmp_path,
               env={"MYPYPATH": str(PACKAGE.parent), "PATH": "/usr/bin:/bin"})
    assert done.returncode == 0, done.stdout + done.stderr


def test_mypy_accepts_stubs_and_examples(tmp_path):
    examples = sorted((ROOT / "examples" / "python").glob("*.py"))
    assert examples
    mypy([*sorted(PACKAGE.rglob("*.pyi")), *examples], tmp_path)


def test_mypy_accepts_the_snippets_of_the_docs(tmp_path):
    pages = []
    for page in sorted((ROOT / "docs").glob("*.md")):
        snippets = re.findall(r"```python\n(.*?)```", page.read_text(encoding="utf-8"), re.S)
        if snippets:
            pages.append(tmp_path / f"{page.stem}_page.py")
            pages[-1].write_text("\n".join(snippets), encoding="utf-8")
    assert pages
    mypy(pages, tmp_path, "--allow-untyped-defs", "--allow-untyped-calls",
         "--disable-error-code=import-untyped", "--disable-error-code=import-not-found")


def test_mypy_sees_mistakes(tmp_path):
    pytest.importorskip("mypy", reason="mypy is not installed")
    wrong = tmp_path / "wrong.py"
    wrong.write_text("import linnet as tf\ntf.keras.layers.Dense(unit=3)\n"
                     "x: str = tf.constant(1.0) + 1\n", encoding="utf-8")
    with pytest.raises(AssertionError, match=r'(?s)Unexpected keyword argument "unit".*"Tensor"'):
        mypy([wrong], tmp_path)


def test_editors_complete_arguments():
    assert list(inspect.signature(tf.keras.layers.Dense).parameters)[:3] == [
        "units", "activation", "use_bias"]
    jedi = pytest.importorskip("jedi", reason="jedi is not installed")
    code = "import linnet as tf\ntf.keras.layers.Dense("
    signature, = jedi.Script(code, project=jedi.Project(str(PACKAGE.parent))).get_signatures()
    assert [p.name for p in signature.params][:3] == ["units", "activation", "use_bias"]
