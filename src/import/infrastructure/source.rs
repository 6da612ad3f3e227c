//! Files of any format that is read. In: paths of files and folders. Out: all resources, what the files are, and what was passed over.

use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use flate2::read::MultiGzDecoder;
use serde_json::Value;

use super::error::Error;
use super::resource::Resource;
use super::stacks::Stacks;
use super::{cloudformation, each, terraform, yaml};
use crate::files;

/// A file of more is none that a tool wrote for people.
const LARGEST: u64 = 512 << 20;
/// Levels of folders that are looked through.
const DEEPEST: usize = 6;

/// What the files say.
#[derive(Debug, Default)]
pub struct Sources {
    /// All resources.
    pub resources: Vec<Resource>,
    /// Each file that was read: its name and its format.
    pub read: Vec<(String, &'static str)>,
    /// Files of a folder that are none of these formats.
    pub passed: usize,
    /// Parameters of templates that have no value.
    pub open: Vec<String>,
    /// The Region, if a file says it.
    pub region: Option<String>,
    templates: Vec<(String, Value)>,
}

/// Reads all files; of a folder those that are of a known format.
pub fn read(paths: &[PathBuf]) -> Result<Sources, Box<Error>> {
    let mut sources = Sources::default();
    for path in paths {
        let mut files = Vec::new();
        if path.is_dir() {
            walk(path, 0, &mut files);
        } else {
            files.push(path.clone());
        }
        for file in files {
            let name = file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            let added = parse(&file).and_then(|value| {
                sources.add(&name, value).map_err(|()| Box::new(Error::Unknown { path: file.clone() }))
            });
            match added {
                Ok(()) => {}
                // A folder has other files as well.
                Err(_) if path.is_dir() => sources.passed += 1,
                Err(error) => return Err(error),
            }
        }
    }
    if sources.read.is_empty() {
        return Err(Box::new(Error::Nothing { path: paths.first().cloned().unwrap_or_default() }));
    }
    sources.finish();
    if sources.resources.is_empty() {
        return Err(Box::new(Error::Empty { path: paths.first().cloned().unwrap_or_default() }));
    }
    Ok(sources)
}

impl Sources {
    /// Adds a file, if it is of a known format.
    pub fn add(&mut self, name: &str, value: Value) -> Result<(), ()> {
        if terraform::is(&value) {
            self.read.push((name.to_owned(), terraform::format(&value)));
            self.region = self.region.take().or_else(|| region(&value));
            self.resources.extend(terraform::read(&value));
        } else if cloudformation::is(&value) {
            self.read.push((name.to_owned(), cloudformation::format(&value)));
            self.templates.push((name.to_owned(), each::expanded(value)));
        } else {
            return Err(());
        }
        Ok(())
    }

    /// Works templates out, once all are there: they refer to one another.
    pub fn finish(&mut self) {
        let templates = std::mem::take(&mut self.templates);
        self.work_out(&templates);
        self.open.sort();
        self.open.dedup();
        let from_arns = || self.resources.iter().find_map(|resource| region_of_arn(&resource.values));
        let found = self.region.clone().or_else(from_arns);
        self.region = found;
    }

