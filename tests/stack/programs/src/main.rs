//! The programs of tests/stack: `worker` answers requests with known work, `load` sends them, `judge` puts a prediction beside a
//! measurement, `laws` prints the known work.
//! In: a subcommand with its options. Out: what the subcommand writes.

mod arrivals;
mod figures;
mod http;
mod judge;
mod laws;
mod load;
mod options;
mod order;
mod worker;

use options::Options;

fn main() -> anyhow::Result<()> {
    let mut options = Options::read()?;
    match options.command.as_str() {
        "worker" => worker::run(&mut options),
        "load" => load::run(&mut options),
        "judge" => judge::run(&mut options),
        "laws" => {
            print!("{}", laws::described());
            Ok(())
        }
        other => anyhow::bail!("no such command: {other}; there are worker, load, judge and laws"),
    }
}
