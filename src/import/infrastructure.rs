//! Infrastructure as code: plans and states of Terraform, templates of CloudFormation, CDK and SAM. In: such files, or folders of
//! them. Out: a scenario with everything that was found in them, and a summary.
//!
//! What a request does cannot be seen in infrastructure. So a way is proposed, by references, policies and security groups, and all
//! demands on it are placeholders, marked `ASSUMED`. Values that could be secret are read for references and never written.

mod address;
mod alarm;
mod balancer;
mod cache;
mod classic;
mod clean;
mod cloudformation;
mod configuration;
mod cron;
mod database;
mod draft;
mod each;
mod edge;
mod error;
mod front;
mod function;
mod group;
mod hardware;
mod intrinsic;
mod kinds;
mod listener;
mod machine;
mod mark;
mod message;
mod metric;
mod names;
mod page;
mod path;
mod proxy;
mod resource;
mod rules;
mod scaling;
mod schedule;
mod source;
mod stacks;
mod steps;
mod storage;
mod summary;
mod table;
mod targets;
mod tasks;
mod terraform;
mod tier;
mod words;
mod world;
mod yaml;

use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use crate::files::{self, neighbour};

pub use error::Error;

use draft::Draft;
use source::Sources;
use world::World;

/// What was made of the files.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Imported {
    /// The scenario, as TOML with remarks.
    pub scenario: String,
    /// What became what, and what was left out: lines for a terminal of 80 columns.
    pub summary: String,
}

/// Reads plans, states, templates, and folders of them, and makes one scenario called `name`.
pub fn read(files: &[PathBuf], name: &str) -> Result<Imported, Box<Error>> {
    Ok(make(source::read(files)?, name))
}

/// Makes a scenario of the text of one plan, state or template.
pub fn read_text(text: &str, name: &str) -> Result<Imported, Box<Error>> {
    let path = PathBuf::from(name);
    let value = source::value(text).map_err(|why| Box::new(Error::Parse { path: path.clone(), why }))?;
    let mut sources = Sources::default();
    sources.add(name, value).map_err(|_| Box::new(Error::Unknown { path }))?;
    sources.finish();
    Ok(make(sources, name))
}

/// Whether a file looks like one that [`read`] takes: by its ending, and by its first value for JSON.
pub fn is_known(path: &Path, start: &str) -> bool {
    let end = source::plain_name(path)
        .extension()
        .map(|end| end.to_string_lossy().to_lowercase())
        .unwrap_or_default();
    let says = |words: &[&str]| words.iter().any(|word| start.contains(word));
    match end.as_str() {
        "tfstate" | "template" | "tf" => true,
        "json" => says(&[
            "\"format_version\"",
            "\"terraform_version\"",
            "\"Resources\"",
            "AWSTemplateFormatVersion",
        ]),
        "yaml" | "yml" => says(&["AWSTemplateFormatVersion", "Resources:", "Transform: AWS::Serverless"]),
        _ => false,
    }
}

/// Whether any of these paths is a file that [`read`] takes, or a folder with one.
pub fn are_known(paths: &[PathBuf]) -> bool {
    let is_file = |path: &Path| is_known(path, &start_of(path).unwrap_or_default());
    let is_folder = |path: &Path| {
        let entries = files::entries(path).into_iter().flatten().flatten().map(|it| it.path());
        entries.filter(|it| it.is_file()).any(|it| is_file(&it))
    };
    paths.iter().any(|path| if path.is_dir() { is_folder(path) } else { path.is_file() && is_file(path) })
}

/// The first part of a file, as text.
fn start_of(path: &Path) -> std::io::Result<String> {
    /// Bytes in which a file says what it is.
    const MOST: u64 = 64 << 10;
    let mut start = Vec::new();
    source::unpacked(path)?.take(MOST).read_to_end(&mut start)?;
    // Half of the letters of UTF-16 are zeros.
    start.retain(|byte| *byte != 0);
    Ok(String::from_utf8_lossy(&start).into_owned())
}

impl Imported {
    /// Writes the scenario into a folder, and says where: what people have changed stays, and the new one is beside it.
    ///
    /// # Errors
    /// The folder or the file cannot be written.
    pub fn write(&self, folder: &Path) -> Result<PathBuf, Box<Error>> {
        let path = folder.join("scenario.toml");
        let is_other = files::read_text(&path).is_ok_and(|text| text != self.scenario);
        let path = if is_other { folder.join("scenario.new.toml") } else { path };
        let failed = |source| Box::new(Error::Write { path: path.clone(), source });
        files::make_folder(folder).map_err(failed)?;
        let mut file = neighbour(folder).map_err(failed)?;
        file.write_all(self.scenario.as_bytes()).map_err(failed)?;
        file.persist(&path).map_err(|error| failed(error.error))?;
        Ok(path)
    }
}

fn make(mut sources: Sources, name: &str) -> Imported {
    let world = World::new(std::mem::take(&mut sources.resources));
    let mut draft = Draft::new(&world);
    group::read(&mut draft);
    machine::read(&mut draft);
    tasks::read(&mut draft);
    function::read(&mut draft);
    database::read(&mut draft);
    cache::read(&mut draft);
    storage::read(&mut draft);
    message::read(&mut draft);
    function::events(&mut draft);
    balancer::read(&mut draft);
    classic::read(&mut draft);
    front::read(&mut draft);
    edge::read(&mut draft);
    scaling::read(&mut draft);
    schedule::read(&mut draft);
    let classes = path::propose(&mut draft);
    let scenario = page::write(&mut draft, &sources, &classes, name);
    let summary = summary::write(&draft, &sources, &classes);
    Imported { scenario, summary }
}
