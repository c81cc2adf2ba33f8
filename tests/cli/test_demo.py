# SPDX-License-Identifier: MIT
"""make demo runs, and draws a picture of what it showed if it is to."""
import os
import pathlib
import subprocess
import sys
import xml.etree.ElementTree

ROOT = pathlib.Path(__file__).parents[2]
BUILD = pathlib.Path(os.environ.get("POSTRIDER_BUILD", "build")).resolve()
ARRIVED = "It arrived byte for byte"


def demo(*words):
    done = subprocess.run([sys.executable, ROOT / "tests/demo/demo.py", BUILD,
                           *words], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
    assert ARRIVED in done.stdout
    return done.stdout


def test_the_demo_draws_a_picture(tmp_path):
    picture = tmp_path / "demo.svg"
    said = demo(picture).splitlines()[:-1]
    root = xml.etree.ElementTree.parse(picture).getroot()
    drawn = [text.text for text in root.iter() if text.tag.endswith("}text")]
    assert drawn == [line for line in said if line.strip()]
    # All is inside, and the password is not.
    for text in root.iter("{http://www.w3.org/2000/svg}text"):
        assert float(text.get("y")) < float(root.get("height"))
    assert "correct horse" not in picture.read_text()


def test_the_demo_leaves_no_file(tmp_path):
    before = set(os.listdir("."))
    demo()
    assert set(os.listdir(".")) == before
