"""Write the tables of docs/grading.md from benchmarks/proof.json, so that the document cannot drift from it.

usage: uv run python benchmarks/proof_tables.py [--check]

A table stands between `<!-- proof: NAME -->` and `<!-- end -->`. `--check` writes nothing and fails when a table is
not the one that the file gives. Figures in bold miss their target.
"""

import argparse
import json
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
PROOF = ROOT / "benchmarks/proof.json"
PAGE = ROOT / "docs/grading.md"
BLOCK = re.compile(r"(<!-- proof: ([a-z ]+) -->\n).*?(<!-- end -->)", re.DOTALL)
TIERS = ("lexical", "embeddings")
Parts = dict[str, Any]
# label, set, which measurement, figure, raw or with the graders' scale learned elsewhere, target, what people reach
ROWS = (
    ("mohler r", "mohler", "plain", "r", "figures", 0.62, ".60"),
    ("mohler RMSE", "mohler", "plain", "RMSE", "figures", 0.18, ""),
    ("saf r, question held out of the fit", "saf", "held out", "r", "figures", 0.38, ""),
    ("os r", "os", "plain", "r", "figures", 0.55, ".91-.97"),
    ("scientsbank macro-F1, correct from 75", "scientsbank", "plain", "macro-F1", "figures", 0.70, ""),
    ("scientsbank macro-F1, cut at 50", "scientsbank", "plain", "macro-F1 at 50", "figures", None, ""),
    ("the same, scale learned on other questions", "scientsbank", "plain", "macro-F1 at 50", "calibrated", 0.70, ""),
    ("mohler r, five graded answers", "mohler", "five", "r", "figures", 0.68, ""),
    ("mohler RMSE, five graded answers", "mohler", "five", "RMSE", "figures", 0.16, ""),
    ("the same, scale learned on other questions", "mohler", "five", "RMSE", "calibrated", 0.16, ""),
    ("saf r, five graded answers, held out", "saf", "held out, five", "r", "figures", 0.50, ""),
    ("mohler r within a question", "mohler", "plain", "r within question", "figures", None, ""),
    ("mohler QWK, five levels", "mohler", "plain", "QWK", "figures", None, ""),
)  # fmt: skip


def plain(value: float) -> str:
    return f"{value:.3f}".replace("0.", ".", 1)


def table(head: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(str(cell) for cell in line)} |\n" for line in lines)


def show_figure(figure: Any, target: float | None, *, least: bool) -> str:
    value = figure["value"]
    missed = target is not None and (value < target if least else value > target)
    text = f"**{plain(value)}**" if missed else plain(value)
    return text if figure["low"] is None else f"{text} [{plain(figure['low'])}, {plain(figure['high'])}]"


def agreement(parts: Parts) -> str:
    rows = []
    for label, name, kind, figure, where, target, people in ROWS:
        least = "RMSE" not in figure
        wanted = "" if target is None else f"{'≥' if least else '≤'} {plain(target).rstrip('0')}"
        cells = [
            show_figure(parts[f"sets/{tier}/{name}"][kind][where][figure], target, least=least)
            for tier in TIERS
        ]
        rows.append((label, wanted, *cells, people))
    rows.append(("a language model as judge", "", "not run", "not run", ""))
    return table(("", "target", *TIERS, "one human against another"), rows)


def intervals(parts: Parts) -> str:
    kinds = (
        ("mohler", "plain"),
        ("saf", "held out"),
        ("os", "plain"),
        ("scientsbank", "plain"),
        ("mohler", "five"),
    )
    rows = []
    for name, kind in kinds:
        found = [parts[f"sets/{tier}/{name}"][kind] for tier in TIERS]
        label = f"{name}{', five graded answers' if kind == 'five' else ''}{', held out' if kind == 'held out' else ''}"
        means = [f"{one['mean_given']:.2f} ({one['mean_human']:.2f})" for one in found]
        rows.append((label, found[0]["answers"], *(f"{one['covered']:.0%}" for one in found), *means))
    return table(
        ("80% interval holds", "answers", *TIERS, "mean lexical (people)", "mean embeddings (people)"), rows
    )


