//! simcap: will this architecture hold on event day, what will people feel, what will it cost, what breaks first?
//!
//! A scenario file describes traffic, clients, the path of a request, and what it runs on. A [`Simulation`] plays it event
//! by event, under one or many seeds, and returns one [`Outcome`] with intervals; every view reads only that.
//!
//! ```text
//!  scenario.toml ──► scenario ──► model ──────────► outcome ──► report
//!  (text)            checked,     the world,        one          page, outcome.json,
//!                    resolved     on engine,        artefact     timeline.csv, charts
//!                                 into measure      ▲
//!                                   │               │
//!                                   └─ usage ──► cost, objective
//!
//!  ensemble: a run for each seed, side by side ──► one outcome;  comparison: two outcomes of the same seeds
//! ```
//!
//! # Example
//!
//! ```
//! let scenario = simcap::parse(
//!     r#"
//!     duration = "2m"
//!     traffic.callers.rate = "20/s"
//!     request.call.steps = [{ service = "desk" }]
//!     service.desk = { servers = 1, time = "exponential 40ms" }
//!     "#,
//!     &[],
//! )?;
//! let outcome = simcap::Simulation::of(&scenario).run()?;
//!
//! assert!(outcome.requests.completed > 2_000.0);
//! assert!(outcome.latency_ms.p99 > outcome.latency_ms.p50);
//! # Ok::<(), simcap::Error>(())
//! ```
//!
//! More are in the [`cookbook`]. The library is [`load`], [`parse`], [`Scenario`], [`Simulation`], [`Outcome`] with its
//! types in [`outcome`] and [`answers`], [`compare`], [`headroom`], [`measured()`], [`calibrate()`], [`backtest()`], [`page`], [`save`] and one [`Error`]. A program
//! can bring requests and services of its own, by [`own`]. The other modules are the inside:
//! they are public with the feature `dev-hooks` only, for the command, tests and benches, and change without notice.
//!
//! What stays as it is from one version to the next is on the page of [`stability`].
//!
//! The book is for people: its contents are in `src/book/SUMMARY.md` of this package. Of use here are its chapters on the words of a scenario
//! (`scenario.md`), on how sure a figure is (`sure.md`), and on what is not modelled (`not-modelled.md`).
//!
//! Features, all on by default: `cli` (the command, which needs `dev-hooks` and `schema`), `mcp` (its tools for assistants), `charts` (PNG files), `validate` (the cases
//! with known answers and `simcap validate`), `schema` (JSON Schemas of results).
//!
#![cfg_attr(feature = "dev-hooks", doc = include_str!("architecture.md"))]
//!
//! # Order and randomness
//!
//! Time is whole nanoseconds. Events run in the order (time, insertion), so ties are first in, first out; timeouts
//! come after the other events of their instant, the end of a row before them, and an arrival from outside comes last, after whatever ends then has
//! made room for it. Facts between kinds of resource (an instance is in service, a target is unhealthy) are
//! delivered first in, first out, to every kind in the order of the list, as soon as the kind that sent them has returned.
//! Every random purpose of every resource draws from a stream of its own, derived from the seed and its name: another
//! fleet, or another size of a pool, leaves all other draws as they were. Names of traffic sources, request classes
//! and resources are part of that: a class or a source of another name has other draws, and so is another day. The
//! same scenario, seed and version give the same bytes: nothing that is simulated asks the platform for an
//! exponential or a logarithm, and `simcap check --determinism` compares two runs event by event. Of several runs the first has the
//! seed itself and the others have seeds that follow from it; they are merged in this order, so the bytes do not depend on the
//! number of threads.
//!
//! What is assumed of each part, with its source and the tests that hold it, is on the page of [`rules`].
//!
//! # Conventions
//!
//! What a simulator has to decide, and what this one decided; behind each the test that holds it.
//!
//! * **Completion and arrival at one instant**: what ends makes room for what begins; nobody is turned away for a
//!   place that is freed at that instant (`a_completion_makes_room_for_an_arrival_of_its_instant`, case A14.2).
//! * **Timeout and grant at one instant**: the grant, or the answer, is in time, for every kind of wait and under every
//!   discipline (`a_wait_that_ends_at_its_limit_is_in_time`, `an_answer_at_the_very_limit_is_in_time`).
//! * **A percentile** is the nearest rank among all requests, from an HDR histogram with three significant digits
//!   (`a_percentile_of_all_is_that_of_the_merged_samples`, cases A20). Latency runs from the first sending to the last
//!   byte, retries and their pauses included, of requests that completed. A request counts once, each of its attempts
//!   counts by itself.
//! * **An outcome** is that of one event. Of several runs, counts, rates, amounts and rows are means over the runs,
//!   percentiles are those of all requests of all runs, extremes those of any run, histories those of the first run.
//!   An interval is Student's t over the runs at 95 %, around the merged estimate; the rounding of histograms is part
//!   of it. That of a latency is of factors, longer upwards and never at zero; how often intervals
//!   hold exact answers is measured by `simcap validate --coverage`
//!   (`the_intervals_of_tails_hold_where_bad_days_make_the_tail`).
//! * **A verdict** is that of the runs where all agree. Where they disagree, the merged estimate decides, and if the limit
//!   lies inside its interval, the verdict says that it cannot tell. The exit code never contradicts it
//!   (`the_shop_of_the_book_is_missed_in_every_run`).
//! * **A request that leaves a queue by timeout** frees its place at once; those after it move up
//!   (`who_runs_out_of_patience_frees_the_place_at_once`).
//! * **A client that gives up** does not stop the work for it, unless `on_timeout = "cancel"`: then it leaves the
//!   queue it is in and the CPU that it shares at once, and a server that has begun ends that one service
//!   (`work_goes_on_without_its_client_unless_it_is_cancelled`, cases A15.7 and B6).
//! * **A booting instance** is in service as soon as EC2 runs it, or after its launch hook, and enters the metrics of
//!   scaling after its warm-up, with what its booting costs. It has its pools, answers, and counts in the CPU figures
//!   of a page from the start of its application (`in_service_when_ec2_runs_it_and_capacity_when_its_application_answers`,
//!   `an_installing_instance_counts_in_the_cpu_of_its_group_once_it_is_warm`, cases A16).
//! * **What is there at the start** has been there for long: no grace, no warm-up, alarms that are OK
//!   (`alarms_have_a_past`).
//! * **Rounding**: target tracking rounds what it adds up, and what it removes down
//!   (`a_lull_is_answered_after_fifteen_minutes`, case A16.3). Scale-out compares with the desired size, which holds
//!   the instances under way; scale-in waits until nothing is under way (`a_step_is_answered_once`).
//! * **An instance costs** from launch to termination, 60 s at least (`the_largest_size_ends_it`, case A17.2).
//! * **Requests that arrive before the `warmup`** of the scenario are left out of percentiles; they are simulated,
//!   counted and billed.

