"""
What is public resolves, is documented, and is called by keyword.
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil

import pytest

import smmlib
import smmlib.errors
import smmlib.model

_PUBLIC_MODULES = sorted(
    module.name
    for module in pkgutil.walk_packages(smmlib.__path__, "smmlib.")
    if not any(part.startswith("_") for part in module.name.split("."))
)
# An issue is read in this order everywhere: where, which rule, what is wrong.
# A matrix is three lists that nobody takes for another.
_MAY_BE_POSITIONAL = {"Issue": 3, "matrix": 3}
_ROOT_NAMES = sorted(name for name in smmlib.__all__ if not name.startswith("_"))


def _public(module):
    """
    Name and object of everything a module lists as public.
    """
    return [(name, getattr(module, name)) for name in module.__all__]


def test_model_classes_and_errors_import_from_the_root():
    """
    Whoever types a plan in Python needs one import line.
    """
    values = set(smmlib.model.__all__) | set(smmlib.errors.__all__)

    assert set() == values - set(smmlib.__all__)


@pytest.mark.parametrize("name", ["load", "check", "connect", "track", "report"])
def test_the_calls_of_the_readme_are_there(name):
    """
    The words of the README's notebook exist and can be called.
    """
    assert callable(getattr(smmlib, name))


def test_calls_survive_the_import_of_a_package_of_the_same_name():
    """
    `smmlib.report(...)` is a call, also after somebody imported `smmlib.report`.
    """
    packages = {module.name for module in pkgutil.iter_modules(smmlib.__path__)}

    for name in packages & set(smmlib.__all__):
        importlib.import_module(f"smmlib.{name}")
        assert callable(getattr(smmlib, name)), name


def test_public_names_are_listed_once():
    """
    `__all__` of the root has no doubles.
    """
    assert len(set(smmlib.__all__)) == len(smmlib.__all__)


@pytest.mark.parametrize("module_name", _PUBLIC_MODULES)
def test_public_modules_keep_their_promise(module_name):
    """
    A public module says what it is for and lists its names, and each of them is there.
    """
    module = importlib.import_module(module_name)

    assert module.__doc__
    assert [] == [name for name in module.__all__ if not hasattr(module, name)]


@pytest.mark.parametrize("module_name", ["smmlib", *_PUBLIC_MODULES])
def test_public_classes_and_functions_are_documented(module_name):
    """
    Nothing that users are given comes without a word about it.
    """
    module = importlib.import_module(module_name)

    silent = [
        name
        for name, thing in _public(module)
        if (inspect.isclass(thing) or inspect.isfunction(thing))
        and not (thing.__doc__ or "").strip()
    ]
    assert [] == silent


@pytest.mark.parametrize("name", _ROOT_NAMES)
def test_beyond_the_second_argument_everything_goes_by_keyword(name):
    """
    A call can be read without looking up the order of its arguments.
    """
    thing = getattr(smmlib, name)
    if not callable(thing):
        return
    try:
        parameters = inspect.signature(thing).parameters.values()
    except ValueError:  # enums and other built-in signatures
        return

    positional = [
        parameter.name
        for parameter in parameters
        if parameter.kind is parameter.POSITIONAL_OR_KEYWORD
    ]
    assert len(positional) <= _MAY_BE_POSITIONAL.get(name, 2), positional
