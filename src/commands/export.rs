//! `simcap export`: the traffic of a scenario as a load test. In: a scenario. Out: a script, or a table, in a folder.

use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use anyhow::Context;
use simcap::export::{self, Sent};
use simcap::files;
use simcap::number::{amount, count, counted};
use simcap::scenario;
use simcap::text::visible;

use crate::cli::{Export, Target, Voice};
use crate::exit::Exit;

pub fn export(args: &Export, voice: Voice) -> anyhow::Result<Exit> {
    anyhow::ensure!(
        !args.arrivals || args.to == Target::Csv,
        "exact instants are a table: write --to csv beside --arrivals"
    );
    let whole = scenario::load(&args.scenario, &args.set)?;
    let scaled = whole.with_traffic(args.scale);
    let scenario = scaled.until(args.duration.unwrap_or(scaled.duration));
    let period = args.period.unwrap_or(scenario.bucket).min(scenario.duration);
    let sent = Sent::of(&scenario, period);
    let only_users = sent.streams.is_empty();
    anyhow::ensure!(!only_users || !sent.populations.is_empty(), "in this time nothing is sent");
    anyhow::ensure!(
        !only_users || args.to != Target::Csv,
        "all of this traffic is from users: how many requests they send depends on the answers, so there is no table of them"
    );
    let folder = args.out.clone().unwrap_or_else(|| Path::new("out").join(&scenario.slug).join("export"));
    files::make_folder(&folder).with_context(|| format!("cannot make the folder `{}`", folder.display()))?;
    let write = |name: &str, bytes: &[u8]| write(&folder, name, |file| file.write_all(bytes));
    let (path, what) = match args.to {
        Target::K6 => (write("k6.js", export::k6(&sent, &args.base_url).as_bytes())?, described(&sent)),
        Target::Locust => {
            (write("locustfile.py", export::locust(&sent, &args.base_url).as_bytes())?, described(&sent))
        }
        Target::Csv if args.arrivals => {
            let seed = super::seed::seed(args.seed, &scenario);
            let mut arrivals = 0;
            let path = self::write(&folder, "arrivals.csv", |file| {
                arrivals = export::instants(&scenario, seed, file)?;
                Ok(())
            })?;
            (path, format!("{} of seed {seed}", counted(arrivals, "arrival")))
        }
        Target::Csv => (write("rates.csv", &export::counts(&sent, period))?, described(&sent)),
    };
    if !voice.quiet {
        for note in &sent.notes {
            eprintln!("note: {}", visible(note));
        }
        if args.to == Target::Csv && !sent.populations.is_empty() {
            eprintln!("note: users are not in it: how many requests they send depends on the answers.");
        }
        super::say::say(&format!("{}: {what}\n", path.display()))?;
    }
    Ok(Exit::Fine)
}

/// How much is sent.
fn described(sent: &Sent<'_>) -> String {
    let users: u32 = sent.populations.iter().map(|population| population.users.most()).sum();
    let open = format!("about {} requests in {}", amount(sent.expected()), sent.scenario.duration);
    match (sent.streams.is_empty(), users) {
        (false, 0) => open,
        (false, users) => format!("{open}, and up to {} users", count(u64::from(users))),
        (true, users) => format!("up to {} users for {}", count(u64::from(users)), sent.scenario.duration),
    }
}

/// Writes a file that is there when it is whole.
fn write(
    folder: &Path,
    name: &str,
    content: impl FnOnce(&mut dyn Write) -> std::io::Result<()>,
) -> anyhow::Result<PathBuf> {
    let path = folder.join(name);
    let written = || -> std::io::Result<()> {
        let mut file = files::neighbour(folder)?;
        let mut buffer = BufWriter::new(&mut file);
        content(&mut buffer)?;
        buffer.flush()?;
        drop(buffer);
        file.persist(&path)?;
        Ok(())
    };
    written().with_context(|| format!("cannot write `{}`", path.display()))?;
    Ok(path)
}
