"""Field selection: `?fields=id,clean.title,geotags.focus` sends those and nothing else."""

import types
from collections.abc import Iterator
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel

from api.problems import Kind, Refused
from schemas import FieldError, Result, Status

Tree = dict[str, Any]
"""What pydantic takes as `include`."""
_ALWAYS = ("id", "revision")
_MOST = 50


def _inside(annotation: Any) -> tuple[type[BaseModel] | None, bool]:
    """The model that a field holds, if it does, and whether it holds many."""
    origin = get_origin(annotation)
    if origin in {Union, types.UnionType, Annotated}:
        found = (_inside(part) for part in get_args(annotation))
        return next((pair for pair in found if pair[0]), (None, False))
    if origin is tuple:
        return _inside(get_args(annotation)[0])[0], True
    is_model = isinstance(annotation, type) and issubclass(annotation, BaseModel)
    return (annotation if is_model else None), False


def _put(tree: Tree, model: type[BaseModel], path: list[str]) -> bool:
    """Add a path to a tree; whether the model has it."""
    name, *rest = path
    if name not in model.model_fields:
        return False
    if not rest:
        tree[name] = True
        return True
    inner, many = _inside(model.model_fields[name].annotation)
    if inner is None or tree.get(name) is True:
        return inner is not None
    below = tree.setdefault(name, {"__all__": {}} if many else {})
    return _put(below["__all__"] if many else below, inner, rest)


def _wrong(paths: list[str], tree: Tree) -> Iterator[str]:
    for path in paths:
        steps = path.split(".")
        if True not in {_put(tree, model, steps) for model in (Result, Status)}:
            yield path


def include(fields: str | None) -> Tree | None:
    """What to send of an article; ``None`` for all of it. `id` and `revision` always are.

    Raises:
        Refused: An article has no such field: a misspelt one would silently be missing.
    """
    if fields is None:
        return None
    paths = [path.strip() for path in fields.split(",")]
    tree: Tree = dict.fromkeys(_ALWAYS, True)
    if len(paths) > _MOST or any(_wrong(paths, tree)):
        error = FieldError(parameter="fields", code="unknown", message="names what an article does not have")
        detail = f"Name at most {_MOST} fields of a result, as clean.title; docs/results/result.schema.json lists them."
        raise Refused(Kind.INVALID, detail, errors=[error])
    return tree
