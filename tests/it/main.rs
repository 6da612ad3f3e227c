//! One binary for all integration tests, a module for each subject.
#![allow(
    clippy::disallowed_methods,
    reason = "what theory says may round as the platform likes; runs are held against it"
)]

/// Scenarios as text and their runs: what most tests use.
mod run;

/// Rates from files of counts.
mod counted;
/// Demands as people know them.
mod demands;
/// The programs of `tests/examples`, against theory.
mod examples;
/// What must hold for any scenario of a family: order, laws of queueing, relations between runs.
mod invariants;
/// What one kind of resource does.
mod kind;
/// What must hold for random shops with every kind of resource.
mod properties;
/// What has ended does not act on what comes later.
mod remains;
/// Recorded arrivals and demands.
mod replay;
/// Exact results of queueing theory, for what is of no kind or of several.
mod theory;
/// The instants of runs without chance, worked out by hand, where several kinds take part.
mod timelines;

/// The page of problems of an invalid file.
mod diagnostics;
/// A scenario that extends another one.
mod extends;
/// Extreme and broken input.
mod hostile;
/// A valid file is read to the values that it states; the reference.
mod language;

/// What a word means.
mod explain;
mod explain_pages;
/// What editors are told of the language, and programs of results.
mod schema;

/// How available an event was.
mod availability;
/// Two scenarios whose difference is known by theory or by hand.
mod compare;
/// Many seeds: merged runs, intervals, comparisons.
mod ensemble;
/// The traffic as scripts of load tests, and as tables.
mod export;
/// Headroom, as an estimate and as a search.
mod headroom;
/// Pages on terminals of several widths.
mod narrow;
/// Objectives and their verdicts.
mod objectives;
/// A run as metrics of Prometheus.
mod openmetrics;
/// Phases: the chain of causes and effects of a trouble.
mod phases;
/// The cheapest point that meets the objectives.
mod plan;
/// A count and its noun agree on every page.
mod plurals;

/// A recorded day beside runs of it.
mod backtest;
/// What the README and the book say is there.
mod book;
/// Numbers of a file that are fitted to what was measured.
mod calibrate;
/// Price lists, and the offer files that they are made of.
mod prices;
mod recovery;
/// References in files of results.
mod references;
/// Which inputs a scenario hangs on.
mod sensitivity;
#[cfg(unix)]
mod signals;
/// What is promised from one version to the next.
mod stability;
/// Stored outcomes are read and written as they were.
mod stored;
/// A scenario at many points, in one process and in many.
mod study;

/// How often intervals hold the truth.
mod coverage;
/// The same file and seed give the same events.
mod determinism;
/// The page of all scenarios, with a picture of each.
mod gallery;
/// The page and the numbers of each scenario in `scenarios/`.
mod golden;
/// A small shop that was measured: from its log to a prediction of twice its load.
mod stack;
/// Cases with known answers.
mod validation;

/// The library as its users see it.
mod api;
/// Logs, measurements and infrastructure of real systems become scenarios.
mod import;

/// The command: arguments, files, exit codes.
mod cli;
/// The first scenario of somebody's own system.
mod init;
/// Modules depend one way.
mod layers;
/// The commands as tools of an assistant.
mod lsp;
mod mcp;
/// Completions and manual pages.
mod shell;
/// A run again after each change of its files.
mod watch;
