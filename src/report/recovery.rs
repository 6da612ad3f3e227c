//! Recovery from faults: how long until objectives held again, what was lost or done twice, and what stood by. In: an outcome, or all sides of a
//! comparison. Out: a part of a page.

use super::section::Section;
use super::table::{BAD, Cell, PLAIN, QUIET, Side, Table, WARNING};
use crate::comparison::Summary;
use crate::number::{all_of, amount, clock, counted, things, usd};
use crate::outcome::Recovery;
use crate::outcome::recovery::Recovered;
use crate::text::Word;
use crate::units::Time;

/// Most strikes that a page lists; `outcome.json` has all.
const MOST: usize = 20;
/// The same of a whole page.
const MOST_OF_ALL: usize = 1_000;

pub(super) const PART: Word = Word::new(
    "Recovery",
    "What each fault meant for the objectives: how long until they held again, what was lost or done twice, and what stood by for it.",
);
const BEGAN: Word = Word::new("began", "When the fault began, on the clock of the run.");
const AGAIN: Word = Word::new(
    "objectives hold again",
    "How long after the begin of the fault the first of five minutes in a row began in which the objectives on latency, errors and availability were met, a span of time.",
);
/// The titles of the columns where sides are compared.
const HEADS: [Word; 9] = [
    Word::NONE,
    Word::NONE,
    Word::new(
        "RTO",
        "Recovery time: until the objectives on latency, errors and availability hold again, after the fault of which that takes longest, a span of time.",
    ),
    Word::new(
        "RPO",
        "Recovery point: how far back the writes go that were answered and lost, a span of time.",
    ),
    Word::new("lost writes", "Writes that had been answered and are lost, a count."),
    Word::new(
        "doubled",
        "Writes that were done twice, for requests or messages that were tried or delivered again, a count.",
    ),
    Word::new("a month before", "The bill of a month like the time before the first fault, in US dollars."),
    Word::new(
        "elsewhere",
        "The part of the bill of a month like the time before the first fault that is in other Regions, in US dollars.",
    ),
    Word::new("the event", "The bill of the event, in US dollars."),
];

/// The words of this part.
pub(super) fn words() -> Vec<Word> {
    HEADS.into_iter().chain([BEGAN, AGAIN]).filter(|head| *head != Word::NONE).collect()
}

/// A side of a comparison.
pub(super) struct Of<'a> {
    pub letter: char,
    pub name: String,
    pub recovery: Option<&'a Recovery>,
    /// The bill of the event, if it is known.
    pub cost_usd: Option<f64>,
}

