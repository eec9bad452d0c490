"""The recipe of a fine-tuning: what a TOML file may say, with its types; nothing more is accepted."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields
from pathlib import Path

from ...errors import PeepccError
from ..evaluation.chat.prompt import CODE, DIRECT, REPAIR, THOUGHT

TEACHABLE = (DIRECT, THOUGHT, CODE, REPAIR)  # the modes of `peeplab evaluate`, and what follows a refusal


class BadRecipe(PeepccError):
    """What a recipe says cannot be used."""


@dataclass(frozen=True, slots=True)
class Lora:
    """`targets`: the linear layers that get an adapter, by the ends of their names."""

    rank: int
    alpha: int
    targets: tuple[str, ...]
    dropout: float = 0.0


@dataclass(frozen=True, slots=True)
class Supervision:
    """`batch`: examples a step. `unchanged`: share of them in which there is nothing to gain.

    `modes`: in which conversations are shown, equally often; of TEACHABLE.
    """

    steps: int
    batch: int
    rate: float
    unchanged: float = 0.1
    modes: tuple[str, ...] = (DIRECT,)

    def __post_init__(self) -> None:
        """Raises ValueError."""
        if unknown := sorted(set(self.modes) - set(TEACHABLE)):
            raise ValueError(f"modes: no such mode: {', '.join(unknown)}; there are {', '.join(TEACHABLE)}")


@dataclass(frozen=True, slots=True)
class Reinforcement:
    """A step asks `prompts` questions and takes `replies` replies to each, of at most `longest` tokens.

    `divergence` weighs how far the model may go from the supervised one.
    """

    steps: int
    prompts: int
    replies: int
    rate: float
    longest: int = 256
    temperature: float = 1.0
    divergence: float = 0.0
    unchanged: float = 0.1


@dataclass(frozen=True, slots=True)
class Recipe:
    """`dtype`: of the frozen weights.

    `longest`: tokens of question and answer. `together`: sequences at once in memory.

    `recompute`: activations are computed twice instead of kept.
    """

    model: str
    data: str
    out: str
    lora: Lora
    supervised: Supervision
    reinforced: Reinforcement | None = None
    dtype: str = "bfloat16"
    longest: int = 1536
    together: int = 4
    recompute: bool = False
    seed: int = 1


_TABLES = {"Lora": Lora, "Supervision": Supervision, "Reinforcement | None": Reinforcement}
_TYPES = {"str": str, "int": int, "bool": bool}


def read_recipe(file: Path, **instead: object) -> Recipe:
    """`instead`: values for the outermost keys that win over the file's, None for none. Raises BadRecipe, OSError."""
    try:
        value = tomllib.loads(file.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadRecipe(f"{file}: {error}") from None
    return _made(Recipe, value | {key: str(each) for key, each in instead.items() if each is not None}, str(file))


def _made(kind: type, value: Mapping[str, object], where: str):
    known = {field.name: field for field in fields(kind)}
    if unknown := sorted(set(value) - set(known)):
        raise BadRecipe(f"{where}: no such setting: {', '.join(unknown)}; there are {', '.join(known)}")
    if missing := [name for name, field in known.items() if field.default is MISSING and name not in value]:
        raise BadRecipe(f"{where}: missing: {', '.join(missing)}")
    checked = {name: _checked(known[name].type, each, f"{where}: {name}") for name, each in value.items()}
    try:
        return kind(**checked)
    except ValueError as error:
        raise BadRecipe(f"{where}: {error}") from None


def _checked(kind: str, value: object, where: str) -> object:
    if kind in _TABLES and isinstance(value, dict):
        return _made(_TABLES[kind], value, where)
    if kind == "float" and isinstance(value, (int, float)) and not isinstance(value, bool) and value >= 0:
        return float(value)
    if kind == "tuple[str, ...]" and isinstance(value, list) and value and all(isinstance(each, str) for each in value):
        return tuple(value)
    if type(value) is _TYPES.get(kind) and (kind != "int" or value >= 1):
        return value
    raise BadRecipe(f"{where}: {value!r} is no {kind}{' of at least 1' if kind == 'int' else ''}")
