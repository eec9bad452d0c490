"""The hardening options of clang 19 for AArch64 as data: what each adds, and which instructions are for it.

What tells is a pattern for a line as `campaign_hardening_object` writes it. It is written from what clang
emits and knows nothing of the rules in `analysis/hardening.py`.
"""

from __future__ import annotations

from dataclasses import dataclass

_ZEROED = r"^(mov [xw]\d+, #0x0|movi [vd]\d+(\.2d)?, #0+(x0+)?|mov \w+, [xw]zr)$"
_CHECK = r" => fails$|^brk |^bl __(stack_chk_fail|ubsan|hwasan|asan)"
_GUARD = _CHECK + r"|__stack_chk_guard|^mrs \w+, SP_EL0$"
_HINTS = r"^(pac|aut|bti|ret[ab]|gcs|hint |chkfeat)"


@dataclass(frozen=True, slots=True)
class Hardening:
    """`variants`: the flags of each. `base`: what the build without the option has too.

    `signs`: lines that are of the option's kind; empty where it adds plain instructions that
    nothing tells from others, which are counted by mnemonic alone.
    """

    name: str
    variants: tuple[tuple[str, ...], ...]
    adds: str
    signs: str
    how: str
    base: tuple[str, ...] = ()


def _each(prefix: str, *values: str) -> tuple[tuple[str, ...], ...]:
    return tuple((f"{prefix}{value}",) for value in values)


def _attribute(text: str) -> tuple[str, ...]:
    return (f"-DATTRIBUTE=__attribute__(({text}))",)


_SYSTEM_GUARD = (
    "-mstack-protector-guard=sysreg",
    "-mstack-protector-guard-reg=sp_el0",
    "-mstack-protector-guard-offset=0",
)
_TRAP = "-fsanitize-trap=all"

