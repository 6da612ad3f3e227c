//! An own kind of service: a licence server. How many licences do builds need, if one in a hundred may be turned away?
//!
//! No table of a file says how this server works: a licence that was given back is locked for a while before it is given out again, and who
//! finds none is turned away at once. The file says what is expected of it, and the rest of the architecture; the server itself is here.
//!
//! ```text
//! cargo run --release --example own_service
//! ```

use std::collections::VecDeque;
use std::time::Duration;

use simcap::own::{Call, Desk, Run, Station};
use simcap::{Error, Scenario, Simulation};

/// For how long a licence is locked after its use.
pub const LOCKED: Duration = Duration::from_secs(20);

const FILE: &str = r#"
duration = "8h"
runs = 4
traffic.builds.rate = "0.2/s"
request.build.steps = [{ service = "licences" }]
service.licences = { servers = 18, time = "exponential 30s" }
"#;

/// A server that gives out licences.
#[derive(Debug)]
pub struct Licences {
    free: u32,
    /// When each of those that were given back may be given out again, in order.
    locked: VecDeque<Duration>,
}

impl Licences {
    /// A server that has so many.
    pub fn new(count: u32) -> Licences {
        Licences { free: count, locked: VecDeque::new() }
    }
}

impl Station for Licences {
    fn asked(&mut self, build: Call, desk: &mut Desk<'_>) {
        while self.locked.front().is_some_and(|until| *until <= desk.now()) {
            self.locked.pop_front();
            self.free += 1;
        }
        match self.free {
            0 => desk.refuse(build),
            _ => {
                self.free -= 1;
                // As long as the file draws for this build.
                desk.serve(build, build.time());
            }
        }
    }

    fn done(&mut self, _: Call, desk: &mut Desk<'_>) {
        self.locked.push_back(desk.now() + LOCKED);
    }

    fn gone(&mut self, build: Call, desk: &mut Desk<'_>) {
        self.done(build, desk);
    }
}

/// The scenario with so many licences.
pub fn with_licences(count: u32) -> Result<Scenario, Error> {
    let scenario = simcap::parse(FILE, &[&format!("service.licences.servers={count}")])?;
    scenario.with_service("licences", move |_: &Run| Licences::new(count))
}

/// The share of builds that find no licence.
pub fn refused(simulation: Simulation<'_>) -> Result<f64, Error> {
    let outcome = simulation.run()?;
    let licences = &outcome.services[0];
    Ok(licences.rejected / licences.arrived)
}

/// Prints how many licences it takes.
pub fn main() -> Result<(), Error> {
    println!("Builds that are turned away:");
    for count in 14..=20 {
        println!(
            "  {:5.2} % with {count} licences",
            100.0 * refused(Simulation::of(&with_licences(count)?))?
        );
    }
    Ok(())
}
