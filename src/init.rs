//! The first scenario of somebody's own system. In: ten answers, or the name of an architecture. Out: the text of a commented scenario that
//! runs, and where it is written.

mod answers;
mod ask;
mod error;
mod place;
mod question;
mod template;
mod write;

pub use answers::Answers;
pub use ask::ask;
pub use error::{FILE, InitError};
pub use place::{Written, file_named, folder_named, probe, write};
pub use question::{QUESTIONS, Question};
pub use template::{TEMPLATES, Template};
