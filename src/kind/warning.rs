//! What a warning is. In: a code, the key that it is about, and what to say. Out: a [`Warning`].

use serde::{Deserialize, Serialize};

use super::code::Code;

/// One warning.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Warning {
    /// The stable name of the warning.
    pub code: Code,
    /// What is found: a sentence with numbers, without a full stop.
    pub message: String,
    /// What to do about it, or what a run leaves out.
    pub hint: String,
    /// The key that it is about, part by part: `["fleet", "web", "max"]`; empty of the file as a whole.
    pub at: Vec<String>,
}

impl Warning {
    /// A warning about a key.
    #[cfg_attr(not(feature = "dev-hooks"), doc(hidden))]
    pub fn new(code: Code, at: &[&str], message: impl Into<String>, hint: impl Into<String>) -> Warning {
        Warning {
            code,
            message: message.into(),
            hint: hint.into(),
            at: at.iter().map(|part| (*part).to_owned()).collect(),
        }
    }

    /// The key as a path: `fleet.web.max`.
    pub fn path(&self) -> String {
        self.at.join(".")
    }
}
