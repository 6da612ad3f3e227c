"""What is measured: simcap and its peers, how each is built and run, and how much work makes about a second of it.

In: the folder of the project. Out: for each tool that could be built, a function from (workload, requests, seed) to its
command line. Everything that is built lies in target/peers.
"""

import json
import os
import re
import subprocess
import sys
import tomllib
import venv
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
BUILT = ROOT / "target" / "peers"

# Of each workload: its scenario, arrivals a second, the mean latency that is right and the standard error of one
# run's mean at a million requests, from 60 runs of the floor. The mean of M/M/8 is theory (Erlang C); that of the three
# tiers is from 6e8 requests of the floor.
WORKLOADS = {
    "mm8": {"title": "M/M/8", "file": "mm8.toml", "rate": 7.2, "mean_ms": 1876.916, "error_ms": 25.0, "of": None},
    "three-tier": {
        "title": "three tiers", "file": "three-tier.toml", "rate": 2000.0,
        "mean_ms": 13.0319, "error_ms": 0.0123, "of": 6e8,
    },
}


@dataclass
class Tool:
    """A tool: its folder here (simcap has none), and how many requests take it about a second."""

    name: str
    folder: str
    requests: dict
    version: str = ""
    program: tuple = ()

    def command(self, workload, requests, seed):
        """The command line for so many requests; simcap is given the time in which as many arrive on average."""
        if self.folder:
            return [*self.program, workload, str(requests), str(seed)]
        work = WORKLOADS[workload]
        scenario = ROOT / "scenarios" / "reference" / work["file"]
        return [
            *self.program, str(scenario), "--seed", str(seed), "--set", f"duration={requests / work['rate']:.3f}s",
        ]


TOOLS = [
    Tool("floor, written by hand", "floor", {"mm8": 30_000_000, "three-tier": 20_000_000}),
    Tool("simcap", "", {"mm8": 8_000_000, "three-tier": 5_000_000}),
    Tool("desim", "desim", {"mm8": 5_000_000, "three-tier": 2_500_000}),
    Tool("simcore (DSLab)", "simcore", {"mm8": 4_000_000, "three-tier": 2_000_000}),
    Tool("NeXosim", "nexosim", {"mm8": 1_000_000, "three-tier": 600_000}),
    Tool("SimPy", "simpy", {"mm8": 80_000, "three-tier": 50_000}),
    Tool("Ciw", "ciw", {"mm8": 20_000, "three-tier": 8_000}),
]


def environment():
    """That of the user, without what would change how Rust is compiled or Python hashes."""
    disturbing = re.compile("CARGO_(PROFILE|INCREMENTAL|BUILD)|RUSTFLAGS")
    kept = {key: value for key, value in os.environ.items() if not disturbing.match(key)}
    return kept | {"PYTHONHASHSEED": "0"}


def build(tool):
    """Builds a tool; raises CalledProcessError if that fails."""
    print(f"building {tool.name}", file=sys.stderr)
    folder = HERE / tool.folder
    if not (folder / "requirements.txt").exists():
        cargo(tool, folder if tool.folder else ROOT)
    else:
        python(tool, folder)
    if not tool.folder:
        tool.program += ("run", "--no-charts", "--no-progress", "--format", "json", "--out", str(BUILT / "out"))
        # One run, not the several that an interval needs.
        if "--runs" in output([tool.program[0], "run", "--help"]):
            tool.program += ("--runs", "1")


def cargo(tool, folder):
    """Builds a Rust program with the versions of its lock file."""
    manifest = folder / "Cargo.toml"
    command = ["cargo", "build", "--release", "--locked", "--manifest-path", str(manifest), "--target-dir", str(BUILT)]
    # desim is made of coroutines, which stable compilers have only under this variable.
    unstable = {"RUSTC_BOOTSTRAP": "1"} if tool.folder == "desim" else {}
    subprocess.run([*command, "--quiet"], check=True, env=environment() | unstable)
    name = tomllib.loads(manifest.read_text())["package"]["name"]
    locked = tomllib.loads((folder / "Cargo.lock").read_text())["package"]
    tool.version = next(each["version"] for each in locked if each["name"] == (tool.folder or "simcap"))
    tool.version = "" if tool.folder == "floor" else tool.version
    tool.program = (str(BUILT / "release" / name),)


def python(tool, folder):
    """Makes a virtual environment with the versions of its requirements."""
    home = BUILT / f"venv-{tool.folder}"
    interpreter = home / "bin" / "python"
    if not interpreter.exists():
        venv.create(home, with_pip=True)
    requirements = folder / "requirements.txt"
    subprocess.run([interpreter, "-m", "pip", "install", "--quiet", "-r", requirements], check=True)
    tool.version = dict(line.split("==") for line in requirements.read_text().split())[tool.folder]
    tool.program = (str(interpreter), str(folder / "peer.py"))


def output(command):
    """What a command prints."""
    return subprocess.run(command, capture_output=True, text=True, check=True, env=environment()).stdout


def latency(tool, text):
    """Requests and their mean latency in ms, from what a run printed."""
    if not tool.folder:
        told = json.loads(text)["latency_ms"]
        return told["count"], told["mean"]
    told = dict(pair.split("=") for pair in text.split())
    return int(told["requests"]), float(told["mean_ms"])
