"""Writes the comments of public headers as a table {name, docstring} for the extension module."""

import re
import sys

DECLARATION = re.compile(r"LINNET_DECL\s+(?:[\w:<>&]+\s+)+?\*?(\w+)\s*\(")


def documented(text):
    """Yields (name, comment): what stands before or behind each free function's declaration."""
    comment, lines, index, used = [], text.splitlines(), 0, False
    while index < len(lines):
        line = lines[index].strip()
        index += 1
        if line.startswith("///") and not line.startswith("///<"):
            comment = [] if used else comment
            comment.append(line[3:].strip())
            used = False
            continue
        match = DECLARATION.match(line)
        if not match:
            if not line.startswith("//"):
                comment = []
            continue
        while not line.split("///<")[0].rstrip().endswith(";") and index < len(lines):
            line += " " + lines[index].strip()
            index += 1
        behind = line.split("///<")[1].strip() if "///<" in line else ""
        used = True
        yield match.group(1), " ".join(comment), behind


def main(target, headers):
    table = {}
    for header in headers:
        with open(header, encoding="utf-8") as source:
            for name, before, behind in documented(source.read()):
                text = behind or before
                if text and name not in table:
                    table[name] = text
    with open(target, "w", encoding="utf-8") as out:
        for name in sorted(table):
            text = table[name].replace("\\", "\\\\").replace('"', '\\"')
            out.write(f'{{"{name}", "{text}"}},\n')


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
