//! The tools. In: the name of one and a JSON object. Out: what is to be done; the list of all with their schemas.

use std::sync::Arc;

use rmcp::handler::server::common::schema_for_type;
use rmcp::model::{JsonObject, Tool as Described, ToolAnnotations};
use rmcp::schemars::JsonSchema;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::arguments as of;
use super::asks::Ask;
use super::job::Job;
use super::place::Place;

/// What a tool does.
#[derive(Debug)]
pub enum Asked {
    /// A process does it.
    Job(Box<Job>),
    /// The files of the folder are listed.
    Files(of::Files),
    /// A word is looked up.
    Reference(of::Reference),
    /// A part of a result is read.
    Outcome(of::Outcome),
    /// A word is explained.
    Explain(of::Explain),
    /// A part of a schema is read.
    Schema(of::Schema),
}

/// A tool.
pub struct Tool {
    pub name: &'static str,
    title: &'static str,
    about: &'static str,
    /// Whether it writes nothing.
    reads: bool,
    schema: fn() -> Arc<JsonObject>,
    asked: fn(JsonObject, &Place) -> Result<Asked, String>,
}

/// All tools, in the order in which they are usually needed.
pub const ALL: [Tool; 12] = [
    Tool {
        name: "files",
        title: "List files",
        about: "Lists the scenarios of the folder and the results that runs have left in it. Begin here, if you do not know what there is.",
        reads: true,
        schema: schema::<of::Files>,
        asked: |arguments, _| Ok(Asked::Files(parsed(arguments)?)),
    },
    Tool {
        name: "reference",
        title: "Look up the scenario language",
        about: "Looks a word of the scenario language up: a table, a key, or both. Use it before you write or change a scenario: a key that \
            does not exist is an error.",
        reads: true,
        schema: schema::<of::Reference>,
        asked: |arguments, _| Ok(Asked::Reference(parsed(arguments)?)),
    },
    Tool {
        name: "check",
        title: "Check a scenario",
        about: "Finds every problem and warning of a scenario, with line, column and a hint, and says how much work a run is. It runs \
            nothing and takes no time. A scenario that you have written comes as `text`.",
        reads: false,
        schema: schema::<of::Check>,
        asked: job::<of::Check>,
    },
    Tool {
        name: "run",
        title: "Run a scenario",
        about: "Plays the event request by request, under several seeds: objectives and whether they are met, latency, failures, what \
            breaks first and why, scaling, headroom, the bill.",
        reads: false,
        schema: schema::<of::Run>,
        asked: job::<of::Run>,
    },
    Tool {
        name: "compare",
        title: "Compare scenarios",
        about: "Runs two or more scenarios, or one and changed copies of it, under the same random numbers: which differences are sure, what \
            each costs, whether each meets its objectives. For the question whether a change helps.",
        reads: false,
        schema: schema::<of::Compare>,
        asked: job::<of::Compare>,
    },
    Tool {
        name: "headroom",
        title: "Find the headroom",
        about: "Finds by runs how many times the traffic a scenario can take: where objectives fail, what is full first, where goodput stops \
            growing. For the question how much it can take.",
        reads: false,
        schema: schema::<of::Headroom>,
        asked: job::<of::Headroom>,
    },
    Tool {
        name: "sweep",
        title: "Run a grid of points",
        about: "Runs a scenario at every point of a grid of values: a table of verdicts, figures and costs. For the question how something \
            depends on a number. To choose a number, `plan` is quicker and says how sure it is.",
        reads: false,
        schema: schema::<of::Sweep>,
        asked: job::<of::Sweep>,
    },
    Tool {
        name: "plan",
        title: "Find the cheapest values that meet the objectives",
        about: "Answers how many instances, of which type, by which policy: the cheapest values of those given that surely meet every \
            objective, and how sure that is. The scenario has to have objectives. For the question how many instances to pre-scale to, give \
            `set` a range such as `fleet.web.min=4..20`, and `headroom` 1.2 or so, for the traffic may be more than expected.",
        reads: false,
        schema: schema::<of::Plan>,
        asked: job::<of::Plan>,
    },
    Tool {
        name: "import",
        title: "Make a scenario of logs or infrastructure",
        about: "Makes a scenario of what a real system has logged, or of Terraform and CloudFormation, and writes it into a folder.",
        reads: false,
        schema: schema::<of::Import>,
        asked: job::<of::Import>,
    },
    Tool {
        name: "outcome",
        title: "Read a part of a result",
        about: "Reads what an answer has left out, from the file that it names as `stored`: a part by its JSON pointer, a long list from any \
            element.",
        reads: true,
        schema: schema::<of::Outcome>,
        asked: |arguments, _| Ok(Asked::Outcome(parsed(arguments)?)),
    },
    Tool {
        name: "explain",
        title: "Explain a word",
        about: "Says what one word means, with its unit, its default and where that comes from: a key, a column, a field of an outcome, a word \
            of a page, a cause of failure, a warning. Use it before you tell people what a figure is.",
        reads: true,
        schema: schema::<of::Explain>,
        asked: |arguments, _| Ok(Asked::Explain(parsed(arguments)?)),
    },
    Tool {
        name: "schema",
        title: "Read a JSON Schema",
        about: "The JSON Schema of a scenario, of an outcome or of what a check says, or a part of it by its JSON pointer. `reference` is \
            shorter and says more; this is for exact types.",
        reads: true,
        schema: schema::<of::Schema>,
        asked: |arguments, _| Ok(Asked::Schema(parsed(arguments)?)),
    },
];

