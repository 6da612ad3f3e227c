//! Templates that are stacks of others. In: all templates of the files. Out: the template of a nested stack, and its outputs, worked
//! out with the parameters that the outer one gives.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use super::intrinsic::Scope;

/// The exports of templates, by which others refer to what is in them.
pub type Exports = BTreeMap<String, Value>;

const STACK: &str = "AWS::CloudFormation::Stack";

/// Templates by the names of their files, and outputs that are worked out already.
#[derive(Debug)]
pub struct Stacks<'a> {
    files: &'a [(String, Value)],
    outputs: RefCell<BTreeMap<(String, String), Value>>,
    given: RefCell<BTreeMap<String, Map<String, Value>>>,
    /// The Region that all of them are made in.
    pub region: &'a str,
    /// What templates export to others.
    pub exports: RefCell<Exports>,
}

impl<'a> Stacks<'a> {
    /// The templates of some files.
    pub fn new(files: &'a [(String, Value)], region: &'a str) -> Stacks<'a> {
        Stacks {
            files,
            outputs: RefCell::default(),
            given: RefCell::default(),
            region,
            exports: RefCell::default(),
        }
    }

    /// The templates that are nested in none of the others; all of them where each is nested.
    pub fn roots(&self) -> Vec<&'a (String, Value)> {
        let mut nested = BTreeSet::new();
        for (name, template) in self.files {
            let resources = template.get("Resources").and_then(Value::as_object);
            for resource in resources.into_iter().flatten().map(|(_, resource)| resource) {
                nested.extend(self.find(resource).map(|(name, _)| name).filter(|inner| *inner != name));
            }
        }
        let roots: Vec<_> = self.files.iter().filter(|(name, _)| !nested.contains(name)).collect();
        if roots.is_empty() { self.files.iter().collect() } else { roots }
    }

    /// The template of a stack, if it is among the files: by the last part of its address, or by its asset.
    pub fn find(&self, resource: &Value) -> Option<&'a (String, Value)> {
        if resource.get("Type").and_then(Value::as_str) != Some(STACK) {
            return None;
        }
        let asset = resource.pointer("/Metadata/aws:asset:path").and_then(Value::as_str);
        let mut texts = Vec::new();
        if let Some(url) = resource.pointer("/Properties/TemplateURL") {
            super::mark::texts(url, &mut |text| texts.push(text));
        }
        let last = |text: &str| text.rsplit('/').next().unwrap_or_default().trim_end_matches('}').to_owned();
        let names: BTreeSet<String> = asset.into_iter().chain(texts).map(last).collect();
        self.files.iter().find(|(name, _)| names.contains(name))
    }

    /// The parameters that a stack gets.
    pub fn parameters(&self, outer: &mut Scope<'_>, id: &str, resource: &Value) -> Map<String, Value> {
        let address = outer.address(id);
        if let Some(known) = self.given.borrow().get(&address) {
            return known.clone();
        }
        // A stack that asks itself gets nothing.
        self.given.borrow_mut().insert(address.clone(), Map::new());
        let stated = resource.pointer("/Properties/Parameters").map(|it| outer.value(it));
        let given = stated.and_then(|it| it.as_object().cloned()).unwrap_or_default();
        self.given.borrow_mut().insert(address, given.clone());
        given
    }

    /// An output of a stack.
    pub fn output(&self, outer: &mut Scope<'_>, id: &str, resource: &Value, name: &str) -> Option<Value> {
        let (_, template) = self.find(resource)?;
        let key = (outer.address(id), name.to_owned());
        if let Some(known) = self.outputs.borrow().get(&key) {
            return Some(known.clone());
        }
        self.outputs.borrow_mut().insert(key.clone(), Value::Null);
        let given = self.parameters(outer, id, resource);
        let mut inner = outer.inside(template, id, given);
        let value = inner.value(template.get("Outputs")?.get(name)?.get("Value")?);
        self.outputs.borrow_mut().insert(key, value.clone());
        Some(value)
    }
}
