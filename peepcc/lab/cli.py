"""`peeplab`: everything around the compiler. A command's module is imported when it runs."""

from __future__ import annotations

from importlib import import_module

import click

# name -> (module in this package, one line of help); each module has a click command `command`.
_COMMANDS = {
    "verify": ("verify", "Say whether one instruction sequence may stand for another."),
    "bench": ("bench.command", "Measure what the parts of peepcc cost."),
    "dataset": ("dataset.command", "Make training pairs from real C."),
    "vary": ("augment.command", "Vary the rare examples of a training set."),
    "train": ("training.command", "Train the own model on pairs."),
    "export": ("training.export", "Turn a checkpoint into the folders that vLLM and ctranslate2 load."),
    "calibrate": ("training.calibrate", "Measure how sure the own model may be of a reply."),
    "finetune": ("finetune.command", "Teach an existing language model, by examples and by the validators' verdicts."),
    "selftrain": ("training.expert_iteration", "Make the own model's validated replies its next training set."),
    "serve": ("serve", "Start a vLLM server that peepcc can ask."),
    "stats": ("stats.command", "Sum up what peepcc did to objects and builds."),
    "evaluate": ("evaluation.command", "Measure how good a model is at what peepcc asks of it."),
    "rules": ("rulebook.command", "Prove the rule book in general form."),
    "campaign": ("campaigns.command", "Try for hours to get something wrong through the gate."),
}


class _Lazy(click.Group):
    """Names and helps without the imports."""

    def list_commands(self, context: click.Context) -> list[str]:
        return sorted(_COMMANDS)

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        return import_module(f".{_COMMANDS[name][0]}", __package__).command if name in _COMMANDS else None

    def format_commands(self, context: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in sorted(_COMMANDS.items())])


@click.group(cls=_Lazy, context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """The laboratory of peepcc."""
