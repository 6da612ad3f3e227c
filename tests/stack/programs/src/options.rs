//! The options of a subcommand. In: the command line, `COMMAND --name value …`. Out: [`Options`], from which each
//! subcommand takes what it knows, and which complains of the rest.

use std::str::FromStr;

use anyhow::{Context, Result, bail};
use lexopt::Arg;

pub struct Options {
    pub command: String,
    named: Vec<(String, String)>,
}

impl Options {
    pub fn read() -> Result<Self> {
        let mut parser = lexopt::Parser::from_env();
        let (mut command, mut named) = (String::new(), Vec::new());
        while let Some(arg) = parser.next()? {
            match arg {
                Arg::Long(name) => {
                    let name = name.to_owned();
                    let value = parser.value()?.into_string().ok().context("an option that is no UTF-8")?;
                    named.push((name, value));
                }
                Arg::Value(value) if command.is_empty() => {
                    command = value.into_string().ok().context("a command that is no UTF-8")?;
                }
                Arg::Value(_) | Arg::Short(_) => return Err(arg.unexpected().into()),
            }
        }
        Ok(Self { command, named })
    }

    /// The value of an option, which may be left out.
    pub fn maybe<T: FromStr>(&mut self, name: &str) -> Result<Option<T>> {
        let Some(at) = self.named.iter().position(|(given, _)| given == name) else { return Ok(None) };
        let (_, value) = self.named.remove(at);
        match value.parse() {
            Ok(parsed) => Ok(Some(parsed)),
            Err(_) => bail!("--{name} cannot be {value}"),
        }
    }

    pub fn required<T: FromStr>(&mut self, name: &str) -> Result<T> {
        self.maybe(name)?.with_context(|| format!("--{name} is missing"))
    }

    /// Fails if an option was not asked for.
    pub fn end(&self) -> Result<()> {
        match self.named.first() {
            Some((name, _)) => bail!("no such option: --{name}"),
            None => Ok(()),
        }
    }
}
