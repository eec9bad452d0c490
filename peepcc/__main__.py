"""`peepcc`: clang's command line in, clang's results out, rewritten where that was validated."""

from __future__ import annotations

import os
import sys
from _signal import (  # type: ignore[import-not-found]  # the public module imports enum: 3 ms
    SIG_DFL,
    SIGCHLD,
    SIGINT,
    default_int_handler,
    getsignal,
    signal,
)

from .driver.passthrough import command_for, find_clang, hand_over, reason_for_clang, restore_locale
from .errors import PeepccError
from .settings import Settings, UsageError, read_settings


def main() -> int:
    """The exit status where the jobs were run here; everything else becomes clang."""
    if getsignal(SIGINT) is default_int_handler:  # a compiler that is interrupted prints no traceback
        signal(SIGINT, SIG_DFL)
    signal(SIGCHLD, SIG_DFL)  # where our caller ignores it, nobody is told that a child failed
    restore_locale(os.environ)
    program = os.path.basename(sys.argv[0])
    try:
        settings, argv = read_settings(sys.argv[1:], os.environ)
    except UsageError as error:
        print(f"peepcc: error: {error.reason}", file=sys.stderr)
        return 2
    if settings.help:
        from .driver.help import help_text

        print(help_text(), end="")
        return 0
    clang = find_clang(settings.clang, os.environ.get("PATH", os.defpath), sys.argv[0])
    if clang is None:
        missing = f"{settings.clang!r}, named as the clang, is no program" if settings.clang else "no clang found"
        print(f"peepcc: error: {missing}; install one or name it by PEEPCC_CLANG", file=sys.stderr)
        return 2
    command = command_for(clang, argv, program)
    if not settings.identity:
        reason = "" if settings.off else reason_for_clang(argv, os.environ, program)
        if reason and settings.explain and not settings.quiet:
            print(f"peepcc: {reason}; left to clang", file=sys.stderr, flush=True)
        if reason is not None:
            hand_over(command)
    key = None
    if settings.cache and not settings.identity:
        from .driver.cached.hit import answer  # not needed to pass through
        from .driver.cached.request import key_of

        key = key_of(command, settings, os.environ)
        status = None if key is None else answer(settings.cache, key)
        if status is not None:
            return status
    if sys.flags.no_site:  # as the installed launcher starts us: to pass through, no library is needed
        import site

        site.main()
    if settings.identity:
        return _tell(clang, settings)
    if settings.report:
        from .report.place import why_not  # not needed to pass through

        if reason := why_not(settings.report):
            print(f"peepcc: error: no report can be written to {settings.report}: {reason}", file=sys.stderr)
            return 2
    from .driver.run import drive  # the heavy half: only for a command line that may be ours

    return drive(command, settings, key)


def _tell(clang: str, settings: Settings) -> int:
    from .driver.identity import identity

    try:
        print(identity(clang, settings))
    except (OSError, PeepccError) as error:
        print(f"peepcc: error: no identity: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
