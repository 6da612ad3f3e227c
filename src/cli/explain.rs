//! The command that explains a word. In: arguments. Out: [`Explain`].

use clap::Args;

#[derive(Args, Debug)]
pub struct Explain {
    /// A key (fleet.web.boot), a table, a column, a field of outcome.json, a cause of failure, a warning [default: what there is]
    #[arg(value_name = "WHAT")]
    pub what: Option<String>,
}
