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
mod page;
mod path;
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

use std::path::{Path, PathBuf};

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
    let end = path.extension().map(|end| end.to_string_lossy().to_lowercase()).unwrap_or_default();
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
