"""Blocks: rules that hold over the corpus, each hard case on real compiler output, and a traced run."""

import itertools
import os
import re
import subprocess

import pytest

from peepcc.assembly.blocks import functions
from peepcc.assembly.branches import Flow, flow, target
from peepcc.assembly.parse import parse_module

CLANG = os.environ.get("PEEPCC_CLANG", "clang-19")


def cut(text, name):
    module = parse_module(text)
    return module, next(function for function in functions(module) if function.name == name)


def ends(module, block):
    return module.lines[block.instructions[-1]].instruction if block.instructions else None


def blocks_with(module, function, mnemonic):
    return [block for block in function.blocks if ends(module, block) and ends(module, block).mnemonic == mnemonic]


def labelled(function):
    return {label: block for block in function.blocks for label in block.labels}


# ---- rules over the corpus


def test_blocks_tile_their_function(all_texts):
    for name, text in all_texts.items():
        module = parse_module(text)
        for function in functions(module):
            if function.opaque:
                assert function.blocks == ()
                continue
            assert function.blocks[0].first == function.first and function.blocks[-1].last == function.last, name
            for before, after in zip(function.blocks, function.blocks[1:]):
                assert before.last == after.first, name
            code = [n for n in range(function.first, function.last) if module.lines[n].instruction]
            assert code == [n for block in function.blocks for n in block.instructions], name


def test_every_branch_has_its_edge(all_texts):
    branches = 0
    for name, text in all_texts.items():
        module = parse_module(text)
        for function in functions(module):
            begins = labelled(function)
            for block in function.blocks:
                for n in block.instructions:
                    instruction = module.lines[n].instruction
                    if flow(instruction) not in (Flow.JUMP, Flow.CONDITIONAL):
                        continue
                    assert n == block.instructions[-1], name
                    branches += 1
                    to = begins.get(target(instruction))
                    assert block.leaves if to is None else to.index in block.successors, (name, n)
                last = ends(module, block)
                falls = last is None or flow(last) in (Flow.NEXT, Flow.CALL, Flow.CONDITIONAL, Flow.TRAP)
                if falls:
                    assert block.leaves or block.successors, (name, block)
                for other in block.successors:
                    assert block.index in function.blocks[other].predecessors
                for other in block.predecessors:
                    assert block.index in function.blocks[other].successors
            assert not function.blocks or function.blocks[0].entered
    assert branches > 4_000


def test_little_of_the_corpus_is_opaque(all_texts):
    reasons = {f.opaque for text in all_texts.values() for f in functions(parse_module(text))}
    assert reasons == {None, ".tlsdesccall in the function"}


# ---- one case each


def test_loop_branches_and_falls_through(clang):
    source = "int f(int); void g(int n) { while (n--) f(n); }"
    module, function = cut(clang(source, "-O1"), "g")
    loop = next(block for block in function.blocks if block.index in block.successors)
    assert ends(module, loop).mnemonic.startswith(("b.", "cb"))
    assert loop.index + 1 in loop.successors and not loop.leaves and not loop.entered


def test_debug_labels_begin_no_block(clang, read_corpus):
    for stem in ("arithmetic", "control", "memory"):
        plain = functions(parse_module(clang(read_corpus(stem), "-O2")))
        text = clang(read_corpus(stem), "-O2 -g")
        debug = functions(parse_module(text))
        assert ".Ltmp" in text
        assert [len(function.blocks) for function in plain] == [len(function.blocks) for function in debug]
        assert [[b.entered for b in f.blocks] for f in plain] == [[b.entered for b in f.blocks] for f in debug]


@pytest.mark.parametrize("flags", ["-O0", "-O2", "-O2 -fPIC"])
@pytest.mark.parametrize("name, least", [("dense", 16), ("two", 32), ("large", 64)])
def test_jump_tables(clang, gcc, read_corpus, flags, name, least):
    for compiler in (clang, gcc):
        module, function = cut(compiler(read_corpus("switches"), flags), name)
        dispatching = blocks_with(module, function, "br")
        assert dispatching
        for block in dispatching:
            assert len(block.successors) >= least
            if compiler is gcc or name == "large":
                continue
            assert not block.leaves
        assert sum(block.entered for block in function.blocks) == 1


