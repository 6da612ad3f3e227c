//! What a fleet or a function works with. In: references, security groups, and what there is only one of. Out: stores and inner
//! balancers of each tier, with what shows it.

use std::collections::BTreeSet;

use super::draft::{Draft, Store, Worker};

/// A fleet or a function.
pub type Tier = Worker;

/// Something that a tier uses, and how that is known.
#[derive(Clone, Debug)]
pub struct Use {
    /// Position of the store.
    pub store: usize,
    /// What shows it.
    pub by: &'static str,
}

/// All tiers with what they use.
#[derive(Debug)]
pub struct Tiers {
    uses: Vec<(Tier, Vec<Use>)>,
    inner: Vec<(Tier, Vec<(usize, &'static str)>)>,
}

const NAMED: &str = "its settings or its policies name it";
const GROUPS: &str = "its security group is let in";
const ONLY: &str = "nothing shows it, but nothing else could";

impl Tiers {
    /// Finds out who uses what.
    pub fn of(draft: &mut Draft<'_>) -> Tiers {
        let tiers: Vec<Tier> = (0..draft.fleets.len())
            .filter(|at| !draft.fleets[*at].cluster)
            .map(Tier::Fleet)
            .chain((0..draft.functions.len()).filter(|at| !draft.functions[*at].helper).map(Tier::Function))
            .collect();
        let world = draft.world;
        let reaches: Vec<BTreeSet<usize>> = tiers
            .iter()
            .map(|tier| world.reach(&parts(draft, *tier).iter().copied().collect::<Vec<_>>()))
            .collect();
        workers(draft, &tiers, &reaches);
        let mut uses = Vec::new();
        let mut inner = Vec::new();
        for (tier, reach) in tiers.iter().zip(&reaches) {
            let groups = world.groups(parts(draft, *tier));
            let mut own = Vec::new();
            for (store, it) in draft.stores.iter().enumerate() {
                let kind = it.table.kind();
                let by = match () {
                    () if !reach.is_disjoint(&it.parts) => NAMED,
                    () if matches!(kind, "database" | "cache" | "efs")
                        && world.lets_in(&groups, &world.groups(&it.parts)) =>
                    {
                        GROUPS
                    }
                    () => continue,
                };
                let back = comes_from(draft, store, *tier) || is_letter(draft, store);
                if !(back && matches!(kind, "queue" | "stream" | "topic")) {
                    own.push(Use { store, by });
                }
            }
            let mut called = Vec::new();
            for (at, balancer) in draft.balancers.iter().enumerate() {
                let itself = matches!(tier, Tier::Fleet(fleet) if balancer.default.contains(fleet));
                if itself || !balancer.internal {
                    continue;
                }
                if !reach.is_disjoint(&balancer.parts) {
                    called.push((at, NAMED));
                } else if world.lets_in(&groups, &world.groups(&balancer.parts)) {
                    called.push((at, GROUPS));
                }
            }
            // What is named comes before what is only let in.
            called.sort_by_key(|(_, by)| *by != NAMED);
            uses.push((*tier, own));
            inner.push((*tier, called));
        }
        Tiers { uses, inner }
    }

    /// Gives what nobody uses to the tier that is likely to: the innermost one of the path.
    pub fn rest(&mut self, draft: &Draft<'_>, deepest: Option<Tier>) {
        let one = (self.uses.len() == 1).then(|| self.uses[0].0);
        for (store, it) in draft.stores.iter().enumerate() {
            let kind = it.table.kind();
            let used = self.uses.iter().any(|(_, uses)| uses.iter().any(|it| it.store == store));
            if used || it.workers.is_some() || is_letter(draft, store) || is_origin(draft, it.table.name()) {
                continue;
            }
            let to = match kind {
                // Buckets for logs and builds are no part of a request.
                "s3" if ["log", "logs", "logging", "trail", "artifact", "artifacts"]
                    .iter()
                    .any(|word| it.table.name().split('-').any(|part| part == *word)) =>
                {
                    None
                }
                "database" | "cache" => one.or(deepest),
                _ => one,
            };
            let found = self.uses.iter_mut().find(|(tier, _)| Some(*tier) == to);
            if let Some((_, uses)) = found {
                uses.push(Use { store, by: ONLY });
            }
        }
    }

    /// Inner balancers that nothing shows the way to: the tier that requests enter calls the only one.
    pub fn lonely(&mut self, draft: &Draft<'_>, entrance: Option<Tier>) {
        let internal: Vec<usize> =
            (0..draft.balancers.len()).filter(|at| draft.balancers[*at].internal).collect();
        let [only] = internal.as_slice() else { return };
        if self.inner.iter().any(|(_, called)| !called.is_empty()) {
            return;
        }
        let Some(tier) = entrance else { return };
        let itself = matches!(tier, Tier::Fleet(fleet) if draft.balancers[*only].default.contains(&fleet));
        if let Some((_, called)) = self.inner.iter_mut().find(|(other, _)| *other == tier && !itself) {
            called.push((*only, ONLY));
        }
    }

    /// What a tier uses.
    pub fn uses(&self, tier: Tier) -> &[Use] {
        self.uses.iter().find(|(other, _)| *other == tier).map_or(&[], |(_, uses)| uses)
    }

    /// The inner balancers that a tier calls.
    pub fn inner(&self, tier: Tier) -> &[(usize, &'static str)] {
        self.inner.iter().find(|(other, _)| *other == tier).map_or(&[], |(_, inner)| inner)
    }

    /// Whether any tier uses a store.
    pub fn is_used(&self, store: usize) -> bool {
        self.uses.iter().any(|(_, uses)| uses.iter().any(|it| it.store == store))
    }

    /// All tiers.
    pub fn all(&self) -> impl Iterator<Item = Tier> + '_ {
        self.uses.iter().map(|(tier, _)| *tier)
    }
}

/// The resources of a tier.
pub fn parts<'d>(draft: &'d Draft<'_>, tier: Tier) -> &'d BTreeSet<usize> {
    match tier {
        Tier::Fleet(at) => &draft.fleets[at].parts,
        Tier::Function(at) => &draft.functions[at].parts,
    }
}

/// The name of a tier.
pub fn name<'d>(draft: &'d Draft<'_>, tier: Tier) -> &'d str {
    match tier {
        Tier::Fleet(at) => draft.fleets[at].table.name(),
        Tier::Function(at) => draft.functions[at].table.name(),
    }
}

/// Whether a tier works on what comes from a store: it does not send its own work to itself.
fn comes_from(draft: &Draft<'_>, store: usize, tier: Tier) -> bool {
    let it = &draft.stores[store];
    let name = format!("\"{}\"", name(draft, tier));
    let invoked = it.table.shown("functions").is_some_and(|list| list.contains(&name));
    let queues = it.table.shown("queues").unwrap_or_default();
    let fed = |other: &Store| {
        other.workers == Some(tier) && queues.contains(&format!("\"{}\"", other.table.name()))
    };
    it.workers == Some(tier) || invoked || draft.stores.iter().any(fed)
}

/// Whether a queue is where others put what they could not do.
fn is_letter(draft: &Draft<'_>, store: usize) -> bool {
    let name = draft.stores[store].table.name();
    draft.stores.iter().any(|other| other.table.text("dead_letter") == Some(name))
}

/// Whether a bucket is what a distribution serves.
fn is_origin(draft: &Draft<'_>, name: &str) -> bool {
    draft.fronts.iter().any(|front| front.to.iter().any(|onward| onward.to == name))
}

/// Fleets that no balancer has and that know a queue take its messages.
fn workers(draft: &mut Draft<'_>, tiers: &[Tier], reaches: &[BTreeSet<usize>]) {
    for (tier, reach) in tiers.iter().zip(reaches) {
        let Tier::Fleet(fleet) = tier else { continue };
        let served = draft.balancers.iter().any(|balancer| {
            balancer.default.contains(fleet)
                || balancer.rules.iter().any(|(.., fleets)| fleets.contains(fleet))
        });
        let scaled = |draft: &Draft<'_>, name: &str| {
            draft.fleets[*fleet]
                .policies
                .iter()
                .any(|policy| policy.to_string().contains(&format!("\"queue.{name}.")))
        };
        for store in 0..draft.stores.len() {
            let it = &draft.stores[store];
            let known = !reach.is_disjoint(&it.parts) || scaled(draft, it.table.name());
            if it.table.kind() != "queue" || it.workers.is_some() || !known || is_letter(draft, store) {
                continue;
            }
            // A fleet behind a balancer rather sends than receives, unless it scales by the queue.
            if served && !scaled(draft, it.table.name()) {
                continue;
            }
            let why = match scaled(draft, it.table.name()) {
                true => "it scales by this queue",
                false => "no balancer has it, and it knows this queue",
            };
            let name = name(draft, *tier).to_owned();
            let table = &mut draft.stores[store].table;
            table.assumed("workers", name, why);
            draft.stores[store].workers = Some(*tier);
        }
    }
}
