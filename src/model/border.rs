//! Where something passes a balancer. In: the program. Out: each such place, with a mark of how often it was passed.

use super::program::{Line, Op, Program};
use crate::flow::mark::Mark;
use crate::kind::{self, fleet};

/// A place of a path where something passes a balancer.
#[derive(Clone, Copy, Debug)]
pub struct Border {
    /// The op.
    pub(super) at: usize,
    /// The class whose path it is on; none on a path that a resource owns, whose requests have the usual size.
    pub(super) class: Option<usize>,
    pub(super) balancer: usize,
    /// Whether it is the answer that passes there, and not the request.
    pub(super) answer: bool,
    pub(super) mark: Mark,
}

/// All places where something passes a balancer.
pub fn borders(program: &Program) -> Vec<Border> {
    let mut borders = Vec::new();
    let classes = program.entry.iter().enumerate().map(|(class, &entry)| (Some(class), entry));
    let owned = program.entries.iter().filter_map(|(_, entries)| Some((None, *entries.first()?)));
    let mut paths: Vec<(Option<usize>, u32)> = classes.chain(owned).collect();
    paths.sort_by_key(|path| path.1);
    for (place, &(class, entry)) in paths.iter().enumerate() {
        let end = paths.get(place + 1).map_or(program.ops.len(), |next| next.1 as usize);
        // Tiers lie inside each other; one that was entered without a balancer is none to it.
        let mut inside = Vec::new();
        for (at, Line { op, .. }) in program.ops.iter().enumerate().take(end).skip(entry as usize) {
            let (balancer, answer) = match op {
                Op::Pick { balancer, .. } => {
                    inside.push(Some(*balancer));
                    (Some(*balancer), false)
                }
                Op::Of(kind::Op::Fleet(fleet::Op::Direct { .. })) => {
                    inside.push(None);
                    (None, false)
                }
                Op::Leave { .. } => (inside.pop().flatten(), true),
                Op::Respond { .. } => break,
                _ => continue,
            };
            if let Some(balancer) = balancer {
                let balancer = usize::from(balancer);
                borders.push(Border { at, class, balancer, answer, mark: Mark::default() });
            }
        }
    }
    borders
}
