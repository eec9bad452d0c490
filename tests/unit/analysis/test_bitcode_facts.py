import random
import subprocess
import sys

import pytest

from peepcc.analysis.bitcode_facts import read_facts
from peepcc.analysis.dataflow.liveness import liveness
from peepcc.analysis.registers import ARGUMENTS, NONE, RESULTS, Parts, d, names, q, union, w, x

SOURCE = r"""
#include <setjmp.h>
#include <stdatomic.h>
#include <string.h>
void volatile_load(volatile int *p) { (void)*p; }
void volatile_store(volatile int *p) { *p = 1; }
struct five { int v[50]; };
void volatile_copy(volatile struct five *a, struct five *b) { *a = *b; }
void plain_copy(struct five *a, struct five *b) { *a = *b; }
int atomic_add(_Atomic int *p) { return atomic_fetch_add(p, 1); }
int atomic_load_(_Atomic int *p) { return *p; }
int exchange(_Atomic int *p, int *e) { return atomic_compare_exchange_weak(p, e, 4); }
void barrier(void) { atomic_thread_fence(memory_order_seq_cst); }
int assembly(int x) { __asm__("add %w0, %w0, #1" : "+r"(x)); return x; }
jmp_buf buffer;
int twice(void) { return setjmp(buffer); }
_Noreturn void stop(void);
void stops(void) { stop(); }
__attribute__((preserve_most)) void preserving(int);
__attribute__((aarch64_vector_pcs)) void vectors(int);
__attribute__((preserve_most)) void most(int x) { }
void calls_them(void (*p)(int)) { preserving(1); vectors(2); p(3); }
int old();
int calls_old(void) { return old(1, 2); }
long other(long);
int calls_other(int x) { return ((int (*)(int))other)(x); }
int variadic(const char *, ...);
int calls_variadic(void) { return variadic("x", 1); }
int local_name(int) __asm__("renamed");
int local_name(int x) { return x; }
int odd_name(int) __asm__("odd name");
int odd_name(int x) { return x; }
int plain(int *p, long n, unsigned char c) { return p[n] + c; }
"""


@pytest.fixture(scope="module")
def functions(tools):
    return read_facts(tools.bitcode(SOURCE, "-O2")).functions


def test_each_unsafe_content_is_seen_where_it_is_and_nowhere_else(functions):
    def having(flag):
        return {name for name, facts in functions.items() if getattr(facts, flag)}

    assert having("volatile") == {"volatile_load", "volatile_store", "volatile_copy"}
    assert having("atomic") == {"atomic_add", "atomic_load_", "exchange", "barrier"}
    assert having("inline_asm") == {"assembly"}
    assert having("calls_returns_twice") == {"twice"}
    assert having("noreturn") == {"stop", "stops"}


def test_volatile_and_atomics_are_seen_unoptimised_and_with_debug_information(tools):
    functions = read_facts(tools.bitcode(SOURCE, "-O0", "-g")).functions
    assert functions["volatile_copy"].volatile and functions["volatile_load"].volatile
    assert functions["exchange"].atomic and functions["barrier"].atomic
    assert not functions["plain"].volatile and not functions["plain"].atomic


def test_a_convention_that_is_not_the_standard_one_is_seen(functions):
    odd = {name for name, facts in functions.items() if not facts.standard_convention}
    assert odd == {"preserving", "vectors", "most"}
    assert not functions["calls_them"].standard_calls and functions["plain"].standard_calls


def test_registers_that_options_take_away_make_every_convention_odd(tools):
    functions = read_facts(tools.bitcode("int f(int x) { return x; }", "-O1", "-ffixed-x9")).functions
    assert not functions["f"].standard_convention
    functions = read_facts(tools.bitcode("int f(int x) { return x; }", "-O1", "-fcall-saved-x10")).functions
    assert not functions["f"].standard_convention
    functions = read_facts(tools.bitcode("int f(int x) { return x; }", "-O1", "-ffixed-x18")).functions
    assert functions["f"].standard_convention


def test_a_prototype_that_the_calls_do_not_follow_is_unknown(functions):
    assert functions["other"].arguments is None and functions["other"].results is None
    assert functions["old"].arguments is None
    assert functions["variadic"].arguments is None
    assert functions["calls_other"].arguments == w(0)


def test_a_result_that_only_the_call_puts_into_memory_makes_the_arguments_unknown(tools):
    """x8 is then one of them, which the declared type does not say."""
    source = """struct big { long v[9]; }; void g(void *); struct big h(void); void i(void *);
        long f(void) { i(0); return ((struct big (*)(void))g)().v[2] + h().v[3]; }
        void k(void *p) { ((void (*)(void *))h)(p); }"""
    functions = read_facts(tools.bitcode(source, "-O0")).functions
    assert functions["g"].arguments is None and functions["h"].arguments is None and functions["i"].arguments == x(0)


