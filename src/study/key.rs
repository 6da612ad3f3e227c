//! The address of a run by its content. In: a scenario with all its values, and a seed. Out: a [`Key`].
//!
//! Two scenarios are the same if they simulate the same, however their files are written. So what counts is what was read, with every
//! default filled in, and not the bytes of the file; the title does not count. Sources of simcap that differ may simulate something
//! else, even under one version.

use std::fmt::{self, Write};

use sha2::{Digest, Sha256};

use crate::scenario::Scenario;

/// The sources of this simcap: its version, and a number of its files.
pub const SOURCES: &str = concat!(env!("CARGO_PKG_VERSION"), "+", env!("SIMCAP_SOURCE"));

/// The address of something by its content: 64 hexadecimal digits.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub struct Key(String);

impl Key {
    /// The key of all runs of a scenario.
    pub fn of_scenario(scenario: &Scenario) -> Key {
        let (name, slug, plan) = Default::default();
        let known = Scenario { name, slug, seed: 0, runs: 0, plan, ..scenario.clone() };
        Key::of(&[SOURCES, &Content(&known).to_string()])
    }

    /// The key of one run of a scenario.
    pub fn of_run(scenario: &Key, seed: u64) -> Key {
        Key::of(&[&scenario.0, &seed.to_string()])
    }

    /// The key of a list of texts.
    pub fn of(parts: &[&str]) -> Key {
        let mut hash = Sha256::new();
        for part in parts {
            hash.update((part.len() as u64).to_le_bytes());
            hash.update(part);
        }
        let mut text = String::new();
        for byte in hash.finalize() {
            // A string takes whatever is written.
            let _ = write!(text, "{byte:02x}");
        }
        Key(text)
    }

    /// All of its digits.
    pub fn text(&self) -> &str {
        &self.0
    }

    /// Its first twelve digits, for names that people read.
    pub fn short(&self) -> &str {
        self.0.get(..12).unwrap_or(&self.0)
    }

    /// Whether it is one: 64 hexadecimal digits and nothing that could lead to another folder.
    pub fn is_sound(&self) -> bool {
        self.0.len() == 64 && self.0.bytes().all(|byte| byte.is_ascii_hexdigit())
    }
}

/// Everything that was read of a scenario.
struct Content<'a>(&'a Scenario);

impl fmt::Display for Content<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.0, f)
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::scenario;

    fn key(text: &str, set: &[&str]) -> Key {
        let set: Vec<String> = set.iter().map(|it| (*it).to_owned()).collect();
        Key::of_scenario(&scenario::parse("a.toml", text.as_bytes(), Path::new(""), &set).unwrap())
    }

    const CALLS: &str =
        "duration = \"1m\"\ntraffic.all.rate = \"20/s\"\nrequest.r.steps = [{ delay = \"10ms\" }]\n";

    #[test]
    fn what_is_the_same_scenario_has_one_key_however_it_is_written() {
        let plain = key(CALLS, &[]);
        assert!(plain.is_sound() && plain == key(CALLS, &[]));
        assert_eq!(key(&format!("# a remark\nname = \"Another title\"\nseed = 7\n{CALLS}"), &[]), plain);
        assert_eq!(key(CALLS, &["duration=60s"]), plain, "the value of the file");
        assert_eq!(key(CALLS, &["warmup=0s"]), plain, "a default");
        assert_eq!(key(CALLS, &["plan.headroom=1.2"]), plain, "what a run knows nothing of");
        assert_ne!(key(CALLS, &["duration=61s"]), plain);
        assert_ne!(key(CALLS, &["traffic.all.rate=\"20.001/s\""]), plain);
    }

    /// What was counted is part of the scenario: another file under the same name is another one.
    #[test]
    fn another_file_of_counts_is_another_scenario() {
        let folder = tempfile::tempdir().unwrap();
        let key = |counts: &str| {
            std::fs::write(folder.path().join("c.csv"), counts).unwrap();
            let rate = "traffic.all.rate = { file = 'c.csv', column = 'n', time = 't' }";
            let text = CALLS.replace("traffic.all.rate = \"20/s\"", rate);
            Key::of_scenario(&scenario::parse("a.toml", text.as_bytes(), folder.path(), &[]).unwrap())
        };
        let counts = "t,n\n0,60\n60,90\n";
        assert_eq!(key(counts), key("n,t\r\n90,60\r\n60,0\r\n"), "by what it says");
        assert_ne!(key(counts), key("t,n\n0,60\n60,91\n"));
    }

    #[test]
    fn a_run_has_a_key_by_its_seed() {
        let scenario = key(CALLS, &[]);
        assert_eq!(Key::of_run(&scenario, 1), Key::of_run(&scenario, 1));
        assert_ne!(Key::of_run(&scenario, 1), Key::of_run(&scenario, 2));
        assert_ne!(Key::of(&["ab", "c"]), Key::of(&["a", "bc"]), "the same letters");
        assert!(!Key("../../etc".into()).is_sound());
    }
}
