//! Where something passes a balancer. In: the program. Out: each such place, with the size of what passes there.
//!
//! A request passes at each choice of a target, on every attempt; an answer where its tier sends it, unless the caller has
//! gone by then. Each has the size that its class has for clients; answers of errors have none.

use super::program::{Line, Op, Program};
use crate::kind::part::Border;
use crate::scenario::Scenario;
use crate::scenario::request::language::{REQUEST_SIZE, RESPONSE_SIZE};

/// All places where something passes a balancer.
pub fn borders(program: &Program, scenario: &Scenario) -> Vec<Border> {
    let mut borders = Vec::new();
    let classes = program.entry.iter().enumerate().map(|(class, &entry)| (Some(class), entry));
    let owned = program.entries.iter().filter_map(|(_, entries)| Some((None, *entries.first()?)));
    let mut paths: Vec<(Option<usize>, u32)> = classes.chain(owned).collect();
    paths.sort_by_key(|path| path.1);
    for (place, &(class, entry)) in paths.iter().enumerate() {
        // A path that a resource owns is of no class, and its requests have the usual size.
        let class = class.map(|class| &scenario.classes[class]);
        let end = paths.get(place + 1).map_or(program.ops.len(), |next| next.1 as usize);
        // Tiers lie inside each other; one that was entered without a balancer is none to it.
        let mut inside = Vec::new();
        let mut dialed = false;
        for (at, Line { op, .. }) in program.ops.iter().enumerate().take(end).skip(entry as usize) {
            let (balancer, answer) = match op {
                op if op.chosen_by().is_some() => {
                    inside.push(op.chosen_by());
                    (op.chosen_by(), false)
                }
                op if op.entered().is_some() || op.invokes() => {
                    inside.push(None);
                    (None, false)
                }
                Op::Leave { .. } | Op::Home { .. } => (inside.pop().flatten(), true),
                Op::Respond { .. } => break,
                op => {
                    dialed |= op.dials();
                    continue;
                }
            };
            let dialed = std::mem::take(&mut dialed);
            if let Some(balancer) = balancer {
                let size = match answer {
                    false => class.map_or(REQUEST_SIZE.value, |class| class.request_size),
                    true => class.map_or(RESPONSE_SIZE.value, |class| class.response_size),
                };
                borders.push(Border { at, balancer: usize::from(balancer), answer, size, dialed });
            }
        }
    }
    borders
}
