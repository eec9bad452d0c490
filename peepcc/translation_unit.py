"""What later stages know of the translation unit that is being compiled."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Unit:
    """`clang`: the driver that made the plan. `source`: the file as the job names it.

    `cpu` and `features` ("+neon") are those of the job. `target_flags` are driver flags
    that let clang assemble what this unit may hold. `optimise_size`: -Os or -Oz.
    `initializes`: automatic variables get a first value (-ftrivial-auto-var-init). `output` and `arguments`: of
    the compile, clang's. `directory`: where that runs, empty where it is gone. `located`: the text once more, with a
    line table, where the rewritten one has none and somebody wants to know.
    """

    clang: str
    source: str
    cpu: str = "generic"
    features: tuple[str, ...] = ()
    optimise_size: bool = False
    target_flags: tuple[str, ...] = ()
    output: str = ""
    arguments: tuple[str, ...] = ()
    directory: str = ""
    located: str | None = None
    initializes: bool = False
