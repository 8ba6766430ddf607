"""Reading c360.yaml: all its mistakes are told at once, each with its key and a remedy."""

from collections.abc import Hashable
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ValidationError

from c360.config import Settings
from c360.errors import ConfigurationError, MissingStepError

FILE_NAME = "c360.yaml"


def read_settings(path: Path) -> Settings:
    """Read and check a configuration file.

    Raises:
        MissingStepError: there is no such file.
        ConfigurationError: with every mistake in it.
    """
    if not path.is_file():
        raise MissingStepError(f"there is no {path}", "c360 init")
    try:
        tree = yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader)  # noqa: S506 - a SafeLoader
        settings = Settings.model_validate(tree)
    except yaml.YAMLError as error:
        raise ConfigurationError(path, [_yaml_problem(error)]) from error
    except UnicodeDecodeError as error:
        raise ConfigurationError(path, ["is not UTF-8 text; save it as UTF-8"]) from error
    except ValidationError as error:
        raise ConfigurationError(path, [_problem(each) for each in error.errors()]) from error
    if problems := settings.cross_problems():
        raise ConfigurationError(path, problems)
    return settings


class _Loader(yaml.SafeLoader):
    """A SafeLoader that refuses a key that stands twice, where YAML would keep the last."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        seen: set[Hashable] = set()
        for key_node, _ in node.value:
            key = self.construct_object(key_node, deep=True)
            if key in seen:
                raise yaml.constructor.ConstructorError(
                    None, None, f"the key {key!r} stands twice", key_node.start_mark
                )
            seen.add(key)
        return super().construct_mapping(node, deep)


def _yaml_problem(error: yaml.YAMLError) -> str:
    if isinstance(error, yaml.MarkedYAMLError) and error.problem_mark is not None:
        mark = error.problem_mark
        return f"line {mark.line + 1}, column {mark.column + 1}: {error.problem}"
    return str(error)


def _problem(error: Any) -> str:  # noqa: ANN401 - pydantic's ErrorDetails, kept out of the start-up
    location = [str(part) for part in error["loc"] if part != "[key]"]
    key = ".".join(location) or "the file"
    match error["type"]:
        case "extra_forbidden":
            return f"{key}: unknown key{_remedy(location)}"
        case "missing":
            return f"{key}: is required"
        case "value_error":
            return f"{key}: {error['ctx']['error']}"
        case _:
            found = error["input"]
            shown = "" if isinstance(found, dict) else f" (found {found!r})"
            return f"{key}: {error['msg'][0].lower()}{error['msg'][1:]}{shown}"


def _remedy(location: list[str]) -> str:
    """Name the key that was probably meant, else those that are known there."""
    model: Any = Settings
    for part in location[:-1]:
        if not (isinstance(model, type) and issubclass(model, BaseModel)):
            break
        if part in model.model_fields:
            model = _section_of(model.model_fields[part].annotation)
    if not (isinstance(model, type) and issubclass(model, BaseModel)):
        return ""
    if close := get_close_matches(location[-1], model.model_fields, n=1):
        return f"; did you mean {close[0]!r}?"
    return f"; known here: {', '.join(model.model_fields)}"


def _section_of(annotation: Any) -> Any:  # noqa: ANN401 - a type expression
    """Return the model in an annotation such as `HashKey | None` or `dict[str, Source]`."""
    parts = [annotation, *getattr(annotation, "__args__", ())]
    return next((p for p in parts if isinstance(p, type) and issubclass(p, BaseModel)), None)
