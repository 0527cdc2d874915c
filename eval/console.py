"""The rim of the command line: one JSON document on standard output, everything else on standard error."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import typer
from pydantic import BaseModel
from rich.console import Console
from rich.table import Table

from chatbot.errors import ChatbotError
from eval.errors import EvalError
from index.errors import IndexPackageError

USAGE_EXIT_CODE = 2
# Click's base of every wrong command line; typer carries its own copy of click and names only this subclass.
UsageError: type[Exception] = typer.BadParameter.__bases__[0]
_HELP_SHOWN = "NoArgsIsHelpError"
_QUOTED = re.compile(r"'[^']*'")


def say(message: str | Table) -> None:
    """Show something to a person."""
    console = Console(file=sys.stderr, width=None if sys.stderr.isatty() else 150, highlight=False)
    console.print(message, markup=False, soft_wrap=isinstance(message, str))


def print_json(value: BaseModel | dict[str, object]) -> None:
    """The one JSON document of a command."""
    data = value.model_dump(mode="json") if isinstance(value, BaseModel) else value
    sys.stdout.write(json.dumps(data, ensure_ascii=False) + "\n")


@contextmanager
def one_line_errors() -> Iterator[None]:
    """Known failures become one Korean line and an exit code."""
    try:
        yield
    except EvalError as error:
        say(str(error))
        raise typer.Exit(error.exit_code) from error
    except (IndexPackageError, ChatbotError) as error:
        say(str(error))
        raise typer.Exit(USAGE_EXIT_CODE) from error


def run_cli(cli: typer.Typer, arguments: Sequence[str] | None = None) -> int:
    """Run the command line, by default that of the process. Returns the exit code.

    A wrong command line is one Korean line and code 2.
    """
    try:
        return int(cli(arguments, standalone_mode=False) or 0)
    except UsageError as error:
        if type(error).__name__ != _HELP_SHOWN:
            say(_usage_line(error))
        return USAGE_EXIT_CODE
    except typer.Abort:
        say("중단했습니다. 같은 명령을 다시 실행하면 이어서 합니다.")
        return 130


def _usage_line(error: Exception) -> str:
    kind = type(error).__name__
    parameter, option = getattr(error, "param", None), getattr(error, "option_name", None)
    name = getattr(parameter, "metavar", None) or max(getattr(parameter, "opts", [""]), key=len)
    if kind == "MissingParameter":
        what = f"{name} 값이 빠졌습니다."
    elif option is not None:
        what = f"{option} 옵션을 쓸 수 없습니다."
    elif parameter is not None:
        what = f"{name} 값이 맞지 않습니다."
    else:
        quoted = _QUOTED.findall(str(getattr(error, "message", "")))
        what = f"명령을 알 수 없습니다: {', '.join(quoted)}." if quoted else "명령이 맞지 않습니다."
    return f"{what} `python -m eval --help`에서 쓰는 법을 확인해 주십시오."
