"""The one reader of `--peepcc-*` options and `PEEPCC_*` variables.

Imported on every run, pass-through included, so it imports next to nothing: the values
are a named tuple because `dataclasses` costs more than the rest of such a run.
"""

from __future__ import annotations

from collections import namedtuple

from .errors import PeepccError

TYPE_CHECKING = False  # a type checker takes it for True; `typing` would cost more than the rest of such a run
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any

_BACKENDS = ("embedded", "rules", "vllm", "replay:FILE", "record:FILE", "mutator", "none")
_POLICIES = ("proved", "strict", "emulated")
_TRUTH = {
    "1": True,
    "true": True,
    "yes": True,
    "on": True,
    "0": False,
    "false": False,
    "no": False,
    "off": False,
    "": False,
}
_OPTION = "--peepcc-"
_VARIABLE = "PEEPCC_"
_KEY = "PEEPCC_API_KEY"  # a secret: never on a command line, where every user of the machine can read it


class UsageError(PeepccError):
    """An option or variable of ours that does not exist, or a value that it does not take."""


def _truth(name: str, text: str) -> bool:
    if text.lower() not in _TRUTH:
        raise UsageError(f"{name} is 1 or 0, not {text!r}")
    return _TRUTH[text.lower()]


def _count(name: str, text: str, least: int = 1) -> int:
    if not text.isdecimal() or int(text) < least:
        raise UsageError(f"{name} is a number from {least} on, not {text!r}")
    return int(text)


def _count_or_none(name: str, text: str) -> int:
    return _count(name, text, 0)


def _seconds(name: str, text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0 <= value < 1e9:
        raise UsageError(f"{name} is a number of seconds, not {text!r}")
    return value


def _backend(name: str, text: str) -> str:
    kind, _, file = text.partition(":")
    if (text in _BACKENDS and not file) or (kind in ("replay", "record") and file):
        return text
    raise UsageError(f"{name} is one of {', '.join(_BACKENDS)}, not {text!r}")


def _policy(name: str, text: str) -> str:
    if text not in _POLICIES:
        raise UsageError(f"{name} is one of {', '.join(_POLICIES)}, not {text!r}")
    return text


def _globs(name: str, text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


def _text(name: str, text: str) -> str:
    return text


# name: (reader of the text, value where not given, the sentence that help and errors print)
OPTIONS = {
    "backend": (_backend, "embedded", f"who proposes: {', '.join(_BACKENDS)}"),
    "url": (_text, None, "the address of an OpenAI-compatible server, for vllm and record"),
    "model": (_text, None, "the model's name at the server, or its folder for embedded"),
    "policy": (_policy, "proved", f"what a rewrite must pass: {', '.join(_POLICIES)}"),
    "budget": (_seconds, 60.0, "seconds for the rewrites of one translation unit"),
    "repair": (
        _count_or_none,
        None,
        "how many times a refused reply goes back to the model, with what was wrong; without it as "
        "often as is worth while; 0: never, nor about what a rewrite left",
    ),
    "report": (_text, None, "the file to which every outcome is written, as JSON"),
    "explain": (_truth, False, "print each block, proposal and verdict on stderr"),
    "first": (_count, None, "the first rewrite of the translation unit to apply, from 1"),
    "last": (_count, None, "the last rewrite of the translation unit to apply"),
    "only": (_globs, (), "globs of files and functions to rewrite, separated by commas"),
    "skip": (_globs, (), "globs of files and functions to leave alone, separated by commas"),
    "off": (_truth, False, "run clang and nothing else"),
    "quiet": (_truth, False, "no line on stderr when falling back to clang"),
    "clang": (_text, None, "the clang to use"),
    "help": (_truth, False, "print these options and variables, and nothing else"),
    "cache": (_text, None, "the folder of the unit cache, or off"),
    "identity": (
        _truth,
        False,
        "print one line with every version and setting, for the compiler_check of ccache, and nothing else",
    ),
}


_FIELDS = [*OPTIONS, "api_key"]
_DEFAULTS = [*(each[1] for each in OPTIONS.values()), None]


class Settings(namedtuple("Settings", _FIELDS, defaults=_DEFAULTS)):  # type: ignore[misc]  # which names is said below
    """All settings of one run, by the names in OPTIONS, and `api_key`; never changes."""

    __slots__ = ()

    backend: str
    url: str | None
    model: str | None
    policy: str
    budget: float
    repair: int | None
    report: str | None
    explain: bool
    first: int | None
    last: int | None
    only: tuple[str, ...]
    skip: tuple[str, ...]
    off: bool
    quiet: bool
    clang: str | None
    help: bool
    cache: str | None
    identity: bool
    api_key: str | None

    def selects(self, source: str, function: str) -> bool:
        """Whether `only` and `skip` let this function of this file be rewritten."""
        chosen = not self.only or self.names(self.only, source, function)
        return chosen and not self.names(self.skip, source, function)

    @staticmethod
    def names(globs: tuple[str, ...], source: str, function: str) -> bool:
        """Whether one of the globs matches the file or the function."""
        from fnmatch import fnmatchcase  # not needed to pass through

        return any(fnmatchcase(name, glob) for name in (source, source.rpartition("/")[2], function) for glob in globs)

    def replaced(self, **values: object) -> Settings:
        """The same settings but for `values`, by name."""
        return Settings(**{**self._asdict(), **values})

    def __repr__(self) -> str:
        return f"Settings({', '.join(f'{name}={getattr(self, name)!r}' for name in OPTIONS)})"


def read_settings(argv: Iterable[str], environ: Mapping[str, str]) -> tuple[Settings, list[str]]:
    """Settings, and `argv` without our own options. Options win over variables.

    Raises UsageError for what is ours and unknown.
    """
    values: dict[str, Any] = {}
    for variable in environ:
        if variable.startswith(_VARIABLE):
            if variable == _KEY:
                values["api_key"] = environ[variable] or None
            elif environ[variable]:
                name = variable[len(_VARIABLE) :].lower().replace("_", "-")
                values[name] = _value(variable, name, environ[variable], variable == variable.upper())
    rest = []
    for argument in argv:
        if argument.startswith(_OPTION):
            name, equals, text = argument[len(_OPTION) :].partition("=")
            values[name] = _value(_OPTION + name, name, text if equals else None, True)
        else:
            rest.append(argument)
    return Settings(**values), rest


def _value(shown: str, name: str, text: str | None, spelled: bool) -> object:
    if name not in OPTIONS or not spelled:
        raise UsageError(f"{shown} is unknown; {_known()}")
    read = OPTIONS[name][0]
    if text is None:
        if read is not _truth:
            raise UsageError(f"{shown} needs a value: {shown}=...; {OPTIONS[name][2]}")
        return True
    return read(shown, text)


def _known() -> str:
    options = ", ".join(f"{_OPTION}{name}" for name in OPTIONS)
    variables = ", ".join([*(f"{_VARIABLE}{name.upper()}" for name in OPTIONS), _KEY])
    return f"the known options are {options}; the known variables are {variables}"