/// The tool of this name.
pub fn named(name: &str) -> Option<&'static Tool> {
    ALL.iter().find(|tool| tool.name == name)
}

impl Tool {
    /// As a client sees it.
    pub fn described(&self) -> Described {
        let hints = ToolAnnotations::with_title(self.title)
            .read_only(self.reads)
            .destructive(false)
            .open_world(false);
        Described::new(self.name, self.about, (self.schema)()).with_annotations(hints.idempotent(true))
    }

    /// What is to be done, or why that cannot be said.
    pub fn asked(&self, arguments: JsonObject, place: &Place) -> Result<Asked, String> {
        let schema = (self.schema)();
        let known = || {
            schema
                .get("properties")
                .and_then(Value::as_object)
                .into_iter()
                .flatten()
                .map(|(key, _)| key.as_str())
        };
        if let Some(other) = arguments.keys().find(|key| !known().any(|it| it == key.as_str())) {
            let hint = simcap::study::closest(other, known()).map_or_else(
                || format!("it has {}", known().collect::<Vec<_>>().join(", ")),
                |it| format!("did you mean `{it}`?"),
            );
            return Err(format!(
                "`{}` has no argument `{}`: {hint}",
                self.name,
                super::cut::short(other, 100)
            ));
        }
        (self.asked)(arguments, place)
    }
}

fn job<A: Ask + DeserializeOwned>(arguments: JsonObject, place: &Place) -> Result<Asked, String> {
    parsed::<A>(arguments)?.ask(place).map(|job| Asked::Job(Box::new(job)))
}

fn parsed<A: DeserializeOwned>(arguments: JsonObject) -> Result<A, String> {
    serde_json::from_value(Value::Object(arguments))
        .map_err(|error| format!("the arguments are not as the schema says: {error}"))
}

/// The schema of arguments; further ones are mistakes.
fn schema<A: JsonSchema + 'static>() -> Arc<JsonObject> {
    let mut schema = (*schema_for_type::<A>()).clone();
    schema.insert("additionalProperties".into(), Value::Bool(false));
    schema.remove("title");
    schema.remove("description");
    Arc::new(schema)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn every_argument_says_what_it_is() {
        for tool in &ALL {
            let schema = (tool.schema)();
            for (name, property) in schema["properties"].as_object().unwrap() {
                assert!(property["description"].is_string(), "{} of {}", name, tool.name);
            }
            assert!(tool.about.len() > 60, "{}", tool.name);
        }
    }

    #[test]
    fn a_mistake_in_a_name_is_told_of() {
        let folder = tempfile::tempdir().unwrap();
        let place = Place::new(folder.path().canonicalize().unwrap());
        let asked =
            |arguments: Value| named("run").unwrap().asked(arguments.as_object().unwrap().clone(), &place);
        assert!(asked(json!({ "file": "a.toml", "sets": [] })).unwrap_err().contains("did you mean `set`?"));
        assert!(asked(json!({ "file": "a.toml", "runs": "many" })).unwrap_err().contains("schema"));
        assert!(asked(json!({ "file": "a.toml", "runs": 2 })).is_ok());
        assert!(named("rm").is_none());
    }
}
