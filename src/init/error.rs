//! Why no scenario is written. In: what is wrong with an answer, a name or a file. Out: a message and a hint.

use std::io;
use std::path::PathBuf;

/// The file of the questions, if no other name is given.
pub const FILE: &str = "shop.toml";

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
    /// An answer without a value.
    #[error("`{0}=` has no answer")]
    NoAnswer(&'static str),
    /// Two answers to one question.
    #[error("`{0}` is answered twice")]
    Twice(&'static str),
    /// A name that is none of a file.
    #[error("`{name}` is no name of a file")]
    NoName {
        /// The name.
        name: String,
        /// What to write instead.
        instead: String,
    },
    /// A folder has that name.
    #[error("{} is a folder", .0.display())]
    Folder(PathBuf),
    /// A file stands where a folder would have to be.
    #[error("cannot write {}: {} is a file and no folder", path.display(), file.display())]
    NotAFolder {
        /// What would be written.
        path: PathBuf,
        /// The file.
        file: PathBuf,
    },
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
            InitError::NoAnswer(key) => {
                Some(format!("write {key}=VALUE, or leave it out: then it is the usual answer, with --yes"))
            }
            InitError::Twice(key) => Some(format!("give --answer {key}=VALUE once")),
            InitError::NoName { instead, .. } => Some(format!("name the file to write, such as {instead}")),
            InitError::Folder(path) => {
                Some(format!("name a file in it, such as {}", path.join(FILE).display()))
            }
            InitError::NotAFolder { .. } => Some("choose another name".into()),
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