def test_two_types_for_one_symbol_tell_nothing(tools):
    source = """int f(void) __asm__("\\001foo"); int foo(int); int h(int a) { return foo(a + 2); }
    int k(void) { return f(); } int foo(int x) { return x * 9; }"""
    functions = read_facts(tools.bitcode(source, "-O1", "-fno-inline")).functions
    assert set(functions) == {"h", "k"}


def test_an_alias_is_called_in_a_way_that_is_not_known(tools):
    """Not even where its name is that of a helper of the code generator."""
    source = (
        "int f(int a, int b, int c, int d) { return a - d; } int memset(int, int, int, int) "
        '__attribute__((alias("f")));'
    )
    functions = read_facts(tools.bitcode(source, "-O1", "-fno-builtin")).functions
    assert functions["f"].standard_convention and not functions["memset"].standard_convention


def test_a_variable_with_the_name_of_a_helper_is_called_in_a_way_that_is_not_known(tools):
    source = """extern char of_four[] __asm__("memcpy"); extern char of_five[] __asm__("\\001__divti3");
        int f(int a, int b, int c, int d) { return ((int (*)(int, int, int, int))of_four)(a, b, c, d * 2) + 1; }
        int g(int a) { return ((int (*)(int, int, int, int, int))of_five)(a, a, a, a, a * 2) + 1; }
        long h(void) __asm__("\\001memset"); int memset(int); int k(int a) { return h() + memset(a); }"""
    functions = read_facts(tools.bitcode(source, "-O1", "-fno-builtin")).functions
    assert {name for name, each in functions.items() if not each.standard_convention} == {
        "memcpy",
        "__divti3",
        "memset",
    }


def test_what_an_alias_expects_of_a_function_is_live_there(tools):
    """A result of 64 bits, of a function that gives 32: the upper half may be what the compiler left in it."""
    source = """int f(int a) { return a * 3; } long g(int) __attribute__((alias("f")));
        int h(int a) { return a * 5; } int i(int) __attribute__((alias("h")));"""
    functions = read_facts(tools.bitcode(source, "-O1")).functions
    assert functions["f"].results is None and functions["h"].results == w(0)


def test_a_call_by_another_convention_than_the_callee_has_makes_it_odd(tools):
    source = """#include <arm_sve.h>
        void g(int); void h(int); svint32_t i(int); void j(int); typedef __attribute__((preserve_most)) void most(int);
        void f(svint32_t (*p)(int)) { ((most *)g)(1); h(2); i(4); p(5); }
        svint32_t k(void) { return ((svint32_t (*)(int))j)(6); }
        void l(void (*p)(int)) { p(7); }"""
    functions = read_facts(tools.bitcode(source, "-O0", "-march=armv8-a+sve")).functions
    assert {name for name, facts in functions.items() if not facts.standard_convention} == {"g", "i", "j", "k"}
    assert {name for name, facts in functions.items() if not facts.standard_calls} == {"f", "k"}


def test_where_floating_point_exceptions_are_looked_at_is_seen(tools):
    source = """#include <arm_neon.h>
        double plain(double a) { return a * a; } long whole(long a) { return a * a; }
        float32x4_t lanes(float32x4_t a) { return vrecpeq_f32(a); }"""

    def having(*flags):
        functions = read_facts(tools.bitcode(source, "-O1", *flags)).functions
        return {name for name, facts in functions.items() if facts.exceptions}

    assert having() == set() and having("-frounding-math") == {"lanes"}
    assert having("-ffp-exception-behavior=strict") == having("-ffp-exception-behavior=maytrap") == {"plain", "lanes"}


def test_what_attributes_forbid_is_seen(tools):
    source = """__attribute__((target("nofp"))) void f(long *p) { p[1] = p[0]; }
    double g(double *p) { return *p; } void h(void) { f(0); }"""

    def having(flag, *flags):
        return {
            name
            for name, facts in read_facts(tools.bitcode(source, "-O1", *flags)).functions.items()
            if getattr(facts, flag)
        }

    assert having("floating") == {"g", "h"} and having("floating", "-mno-implicit-float") == set()
    streaming = tools.bitcode(
        "void f(long *p) __arm_streaming { *p = 1; } void g(void) __arm_streaming_compatible { }",
        "-O1",
        "-march=armv9-a+sme",
    )
    assert not any(facts.floating for facts in read_facts(streaming).functions.values())
    assert having("strict_alignment") == set() and having("strict_alignment", "-mstrict-align") == {"f", "g", "h"}
    assert having("erratum") == set() and having("erratum", "-mfix-cortex-a53-835769") == {"f", "g", "h"}


