//! YAML with the short tags of CloudFormation. In: text. Out: the JSON value that it stands for, `!Ref X` as `{ "Ref": "X" }`.

use saphyr_parser::{Event, Parser, ScalarStyle, ScanError, Tag};
use serde_json::{Map, Value};

/// Values that aliases may copy in all: more is an attack and no template.
const MOST: usize = 2_000_000;
/// Levels of nesting: templates have some twenty.
const DEEPEST: usize = 200;

enum Open {
    List(Vec<Value>),
    Table(Map<String, Value>, Option<String>),
}

/// The first document of a text, or why it is none.
///
/// Inside of brackets and quotes, libyaml lets a line begin anywhere, and AWS reads by it. The parser here goes by the standard, which
/// wants such a line to be indented. So a line of which it says that is indented, and everything is read again.
pub fn parse(text: &str) -> Result<Value, String> {
    let mut lines: Vec<String> = Vec::new();
    for _ in 0..MOST_INDENTED {
        let joined = (!lines.is_empty()).then(|| lines.join("\n"));
        let error = match events(joined.as_deref().unwrap_or(text)) {
            Ok(value) => return Ok(value),
            Err(Problem::Indentation(line, why)) if line >= 2 => (line - 1, why),
            Err(Problem::Indentation(_, why) | Problem::Other(why)) => return Err(why),
        };
        let (mut at, why) = error;
        if lines.is_empty() {
            lines = text.lines().map(str::to_owned).collect();
        }
        // Of text in quotes the line is told in which it begins: the next one is indented that begins too far left.
        if why.contains("quoted") {
            let left = |line: &String| line.len() - line.trim_start().len();
            let own = lines.get(at).map_or(0, left);
            let next =
                (at + 1..lines.len()).find(|i| !lines[*i].trim().is_empty() && left(&lines[*i]) <= own);
            at = next.unwrap_or(lines.len());
        }
        let before = lines[..at.min(lines.len())].iter().rev().find(|line| !line.trim().is_empty());
        let indent = before.map_or(0, |line| line.len() - line.trim_start().len()) + 2;
        match lines.get_mut(at) {
            Some(line) if line.len() < 100_000 => *line = " ".repeat(indent) + line.trim_start(),
            _ => return Err(why),
        }
    }
    events(&lines.join("\n")).map_err(|problem| match problem {
        Problem::Indentation(_, why) | Problem::Other(why) => why,
    })
}

/// Lines that are indented at most: a policy of IAM in a template has some twenty.
const MOST_INDENTED: usize = 200;

enum Problem {
    /// A line should begin further right.
    Indentation(usize, String),
    Other(String),
}

impl From<ScanError> for Problem {
    fn from(error: ScanError) -> Problem {
        match error.info().contains("indentation") {
            true => Problem::Indentation(error.marker().line(), error.to_string()),
            false => Problem::Other(error.to_string()),
        }
    }
}

impl From<&str> for Problem {
    fn from(why: &str) -> Problem {
        Problem::Other(why.to_owned())
    }
}

fn events(text: &str) -> Result<Value, Problem> {
    let mut open: Vec<(Open, usize, Option<String>)> = Vec::new();
    let mut anchors: Vec<(usize, Value)> = Vec::new();
    let mut copied = 0;
    for event in Parser::new_from_str(text) {
        let (event, _) = event?;
        let (value, anchor) = match event {
            Event::SequenceStart(anchor, tag) => {
                open.push((Open::List(Vec::new()), anchor, function(tag.as_deref())));
                (None, 0)
            }
            Event::MappingStart(anchor, tag) => {
                open.push((Open::Table(Map::new(), None), anchor, function(tag.as_deref())));
                (None, 0)
            }
            Event::SequenceEnd | Event::MappingEnd => {
                let Some((ended, anchor, tag)) = open.pop() else {
                    return Err("an end without a start".into());
                };
                let value = match ended {
                    Open::List(list) => Value::Array(list),
                    Open::Table(table, _) => Value::Object(table),
                };
                (Some(tagged(tag, value)), anchor)
            }
            Event::Scalar(text, style, anchor, tag) => {
                let core =
                    tag.as_deref().filter(|tag| tag.is_yaml_core_schema()).map(|tag| tag.suffix.as_str());
                let plain = style == ScalarStyle::Plain && core != Some("str");
                let value = if plain { scalar(&text) } else { Value::String(text.to_string()) };
                (Some(tagged(function(tag.as_deref()), value)), anchor)
            }
            Event::Alias(anchor) => {
                let found = anchors.iter().rev().find(|(id, _)| *id == anchor);
                let value = found.map(|(_, value)| value.clone()).ok_or("an alias without its anchor")?;
                copied += size(&value);
                (Some(value), 0)
            }
            _ => (None, 0),
        };
        if copied > MOST || open.len() > DEEPEST {
            return Err("it is nested too deeply, or copies itself too often".into());
        }
        let Some(value) = value else { continue };
        if anchor > 0 {
            anchors.push((anchor, value.clone()));
        }
        match open.last_mut() {
            None => return Ok(value),
            Some((Open::List(list), ..)) => list.push(value),
            Some((Open::Table(table, key), ..)) => match key.take() {
                None => *key = Some(name(&value)),
                Some(key) if key == "<<" => merge(table, value),
                Some(key) => _ = table.insert(key, value),
            },
        }
    }
    Err("it is empty".into())
}

/// A key as text: those of mappings by year or account are numbers.
fn name(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// A merge key adds what the table does not have.
fn merge(table: &mut Map<String, Value>, more: Value) {
    match more {
        Value::Object(more) => {
            more.into_iter().for_each(|(key, value)| _ = table.entry(key).or_insert(value))
        }
        Value::Array(list) => list.into_iter().for_each(|more| merge(table, more)),
        _ => {}
    }
}

/// The function of a tag: `!Ref` and `!Condition` have no `Fn::` before them.
fn function(tag: Option<&Tag>) -> Option<String> {
    let tag = tag.filter(|tag| tag.handle == "!" && !tag.suffix.is_empty())?;
    Some(match tag.suffix.as_str() {
        "Ref" | "Condition" => tag.suffix.clone(),
        other => format!("Fn::{other}"),
    })
}

fn tagged(function: Option<String>, value: Value) -> Value {
    match function {
        None => value,
        Some(function) => Value::Object(Map::from_iter([(function, value)])),
    }
}

/// A plain scalar by the rules of YAML 1.1, by which CloudFormation reads: `yes` is a truth value.
fn scalar(text: &str) -> Value {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return Value::Null,
        "true" | "True" | "TRUE" | "yes" | "Yes" | "on" | "On" => return Value::Bool(true),
        "false" | "False" | "FALSE" | "no" | "No" | "off" | "Off" => return Value::Bool(false),
        _ => {}
    }
    // Account ids and versions begin with a zero, and stay text.
    let digits = text.trim_start_matches(['-', '+']);
    let number = digits == "0" || !digits.starts_with('0') || digits.starts_with("0.");
    if number && digits.starts_with(|c: char| c.is_ascii_digit()) {
        if let Ok(whole) = text.parse::<i64>() {
            return Value::from(whole);
        }
        if let Ok(real) = text.parse::<f64>() {
            return Value::from(real);
        }
    }
    Value::String(text.to_owned())
}

fn size(value: &Value) -> usize {
    1 + match value {
        Value::Array(list) => list.iter().map(size).sum::<usize>(),
        Value::Object(table) => table.values().map(size).sum::<usize>(),
        _ => 0,
    }
}