def test_byte_tables_do_not_leave(clang, read_corpus):
    module, function = cut(clang(read_corpus("switches"), "-O2"), "dense")
    (block,) = blocks_with(module, function, "br")
    assert not block.leaves


def test_indirect_tail_call_beside_a_switch_leaves(clang, read_corpus):
    source = (
        read_corpus("switches") + "int (*h)(int); int both(int x) { return dense(x) > two(x, x) ? h(x) : large(x, 1); }"
    )
    source += "__attribute__((flatten)) int flat(int x) { return dense(x) > 4 ? h(x) : 3; }"
    module, function = cut(clang(source, "-O2"), "flat")
    leaving = [block.leaves for block in blocks_with(module, function, "br")]
    assert sorted(leaving) == [False, True]


@pytest.mark.parametrize("name", ["threaded", "relative"])
def test_computed_goto(clang, gcc, read_corpus, name):
    for compiler in (clang, gcc):
        for flags in ("-O0", "-O2"):
            module, function = cut(compiler(read_corpus("gotos"), flags), name)
            taken = {block.index for block in function.blocks[1:] if block.entered}
            assert len(taken) >= 3
            for block in blocks_with(module, function, "br"):
                assert taken <= set(block.successors) and block.leaves


def test_asm_goto(clang, gcc, read_corpus):
    for compiler in (clang, gcc):
        module, function = cut(compiler(read_corpus("gotos"), "-O2"), "probe")
        jumping = [
            block
            for block in function.blocks
            if any(
                not module.lines[n].readable and "cbz" in module.lines[n].text for n in range(block.first, block.last)
            )
        ]
        assert len(jumping) == 1 and len(jumping[0].successors) == 2
        entered = [block for block in function.blocks[1:] if block.entered]
        assert len(entered) >= 2
        assert set(jumping[0].successors) & {block.index for block in entered}


def test_inline_assembly_without_branches_ends_no_block(clang, read_corpus):
    _, function = cut(clang(read_corpus("asm"), "-O2"), "nothing")
    assert len(function.blocks) == 1
    _, function = cut(clang(read_corpus("asm"), "-O2"), "bare")
    assert function.blocks[0].leaves


def test_landing_pads(clang, gcc, read_corpus):
    for compiler in (clang, gcc):
        module, function = cut(compiler(read_corpus("cleanup"), "-O2 -fexceptions"), "guarded")
        pads = {block.index for block in function.blocks[1:] if block.entered}
        assert pads
        for block in function.blocks:
            calls = [n for n in block.instructions if module.lines[n].instruction.mnemonic == "bl"]
            assert not calls or calls == [block.instructions[-1]]
            assert not calls or pads <= set(block.successors)


def test_ends(clang, read_corpus):
    text = clang(read_corpus("control"), "-O2")
    for name, mnemonic in (
        ("tail", "b"),
        ("tail", "br"),
        ("through", "br"),
        ("last", "bl"),
        ("trap", "brk"),
        ("search", "ret"),
    ):
        module, function = cut(text, name)
        found = blocks_with(module, function, mnemonic)
        assert found and all(block.leaves for block in found if not block.successors), (name, mnemonic)


def test_cold_part_in_another_section(gcc, read_corpus):
    text = gcc(read_corpus("control"), "-O2 -freorder-blocks-and-partition")
    assert "split.cold" in text
    module, function = cut(text, "split")
    cold = labelled(function)["split.cold"]
    assert cold.entered and cold.predecessors
    assert all(
        cold.index != other + 1 or flow(ends(module, function.blocks[other])) is not Flow.NEXT
        for other in cold.predecessors
    )


