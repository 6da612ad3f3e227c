//! Questions and answers on a terminal. In: lines of somebody, and what is answered already. Out: an answer to each question.

use std::io::{BufRead, Write};

use anstyle::{AnsiColor, Style};

use super::{Answers, InitError, QUESTIONS};
use crate::text::visible;

const QUESTION: Style = Style::new().bold();
const WRONG: Style = AnsiColor::Red.on_default().bold();
const HINT: Style = AnsiColor::Cyan.on_default();

/// Asks what has no answer yet. An answer that the language does not take is asked for again, with its hint.
///
/// # Errors
/// The lines end before the questions do, or cannot be read.
pub fn ask(
    mut answers: Answers,
    lines: &mut impl BufRead,
    page: &mut impl Write,
) -> Result<Answers, InitError> {
    let open = answers.open();
    writeln!(
        page,
        "A shop: visitors, load balancer, application, cache, database. Enter takes the value in brackets.\n"
    )?;
    for (number, index) in open.iter().enumerate() {
        let question = &QUESTIONS[*index];
        writeln!(page, "{QUESTION}{}/{}  {}{QUESTION:#}", number + 1, open.len(), question.text)?;
        writeln!(page, "     yours: {}", question.measure)?;
        writeln!(page, "     usual: {}", question.reason)?;
        loop {
            write!(page, "     [{}] ", question.default)?;
            page.flush()?;
            let mut line = String::new();
            if lines.read_line(&mut line)? == 0 {
                writeln!(page)?;
                return Err(InitError::Ended);
            }
            match answers.give(*index, &line) {
                Ok(()) => break,
                Err(InitError::Answer { message, hint, .. }) => {
                    let (message, hint) = (visible(&message), visible(&hint));
                    writeln!(page, "     {WRONG}no{WRONG:#}: {message}\n     {HINT}hint{HINT:#}: {hint}")?;
                }
                Err(other) => return Err(other),
            }
        }
        writeln!(page)?;
    }
    Ok(answers)
}
