//! An own source of traffic: fifty devices report once a second. Does it matter when?
//!
//! The file says how many reports are expected and what happens to each. When they come is said here, by an iterator of arrivals for each
//! run: all at the full second, each at a random instant, or each a little after the one before.
//!
//! ```text
//! cargo run --release --example own_source
//! ```

use std::time::Duration;

use simcap::own::{Arrival, Run};
use simcap::{Error, Scenario, Simulation};

/// How many devices there are.
pub const DEVICES: u32 = 50;
/// What the store does for a report.
pub const WORK: Duration = Duration::from_millis(16);

const FILE: &str = r#"
duration = "10m"
runs = 8
traffic.devices.rate = "50/s"
request.report.steps = [{ service = "store" }]
service.store = { servers = 1, time = "16ms" }
"#;

/// All devices report at the full second.
pub fn together(run: &Run) -> impl Iterator<Item = Arrival> + use<> {
    let seconds = (0..run.length().as_secs()).map(Duration::from_secs);
    seconds.flat_map(|second| std::iter::repeat_n(Arrival::at(second), DEVICES as usize))
}

/// Each report comes whenever it likes: a Poisson process. It has no end, as nothing is asked for after the end of the run.
pub fn at_random(run: &Run) -> impl Iterator<Item = Arrival> + use<> {
    let (mut random, mut now) = (run.random(), Duration::ZERO);
    std::iter::repeat_with(move || {
        now += random.exponential(Duration::from_secs(1) / DEVICES);
        Arrival::at(now)
    })
}

/// One device after the other, at equal distances.
pub fn in_turn(_: &Run) -> impl Iterator<Item = Arrival> + use<> {
    let gap = Duration::from_secs(1) / DEVICES;
    (0..).map(move |report: u32| Arrival::at(gap * report))
}

/// The scenario with reports that come in some way.
pub fn reporting<I>(when: fn(&Run) -> I) -> Result<Scenario, Error>
where
    I: Iterator<Item = Arrival> + Send + 'static,
{
    simcap::parse(FILE, &[])?.with_arrivals("devices", when)
}

/// How long a report waits for the store, on the mean.
pub fn mean_wait_ms(scenario: &Scenario) -> Result<f64, Error> {
    Ok(Simulation::of(scenario).run()?.services[0].mean_wait_ms)
}

/// Prints how long a report waits in each case.
pub fn main() -> Result<(), Error> {
    println!("A report waits for the store, on the mean:");
    println!("  {:6.1} ms if all come at the full second", mean_wait_ms(&reporting(together)?)?);
    println!("  {:6.1} ms if each comes when it likes", mean_wait_ms(&reporting(at_random)?)?);
    println!("  {:6.1} ms if they come in turn", mean_wait_ms(&reporting(in_turn)?)?);
    Ok(())
}
