//! A writer that a fault takes and from which nothing takes over. In: faults, and where the nodes are. Out: warnings.

use crate::catalog::zone::Place;
use crate::id::Kind;
use crate::kind::Settings;
use crate::kind::code::Code;
use crate::kind::database::language::Database;
use crate::kind::expected::Expected;
use crate::kind::fault::language::{Fault, OnRequests, Target};
use crate::kind::warning::Warning;
use crate::units::Time;

/// Whether a fault takes the writer while there is a replica elsewhere that is promoted then.
pub(super) fn uses_replicas(index: usize, database: &Database, expected: &Expected<'_, Settings>) -> bool {
    let writer = database.place_of(0);
    if promoted(index, expected, Time::ZERO) {
        return true;
    }
    let strikes = |fault: &Fault| match fault.target {
        Target::Requests { of, effect: OnRequests::Dies | OnRequests::FailsOver, .. } => {
            of == (Kind::Database, index)
        }
        _ => fault.planned_place() == Some(writer) && database.heirs().any(|heir| heir != writer),
    };
    database.promotes() && expected.faults.iter().any(|it| it.at < expected.duration && strikes(it))
}

/// Whether a replica is promoted by hand, then or later.
fn promoted(index: usize, expected: &Expected<'_, Settings>, from: Time) -> bool {
    let promotes = |fault: &&Fault| matches!(fault.target, Target::Requests { of, effect: OnRequests::Promotes, .. } if of == (Kind::Database, index));
    expected.faults.iter().filter(promotes).any(|it| it.at >= from && it.at < expected.duration)
}

/// The first fault that takes the writer, wherever it is by then, while all that could take over is lost as well.
pub(super) fn warning(
    index: usize,
    database: &Database,
    expected: &Expected<'_, Settings>,
) -> Option<Warning> {
    let losses = Losses(&expected.faults);
    let mut faults: Vec<&Fault> = expected.faults.iter().filter(|it| it.at < expected.duration).collect();
    faults.sort_by_key(|fault| fault.at);
    let (mut writer, mut heirs) = (database.place_of(0), database.heirs().collect::<Vec<_>>());
    // Until then a failover from an earlier fault goes on.
    let mut busy_until = Time::ZERO;
    let alone = faults.into_iter().find(|fault| {
        if fault.planned_place() != Some(writer) || fault.at < busy_until {
            return false;
        }
        let heir = |at: Time| heirs.iter().position(|heir| !losses.is_lost(*heir, at));
        let over = fault.at + database.failover.mean();
        let is_back = losses.back(writer, fault.at).is_some_and(|back| back < over);
        match heir(fault.at).and_then(|_| if is_back { Some(None) } else { heir(over).map(Some) }) {
            None => return true,
            // The writer is back before the failover is over.
            Some(None) => {}
            Some(Some(heir)) => {
                busy_until = over;
                std::mem::swap(&mut writer, &mut heirs[heir]);
            }
        }
        false
    });
    let fault = alone.filter(|fault| !promoted(index, expected, fault.at))?;
    // A node that would take over may be lost only during the failover.
    let over = fault.at + database.failover.mean();
    let began = heirs.iter().any(|heir| !losses.is_lost(*heir, fault.at));
    let heirs_at = if began { over } else { fault.at };
    let all = heirs.iter().map(|heir| (heir, heirs_at)).chain([(&writer, fault.at)]);
    let backs = all.filter_map(|(place, at)| Some((losses.back(*place, at)?, place)));
    let until = match backs.min_by_key(|(back, _)| *back).filter(|(back, _)| *back < expected.duration) {
        Some((back, place)) => format!("until zone {} is back at {back}", place.zone),
        None => "until the end of the run".into(),
    };
    let name = &database.name;
    let message = format!(
        "fault `{}` takes the writer of database `{name}` and nothing takes over: it has no writer {until}",
        fault.name
    );
    let (key, hint) = match database.engine.is_aurora() {
        true => ("replicas", "give it a replica in another zone: one is promoted when the writer is lost"),
        false => (
            "multi_az",
            "set `multi_az = true`, for a standby in another zone: replicas of RDS are not promoted by themselves",
        ),
    };
    Some(Warning::new(Code::NothingTakesOver, &["database", name, key], message, hint))
}

/// When zones are lost: faults of one zone that overlap are one loss.
struct Losses<'a>(&'a [Fault]);

impl Losses<'_> {
    fn is_lost(&self, place: Place, at: Time) -> bool {
        self.taking(place, at).next().is_some()
    }

    fn taking(&self, place: Place, at: Time) -> impl Iterator<Item = &Fault> {
        let is_lost = move |fault: &&Fault| {
            fault.planned_place() == Some(place)
                && fault.at <= at
                && fault.until().is_none_or(|until| at < until)
        };
        self.0.iter().filter(is_lost)
    }

    /// When a zone that is lost at an instant is back.
    fn back(&self, place: Place, at: Time) -> Option<Time> {
        let mut at = at;
        while let Some(fault) = self.taking(place, at).next() {
            at = fault.until()?;
        }
        Some(at)
    }
}
