//! Resources: scenarios and results of the folder, and the reference, by their addresses. In: an address. Out: text, or why there is none;
//! the list of all.

use std::path::{Path, PathBuf};

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use rmcp::model::{Resource, ResourceTemplate};
use serde_json::{Value, json};
use simcap::files;
use simcap::scenario;

use super::cut::{cut, short};
use super::done::json_of;
use super::found::{Found, is_result};
use super::looked_up::looked_up;
use super::place::Place;

const SCENARIO: &str = "simcap://scenario/";
const OUTCOME: &str = "simcap://outcome/";
const REFERENCE: &str = "simcap://reference";

const JSON: &str = "application/json";
const TOML: &str = "application/toml";
const MARKDOWN: &str = "text/markdown";

/// What a path keeps as it is in an address.
const KEPT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'/').remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// A resource that was read.
pub struct Read {
    pub text: String,
    pub kind: &'static str,
}

/// The address of a result.
pub fn of_result(path: &Path) -> String {
    address(OUTCOME, &path.display().to_string())
}

fn address(kind: &str, path: &str) -> String {
    format!("{kind}{}", utf8_percent_encode(path, KEPT))
}

/// All resources that were found.
pub fn listed(found: &Found) -> Vec<Resource> {
    let reference = Resource::new(REFERENCE, "reference")
        .with_description(
            "Every key of the scenario language, 300 KB: the tool `reference` looks one word up",
        )
        .with_mime_type(MARKDOWN);
    let scenarios = found.scenarios.iter().map(|it| {
        let about = it.name.as_deref().unwrap_or("a scenario");
        Resource::new(address(SCENARIO, &it.file), it.file.clone())
            .with_description(about)
            .with_mime_type(TOML)
    });
    let results = found.results.iter().map(|file| {
        Resource::new(address(OUTCOME, file), file.clone())
            .with_description("What runs have found")
            .with_mime_type(JSON)
    });
    [reference].into_iter().chain(scenarios).chain(results).collect()
}

/// The forms of all addresses.
pub fn templates() -> Vec<ResourceTemplate> {
    let outcome = ResourceTemplate::new("simcap://outcome/{+path}", "outcome")
        .with_description(
            "What runs have found; a part of it with a JSON pointer behind #, such as #/headroom",
        )
        .with_mime_type(JSON);
    let scenario = ResourceTemplate::new("simcap://scenario/{+path}", "scenario")
        .with_description("The text of a scenario")
        .with_mime_type(TOML);
    let reference = ResourceTemplate::new("simcap://reference/{word}", "reference")
        .with_description("What the scenario language says of a word")
        .with_mime_type(MARKDOWN);
    vec![outcome, scenario, reference]
}

/// Reads a resource, at most so many bytes of it.
pub fn read(place: &Place, address: &str, most: usize) -> Result<Read, String> {
    let unknown = || format!("no resource is called `{}`", short(address, 200));
    let decoded =
        |text: &str| percent_decode_str(text).decode_utf8().map(|it| it.into_owned()).map_err(|_| unknown());
    if let Some(rest) = address.strip_prefix(OUTCOME) {
        let (path, part) = rest.split_once('#').unwrap_or((rest, ""));
        let path = place.path(&decoded(path)?)?;
        let value = part_of(place, &path, &decoded(part)?, 0)?;
        let text = to_text(value, most);
        return Ok(Read { text, kind: JSON });
    }
    if let Some(rest) = address.strip_prefix(SCENARIO) {
        let path = place.path(&decoded(rest)?)?;
        return Ok(Read { text: text_of(place, &path, most)?, kind: TOML });
    }
    let text = match address.strip_prefix(REFERENCE) {
        Some("") => scenario::reference().to_string(),
        Some(rest) if rest.starts_with('/') => looked_up(Some(&decoded(&rest[1..])?))?,
        _ => return Err(unknown()),
    };
    Ok(Read { text: short(&text, most), kind: MARKDOWN })
}

/// JSON that fits, with what is missing if it does not.
fn to_text(value: Value, most: usize) -> String {
    let whole = value.to_string();
    if whole.len() <= most {
        return whole;
    }
    let mut value = value;
    let left_out = cut(&mut value, most * 3 / 4).lines();
    let mut all = json!({ "result": value, "left_out": left_out });
    cut(&mut all, most);
    all.to_string()
}

/// A part of a result by its JSON pointer; of a list, what begins at an element.
pub fn part_of(place: &Place, path: &Path, pointer: &str, from: usize) -> Result<Value, String> {
    if !is_result(path) {
        return Err(format!("`{}` is no result of runs: `files` lists them", path.display()));
    }
    part_at(&json_of(place, path)?, pointer, from)
}

/// A part of a document by its JSON pointer; of a list, what begins at an element.
pub fn part_at(whole: &Value, pointer: &str, from: usize) -> Result<Value, String> {
    let pointer = if pointer.is_empty() || pointer.starts_with('/') {
        pointer.to_owned()
    } else {
        format!("/{pointer}")
    };
    let mut part = match whole.pointer(&pointer) {
        Some(part) => part.clone(),
        None => return Err(missing(whole, &pointer)),
    };
    if let Value::Array(items) = &mut part {
        items.drain(..from.min(items.len()));
    }
    Ok(part)
}

/// Says what is there instead, in the last part that exists.
fn missing(whole: &Value, pointer: &str) -> String {
    let mut above = pointer;
    while let Some((rest, _)) = above.rsplit_once('/') {
        above = rest;
        let Some(value) = whole.pointer(above) else { continue };
        let has = match value {
            Value::Object(map) => short(&map.keys().cloned().collect::<Vec<_>>().join(", "), 600),
            Value::Array(items) => format!("a list of {} elements", items.len()),
            _ => "a single value".into(),
        };
        return format!("there is no `{}`: at `{above}/` there is {has}", short(pointer, 200));
    }
    format!("there is no `{}`", short(pointer, 200))
}

/// The text of a scenario.
fn text_of(place: &Place, path: &PathBuf, most: usize) -> Result<String, String> {
    if path.extension().is_none_or(|it| it != "toml") {
        return Err(format!("`{}` is no scenario: its name ends in .toml", path.display()));
    }
    let failed = |error: std::io::Error| format!("cannot read `{}`: {error}", path.display());
    let file = place.root().join(path);
    let is_large = files::open(&file).and_then(|it| it.metadata()).map_err(failed)?.len() > 4 << 20;
    if is_large {
        return Err(format!("`{}` is too large to be a scenario", path.display()));
    }
    files::read_text(&file).map(|text| short(&text, most)).map_err(failed)
}