def test_names_are_those_of_the_assembly(functions):
    assert functions["renamed"].defined and functions["odd name"].defined
    assert "plain" in functions and not any(name.startswith("llvm.") for name in functions)


def test_a_static_chain_makes_a_convention_of_its_own(tools):
    """clang 19 passes it in x18, later ones in x15, which no call of C's reads."""
    source = """long named(long), plain(long); long (*pointer)(long);
    long f(long a) { return __builtin_call_with_static_chain(named(a), (void *)a); }
    long g(long a) { return __builtin_call_with_static_chain(pointer(a), (void *)a); } long nest(long a) {
      return plain(a); }"""
    for level in ("-O0", "-O2"):
        facts = read_facts(tools.bitcode(source, level)).functions
        assert not facts["named"].standard_convention and not facts["g"].standard_calls
        assert facts["plain"].standard_convention and facts["nest"].standard_convention and facts["nest"].standard_calls
    text = "define i64 @f(ptr nest %c, i64 %a) { ret i64 %a } define i64 @nest(i64 %nest) { ret i64 %nest }"
    code = tools.from_ir(f'target triple = "aarch64-unknown-linux-gnu"\n{text}')
    assert [read_facts(code).functions[name].standard_convention for name in ("f", "nest")] == [False, True]


def test_declared_functions_have_signatures(functions):
    assert functions["plain"].arguments == x(0) | x(1) | w(2) and functions["plain"].results == w(0)
    assert not functions["variadic"].defined and functions["plain"].defined


@pytest.mark.parametrize(
    "target", ["aarch64_be-linux-gnu", "arm64-apple-macos", "aarch64-windows-gnu", "x86_64-linux-gnu"]
)
def test_other_targets_give_no_facts(target, tools):
    found = read_facts(tools.bitcode("int f(int x) { return x; }", f"--target={target}"))
    said = "the bitcode" if "macos" in target else f"the target {target.split('-')[0]}"
    assert not found.functions and found.missing.startswith(said)


def test_without_floating_point_registers_integers_travel_as_ever(tools):
    functions = read_facts(tools.bitcode("int f(int x) { return x; }", "-O1", "-mgeneral-regs-only")).functions
    assert functions["f"].arguments == w(0) and functions["f"].standard_convention


def test_what_is_not_bitcode_gives_no_facts(tools):
    whole = tools.bitcode(SOURCE, "-O1")
    for bad in (None, b"", b"garbage" * 40, b"BC\xc0\xde", b"BC\xc0\xde" + bytes(400), whole + b"x", whole[1:]):
        found = read_facts(bad)
        assert not found.functions and "bitcode" in found.missing


def test_truncated_bitcode_neither_raises_nor_kills_the_process(tools):
    code = tools.bitcode("int f(int *p, int n) { int s = 0; while (n--) s += *p++; return s; }", "-O1")
    script = (
        "import sys; from peepcc.analysis.bitcode_facts import read_facts; code = sys.stdin.buffer.read()\n"
        "for n in range(0, len(code), 4): read_facts(code[:n])\nprint(sorted(read_facts(code).functions))"
    )
    done = subprocess.run([sys.executable, "-c", script], input=code, capture_output=True)
    assert (done.returncode, done.stdout) == (0, b"['f']\n"), done.stderr


def test_module_level_assembly_is_no_obstacle(tools):
    code = tools.bitcode('__asm__(".globl thing\\nthing: ret"); int f(int x) { return x; }', "-O1")
    assert read_facts(code).functions["f"].results == w(0)


PREAMBLE = """
typedef float v2 __attribute__((vector_size(8))); typedef int v4 __attribute__((vector_size(16)));
typedef struct { long a, b; } pair; typedef struct { int a, b, c; } trio; typedef struct { char a; } tiny;
typedef struct { float a; } f1; typedef struct { float a, b, c, d; } f4; typedef struct { double a, b; } d2;
typedef struct { double a, b, c; } d3; typedef struct { v4 a, b; } h2; typedef struct { long double a, b; } l2;
typedef struct { int v[9]; } big; typedef struct { __int128 a; } aligned; typedef struct { int a; float b; } mixed;
typedef union { int a; double b; } either; typedef struct { _Float16 a, b, c; } half3; typedef int *pointer;
"""
TYPES = [
    *"char _Bool short int unsigned long pointer __int128 float double _Float16 v2 v4 pair trio tiny f1 f4 d2".split(),
    *"d3 h2 big aligned mixed either half3 l2".split(),
    "long double",
]