    fn work_out(&mut self, templates: &[(String, Value)]) {
        let region = self.region.clone().unwrap_or_else(|| "us-east-1".into());
        let stacks = Stacks::new(templates, &region);
        let roots = stacks.roots();
        let stack = |name: &str| match roots.len() {
            1 => String::new(),
            _ => name.split('.').next().unwrap_or_default().to_owned(),
        };
        for (name, template) in &roots {
            let mut exports = cloudformation::exports(template, &stack(name), &stacks);
            stacks.exports.borrow_mut().append(&mut exports);
        }
        for (name, template) in &roots {
            let (resources, mut open) = cloudformation::read(template, &stack(name), &stacks);
            self.resources.extend(resources);
            self.open.append(&mut open);
        }
    }
}

fn walk(folder: &Path, depth: usize, found: &mut Vec<PathBuf>) {
    const NAMES: [&str; 5] = ["json", "yaml", "yml", "template", "tfstate"];
    let Ok(entries) = files::entries(folder) else { return };
    let mut paths: Vec<PathBuf> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    paths.sort();
    for path in paths {
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        if path.is_dir() && !path.is_symlink() {
            if depth < DEEPEST && !name.starts_with('.') && name != "node_modules" {
                walk(&path, depth + 1, found);
            }
        } else if plain_name(&path).extension().is_some_and(|end| NAMES.iter().any(|name| end == *name)) {
            found.push(path);
        }
    }
}

fn parse(path: &Path) -> Result<Value, Box<Error>> {
    let unreadable = |source| Box::new(Error::Read { path: path.to_owned(), source });
    let large = || Box::new(Error::Parse { path: path.to_owned(), why: "it is larger than 512 MiB".into() });
    if files::check(path).and_then(|()| fs::metadata(path)).map_err(unreadable)?.len() > LARGEST {
        return Err(large());
    }
    let mut bytes = Vec::new();
    unpacked(path).and_then(|file| file.take(LARGEST + 1).read_to_end(&mut bytes)).map_err(unreadable)?;
    if bytes.len() as u64 > LARGEST {
        return Err(large());
    }
    let text = decoded(&bytes);
    let text = text.trim_start_matches('\u{FEFF}');
    if plain_name(path).extension().is_some_and(|end| end == "tf" || end == "hcl") {
        return Err(Box::new(Error::Source { path: path.to_owned() }));
    }
    value(text).map_err(|why| Box::new(Error::Parse { path: path.to_owned(), why }))
}

/// The content of a file, which may be packed by gzip.
pub fn unpacked(path: &Path) -> io::Result<Box<dyn Read>> {
    let mut start = Vec::new();
    files::open(path)?.take(2).read_to_end(&mut start)?;
    let file = files::open(path)?;
    Ok(if start == [0x1F, 0x8B] { Box::new(MultiGzDecoder::new(file)) } else { Box::new(file) })
}

/// How a file is called without the ending of gzip.
pub fn plain_name(path: &Path) -> &Path {
    let packed = path.extension().is_some_and(|end| end.eq_ignore_ascii_case("gz"));
    path.file_stem().filter(|_| packed).map_or(path, Path::new)
}

/// UTF-8, or UTF-16 as PowerShell writes it where a command's output goes into a file.
fn decoded(bytes: &[u8]) -> String {
    let unit: fn(&[u8]) -> u16 = match bytes {
        [0xFF, 0xFE, ..] => |pair| u16::from_le_bytes([pair[0], pair[1]]),
        [0xFE, 0xFF, ..] => |pair| u16::from_be_bytes([pair[0], pair[1]]),
        _ => return String::from_utf8_lossy(bytes).into_owned(),
    };
    let units: Vec<u16> = bytes[2..].chunks_exact(2).map(unit).collect();
    String::from_utf16_lossy(&units)
}

/// The value of a text, which is JSON or YAML.
pub fn value(text: &str) -> Result<Value, String> {
    match text.trim_start().starts_with('{') {
        // The private-use characters of marks must only come from here.
        true => serde_json::from_str(&cleared(text)).map_err(|error| error.to_string()),
        false => yaml::parse(&cleared(text)),
    }
}

fn cleared(text: &str) -> String {
    text.replace(['\u{E000}', '\u{E001}'], "")
}

/// The Region of a plan, from the configuration of its provider.
fn region(plan: &Value) -> Option<String> {
    let provider = plan.pointer("/configuration/provider_config/aws/expressions/region")?;
    let constant = provider.get("constant_value").and_then(Value::as_str);
    let variable = || {
        let reference = provider.get("references")?.get(0)?.as_str()?.strip_prefix("var.")?;
        plan.get("variables")?.get(reference)?.get("value")?.as_str()
    };
    constant.or_else(variable).map(str::to_owned)
}

/// The Region of the first ARN among the properties of a resource.
fn region_of_arn(values: &Value) -> Option<String> {
    let arn = values.get("arn").and_then(Value::as_str)?;
    let region = arn.split(':').nth(3).filter(|region| region.len() > 5)?;
    let fits = region.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
    fits.then(|| region.to_owned())
}
