//! Infrastructure as code: plans and states of Terraform, templates of CloudFormation, CDK and SAM. In: such files, or folders of
//! them. Out: a scenario with everything that was found in them, and a summary.
//!
//! What a request does cannot be seen in infrastructure. So a way is proposed, by references, policies and security groups, and all
//! demands on it are placeholders, marked `ASSUMED`. Values that could be secret are read for references and never written.

mod balancer;
mod cache;
mod clean;
mod cloudformation;
mod configuration;
mod cron;
mod database;
mod draft;
mod edge;
mod front;
mod function;
mod group;
mod hardware;
mod intrinsic;
mod kinds;
mod machine;
mod mark;
mod message;
mod metric;
mod page;
mod path;
mod resource;
mod scaling;
mod source;
mod stacks;
mod storage;
mod summary;
mod table;
mod tasks;
mod terraform;
mod tier;
mod world;
mod yaml;

use std::io;
use std::path::{Path, PathBuf};

use draft::Draft;
use source::Sources;
use world::World;

/// Why nothing could be made of files.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A file cannot be read.
    #[error("cannot read {}: {source}", .path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
    /// A file is neither JSON nor YAML.
    #[error("{} is neither JSON nor YAML: {why}", .path.display())]
    Parse {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        why: String,
    },
    /// A file of Terraform's language.
    #[error("{} is source text: import what Terraform makes of it, `terraform show -json PLAN > plan.json`", .path.display())]
    Source {
        /// The file.
        path: PathBuf,
    },
    /// A file of no format that is known.
    #[error(
        "{} is no plan, no state and no template: a plan is written by `terraform show -json PLAN`, a template has `Resources`",
        .path.display()
    )]
    Unknown {
        /// The file.
        path: PathBuf,
    },
    /// A plan, a state or a template of nothing.
    #[error("{} has no resources: was everything destroyed, or is the state kept elsewhere?", .path.display())]
    Empty {
        /// The file.
        path: PathBuf,
    },
    /// A folder without a file of these formats.
    #[error("{} has no plan, no state and no template", .path.display())]
    Nothing {
        /// The folder.
        path: PathBuf,
    },
}

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
        "json" => says(&["\"format_version\"", "\"terraform_version\"", "\"Resources\"", "AWSTemplateFormatVersion"]),
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
    front::read(&mut draft);
    edge::read(&mut draft);
    scaling::read(&mut draft);
    let classes = path::propose(&mut draft);
    let scenario = page::write(&mut draft, &sources, &classes, name);
    let summary = summary::write(&draft, &sources, &classes);
    Imported { scenario, summary }
}