def test_aliases_and_quoted_names(clang, read_corpus):
    found = {function.name: function for function in functions(parse_module(clang(read_corpus("control"), "-O2")))}
    assert "original" in found and "alias" not in found
    assert '"odd name"' in found and found['"odd name"'].opaque is None


# ---- what makes a function opaque, or not

HEAD = "\t.text\n\t.type f,@function\nf:\n"
TAIL = "\tret\n.Lfunc_end0:\n\t.size f, .Lfunc_end0-f\n"


@pytest.mark.parametrize(
    "body, why",
    [
        ("\tb .+8\n", "no plain label"),
        ("\tb #8\n", "no plain label"),
        ("\tb .Lnowhere\n", "no block begins with"),
        ("\tcbz x0, 1f\n1:\n", "numeric label"),
        ("\tnop\n\t.word 5\n", "data among"),
        ("\t.inst 0xd65f03c0\n", ".inst"),
        ("\t.if 1\n\tnop\n\t.endif\n", ".if"),
        ("\t.p2align 4, 0x1f\n", "alignment"),
        ("\tbl OUTLINED_FUNCTION_3\n", "register rules"),
        ("\t.tlsdesccall v\n\tblr x1\n", ".tlsdesccall"),
        ("//APP\n\tb 1f\n//NO_APP\n", "numeric label outside"),
        ("//APP\n\t.section .data\n//NO_APP\n", "another section"),
        ("//APP\n\t.macro add\n\tret\n\t.endm\n//NO_APP\n\tadd x0, x0, #1\n", "an instruction's name"),
        ("//APP\n\t.macro hop\n\tret\n\t.endm\n//NO_APP\n//APP\n//\n\thop\n//NO_APP\n\tnop\n", "a macro of other"),
    ],
)
def test_opaque(body, why):
    _, function = cut(HEAD + body + TAIL, "f")
    assert why in function.opaque and function.blocks == ()


def test_a_file_name_with_a_line_break_makes_all_opaque(clang):
    """#line may give one, and clang's comment then ends in the middle, so that the rest is assembled."""
    for name, broken in (("a\\n\\tmov w0, #7 //", True), ("a\\r", True), ("a\\\\nb", False)):
        text = clang(f'int f(int a) {{\n#line 5 "{name}"\n return a + 1; }}', "-g -gdwarf-4 -O1")
        assert [bool(function.opaque) for function in functions(parse_module(text))] == [broken], name


def test_opaque_by_its_own_rules(clang, read_corpus):
    text = clang(read_corpus("switches"), "-Oz -moutline")
    found = [function for function in functions(parse_module(text)) if function.name.startswith("OUTLINED")]
    assert found and all(function.opaque for function in found)


def test_variant_register_rules():
    _, function = cut("\t.variant_pcs g\n" + HEAD + "\tbl g\n" + TAIL, "f")
    assert "register rules" in function.opaque


def test_unreadable_line_may_branch_to_what_it_names():
    body = "\tnop\n\twibble x0, .Lx ; nop\n\tnop\n.Lx:\n\tnop\n"
    _, function = cut(HEAD + body + TAIL, "f")
    assert function.blocks[0].successors == (1, 2)
    assert function.blocks[2].entered


def test_labels_that_others_take_are_entered():
    body = "\tnop\n.Lx:\n\tnop\n.Ly:\n\tnop\n.Lz:\n\tnop\n"
    other = "\t.section .rodata\n\t.xword .Lx\n\t.section .debug_info\n\t.xword .Lz\n\t.text\n\tadr x0, .Ly\n"
    _, function = cut(HEAD + body + TAIL + other, "f")
    assert [block.labels for block in function.blocks] == [("f",), (".Lx",), (".Ly",)]
    assert all(block.entered for block in function.blocks)


