"""The order of the house (docs/architecture.md), read from the imports with :mod:`ast`.

Apps import downward only; leaves import none of ours; inside an app each layer sees what its table row allows. A module
without a layer of its own (``partners/search.py``) counts as whatever it imports itself, so it is no way round.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
# Highest first: each may import those after it.
ORDER = ["config", "portal", "reports", "events", "partners", "outbox", "accounts", "regions"]
LEAVES = ["audit", "files", "jobs", "papers", "ui"]
# The two leaves that the others may stand on: what they store is audited, and their pages use the same tags.
GROUND = ["audit", "ui"]
HOUSE = [name for name in (*ORDER, *LEAVES) if (ROOT / name).is_dir()]

READING = {"choices", "models", "queries", "rules"}
ALLOWED_INSIDE = {
    "choices": set(),
    "models": {"choices", "models"},
    "queries": {"choices", "models", "queries"},
    "rules": {"choices", "models", "rules"},
    "operations": READING | {"operations"},
    "forms": {"choices", "models", "queries", "forms"},
    "filters": {"choices", "models", "queries", "filters", "forms"},
    "tasks": READING | {"operations"},
    "views": READING | {"operations", "forms", "filters", "tasks", "views"},
    "api": READING | {"operations", "forms", "filters", "tasks", "api"},
    "urls": {"views", "urls", "api"},
}
# What a higher app may take from a lower one.
OFFERED = READING | {"operations"}
WIRING = {"apps", "management", "migrations"}
# One file's one import that the rules would refuse, and why it may stand.
EXCEPTIONS: dict[tuple[str, str], str] = {}
FORBIDDEN_NAMES = {"common", "core", "utils", "helpers", "managers", "signals", "services"}
# "postgres" serves the migration of the search index; django.contrib.admin would go round scope and operations.
ALLOWED_CONTRIB = {"auth", "messages", "postgres", "sessions", "staticfiles"}
REQUEST_MODULES = ("django.http", "django.shortcuts", "django.template", "django.urls", "django_htmx")
WRITES = {
    "save",
    "delete",
    "create",
    "update",
    "bulk_create",
    "bulk_update",
    "get_or_create",
    "update_or_create",
}
MANAGERS = {"objects", "_default_manager", "_base_manager"}


@dataclass(frozen=True)
class Import:
    """``module`` as far as it names a file of ours, else as it is written."""

    source: str
    line: int
    module: str

    def __str__(self) -> str:
        return f"{self.source}:{self.line} imports {self.module}"


def files() -> list[Path]:
    return sorted(path for app in HOUSE for path in (ROOT / app).rglob("*.py"))


def module_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(), str(path))


@cache
def imports_of(path: Path) -> tuple[Import, ...]:
    source = str(path.relative_to(ROOT))
    package = module_of(path) if path.name == "__init__.py" else module_of(path).rpartition(".")[0]
    found = []
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Import):
            found += [Import(source, node.lineno, alias.name) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                above = package.split(".")[: len(package.split(".")) - node.level + 1]
                base = ".".join([*above, *([base] if base else [])])
            found += [Import(source, node.lineno, _deepest(base, alias.name)) for alias in node.names]
    return tuple(found)


def _deepest(base: str, name: str) -> str:
    """``from events.operations import pledges`` names the file events/operations/pledges.py."""
    return f"{base}.{name}" if path_of(f"{base}.{name}") else base


def path_of(module: str) -> Path | None:
    place = ROOT.joinpath(*module.split("."))
    for candidate in (place.with_suffix(".py"), place / "__init__.py"):
        if candidate.is_file():
            return candidate
    return None


def app_of(module: str) -> str:
    return module.split(".")[0]


def layer_of(module: str) -> str:
    """The layer that a module's name says, such as ``operations``; empty where it says none. An API of several files
    says it first: ``api_scans``."""
    second = [*module.split("."), ""][1]
    second = "api" if second.startswith("api_") else second
    return second if second in ALLOWED_INSIDE or second in WIRING else ""


@cache
def layers_reached(module: str) -> frozenset[str]:
    """The layer of a module, or those that it hands on when its name says none."""
    layer = layer_of(module)
    path = path_of(module)
    if layer or path is None or "." not in module:
        return frozenset({layer} - {""})
    inside = [other.module for other in imports_of(path) if app_of(other.module) == app_of(module)]
    return frozenset().union(*(layers_reached(other) for other in inside if other != module))


def ours(path: Path) -> list[Import]:
    return [one for one in imports_of(path) if app_of(one.module) in HOUSE]


def offences(refuses, paths: list[Path] | None = None) -> list[str]:
    """The imports of ours that ``refuses(importing module, import)`` names, less the reasoned exceptions."""
    return [
        str(one)
        for path in (files() if paths is None else paths)
        for one in ours(path)
        if refuses(module_of(path), one.module) and (one.source, one.module) not in EXCEPTIONS
    ]


def of_layer(*layers: str) -> list[Path]:
    return [path for path in files() if layer_of(module_of(path)) in layers]


def test_architecture_apps_import_downward():
    def upward(module: str, imported: str) -> bool:
        here, there = app_of(module), app_of(imported)
        return here in ORDER and there in ORDER and ORDER.index(there) < ORDER.index(here)

    assert offences(upward) == []


def test_architecture_leaves_import_none_of_ours():
    """But for the audit and the template tags, which import nothing of ours themselves."""

    def other(module: str, imported: str) -> bool:
        here, there = app_of(module), app_of(imported)
        return here in LEAVES and there != here and (here in GROUND or there not in GROUND)

    assert offences(other) == []


def test_architecture_layers_see_what_their_row_allows():
    def outside(module: str, imported: str) -> bool:
        layer = layer_of(module)
        if app_of(module) != app_of(imported) or layer not in ALLOWED_INSIDE:
            return False
        return bool(layers_reached(imported) - ALLOWED_INSIDE[layer])

    assert offences(outside) == []


def test_architecture_modules_without_a_layer_take_no_pages():
    """A module beside the layers may be used from all of them, so it may not hand on a form or a view."""

    def pages(module: str, imported: str) -> bool:
        free = app_of(module) not in {"config", "ui"} and not layer_of(module)
        return free and bool(layers_reached(imported) & {"forms", "views", "filters", "urls", "api"})

    assert offences(pages) == []


def test_architecture_lower_apps_offer_no_forms_or_views():
    def pages(module: str, imported: str) -> bool:
        if app_of(module) == app_of(imported) or app_of(module) == "config":
            return False
        return app_of(imported) not in GROUND and bool(layers_reached(imported) - OFFERED)

    assert offences(pages) == []


def test_architecture_exceptions_are_all_needed():
    written = {(one.source, one.module) for path in files() for one in ours(path)}
    assert set(EXCEPTIONS) - written == set()
    assert all(len(reason) > 20 for reason in EXCEPTIONS.values())


def test_architecture_operations_queries_and_rules_know_no_request():
    """Functions, that is: django-filter hands its one-line querysets something with a ``user`` and calls it request."""
    found = [
        str(one)
        for path in of_layer("operations", "queries", "rules", "models")
        for one in imports_of(path)
        if one.module.startswith(REQUEST_MODULES)
    ]
    found += [
        f"{path.relative_to(ROOT)}:{node.lineno} takes a request"
        for path in of_layer("operations", "queries", "rules", "forms", "filters", "models", "tasks")
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.FunctionDef)
        and "request" in {arg.arg for arg in ast.walk(node.args) if isinstance(arg, ast.arg)}
    ]
    assert found == []


def _arguments(function: ast.FunctionDef) -> set[str]:
    return {node.arg for node in ast.walk(function.args) if isinstance(node, ast.arg)}


def test_architecture_views_neither_query_nor_write():
    assert [found for path in of_layer("views", "api") for found in _touches_rows(path)] == []


def _touches_rows(path: Path) -> list[str]:
    tree, place = tree_of(path), path.relative_to(ROOT)
    operations = _names_of_operations(tree)
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr in MANAGERS:
            found.append(f"{place}:{node.lineno} .{node.attr}")
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in WRITES:
            receiver = node.func.value
            if not (isinstance(receiver, ast.Name) and receiver.id in operations):
                found.append(f"{place}:{node.lineno} .{node.func.attr}()")
    return found


def _names_of_operations(tree: ast.Module) -> set[str]:
    """What a view calls the operation modules it imported: ``events.update(...)`` is a call, not an ORM write."""
    return {
        alias.asname or alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module and layer_of(node.module) == "operations"
        for alias in node.names
    }


def test_architecture_forms_do_not_save():
    found = [
        f"{path.relative_to(ROOT)}:{node.lineno} {node.name}()"
        for path in of_layer("forms", "filters")
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.FunctionDef) and node.name in {"save", "_save_m2m"}
    ]
    assert found == []


def test_architecture_models_have_no_side_effects():
    """No ``save()`` that does more, no signals. Append-only models refuse a second save, which is no side effect."""
    found = [
        f"{path.relative_to(ROOT)}:{node.lineno} save()"
        for path in of_layer("models")
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.FunctionDef) and node.name == "save" and path != ROOT / "audit/models.py"
    ]
    found += [
        str(one)
        for path in files()
        for one in imports_of(path)
        if one.module in {"django.dispatch", "django.db.models.signals"}
    ]
    assert found == []


def test_architecture_tasks_are_thin():
    long = [
        f"{path.relative_to(ROOT)}:{node.lineno} {node.name}"
        for path in of_layer("tasks")
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.FunctionDef) and len(node.body) > 5
    ]
    assert long == []


def test_architecture_no_drawer_without_a_name():
    names = [path.relative_to(ROOT) for app in HOUSE for path in (ROOT / app).rglob("*")]
    assert [
        str(name) for name in names if {part.removesuffix(".py") for part in name.parts} & FORBIDDEN_NAMES
    ] == []


def test_architecture_uses_only_these_parts_of_django_contrib():
    found = [
        str(one)
        for path in files()
        for one in imports_of(path)
        if one.module.startswith("django.contrib.") and one.module.split(".")[2] not in ALLOWED_CONTRIB
    ]
    assert found == []


def test_architecture_callbacks_are_set_in_ready_only():
    """``outbox.gates``, ``partners.lifecycle`` and the like are filled by the higher AppConfig and nowhere else."""
    found = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in files()
        if layer_of(module_of(path)) != "apps"
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "register"
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id in {"gates", "lifecycle", "access", "downloads", "endings", "open_work"}
    ]
    assert found == []


@pytest.mark.parametrize(
    ("module", "expected"),
    [
        ("partners.operations.partners", "operations"),
        ("partners.models", "models"),
        ("events.forms.evening", "forms"),
        ("partners.search", ""),
        ("accounts.management.commands.load_reference", "management"),
    ],
)
def test_architecture_layers_are_read_from_the_name(module, expected):
    assert layer_of(module) == expected


def test_architecture_reads_every_file_of_every_app():
    """The check would be green on an empty list too."""
    assert len(files()) > 60
    assert all(imports_of(path) for path in of_layer("operations", "views") if path.stat().st_size > 400)
