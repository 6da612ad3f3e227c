//! The scenario of an import. In: classes with their counts and laws, rows, a summary. Out: `scenario.toml` with comments.

use std::fmt::Write;

use super::measured::Rows;
use super::summary::{Summary, broken};
use crate::number::count;
use crate::units::Time;

/// A class as the scenario has it.
#[derive(Clone, Debug)]
pub(super) struct Source {
    pub name: String,
    pub requests: u64,
    /// How its time is written: a law.
    pub law: String,
    /// What is said of its time and its errors.
    pub notes: Vec<String>,
}

/// The first line: by it an import knows what it may write again.
pub(super) const MARK: &str =
    "# Made by `simcap import`, which writes this file again each time: change a copy, or";

/// The text of the file.
pub(super) fn text(sources: &[Source], rows: &Rows, starts: Option<String>, summary: &Summary) -> String {
    let mut text = format!("{MARK}\n# one that begins with `extends = \"scenario.toml\"`.\n#\n");
    for line in summary.lines() {
        let _ = writeln!(text, "# {line}");
    }
    text.push_str("#\n");
    let about = [
        "It replays the requests of each class as they came, period by period (rates.csv), and each takes the time that was measured. A `delay` has no \
         capacity: more traffic would not make it slower. Say what it runs on (a fleet, a balancer, a database) and put steps in place of the delay; \
         `simcap reference` has all keys. What was measured is in measured.csv.",
    ];
    about.iter().flat_map(|line| broken(line)).for_each(|line| {
        let _ = writeln!(text, "# {}", line.trim_start());
    });
    let duration = Time((rows.count * rows.period).unsigned_abs());
    let period = Time(rows.period.unsigned_abs());
    let _ = write!(text, "\nname = \"Imported traffic\"\nduration = \"{duration}\"\n");
    if let Some(starts) = starts {
        let _ = writeln!(text, "starts = \"{starts}\"");
    }
    for source in sources {
        let name = key(&source.name);
        let _ = write!(text, "\n# {}: {} requests\n", source.name, count(source.requests));
        source.notes.iter().flat_map(|note| broken(note)).for_each(|line| {
            let _ = writeln!(text, "# {line}");
        });
        let column = toml::Value::String(source.name.clone());
        let _ = write!(
            text,
            "[traffic.{name}]\nrate = {{ file = \"rates.csv\", column = {column}, time = \"at_s\", per = \"{period}\" }}\nrequests = {column}\n\n\
             [request.{name}]\nsteps = [{{ delay = \"{}\" }}]\n",
            source.law
        );
    }
    text
}

/// A name as a key, quoted if it must be.
fn key(name: &str) -> String {
    let is_bare = !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_');
    if is_bare { name.to_owned() } else { toml::Value::String(name.to_owned()).to_string() }
}
