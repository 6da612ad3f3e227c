//! How a page ends, which a terminal shows last: how to repeat the run, the verdict, its cause, what to do next. In: an [`Outcome`].
//! Out: lines, each with a title.

use super::super::table::{PLAIN, Style};
use super::next::{command, next};
use super::story::{is_of_bill, told};
use super::{span_of, verdict};
use crate::number::usd;
use crate::outcome::{Blame, Outcome, Standing};
use crate::text::Word;

const REPEAT: Word =
    Word::new("Repeat", "The command that makes this run again, with its seed and its runs.");
const VERDICT: Word = Word::new("Verdict", "Whether the objectives were met, and which were missed.");
const NEXT: Word = Word::new("Next", "A command that answers the question that most likely comes next.");
const CAUSE: Word = Word::new(
    "Cause",
    "What broke first and what came of it, of the objective that was missed; of a bill, what it is made of.",
);
const TROUBLE: Word = Word::new(
    "Trouble",
    "What broke first and what came of it, where no objective was missed because of it.",
);
const NEAREST: Word = Word::new("Nearest", "Where nothing broke, what came nearest to it.");

/// The titles of these lines.
pub(in crate::report) const WORDS: &[Word] = &[REPEAT, VERDICT, CAUSE, TROUBLE, NEAREST, NEXT];

/// The lines; with `whole`, every link of the chain of causes.
pub(in crate::report) fn ending(outcome: &Outcome, whole: bool) -> Vec<(&'static str, String, Style)> {
    let (_, style) = verdict(outcome);
    let of = if outcome.objectives.is_empty() { "objectives: " } else { "" };
    let most = if whole { usize::MAX } else { MOST_LINKS };
    let in_time = || {
        chain(outcome, most).map(|(when, links)| {
            let text = links.join(" → ");
            // What begins with the phase says so once.
            let begin = when.split('–').next().unwrap_or_default();
            let text = text.strip_prefix(begin).and_then(|text| text.strip_prefix(' ')).unwrap_or(&text);
            format!("{when}  {text}")
        })
    };
    let cause = if is_of_bill(outcome) { Some(dearest(outcome)) } else { in_time() };
    let lines = [
        (REPEAT.text, command("run", outcome), PLAIN),
        (VERDICT.text, format!("{of}{}", verdict_in_words(outcome)), style),
        (cause_title(outcome), cause.unwrap_or_default(), PLAIN),
        (NEXT.text, next(outcome), PLAIN),
    ];
    lines.into_iter().filter(|(_, words, _)| !words.is_empty()).collect()
}

/// The verdict on all objectives together, with those that were missed: `1 of 3 missed: latency p99 < 800ms`.
pub(in crate::report) fn verdict_in_words(outcome: &Outcome) -> String {
    let (summary, _) = verdict(outcome);
    let missed = outcome.objectives.iter().filter(|verdict| verdict.standing == Standing::Missed);
    let missed: Vec<&str> = missed.map(|verdict| verdict.objective.as_str()).collect();
    let named = if missed.is_empty() { String::new() } else { format!(": {}", missed.join(", ")) };
    summary + &named
}

/// Most parts of a bill that are said at the end.
const MOST_PARTS: usize = 3;

/// What a bill is made of, the dearest first: `$0.10 of $0.12 is EC2 for `web``.
fn dearest(outcome: &Outcome) -> String {
    let mut parts: Vec<(f64, String)> = Vec::new();
    for item in &outcome.bill.items {
        let name = match item.resource.as_str() {
            "" => item.service.clone(),
            resource => format!("{} for `{resource}`", item.service),
        };
        match parts.iter_mut().find(|(_, known)| *known == name) {
            Some((sum, _)) => *sum += item.usd,
            None => parts.push((item.usd, name)),
        }
    }
    parts.sort_by(|one, other| other.0.total_cmp(&one.0));
    let parts: Vec<String> =
        parts.iter().take(MOST_PARTS).map(|(sum, name)| format!("{} {name}", usd(*sum))).collect();
    format!("of {}: {}", usd(outcome.bill.total_usd), parts.join(", "))
}

