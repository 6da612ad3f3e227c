//! What is in the folder of the server. In: a folder. Out: its scenarios and its results; hidden files and links are passed over.

use std::collections::VecDeque;
use std::path::{Path, PathBuf};

use serde::Serialize;
use simcap::files;
use simcap::report::{OUTCOME_FILE, PLANNED_FILE, SWEEP_FILE};

use super::place::Place;

/// How deep folders are looked at, how many entries, how many are listed of each, and how large a scenario is.
const DEPTH_MAX: usize = 6;
const ENTRIES_MAX: usize = 20_000;
const LISTED_MAX: usize = 200;
const TEXT_MAX: u64 = 4 << 20;
/// Folders of other programs, which are large.
const PASSED: [&str; 3] = ["node_modules", "target", "runs"];

/// Scenarios and results, by their paths.
#[derive(Debug, Default, Serialize)]
pub struct Found {
    pub scenarios: Vec<Scenario>,
    /// What `outcome` can read.
    pub results: Vec<String>,
    /// Whether there is more than is listed.
    pub more: bool,
}

/// A scenario that was found.
#[derive(Debug, Serialize)]
pub struct Scenario {
    pub file: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// What plans and sweeps of it need.
    pub has_objectives: bool,
    /// The tables of it that have a size: what there is to choose.
    pub fleets: Vec<String>,
}

/// Looks at all files below a folder, the nearest first.
pub fn found(place: &Place, folder: &Path) -> std::io::Result<Found> {
    let mut found = Found::default();
    let mut folders = VecDeque::from([(folder.to_owned(), 0)]);
    let mut seen = 0;
    while let Some((folder, depth)) = folders.pop_front() {
        let mut entries: Vec<_> = match files::entries(&place.root().join(&folder)) {
            Ok(entries) => entries.flatten().take(ENTRIES_MAX).collect(),
            Err(error) if depth == 0 => return Err(error),
            Err(_) => continue,
        };
        entries.sort_by_key(std::fs::DirEntry::file_name);
        for entry in entries {
            seen += 1;
            if seen > ENTRIES_MAX {
                found.more = true;
                return Ok(found);
            }
            let Some(name) = entry.file_name().to_str().map(str::to_owned) else { continue };
            let path = if folder == Path::new(".") { PathBuf::from(&name) } else { folder.join(&name) };
            match entry.file_type() {
                _ if name.starts_with('.') => {}
                Ok(kind) if kind.is_dir() && depth < DEPTH_MAX && !PASSED.contains(&name.as_str()) => {
                    folders.push_back((path, depth + 1));
                }
                Ok(kind) if kind.is_file() => found.add(place, &path),
                _ => {}
            }
        }
    }
    Ok(found)
}

impl Found {
    fn add(&mut self, place: &Place, path: &Path) {
        let shown = path.display().to_string();
        if is_result(path) {
            match self.results.len() < LISTED_MAX {
                true => self.results.push(shown),
                false => self.more = true,
            }
        } else if path.extension().is_some_and(|it| it == "toml") {
            match scenario(place, path) {
                Some(_) if self.scenarios.len() >= LISTED_MAX => self.more = true,
                found => self.scenarios.extend(found),
            }
        }
    }
}

/// Whether it is a file in which a run leaves what it has found.
pub fn is_result(path: &Path) -> bool {
    let name = path.file_name().and_then(|it| it.to_str()).unwrap_or_default();
    let is_answer =
        ["compare-", "headroom-"].iter().any(|it| name.starts_with(it)) && name.ends_with(".json");
    is_answer || [OUTCOME_FILE, PLANNED_FILE, SWEEP_FILE].contains(&name)
}

/// What a file says of itself, if it is a scenario; other programs have TOML as well.
fn scenario(place: &Place, path: &Path) -> Option<Scenario> {
    let file = place.root().join(path);
    let is_small = file.metadata().is_ok_and(|it| it.len() <= TEXT_MAX);
    let table: toml::Table = files::read_text(&file).ok().filter(|_| is_small)?.parse().ok()?;
    let has = |key: &str| table.contains_key(key);
    if !has("extends") && !(has("duration") && (has("traffic") || has("users") || has("request"))) {
        return None;
    }
    let fleets = table.get("fleet").and_then(toml::Value::as_table);
    Some(Scenario {
        file: path.display().to_string(),
        name: table.get("name").and_then(|it| Some(it.as_str()?.to_owned())),
        has_objectives: has("objectives"),
        fleets: fleets.into_iter().flatten().map(|(name, _)| name.clone()).collect(),
    })
}