OPTIONS: tuple[Hardening, ...] = (
    Hardening(
        "`-fzero-call-used-regs=` (all values), attribute",
        (
            *_each(
                "-fzero-call-used-regs=",
                "used-gpr",
                "used",
                "used-arg",
                "used-gpr-arg",
                "all",
                "all-gpr",
                "all-arg",
                "all-gpr-arg",
            ),
            _attribute('zero_call_used_regs("used")'),
        ),
        "registers set to zero before returns",
        _ZEROED,
        "in no window; all is live at returns",
    ),
    Hardening(
        "`-mspeculative-load-hardening`, attribute",
        (("-mspeculative-load-hardening",), _attribute("speculative_load_hardening")),
        "masks of addresses, `csdb`",
        r"\bx16\b|csdb",
        "function left alone",
    ),
    Hardening(
        "`-mharden-sls=` (all values)",
        _each("-mharden-sls=", "all", "retbr", "blr", "all,nocomdat"),
        "barriers after `ret`, `br`; thunks",
        r"^(dsb|isb|sb|ret|br )|__llvm_slsblr",
        "in no window; returns stay; callers of thunks left alone",
    ),
    Hardening(
        "`-mbranch-protection=` (all values), `-msign-return-address=`",
        (
            *_each(
                "-mbranch-protection=",
                "standard",
                "bti",
                "pac-ret",
                "pac-ret+leaf",
                "pac-ret+leaf+b-key",
                "pac-ret+leaf+pc",
                "gcs",
            ),
            ("-msign-return-address=all",),
            ("-march=armv8.3-a", "-mbranch-protection=standard"),
        ),
        "signs and checks of return addresses, landing pads",
        _HINTS,
        "in no window",
    ),
    Hardening(
        "`-fsanitize=shadow-call-stack`",
        (("-fsanitize=shadow-call-stack",),),
        "second copies of return addresses",
        r"\bx18\b",
        "in no window",
        ("-ffixed-x18",),
    ),
    Hardening(
        "`-fstack-protector`, `-strong`, `-all`, guard in a system register",
        (
            ("-fstack-protector-strong",),
            ("-fstack-protector-all",),
            ("-fstack-protector-all", "-fomit-frame-pointer"),
            ("-fstack-protector-strong", *_SYSTEM_GUARD),
            ("-fstack-protector",),
        ),
        "the guard's load, store, reload, comparison and branch",
        _GUARD,
        "in no window",
    ),
    Hardening(
        "`-fstack-clash-protection`",
        (("-fstack-clash-protection",),),
        "stores that touch each page",
        r"^(str xzr, \[sp\]|ldr xzr, |cmp sp, )",
        "in no window",
    ),
    Hardening(
        "`-fsanitize=safe-stack`",
        (("-fsanitize=safe-stack",),),
        "a second stack pointer, in TLS",
        r"__safestack|^mrs \w+, TPIDR_EL0$",
        "accesses keep their order",
    ),
    Hardening(
        "`-fsanitize=kcfi`",
        (("-fsanitize=kcfi",),),
        "type checks before indirect calls",
        r"^(brk |movk w17|ldur w(16|9), |cmp w16|\.word)| => fails$",
        "in no window",
    ),
    Hardening(
        "`-fsanitize=cfi`, cross-DSO",
        (
            ("-fsanitize=cfi", "-flto", "-fvisibility=hidden", "-fno-sanitize-ignorelist"),
            ("-fsanitize=cfi", "-flto", "-fsanitize-cfi-cross-dso", "-fno-sanitize-ignorelist"),
        ),
        "nothing yet: the linker compiles",
        "",
        "the job makes bitcode and is clang's",
    ),
    Hardening(
        "`-ftrivial-auto-var-init=` (both values)",
        _each("-ftrivial-auto-var-init=", "pattern", "zero"),
        "first values of variables",
        "",
        "accesses keep their order and values",
    ),
    Hardening(
        "`-fsanitize=undefined`, `integer`, `bounds`, `local-bounds`, `function` with traps",
        (
            ("-fsanitize=undefined", _TRAP),
            ("-fsanitize=bounds", _TRAP),
            ("-fsanitize=local-bounds",),
            ("-fsanitize=integer", _TRAP),
            ("-fsanitize=function", _TRAP),
            ("-fsanitize=undefined", _TRAP, "-ftrap-function=abort"),
        ),
        "comparisons and branches to traps",
        _CHECK,
        "in no window; at -O0 function left alone",
    ),
    Hardening(
        "`-ftrapv`, with a handler",
        (("-ftrapv",), ("-ftrapv", "-ftrapv-handler=overflowed")),
        "comparisons and branches to traps",
        _CHECK,
        "as above; calls of a handler are calls",
    ),
    Hardening(
        "`-fsanitize=undefined` with handlers, `-fsanitize-minimal-runtime`",
        (
            ("-fsanitize=undefined", "-fsanitize-minimal-runtime"),
            ("-fsanitize=undefined",),
            ("-fsanitize=bounds", "-fno-sanitize-recover=all"),
        ),
        "comparisons and calls of handlers",
        _CHECK,
        "function left alone",
    ),
    Hardening(
        "`-fsanitize=memtag-stack`, `hwaddress`, `address`",
        (("-fsanitize=memtag-stack", "-march=armv8.5-a+memtag"), ("-fsanitize=hwaddress",), ("-fsanitize=address",)),
        "tags and their checks, shadow memory",
        r"^(irg|st2?g|stz2?g|addg|subg|ldg|gmi|stgp)|__hwasan|__asan",
        "function left alone",
    ),
    Hardening(
        "`-fpatchable-function-entry=`", (("-fpatchable-function-entry=4,2",),), "`nop`s", "^nop$", "in no window"
    ),
    Hardening(
        "`-fno-delete-null-pointer-checks`",
        (("-fno-delete-null-pointer-checks",),),
        "nothing, or comparisons with null",
        "",
        "plain code: kept as far as it has an effect",
    ),
    Hardening(
        "`-D_FORTIFY_SOURCE=` 2, 3",
        _each("-D_FORTIFY_SOURCE=", "3", "2"),
        "calls that are told the room",
        r"^bl __\w+_chk$",
        "calls stay, what they read is live",
    ),
    Hardening(
        "wiping: `explicit_bzero`, `volatile`, barriers, `memset` by pointer",
        (("-DWIPE",),),
        "calls and volatile stores",
        r"^bl explicit_bzero$|^blr |^(strb wzr|str xzr), ",
        "calls stay; accesses keep their order",
    ),
    Hardening("`-fcf-protection`", (("-fcf-protection=full",),), "refused for this target", "", "clang's error"),
)
