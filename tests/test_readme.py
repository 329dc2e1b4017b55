"""The README: its examples in Python run as they stand there, one after another."""

import re
from pathlib import Path

import pytest

README = Path(__file__).parent.parent / "README.md"


def test_the_examples_run_as_they_stand_there(capsys):
    examples = re.findall(r"```python\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)
    known = {}
    for example in examples:
        exec(compile(example, README.name, "exec"), known)
    told = capsys.readouterr().out.splitlines()
    assert len(told) == "".join(examples).count("print(") == 3
    assert "Converged to the minimum (0, 0)" in told[0]
    assert known["line"].minimum == pytest.approx((2, 0))
    assert known["run"].theta[:, -1] == pytest.approx((2, 0), abs=0.02)
    assert float(told[2]) == 2 * (3 * 2 - 7) * 3
