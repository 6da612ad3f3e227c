//! Questions and answers on a terminal. In: lines of somebody, and what is answered already. Out: an answer to each question.

use std::io::{self, BufRead, Write};

use anstyle::{AnsiColor, Style};

use super::{Answers, InitError, QUESTIONS};
use crate::text::visible;

const QUESTION: Style = Style::new().bold();
const WRONG: Style = AnsiColor::Red.on_default().bold();
const HINT: Style = AnsiColor::Cyan.on_default();

/// What leads to the question before.
const BACK: &str = "back";

/// Asks what has no answer yet. An answer that the language does not take is asked for again, with its hint, and `back` leads to the
/// question before.
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
        "A shop: visitors, load balancer, application, cache, database. Enter takes the value in brackets, `{BACK}` goes to the \
         question before.\n"
    )?;
    // What was answered before somebody went back is offered again.
    let mut offered: Vec<Option<String>> = vec![None; open.len()];
    let mut at = 0;
    while let Some(&index) = open.get(at) {
        let question = &QUESTIONS[index];
        writeln!(page, "{QUESTION}{}/{}  {}{QUESTION:#}", at + 1, open.len(), question.text)?;
        writeln!(page, "     yours: {}", question.measure)?;
        writeln!(page, "     usual: {}", question.reason)?;
        at = loop {
            let offer = offered[at].clone().unwrap_or_else(|| answers.usual(index).into_owned());
            write!(page, "     [{}] ", visible(&offer))?;
            page.flush()?;
            let mut line = String::new();
            if lines.read_line(&mut line)? == 0 {
                writeln!(page)?;
                return Err(InitError::Ended);
            }
            let text = match line.trim() {
                word if word.eq_ignore_ascii_case(BACK) => {
                    if at == 0 {
                        refuse(page, "this is the first question", "Ctrl-C ends it, and nothing is written")?;
                        continue;
                    }
                    answers.forget(open[at - 1]);
                    break at - 1;
                }
                "" => offer,
                text => text.to_owned(),
            };
            match answers.give(index, &text) {
                Ok(()) => {
                    offered[at] = Some(text);
                    break at + 1;
                }
                Err(InitError::Answer { message, hint, .. }) => refuse(page, &message, &hint)?,
                Err(other) => return Err(other),
            }
        };
        writeln!(page)?;
    }
    Ok(answers)
}

fn refuse(page: &mut impl Write, message: &str, hint: &str) -> io::Result<()> {
    let (message, hint) = (visible(message), visible(hint));
    writeln!(page, "     {WRONG}no{WRONG:#}: {message}\n     {HINT}hint{HINT:#}: {hint}")
}
