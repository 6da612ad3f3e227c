//! Why no scenario is written. In: what is wrong with an answer, a name or a file. Out: a message and a hint.

use std::io;
use std::path::PathBuf;

/// Why nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum InitError {
    /// An answer that the language does not take.
    #[error("{key}: {message}")]
    Answer {
        /// The question.
        key: &'static str,
        /// What is wrong.
        message: String,
        /// What to write instead.
        hint: String,
    },
    /// An answer to no question.
    #[error("no question is called `{0}`")]
    NoQuestion(String),
    /// An answer without a key.
    #[error("`{0}` is no answer")]
    NoKey(String),
    /// A template that does not exist.
    #[error("no template is called `{name}`")]
    NoTemplate {
        /// The name.
        name: String,
        /// One that is nearly called so.
        close: Option<&'static str>,
    },
    /// Nobody is there who could answer.
    #[error("there is no terminal to ask on, and {0} of the 10 questions have no answer")]
    NoTerminal(usize),
    /// The answers came to an end before the questions did.
    #[error("the questions were not answered to the end; nothing is written")]
    Ended,
    /// Questions and answers cannot be written or read.
    #[error("cannot ask: {0}")]
    Ask(#[from] io::Error),
    /// There is a file of that name.
    #[error("{} is there already, and is left as it is", .0.display())]
    Exists(PathBuf),
    /// A file or a folder cannot be written.
    #[error("cannot write {}: {source}", path.display())]
    Write {
        /// The file or the folder.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
}

impl InitError {
    /// Whether the command line is to be changed, and not the machine.
    pub fn is_usage(&self) -> bool {
        !matches!(self, InitError::Write { .. } | InitError::Ask(_))
    }

    /// What to do about it.
    pub fn hint(&self) -> Option<String> {
        let keys = || super::QUESTIONS.map(|question| question.key).join(", ");
        match self {
            InitError::Answer { hint, .. } => Some(hint.clone()),
            InitError::NoQuestion(_) => Some(format!("the questions are {}", keys())),
            InitError::NoKey(_) => Some(format!("write --answer KEY=VALUE, where KEY is one of {}", keys())),
            InitError::NoTemplate { close: Some(close), .. } => Some(format!("did you mean `{close}`?")),
            InitError::NoTemplate { .. } => Some("`simcap init --list` names them".into()),
            InitError::NoTerminal(_) => {
                Some("--yes takes the usual answers; --answer KEY=VALUE gives one of your own".into())
            }
            InitError::Exists(_) => Some("choose another name, or move that file away".into()),
            InitError::Ended | InitError::Ask(_) | InitError::Write { .. } => None,
        }
    }
}
