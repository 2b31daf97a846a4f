"""Prints what has grown past the sizes of a readable piece. Signs to look at, not walls: this never fails."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FUNCTION_LINES, MODULE_LINES, IMPORTS = 40, 350, 25


def sources() -> Iterator[Path]:
    for path in sorted(ROOT.rglob("*.py")):
        parts = path.relative_to(ROOT).parts
        if not any(part.startswith(".") or part in {"migrations", "data", "node_modules"} for part in parts):
            yield path


def long_pieces(path: Path) -> Iterator[str]:
    text = path.read_text(encoding="utf-8")
    name, tree = path.relative_to(ROOT), ast.parse(text)
    lines = text.count("\n")
    if lines > MODULE_LINES and name.parts[0] != "tests":
        yield f"{name}: {lines} lines"
    imported = sum(len(node.names) for node in tree.body if isinstance(node, (ast.Import, ast.ImportFrom)))
    if imported > IMPORTS:
        yield f"{name}: {imported} names imported"
    for node in ast.walk(tree):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and node.end_lineno:
            length = node.end_lineno - node.lineno + 1
            if length > FUNCTION_LINES:
                yield f"{name}:{node.lineno}: {node.name} has {length} lines"


def main() -> int:
    found = [piece for path in sources() for piece in long_pieces(path)]
    if found:
        limits = (
            f"functions over {FUNCTION_LINES} lines, modules over {MODULE_LINES}, more than {IMPORTS} imports"
        )
        print(f"To look at ({limits}): is a noun missing, or does it read well as it is?")
        print("\n".join(f"  {piece}" for piece in found))
    return 0


if __name__ == "__main__":
    sys.exit(main())
