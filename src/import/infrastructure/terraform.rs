//! Terraform: plans and states as `terraform show -json` writes them, and raw states. In: the JSON. Out: resources.
//!
//! What a plan does not know yet is missing in it; its configuration says which resources it comes from.

use serde_json::{Map, Value};

use super::address::{LOCAL, is_data, split};
use super::configuration::Configuration;
use super::mark;
use super::resource::{Resource, smalled};

/// Whether a JSON file is a plan or a state.
pub fn is(file: &Value) -> bool {
    let shown =
        file.get("format_version").is_some() && (file.get("planned_values").is_some() || has_values(file));
    shown || is_raw(file)
}

fn has_values(file: &Value) -> bool {
    file.pointer("/values/root_module").is_some()
}

fn is_raw(file: &Value) -> bool {
    file.get("resources").is_some_and(Value::is_array) && file.get("terraform_version").is_some()
}

/// What to call the format of a file.
pub fn format(file: &Value) -> &'static str {
    match (is_raw(file), file.get("planned_values").is_some()) {
        (true, _) => "Terraform state",
        (false, true) => "Terraform plan",
        (false, false) => "Terraform state, as shown",
    }
}

/// The resources of a plan or a state.
pub fn read(file: &Value) -> Vec<Resource> {
    if is_raw(file) {
        return raw(file);
    }
    let mut resources = Vec::new();
    let root = file.pointer("/planned_values/root_module").or_else(|| file.pointer("/values/root_module"));
    let configuration = file.get("configuration").map(Configuration::new);
    if let Some(root) = root {
        module(root, configuration.as_ref(), 0, &mut resources);
    }
    // Data sources of a plan are in what it saw before.
    if file.get("planned_values").is_some() {
        let before = file.pointer("/prior_state/values/root_module");
        let mut seen = Vec::new();
        before.into_iter().for_each(|root| module(root, None, 0, &mut seen));
        resources.extend(seen.into_iter().filter(|resource| is_data(&resource.address)));
    }
    resources
}

fn module(tree: &Value, configuration: Option<&Configuration<'_>>, depth: usize, found: &mut Vec<Resource>) {
    if depth > 40 {
        return;
    }
    let place = tree.get("address").and_then(Value::as_str).unwrap_or_default();
    for resource in list(tree, "resources") {
        let Some(address) = resource.get("address").and_then(Value::as_str) else { continue };
        let mut values = resource.get("values").cloned().unwrap_or_default();
        if let Some(configuration) = configuration {
            configuration.complete(address, &mut values);
        }
        found.extend(one(resource, address, place, values));
    }
    for child in list(tree, "child_modules") {
        module(child, configuration, depth + 1, found);
    }
}

fn one(resource: &Value, address: &str, place: &str, values: Value) -> Option<Resource> {
    let kind = resource.get("type").and_then(Value::as_str)?;
    let name = resource.get("name").and_then(Value::as_str).unwrap_or(kind);
    let mut values = smalled(&values, 0);
    if !values.is_object() {
        values = Value::Object(Map::new());
    }
    let mut resource = Resource::new(address, label(name, place), super::kinds::same(kind), values);
    for name in LINKS.iter().filter(|name| resource.values.get(name).is_some_and(only_a_local)) {
        resource.doubts.push(format!(
            "ASSUMED: `{name}` comes from a local, which a plan does not show: what its module has only one of is taken"
        ));
    }
    Some(resource)
}

/// Properties that say which other resource one belongs to.
const LINKS: [&str; 9] = [
    "launch_template",
    "launch_configuration",
    "target_group_arns",
    "autoscaling_group_name",
    "load_balancer_arn",
    "task_definition",
    "cluster_identifier",
    "function_name",
    "event_source_arn",
];

/// Whether a value refers to a local and to nothing else.
fn only_a_local(value: &Value) -> bool {
    let mut all = Vec::new();
    mark::texts(value, &mut |text| all.extend(mark::in_text(text)));
    !all.is_empty() && all.iter().all(|address| split(address).1 == LOCAL)
}

/// A resource of a module is often only called `this`: then its module says what it is.
fn label<'a>(name: &'a str, place: &'a str) -> &'a str {
    let vague =
        matches!(name, "this" | "main" | "default" | "self" | "instance" | "cluster" | "service" | "app");
    let module = place.rsplit("module.").next().unwrap_or_default().split('[').next().unwrap_or_default();
    if vague && !module.is_empty() { module } else { name }
}

fn list<'a>(value: &'a Value, key: &str) -> impl Iterator<Item = &'a Value> {
    value.get(key).and_then(Value::as_array).into_iter().flatten()
}

/// A state file as Terraform keeps it: what refers to what is in the values, and in lists of dependencies.
fn raw(file: &Value) -> Vec<Resource> {
    let mut resources = Vec::new();
    for resource in list(file, "resources") {
        let (Some(kind), Some(name)) =
            (resource.get("type").and_then(Value::as_str), resource.get("name").and_then(Value::as_str))
        else {
            continue;
        };
        let place = resource.get("module").and_then(Value::as_str).unwrap_or_default();
        let data = resource.get("mode").and_then(Value::as_str) == Some("data");
        for instance in list(resource, "instances") {
            // What is still to be destroyed is not there any more.
            if instance.get("deposed").is_some() {
                continue;
            }
            let mut address = String::new();
            for part in [place, if data { "data" } else { "" }, kind] {
                if !part.is_empty() {
                    address.push_str(part);
                    address.push('.');
                }
            }
            address.push_str(name);
            match instance.get("index_key") {
                Some(Value::Null) | None => {}
                Some(key) => address.push_str(&format!("[{key}]")),
            }
            let mut values = instance.get("attributes").or(instance.get("attributes_flat")).cloned();
            let dependencies = depends(instance);
            if let (Some(Value::Object(values)), Some(dependencies)) = (&mut values, dependencies) {
                values.insert("simcap_depends_on".into(), dependencies);
            }
            resources.extend(one(resource, &address, place, values.unwrap_or_default()));
        }
    }
    resources
}

/// Dependencies that are worth a reference: not what a whole module waits for.
fn depends(instance: &Value) -> Option<Value> {
    let dependencies = instance.get("dependencies")?.as_array()?;
    let marks = dependencies.iter().filter_map(Value::as_str).map(|address| Value::from(mark::of(address)));
    Some(Value::Array(marks.collect()))
}