impl<'a> Of<'a> {
    /// Of a summary, by its title.
    pub(super) fn new(side: &'a Summary, name: String) -> Of<'a> {
        Of { letter: side.letter, name, recovery: side.recovery.as_ref(), cost_usd: Some(side.cost_usd) }
    }
}

/// That of a run, or of several.
pub(super) fn section(it: &Recovery, runs: usize, whole: bool) -> Section {
    let most = if whole { MOST_OF_ALL } else { MOST };
    let mut table = Table::new(&[Side::Left, Side::Right, Side::Right]);
    table.heads(&[Word::NONE, BEGAN, AGAIN]);
    for strike in it.strikes.iter().take(most) {
        let began = clock(strike.at_s.floor());
        table.row([strike.name.as_str().into(), began.into(), again(strike)]);
    }
    let of_run = if runs > 1 { " of the first run" } else { "" };
    let shown = if it.strikes.len() > most { format!(", the first {most} shown") } else { String::new() };
    let strikes = counted(it.strikes.len() as u64, "strike");
    let remark = format!(
        "{strikes}{of_run}{shown}; objectives hold again with the first of five minutes in a row in which {} {} met",
        all_of(&it.holds),
        if it.holds.len() == 1 { "is" } else { "are all" }
    );
    Section::of(PART, remark).table(table).lines(lines(it))
}

/// That of each side: the figures by which strategies are compared.
pub(super) fn of_sides(all: &[Of<'_>]) -> Option<Section> {
    let mut table = Table::new(&[Side::Left, Side::Left, Side::Right]);
    table.sparing(&[7, 5]);
    table.heads(&HEADS);
    let money = |it: Option<f64>| it.map_or(Cell::new("–", QUIET), |it| Cell::from(usd(it)));
    for side in all {
        let begins = [side.letter.to_string().into(), side.name.as_str().into()];
        let cells: [Cell; 7] = match side.recovery {
            None => {
                let none = ["no fault", "–", "–", "–", "–", "–"].map(|it| Cell::new(it, QUIET));
                let [rto, rpo, lost, doubled, month, elsewhere] = none;
                [rto, rpo, lost, doubled, month, elsewhere, money(side.cost_usd)]
            }
            Some(it) => [
                rto(it),
                (span(it.rpo_s) + so_far(it)).into(),
                writes(it.lost_writes),
                writes(it.doubled_writes),
                money(it.standing_usd),
                money(it.standing_elsewhere_usd),
                money(side.cost_usd),
            ],
        };
        table.row(begins.into_iter().chain(cells));
    }
    let remark = "RTO: until the objectives on latency, errors and availability hold again, after the fault of which that takes longest; RPO: how far \
                  back the writes go that were answered and lost; a month before: the bill of a month like the time before the first fault, and \
                  elsewhere: what of that is in other Regions";
    all.iter().any(|side| side.recovery.is_some()).then(|| Section::of(PART, remark).table(table))
}

fn lines(it: &Recovery) -> Vec<String> {
    let at_least = if it.is_over { "" } else { "more than " };
    let writes = match it.lost_writes {
        0.0 => "no write is lost".to_owned() + so_far(it),
        lost => {
            let agree = if lost == 1.0 { "is" } else { "are" };
            let (lost, back) = (things(lost, "write"), span(it.rpo_s));
            format!("{lost} that had been answered {agree} lost, the earliest made {back} before")
        }
    };
    let rto = match (it.is_over, it.rto_s) {
        (true, 0.0) => "objectives held throughout".to_owned(),
        _ => format!("recovery time (RTO) {at_least}{}", span(it.rto_s)),
    };
    let rpo = format!("recovery point (RPO) {}{}: {writes}", span(it.rpo_s), so_far(it));
    let twice = (it.doubled_writes > 0.0).then(|| {
        format!(
            "doubled: {}, for requests or messages that were tried or delivered again",
            things(it.doubled_writes, "write")
        )
    });
    let standing = it.standing_usd.zip(it.standing_elsewhere_usd).filter(|(_, elsewhere)| *elsewhere > 0.0);
    let standing = standing.map(|(all, elsewhere)| {
        format!(
            "a month like the time before it costs {}, of which {} in other Regions",
            usd(all),
            usd(elsewhere)
        )
    });
    [format!("{rto}; {rpo}")].into_iter().chain(twice).chain(standing).collect()
}

/// What a fault that is not over by the end may still do.
fn so_far(it: &Recovery) -> &'static str {
    if it.is_over { "" } else { " so far" }
}

fn again(strike: &Recovered) -> Cell {
    match strike.after_s {
        Some(0.0) => Cell::new("held throughout", PLAIN),
        Some(after) => Cell::new(format!("after {}", span(after)), PLAIN),
        None => Cell::new("not within the run", BAD),
    }
}

fn rto(it: &Recovery) -> Cell {
    match it.is_over {
        true => span(it.rto_s).into(),
        false => Cell::new(format!("over {}", span(it.rto_s)), BAD),
    }
}

fn writes(of: f64) -> Cell {
    Cell::new(amount(of), if of > 0.0 { WARNING } else { PLAIN })
}

/// Whole seconds are exact enough; what takes less is said to the millisecond.
fn span(seconds: f64) -> String {
    match seconds >= 10.0 || seconds <= 0.0 {
        true => Time::from_secs(seconds.max(0.0).round() as u64).to_string(),
        false => Time::from_secs_f64((seconds * 1e3).round() / 1e3).to_string(),
    }
}
