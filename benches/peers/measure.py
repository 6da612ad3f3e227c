"""Measures simcap beside other tools on the reference workloads, and writes the table of the book.

    python3 benches/peers/measure.py --book

In: the programs beside this file and scenarios/reference; it needs Rust, Python 3.11 and the network once, to build
them. Out: a table in Markdown. Every tool runs pinned to one core, in rounds, so that what else the machine does hits
all alike; a figure is the median over the rounds of the CPU time in user mode, start and end of the process included.
With valgrind, instructions are counted as well: those of twice the requests less those of once; so the start cancels.
"""

import argparse
import math
import os
import platform
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
from datetime import date

from tools import ROOT, TOOLS, WORKLOADS, build, environment, latency, output

BEGIN, END = "<!-- measured by benches/peers/measure.py -->\n", "<!-- end of what was measured -->\n"


def run(tool, workload, requests, seed, core):
    """One run: (requests, mean latency in ms, ns of CPU time in user mode for each)."""
    pin = (lambda: os.sched_setaffinity(0, {core})) if hasattr(os, "sched_setaffinity") else None
    with tempfile.TemporaryFile("w+") as printed:
        command = tool.command(workload, requests, seed)
        quiet = {"stdout": printed, "stderr": subprocess.DEVNULL}
        process = subprocess.Popen(command, env=environment(), preexec_fn=pin, **quiet)
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            raise RuntimeError(f"{command} ended with {process.returncode}")
        printed.seek(0)
        done, mean = latency(tool, printed.read())
    return done, mean, 1e9 * used.ru_utime / done


def instructions(tool, workload, requests):
    """Instructions for each request, by valgrind."""
    def count(requests):
        command = ["valgrind", "--tool=cachegrind", "--cache-sim=no", "--cachegrind-out-file=/dev/null"]
        command += tool.command(workload, requests, 1)
        done = subprocess.run(command, capture_output=True, text=True, check=True, env=environment())
        return latency(tool, done.stdout)[0], int(re.search(r"I +refs: +([\d,]+)", done.stderr)[1].replace(",", ""))

    (fewer, low), (more, high) = count(requests), count(2 * requests)
    return (high - low) / (more - fewer)


def off(runs, workload):
    """How many standard errors the mean latency of all runs is off the right one."""
    work = WORKLOADS[workload]
    requests = sum(done for done, _, _ in runs)
    mean = sum(done * mean for done, mean, _ in runs) / requests
    error = work["error_ms"] * math.sqrt(1e6 / requests + (1e6 / work["of"] if work["of"] else 0.0))
    return (mean - work["mean_ms"]) / error


def number(value):
    return f"{value:,.0f}" if value >= 99.95 else f"{value:.1f}"


def table(tools, runs, counted):
    """The lines of the table, and what simcap needs beside the floor and the fastest of the others."""
    ns = {key: statistics.median(cost for _, _, cost in each) for key, each in runs.items()}
    yield "| | version | M/M/8, ns/request | three tiers, ns/request | floor = 1 | instructions/request | mean off by |"
    yield "|---|---|--:|--:|--:|--:|--:|"
    for tool in tools:
        cells = []
        for workload in WORKLOADS:
            costs = [cost for _, _, cost in runs[tool.name, workload]]
            middle = number(ns[tool.name, workload])
            cells.append(f"{middle} [{number(min(costs))}–{number(max(costs))}]")
        ratio = ns[tool.name, "three-tier"] / ns[TOOLS[0].name, "three-tier"]
        figures = [counted.get((tool.name, workload)) for workload in WORKLOADS]
        cells.append(f"{ratio:,.1f}" if ratio < 99.95 else f"{ratio:,.0f}")
        cells.append(" / ".join("–" if figure is None else f"{figure:,.0f}" for figure in figures))
        cells.append(" / ".join(f"{off(runs[tool.name, workload], workload):+.1f}" for workload in WORKLOADS))
        name = "**simcap**" if not tool.folder else tool.name
        yield "| " + " | ".join([name, tool.version, *cells]) + " |"
    others = [tool for tool in tools if tool.folder not in ("", "floor")]
    if not others:
        return
    yield ""
    for workload, work in WORKLOADS.items():
        fastest = min(others, key=lambda tool: ns[tool.name, workload])
        own = ns["simcap", workload]
        slower, faster = own / ns[TOOLS[0].name, workload], ns[fastest.name, workload] / own
        yield f"- On {work['title']}, simcap takes {slower:.1f} times as long as the floor, and is {faster:.1f} times as fast as"
        yield f"  {fastest.name}, the fastest of the other tools."
    # The last workload is the three tiers.
    near, ahead = ("met" if slower <= 2 else "missed"), ("met" if faster >= 4 else "missed")
    yield f"- The goals on three tiers: at most 2 times the floor ({near}), 4 times as fast as the others ({ahead})."


