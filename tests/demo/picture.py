# SPDX-License-Identifier: MIT
"""Draws the lines of a terminal as an SVG file, with text that can be selected
and searched."""
import html

COLUMN, LINE, MARGIN = 8.43, 19, 16  # of DejaVu Sans Mono at 14 pixels
BACKGROUND = "#1b1f27"
COLOURS = {"step": "#f2c14e", "shell": "#7ec98f", "output": "#9fb3c8",
           "plain": "#e6e6e6"}
HEAD = """\
<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" \
viewBox="0 0 {width} {height}" role="img">
<title>{title}</title>
<rect width="100%" height="100%" rx="8" fill="{background}"/>
<g font-family="DejaVu Sans Mono, Menlo, Consolas, monospace" font-size="14">
"""


def svg_of_lines(lines, title):
    """The text of the file."""
    columns = max(len(line) for line in lines)
    width = round(2 * MARGIN + columns * COLUMN)
    height = 2 * MARGIN + len(lines) * LINE
    parts = [HEAD.format(width=width, height=height, background=BACKGROUND,
                         title=html.escape(title))]
    for number, line in enumerate(lines, 1):
        if line.strip():
            parts.append(
                f'<text x="{MARGIN}" y="{MARGIN + number * LINE - 5}" '
                f'fill="{COLOURS[kind_of(line)]}" xml:space="preserve">'
                f"{html.escape(line)}</text>\n")
    parts.append("</g>\n</svg>\n")
    return "".join(parts)


def kind_of(line):
    if line[:1].isdigit():
        return "step"
    if line.lstrip().startswith("| $"):
        return "shell"
    return "output" if line.lstrip().startswith("|") else "plain"
