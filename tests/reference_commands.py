"""docs/commands.md: what `c360 --help` says of every command."""

import inspect
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_type_hints

import typer
from reference_configuration import words_of
from reference_rows import cell

from c360 import cli

INTRODUCTION = """\
# Commands

`c360 COMMAND --help` says the same. Every command takes `--workspace DIR` (default: the folder you
are in); with `--json` it prints for programs. Results go to stdout, everything else to stderr.
Before the command, `c360 --log json COMMAND` makes stderr a log of JSON lines; see
[operations.md](operations.md#the-log).

| exit code | means |
|---|---|
| 0 | well |
| 1 | you can mend it; the message says how |
| 2 | wrong usage |
| 3 | a quality or contract gate failed, or a run was held |
| 4 | a consent or privacy rule would be broken |

One command writes at a time. Each publishes everything at its end, or nothing.
"""


def commands_page(head: str) -> str:
    """Return the page of the commands, in the order and under the headings of `c360 --help`."""
    group: Any = typer.main.get_command(cli.app)
    lines = [head, INTRODUCTION]
    panel = None
    for name, command in group.commands.items():
        if command.rich_help_panel != panel:
            panel = command.rich_help_panel
            lines.append(f"## {panel}\n")
        lines += _command(f"c360 {name}", command)
    return "\n".join(lines)


def _command(name: str, command: Any) -> Iterator[str]:
    arguments = [each for each in command.params if each.param_type_name == "argument"]
    words = [each.metavar or each.name.upper() for each in arguments]
    yield f"### {name}\n"
    if words:
        yield f"`{' '.join([name, *words])}`\n"
    yield f"{_text(command.help)}\n"
    yield from _parameters(command)
    for inner, each in getattr(command, "commands", {}).items():
        yield from _command(f"{name} {inner}", each)


def _parameters(command: Any) -> Iterator[str]:
    told = [each for each in command.params if each.name != "help" and not each.hidden]
    if not told:
        return
    hints = get_type_hints(inspect.unwrap(command.callback), include_extras=True)
    yield "| argument or option | value | default | meaning |\n|---|---|---|---|"
    for each in told:
        name = each.metavar or each.name.upper()
        shown = f"`{name}`" if each.param_type_name == "argument" else _names(each)
        value = "" if getattr(each, "is_flag", False) else words_of(hints[each.name])
        yield f"| {shown} | {value} | {_default(each)} | {cell(_text(each.help or ''))} |"
    yield ""


def _names(option: Any) -> str:
    return ", ".join(f"`{name}`" for name in option.opts)


def _default(parameter: Any) -> str:
    if parameter.required:
        return "required"
    if parameter.default in (None, False, []) or callable(parameter.default):
        return ""
    return "here" if parameter.default == Path() else f"`{parameter.default}`"


def _text(text: str) -> str:
    """Return help as it is read: lines of a paragraph are one."""
    paragraphs = inspect.cleandoc(text).split("\n\n")
    return "\n\n".join(" ".join(each.split()) for each in paragraphs)