def machine(rounds, load):
    """Where and how it was measured."""
    name = platform.processor() or platform.machine()
    if os.path.exists("/proc/cpuinfo"):
        name = re.search(r"model name\s*: (.*)", open("/proc/cpuinfo").read())[1]
    rust = output(["rustc", "--version"]).split()[1]
    busy = f"{min(load):.1f}–{max(load):.1f}"
    return (
        f"Measured {date.today()}: {name}, {os.cpu_count()} cores, Rust {rust}, Python {platform.python_version()};\n"
        f"median [least–most] of {rounds} rounds at a load average of {busy}."
    )


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--book", action="store_true", help="put the table into src/book/speed.md")
    parser.add_argument("--rounds", type=int, default=5, help="runs of each tool and workload [default: 5]")
    parser.add_argument("--core", type=int, default=os.cpu_count() - 1, help="the core to run on [default: the last]")
    parser.add_argument("--scale", type=float, default=1.0, help="times the requests of each run [default: 1]")
    parser.add_argument("--only", default="", help="tools whose name matches this, beside floor and simcap")
    parser.add_argument("--no-instructions", action="store_true", help="do not count them, even with valgrind")
    arguments = parser.parse_args()

    tools = []
    for tool in TOOLS:
        needed = tool.folder in ("", "floor")
        if not needed and not re.search(arguments.only, tool.name, re.IGNORECASE):
            continue
        try:
            build(tool)
            tools.append(tool)
        except (subprocess.CalledProcessError, OSError) as error:
            if needed:
                raise
            print(f"left out {tool.name}: {error}", file=sys.stderr)

    runs, load = {}, []
    for seed in range(1, arguments.rounds + 1):
        for workload in WORKLOADS:
            for tool in tools:
                requests = int(tool.requests[workload] * arguments.scale)
                result = run(tool, workload, requests, seed, arguments.core)
                runs.setdefault((tool.name, workload), []).append(result)
                load.append(os.getloadavg()[0])
                done, mean, cost = result
                told = f"{done:>11,} requests {mean:11.4f} ms {cost:12,.1f} ns"
                print(f"{seed:3} {workload:10} {tool.name:22} {told}", file=sys.stderr)

    counted = {}
    if shutil.which("valgrind") and not arguments.no_instructions:
        for tool in tools:
            for workload in WORKLOADS:
                requests = max(2_000, tool.requests[workload] // 100)
                counted[tool.name, workload] = instructions(tool, workload, requests)
                print(f"{workload:10} {tool.name:22} {counted[tool.name, workload]:,.0f} instructions", file=sys.stderr)

    text = "\n".join([*table(tools, runs, counted), "", machine(arguments.rounds, load)]) + "\n"
    print(text, end="")
    if arguments.book:
        chapter = ROOT / "src/book/speed.md"
        before, _, rest = chapter.read_text().partition(BEGIN)
        _, end, after = rest.partition(END)
        if not end:
            sys.exit(f"{chapter} does not say where the table belongs")
        chapter.write_text(before + BEGIN + text + END + after)


if __name__ == "__main__":
    main()