def attacks(parts: Parts) -> str:
    rows = []
    for pair in zip(*(parts[f"attacks/{tier}"] for tier in TIERS), strict=True):
        cells = [one["measured"] if one["holds"] else f"**{one['measured']}**" for one in pair]
        rows.append((pair[0]["name"], pair[0]["must"], *cells))
    return table(("attack", "must be", *TIERS), rows)


def foreign(parts: Parts) -> str:
    found = [parts[f"foreign/{tier}"] for tier in TIERS]
    rows = [(name, *(f"{one[name]['mean']:.0f}" for one in found)) for name in found[0]]
    return table(("answers to another question of the same set", *TIERS), rows)


def terse(parts: Parts) -> str:
    rows = []
    for tier in TIERS:
        sets = [parts[f"sets/{tier}/{name}"]["terse"] for name in ("mohler", "saf", "os", "scientsbank")]
        answers = sum(one["answers"] for one in sets)
        stopped = sum(sum(one["stopped"].values()) for one in sets)
        reasons = sorted({reason for one in sets for reason in one["stopped"]})
        counts = ", ".join(
            f"{sum(one['stopped'].get(r, 0) for one in sets)} {r.replace('_', ' ')}" for r in reasons
        )
        flags = sum(sum(one["flags"].values()) for one in sets)
        lowered = sum(one["lowered"] for one in sets)
        share = f"{stopped / answers:.1%}" if stopped <= 0.02 * answers else f"**{stopped / answers:.1%}**"
        rows.append(
            (
                tier,
                answers,
                f"{stopped} ({share})",
                counts or "-",
                flags,
                f"{lowered} ({lowered / answers:.1%})",
            )
        )
    head = (
        "tier",
        "answers",
        "stopped by the gate (≤ 2%)",
        "as",
        "with a flag",
        "lowered by a tenth or more",
    )
    return table(head, rows)


def unrelated(parts: Parts) -> str:
    found = [parts[f"unrelated words/{tier}"] for tier in TIERS]
    fall = [f"{one['mean fall']:.0f}" for one in found]
    fall[1] = fall[1] if found[1]["mean fall"] <= 6 else f"**{fall[1]}**"
    rows = [
        ("falls on average by", "embeddings: ≤ 6", *fall),
        ("falls by 6 at most", "", *(f"{one['fall at most 6']} of {one['answers']}" for one in found)),
        (
            "interval is wider",
            "lexical: all",
            *(f"{one['wider interval']} of {one['answers']}" for one in found),
        ),
        (
            "interval reaches the good answer's score",
            "",
            *(f"{one['interval reaches the good answer']} of {one['answers']}" for one in found),
        ),
    ]
    return table(("the same in unrelated words", "must be", *TIERS), rows)


def cost(parts: Parts) -> str:
    found = [parts[f"speed/{tier}"] for tier in TIERS]
    return table(("", *TIERS), [(name, *(f"{one[name]:g}" for one in found)) for name in found[0]])


TABLES: dict[str, Callable[[Parts], str]] = {
    "agreement": agreement,
    "intervals": intervals,
    "attacks": attacks,
    "foreign": foreign,
    "terse": terse,
    "unrelated words": unrelated,
    "cost": cost,
}


def fill(page: str, proof: dict[str, Any]) -> str:
    """The page with every table made anew."""

    def made(match: re.Match[str]) -> str:
        if match[2] == "files":
            rows = [(f"`{name}.jsonl`", f"`{digest}`") for name, digest in proof["files"].items()]
            content = table(("file", "SHA-256"), [*rows, ("model.onnx (int8)", f"`{proof['model']}`")])
        elif match[2] == "version":
            content = f"Version {proof['version']} of the engine, measured by `benchmarks/proof.py`.\n"
        else:
            content = TABLES[match[2]](proof["parts"])
        return f"{match[1]}{content}{match[3]}"

    return BLOCK.sub(made, page)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--check", action="store_true")
    args = parser.parse_args()
    page = PAGE.read_text(encoding="utf-8")
    wanted = fill(page, json.loads(PROOF.read_text(encoding="utf-8")))
    if args.check and wanted != page:
        raise SystemExit(
            "docs/grading.md does not say what benchmarks/proof.json says: run benchmarks/proof_tables.py"
        )
    PAGE.write_text(wanted, encoding="utf-8")


if __name__ == "__main__":
    main()