/// What the chain of causes is of: of missed objectives, of trouble that broke none, or of what came nearest to it.
pub(in crate::report) fn cause_title(outcome: &Outcome) -> &'static str {
    let held = |it: &Standing| *it == Standing::Met;
    let all_held = !outcome.objectives.is_empty() && outcome.objectives.iter().all(|it| held(&it.standing));
    match (outcome.phases.iter().any(|phase| phase.trouble), all_held) {
        _ if is_of_bill(outcome) => CAUSE.text,
        (false, _) => NEAREST.text,
        (true, true) => TROUBLE.text,
        (true, false) => CAUSE.text,
    }
}

/// What broke first, and what came of it, with when; where nothing did, what was nearest to it.
#[cfg(feature = "charts")]
pub(in crate::report) fn first_cause(outcome: &Outcome) -> Option<(String, Vec<String>)> {
    chain(outcome, MOST_LINKS)
}

/// At most so many links: the first ones and the last ones, which tell what failed.
fn chain(outcome: &Outcome, most: usize) -> Option<(String, Vec<String>)> {
    let Blame { phase, story } = told(outcome);
    let phase = outcome.phases.get(phase)?;
    let story = phase.sentence.split(" · ").nth(story).unwrap_or(&phase.sentence);
    let mut links: Vec<String> = story.split(" → ").map(str::to_owned).collect();
    if links.len() > most {
        links.splice(most / 2..links.len() - most / 2, ["…".to_owned()]);
    }
    Some((span_of(phase), links))
}

/// Most links of a chain of causes that are said again at the end.
const MOST_LINKS: usize = 4;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cost::BillItem;
    use crate::outcome::estimate::Quantity;
    use crate::outcome::{Phase, sample};

    /// Two troubles with three causes, of which the outcome says which broke the objective; without that it is the first in which requests failed.
    #[test]
    fn the_cause_is_that_of_the_objective_that_was_missed() {
        let mut outcome = sample::outcome();
        let phase = outcome.phases.iter().find(|it| it.trouble).unwrap().clone();
        let of = |sentence: &str| Phase { sentence: sentence.into(), ..phase.clone() };
        outcome.phases = vec![
            of("0:00 `bank` full; p99 up to 9s"),
            of("3:00 nothing → x · 3:01 `mail` full → 9 % of requests failed, mostly http_503"),
        ];
        let mut links = |cause: Option<Blame>| {
            outcome.objectives.iter_mut().for_each(|it| (it.standing, it.cause) = (Standing::Missed, cause));
            first_cause(&outcome).unwrap().1
        };
        assert_eq!(links(None), ["0:00 `bank` full; p99 up to 9s"]);
        assert_eq!(links(Some(Blame { phase: 1, story: 0 })), ["3:00 nothing", "x"]);
        assert_eq!(
            links(Some(Blame { phase: 1, story: 1 })),
            ["3:01 `mail` full", "9 % of requests failed, mostly http_503"]
        );
        outcome.phases.remove(0);
        outcome.objectives.clear();
        assert_eq!(first_cause(&outcome).unwrap().1[0], "3:01 `mail` full");
    }

    /// The bill is no trouble: what it is made of says why it is missed.
    #[test]
    fn the_cause_of_a_bill_is_what_costs_most() {
        let mut outcome = sample::outcome();
        outcome.objectives.truncate(1);
        outcome.objectives[0].standing = Standing::Missed;
        outcome.objectives[0].bound.as_mut().unwrap().of = Quantity::Cost;
        let item = outcome.bill.items[0].clone();
        let of = |service: &str, resource: &str, usd: f64| BillItem {
            service: service.into(),
            resource: resource.into(),
            usd,
            ..item.clone()
        };
        let items = [
            ("EC2", "web", 2.0),
            ("NAT", "", 1.0),
            ("ELB", "front", 3.0),
            ("EC2", "web", 4.0),
            ("S3", "", 0.5),
        ];
        outcome.bill.items = items.map(|(service, resource, usd)| of(service, resource, usd)).to_vec();
        outcome.bill.total_usd = 10.5;
        let lines = ending(&outcome, false);
        let said = |title: &str| lines.iter().find(|it| it.0 == title).unwrap().1.clone();
        assert_eq!(said("Cause"), "of $10.50: $6.00 EC2 for `web`, $3.00 ELB for `front`, $1.00 NAT");
        assert!(said("Next").ends_with("--bill"), "{}", said("Next"));
    }
}