def test_a_section_with_the_name_of_debug_information_may_be_read_by_the_program():
    body = "\tnop\n.Lx:\n\tnop\n"
    _, function = cut(HEAD + body + TAIL + '\t.section .debug_jump,"aw",@progbits\n\t.xword .Lx\n', "f")
    assert [block.entered for block in function.blocks] == [True, True]
    _, function = cut(HEAD + body + TAIL + '\t.section .debug_addr,"",@progbits\n\t.xword .Lx\n', "f")
    assert len(function.blocks) == 1


def test_a_branch_to_the_function_itself_may_lead_to_another_of_its_name():
    """A weak function, or one of a shared library, gives way to another definition; a local label does not."""
    _, function = cut(HEAD + "\tnop\n\tb\tf\n" + TAIL, "f")
    assert function.blocks[0].successors == (0,) and function.blocks[0].leaves
    _, function = cut(HEAD + ".Lf$local:\n\tnop\n\tb\t.Lf$local\n" + TAIL, "f")
    assert function.blocks[0].successors == (0,) and not function.blocks[0].leaves


def test_no_end_is_opaque():
    _, function = cut(HEAD + "\tret\n", "f")
    assert "no end" in function.opaque


# ---- a run: every step that the processor takes is an edge

MAIN = """
int printf(const char *, ...);
static int depth;
int f(int x) { return (x * 7 + ++depth) & 0xff; }
int g(int x, int y) { return x ^ (y + 3); }
int main(void)
{
    int s = 0;
    for (int i = -1; i < 20; i++) s += dense(i) + two(i, i + 5) + sparse(i * 1000);
    s += large(5, 99) + threaded((const unsigned char[]){ 0, 1, 2, 3, 0, 4 }, 3) + relative((const unsigned char[]){ 1,
      0, 2 }, 3);
    return s & 1;
}
"""


@pytest.mark.parametrize("flags", ["-O0", "-O2"])
def test_traced_run_follows_edges(clang, gcc, read_corpus, tmp_path, flags):
    gotos = read_corpus("gotos").partition("int probe")[0]
    source = "int f(int), g(int, int);" + read_corpus("switches") + gotos + MAIN
    source = source.replace(
        "case 99: return r;", "case 99: return r; case 70: case 71: case 72: case 73: return r + 1;"
    )
    module = parse_module(clang(source, flags))
    place = {n: (f, block) for f in functions(module) for block in f.blocks for n in block.instructions}
    marked = "".join(
        (f"at_{n}:\n" if line.instruction else "") + line.text for n, line in enumerate(module.lines)
    )  # fmt: skip
    (tmp_path / "m.s").write_text(marked)
    program, log = tmp_path / "program", tmp_path / "log"
    subprocess.run(("aarch64-linux-gnu-gcc", "-static", "-o", program, tmp_path / "m.s"), check=True)
    symbols = subprocess.run(("aarch64-linux-gnu-nm", program), capture_output=True, check=True, text=True).stdout
    at = {int(address, 16): int(n) for address, n in re.findall(r"^([0-9a-f]+) \w at_(\d+)$", symbols, re.M)}
    subprocess.run(
        ("qemu-aarch64", "-singlestep", "-d", "exec,nochain", "-D", log, program), timeout=60, stdout=subprocess.DEVNULL
    )
    trace = [at.get(int(pc, 16)) for pc in re.findall(r"Trace \d+: \S+ \[[0-9a-f]+/([0-9a-f]+)/", log.read_text())]
    steps = 0
    for before, after in itertools.pairwise(trace):
        if before is None or after is None or flow(module.lines[before].instruction) is Flow.CALL:
            continue
        (function, block), (inside, next_block) = place[before], place[after]
        steps += 1
        if function is not inside or after == function.blocks[0].instructions[0]:
            assert block.leaves
        elif before == block.instructions[-1]:
            assert next_block.index in block.successors and after == next_block.instructions[0]
        else:
            assert next_block is block and block.instructions.index(after) == block.instructions.index(before) + 1
    assert steps > 1_000
