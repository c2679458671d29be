"""What import-linter and ruff cannot see of the house's rules."""

import ast
import importlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.db import models

ROOT = Path(__file__).resolve().parent.parent
HOUSE = ("spaces", "tenants", "bookings", "config")
STAIRCASE = ["spaces", "parties", "billing", "leases", "bookings", "config"]
AT_THE_EDGE = {"web", "api", "tasks", "management", "templatetags", "apps", "migrations"}
KEPT_FROM_DOMAIN_CODE = ("django.http", "django.shortcuts", "django.views", "celery", "kombu")
SAY_NOTHING = {"utils", "helpers", "common", "core", "services", "base", "manager", "handler"}
LONGEST_FILE, LONGEST_FUNCTION, LONGEST_VIEW, LONGEST_TASK = 300, 40, 20, 10

Function = ast.FunctionDef | ast.AsyncFunctionDef


def modules(*folders: str) -> Iterator[Path]:
    for folder in folders:
        yield from (file for file in sorted((ROOT / folder).rglob("*.py")) if "migrations" not in file.parts)


def domain_modules() -> Iterator[Path]:
    for file in modules("spaces", "tenants", "bookings"):
        if not AT_THE_EDGE & {*file.relative_to(ROOT).parts, file.stem}:
            yield file


def imported(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{name.name}" for name in node.names)


def functions(file: Path) -> Iterator[Function]:
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, Function):
            yield node


def length(function: Function) -> int:
    """Lines from its name to its end, without decorators and docstring."""
    first = function.body[0]
    has_docstring = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant)
    docstring = (first.end_lineno or 0) - first.lineno + 1 if has_docstring else 0
    return (function.end_lineno or 0) - function.lineno + 1 - docstring


def named(file: Path, function: Function) -> str:
    return f"{file.relative_to(ROOT)}:{function.lineno} {function.name} ({length(function)})"


def is_task(function: Function) -> bool:
    return any("shared_task" in ast.unparse(decorator) for decorator in function.decorator_list)


def is_view(function: Function) -> bool:
    return bool(function.args.args) and function.args.args[0].arg == "request"


def test_foreign_keys_point_down_the_staircase() -> None:
    upwards = [
        f"{model._meta.label}.{field.name} → {field.related_model._meta.label}"
        for model in apps.get_models()
        if model._meta.app_label in STAIRCASE
        for field in model._meta.get_fields()
        if isinstance(field, models.ForeignKey | models.ManyToManyField | models.OneToOneField)
        and field.related_model._meta.app_label in STAIRCASE
        and STAIRCASE.index(field.related_model._meta.app_label) > STAIRCASE.index(model._meta.app_label)
    ]

    assert upwards == []


def test_domain_code_knows_neither_http_nor_celery() -> None:
    faults = [
        f"{file.relative_to(ROOT)}: {name}"
        for file in domain_modules()
        for name in imported(file)
        if name.startswith(KEPT_FROM_DOMAIN_CODE)
    ]

    assert faults == []


def test_no_file_is_longer_than_300_lines() -> None:
    lengths = {file: len(file.read_text(encoding="utf-8").splitlines()) for file in modules(*HOUSE, "tests")}

    assert [f"{file.relative_to(ROOT)} ({n})" for file, n in lengths.items() if n > LONGEST_FILE] == []


def test_no_function_is_longer_than_40_lines() -> None:
    too_long = [
        named(file, function)
        for file in modules(*HOUSE, "tests")
        for function in functions(file)
        if length(function) > LONGEST_FUNCTION
    ]

    assert too_long == []


def test_views_and_tasks_parse_call_and_answer() -> None:
    too_long = [
        named(file, function)
        for file in modules(*HOUSE)
        for function in functions(file)
        if (is_view(function) and length(function) > LONGEST_VIEW)
        or (is_task(function) and length(function) > LONGEST_TASK)
    ]

    assert too_long == []


def test_every_module_has_a_name_that_says_something() -> None:
    names = {part for file in modules(*HOUSE) for part in [*file.relative_to(ROOT).parts[:-1], file.stem]}

    assert names & SAY_NOTHING == set()


def state_machines() -> list[type[models.TextChoices]]:
    found = []
    for file in modules("spaces", "tenants", "bookings"):
        for node in ast.parse(file.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.ClassDef) and node.name.endswith("State"):
                module = importlib.import_module(".".join(file.relative_to(ROOT).with_suffix("").parts))
                found.append(getattr(module, node.name))
    return found


@pytest.mark.parametrize("states", state_machines(), ids=lambda states: states.__name__)
def test_every_state_has_its_row_in_the_table_of_what_comes_next(states: type[models.TextChoices]) -> None:
    module = importlib.import_module(states.__module__)
    tables = [
        value for name, value in vars(module).items() if name.endswith("NEXT") and set(value) <= set(states)
    ]

    assert [set(table) for table in tables] == [set(states)]
    assert all(following <= set(states) for following in tables[0].values())
