"""``make chaos``: accepted articles under kill -9, frozen workers, cut connections, crashes of Redis, stepped clocks.

For each seed the same script of faults hits Dateline and a control of plain Celery chains. Scrapers push through the
API all the while and a reader follows the feed; Redis writes every change to disk before it answers. Then all is left
alone until nothing more happens. Dateline must lose nothing, publish nothing twice, and have one original for each pair
of copies. In these runs two stages are real and two only take a moment; in one more, with fewer articles, every stage
is the real one. At the end, articles that kill their workers stand among others in batches.

``reports/chaos/seed-N.json`` holds the script of each run; ``--replay FILE`` plays one again.
"""

import argparse
import signal
import sys
from collections import Counter
from pathlib import Path

from benchmarks.chaos.faults import read, save, script
from benchmarks.chaos.runs import EVERY, RECOGNIZER, WORKERS, Plan, dateline, plain_chains, poison
from benchmarks.chaos.shim import find_compiler
from benchmarks.report import FOLDER, Report

_FORBIDDEN = ("lost", "published_twice", "out_of_order", "double_originals", "unaccounted", "unsound", "miscounted")
GATES = {name: {"max": 0.0} for name in _FORBIDDEN} | {
    "recovery_starts_s_max": {"max": 60.0},
    "recovery_s_max": {"max": 60.0},
    "control_lost_or_doubled": {"min": 1.0},
}
_POISON = (20, 2_000)


def plans(options: argparse.Namespace) -> list[Plan]:
    """The runs that were asked for."""
    if options.replay:
        return [Plan(options.seeds[0], options.articles, tuple(read(options.replay)))]
    brief = [Plan(seed, options.articles, tuple(script(seed, options.faults, WORKERS))) for seed in options.seeds]
    if not options.every_stage:
        return brief
    seed = max(options.seeds, default=0) + 1
    return [*brief, Plan(seed, options.every_stage, tuple(script(seed, options.faults, WORKERS)), EVERY)]


def arguments() -> argparse.ArgumentParser:
    """What may be asked for."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.chaos", description="Break everything under load.")
    parser.add_argument("--articles", type=int, default=5_000, help="articles in each run")
    parser.add_argument("--faults", type=int, default=70, help="faults in each run")
    parser.add_argument("--seeds", type=int, nargs="*", default=[1, 2, 3])
    parser.add_argument("--every-stage", type=int, default=800, help="articles in a run with real entities and geotag")
    parser.add_argument("--replay", type=Path, help="a script of faults that an earlier run wrote down")
    parser.add_argument("--only", choices=["dateline", "control", "poison"], help="leave the others out")
    return parser


def main() -> int:
    """Run the seeds and publish what they add up to."""
    options = arguments().parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that whatever was started here ends with it
    total: Counter[str] = Counter()
    metrics = dict.fromkeys(("recovery_starts_s_max", "recovery_s_max"), 0.0)
    wanted = plans(options) if options.only != "poison" else []
    for plan in wanted:
        save(plan.faults, FOLDER / "chaos" / f"seed-{plan.seed}.json")
        if options.only != "control":
            ours = dateline(plan)
            for name in ("recovery_starts_s", "recovery_s"):
                metrics[f"{name}_max"] = max(metrics[f"{name}_max"], ours.pop(name))
            total.update({name: int(value) for name, value in ours.items()})
        if options.only != "dateline" and plan.stages != EVERY:
            total.update({name: int(value) for name, value in plain_chains(plan).items()})
    total["control_lost_or_doubled"] = total["control_lost"] + total["control_doubled"]
    metrics = {
        "articles": float(sum(plan.articles for plan in wanted)),
        "faults": float(sum(len(plan.faults) for plan in wanted)),
        **{name: float(total[name]) for name in _FORBIDDEN},
        **metrics,
        **{name: float(total[name]) for name in ("repeated_requests", "control_lost", "control_doubled")},
        "control_lost_or_doubled": float(total["control_lost_or_doubled"]),
    }
    gates = {name: gate for name, gate in GATES.items() if not options.only or not name.startswith("control")}
    if options.only in {None, "poison"}:
        metrics |= poison(*_POISON)
        gates |= {"poison_wrong": {"max": 0.0}}
    real = {f"real_stages_{plan.seed}": f"{plan.stages} of {plan.articles:,} articles" for plan in wanted}
    clocks = "stepped by an hour" if find_compiler() else "left alone: there is no C compiler for the shim"
    return Report("chaos", metrics, gates, {"recognizer": RECOGNIZER, "clocks": clocks} | real).publish()


if __name__ == "__main__":
    sys.exit(main())