#![cfg_attr(
    not(feature = "cli"),
    allow(dead_code, unused_imports, reason = "the command and tests use more of the inside")
)]

pub mod answers;
mod api;
#[doc = include_str!("cookbook.md")]
pub mod cookbook {}
#[doc = include_str!("machines.md")]
pub mod machines {}
#[doc = include_str!("stability.md")]
pub mod stability {}
pub mod outcome;
pub mod own;

/// The inside: public for the command, tests and benches, private for everybody else.
macro_rules! inside {
    ($($name:ident)*) => {$(
        #[cfg(feature = "dev-hooks")]
        pub mod $name;
        #[cfg(not(feature = "dev-hooks"))]
        mod $name;
    )*};
}

inside! {
    backtest
    bill
    breakpoint
    calibrate
    catalog
    comparison
    cost
    dist
    engine
    ensemble
    export
    files
    guard
    id
    import
    interval
    kind
    language
    machine
    measure
    measured
    model
    number
    objective
    plan
    report
    rng
    scenario
    sensitivity
    study
    text
    units
    usage
    warning
}
mod flow;
#[cfg(feature = "cli")]
pub mod init;
#[cfg(feature = "validate")]
pub mod validate;

pub use api::{
    Backtest, Breakpoints, Calibration, Comparison, Error, Measured, Outcome, Scenario, Simulation, backtest,
    calibrate, compare, headroom, load, measured, page, parse, save,
};
#[doc(inline)]
pub use kind::rules;
#[cfg(feature = "dev-hooks")]
pub use outcome::{repeat, simulate};
