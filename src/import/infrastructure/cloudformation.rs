//! CloudFormation, with what CDK and SAM make of it. In: templates. Out: resources, with functions worked out as far as the template
//! says.

use serde_json::{Map, Value};

use super::each;
use super::intrinsic::Scope;
use super::resource::{Resource, smalled};
use super::stacks::{Exports, Stacks};

/// Whether a file is a template.
pub fn is(file: &Value) -> bool {
    let resources = file.get("Resources").and_then(Value::as_object);
    let says = |(key, resource): (&String, &Value)| each::is_loop(key) || resource.get("Type").is_some();
    resources.is_some_and(|resources| resources.iter().any(says))
}

/// What to call a template.
pub fn format(file: &Value) -> &'static str {
    let sam =
        file.get("Transform").is_some_and(|transform| transform.to_string().contains("AWS::Serverless"));
    let cdk =
        file.pointer("/Parameters/BootstrapVersion").is_some() || file.to_string().contains("aws:cdk:path");
    match (sam, cdk) {
        (true, _) => "SAM template",
        (false, true) => "CDK template",
        (false, false) => "CloudFormation template",
    }
}

/// What a template exports.
pub fn exports(file: &Value, stack: &str, stacks: &Stacks<'_>) -> Exports {
    let mut scope = Scope::new(file, stack, stacks, Map::new());
    let outputs = file.get("Outputs").and_then(Value::as_object);
    let mut exports = Exports::new();
    for output in outputs.into_iter().flatten().map(|(_, output)| output) {
        let name =
            output.pointer("/Export/Name").and_then(|name| scope.value(name).as_str().map(str::to_owned));
        if let (Some(name), Some(value)) = (name, output.get("Value")) {
            exports.insert(name, scope.value(value));
        }
    }
    exports
}

/// The resources of a template with those of its nested stacks, and the names of parameters that have no value.
pub fn read(file: &Value, stack: &str, stacks: &Stacks<'_>) -> (Vec<Resource>, Vec<String>) {
    let mut open = Vec::new();
    let mut found = Vec::new();
    within(file, Scope::new(file, stack, stacks, Map::new()), stacks, 0, &mut found, &mut open);
    (found, open)
}

fn within<'a>(
    file: &'a Value,
    mut scope: Scope<'a>,
    stacks: &'a Stacks<'a>,
    depth: usize,
    found: &mut Vec<Resource>,
    open: &mut Vec<String>,
) {
    let resources = file.get("Resources").and_then(Value::as_object);
    for (id, resource) in resources.into_iter().flatten() {
        let Some(kind) = resource.get("Type").and_then(Value::as_str) else { continue };
        let condition = resource.get("Condition").and_then(Value::as_str);
        let made = condition.map_or(Some(true), |condition| scope.condition(condition));
        if made == Some(false) {
            continue;
        }
        if let Some((_, inner)) = stacks.find(resource).filter(|_| depth < 8) {
            let given = stacks.parameters(&mut scope, id, resource);
            let inside = scope.inside(inner, id, given);
            within(inner, inside, stacks, depth + 1, found, open);
            continue;
        }
        let globals = kind.strip_prefix("AWS::Serverless::").and_then(|kind| file.get("Globals")?.get(kind));
        let mut properties = globals.and_then(Value::as_object).cloned().unwrap_or_default();
        let own = resource.get("Properties").and_then(Value::as_object).cloned().unwrap_or_default();
        overlay(&mut properties, own);
        scope.doubts.clear();
        let mut values = smalled(&scope.value(&Value::Object(properties)), 0);
        if !values.is_object() {
            values = Value::Object(Map::new());
        }
        if let (Value::Object(values), Some(policy)) = (&mut values, resource.get("UpdatePolicy")) {
            values.insert("update_policy".into(), smalled(&scope.value(policy), 0));
        }
        let address = scope.address(id);
        let label = label(id, file, resource, &address);
        let mut made_of = Resource::new(&address, &label, super::kinds::same(kind), values);
        if made.is_none() {
            made_of.doubts.push(
                "whether it exists depends on a condition that the template alone does not decide".into(),
            );
        }
        if resource.get(each::OPEN).is_some() {
            made_of.doubts.push(
                "it is in a loop over values that the template alone does not say: here it is once".into(),
            );
        }
        made_of.of_template = true;
        made_of.doubts.append(&mut scope.doubts);
        // A group of records is several resources.
        if kind == "AWS::Route53::RecordSetGroup" {
            let records =
                made_of.values.get("record_sets").and_then(Value::as_array).cloned().unwrap_or_default();
            let kind = super::kinds::same("AWS::Route53::RecordSet");
            found.extend(records.into_iter().map(|record| Resource::new(&address, &label, kind, record)));
            continue;
        }
        found.push(made_of);
    }
    open.extend(scope.open);
}

/// What SAM does with its globals: a resource's own properties win, tables are put together.
fn overlay(globals: &mut Map<String, Value>, own: Map<String, Value>) {
    for (key, value) in own {
        match (globals.get_mut(&key), value) {
            (Some(Value::Object(base)), Value::Object(more))
                if !more.keys().any(|key| key.starts_with("Fn::")) =>
            {
                overlay(base, more);
            }
            (_, value) => _ = globals.insert(key, value),
        }
    }
}

/// The logical id without the eight digits that CDK adds, or the way to it in the tree of constructs.
fn label(id: &str, file: &Value, resource: &Value, address: &str) -> String {
    // What every template has one of is called as its stack.
    const VAGUE: [&str; 8] = [
        "Service",
        "AutoScalingGroup",
        "LoadBalancer",
        "ECSService",
        "Function",
        "Cluster",
        "Queue",
        "Table",
    ];
    let stack = address.rsplit('/').nth(1).filter(|_| VAGUE.contains(&id));
    if let Some(stack) = stack {
        return stack.to_owned();
    }
    let path = resource.pointer("/Metadata/aws:cdk:path").and_then(Value::as_str);
    if let Some(path) = path {
        let parts: Vec<&str> =
            path.split('/').skip(1).filter(|part| !matches!(*part, "Resource" | "Default")).collect();
        let kept = &parts[parts.len().saturating_sub(2)..];
        if !kept.is_empty() {
            return kept.join("-");
        }
    }
    let cdk = file.pointer("/Parameters/BootstrapVersion").is_some();
    let hash = id.len() > 8 && id.is_char_boundary(id.len() - 8) && {
        id[id.len() - 8..].chars().all(|c| c.is_ascii_digit() || ('A'..='F').contains(&c))
    };
    if cdk && hash { id[..id.len() - 8].to_owned() } else { id.to_owned() }
}
