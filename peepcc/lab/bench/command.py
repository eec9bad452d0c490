"""`peeplab bench`: measurements that can be repeated, one module each."""

from __future__ import annotations

from importlib import import_module

import click

# name -> (module in this package, one line of help)
_BENCHES = {
    "emulator": ("emulator", "States per second that the emulator judges."),
    "passthrough": ("passthrough", "What peepcc adds to a command that is clang's alone."),
    "proof": ("proof.command", "How much of what the emulator accepts is proved, and what a proof takes."),
}


class _Lazy(click.Group):
    def list_commands(self, context: click.Context) -> list[str]:
        return sorted(_BENCHES)

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        return import_module(f".{_BENCHES[name][0]}", __package__).command if name in _BENCHES else None

    def format_commands(self, context: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in sorted(_BENCHES.items())])


@click.group(cls=_Lazy)
def command() -> None:
    """Measure what the parts of peepcc cost."""