def _signatures(count: int) -> list[tuple[str, list[str]]]:
    choice = random.Random(20)
    return [
        (choice.choice(TYPES), [choice.choice(TYPES) for _ in range(choice.randrange(1, 11))]) for _ in range(count)
    ]


def _whole(parts: Parts) -> Parts:
    """Registers of which any part is in `parts`."""
    return union(r for r in [*map(x, range(31)), *map(q, range(32))] if r & parts)


def test_arguments_are_where_the_compiler_reads_them(tools):
    signatures = _signatures(120)
    text = [PREAMBLE]
    for n, (_, types) in enumerate(signatures):
        text.append(
            f"extern {types[0]} sink{n}_0;" + "".join(f"extern {t} sink{n}_{k};" for k, t in enumerate(types) if k)
        )
        text.append(f"void take{n}({', '.join(f'{t} a{k}' for k, t in enumerate(types))}) {{")
        text.append("".join(f"sink{n}_{k} = a{k};" for k in range(len(types))) + "}")
    unit = tools.compiled("\n".join(text), "-O1", "-fno-builtin")
    certain = 0
    for function in unit.functions:
        facts = unit.facts.functions[function.name]
        seen = liveness(unit.module, function, unit.steps, unit.facts).block_in[0] & ARGUMENTS
        assert facts.arguments is not None, signatures[int(function.name[4:])]
        assert seen & ~facts.arguments == NONE, (
            signatures[int(function.name[4:])],
            names(seen),
            names(facts.arguments),
        )
        assert _whole(seen) == _whole(facts.arguments), (
            signatures[int(function.name[4:])],
            names(seen),
            names(facts.arguments),
        )
        certain += seen == facts.arguments
    assert len(unit.functions) == 120 and certain > 40


def test_results_are_where_the_compiler_reads_them(tools):
    text = [PREAMBLE]
    for n, kind in enumerate(TYPES):
        text.append(f"extern {kind} sink{n}; {kind} give{n}(void); void take{n}(void) {{ sink{n} = give{n}(); }}")
    unit = tools.compiled("\n".join(text), "-O1")
    for function in unit.functions:
        n = int(function.name[4:])
        facts = unit.facts.functions[f"give{n}"]
        live = liveness(unit.module, function, unit.steps, unit.facts)
        call = next(k for k in live.after if "give" in unit.module.lines[k].text)
        seen = live.after[call] & RESULTS
        assert facts.results is not None, TYPES[n]
        assert seen & ~facts.results == NONE and _whole(seen) == _whole(facts.results), (TYPES[n], names(seen))


def test_the_result_of_a_local_function_follows_its_changed_type(tools):
    source = """typedef struct { int a; float b; double c; } mixed; long g;
    static __attribute__((noinline)) mixed make(int x) { g++; return (mixed){x, x, x}; }
    double use(int x) { mixed m = make(x); return m.c + m.b; }"""
    facts = read_facts(tools.bitcode(source, "-O2")).functions
    assert facts["use"].results == d(0) and facts["use"].arguments == w(0)
    assert facts["make"].standard_convention


@pytest.mark.parametrize(
    "assembly",
    [
        'void f(void) { asm("//NO_APP\\n\\tmov x0, x1\\n\\t//APP"); }',
        'void f(void) { asm volatile("nop // #APP" ::: "x9"); }',
        'asm("// End of file scope inline assembly\\nmov x0, x1"); void f(void) {}',
        'extern char APP; void f(void) { asm("//NO_%c0" :: "i"(&APP)); }',
        'extern char v asm("NO_APP"); void f(void) { asm("nop\\n  #%c0" :: "i"(&v)); }',
        'extern char a asm("NO"), b asm("_APP"); void f(void) { asm("//%c0%c1\\n\\tnop" :: "i"(&a), "i"(&b)); }',
        'extern char a asm("PP"); void f(void) { asm("mov x9, #1\\n\\t//A%c0" :: "i"(&a) : "x9"); }',
    ],
)
def test_assembly_that_holds_the_marks_around_assembly_tells_nothing(tools, assembly):
    """clang prints such text as it is: what is assembly and what is code cannot be told apart."""
    found = read_facts(tools.bitcode(assembly, "-O1"))
    assert not found.functions and "marks" in found.missing


def test_the_marks_elsewhere_are_only_text(tools):
    source = 'const char *g(void) { asm("nop"); return "//NO_APP //APP"; }'
    assert read_facts(tools.bitcode(source, "-O1")).functions["g"].inline_asm
