//! What faults do, in words. In: what is struck, and how. Out: the texts of incidents and of links between causes.

use super::language::{Member, OnHosts, OnName, OnRequests};
use crate::catalog::zone::Zone;
use crate::number::{number, setting, share, things};

/// `crashed`.
fn done(effect: OnHosts) -> String {
    match effect {
        OnHosts::Dies => "died".into(),
        OnHosts::Crashes => "crashed".into(),
        OnHosts::Hangs => "hung".into(),
        OnHosts::Slow(speed) => format!("slowed to {} of their speed", setting(speed)),
        OnHosts::Unreachable => "lost their network".into(),
        OnHosts::Fails => "answered with errors".into(),
    }
}

/// The same of one.
fn done_by_one(effect: OnHosts) -> String {
    match effect {
        OnHosts::Slow(speed) => format!("slowed to {} of its speed", setting(speed)),
        OnHosts::Unreachable => "lost its network".into(),
        effect => done(effect),
    }
}

fn in_zone(zone: Option<Zone>) -> String {
    zone.map_or_else(String::new, |zone| format!(" in zone {zone}"))
}

/// `2 of 6 instances of `web` crashed`.
pub(super) fn hosts_begin(
    struck: usize,
    all: usize,
    fleet: &str,
    zone: Option<Zone>,
    effect: OnHosts,
) -> String {
    let place = in_zone(zone);
    let all = things(all as f64, "instance");
    match struck {
        0 => format!("strikes nothing: no instance of `{fleet}` in service{place}"),
        1 => format!("1 of {all} of `{fleet}`{place} {}", done_by_one(effect)),
        struck => format!("{struck} of {all} of `{fleet}`{place} {}", done(effect)),
    }
}

/// `over for 2 instances of `web``.
pub(super) fn hosts_end(struck: usize, fleet: &str) -> String {
    match struck {
        0 => format!("over: none of the instances of `{fleet}` that it struck is left"),
        struck => format!("over for {} of `{fleet}`", things(struck as f64, "instance")),
    }
}

/// `2 instances of `web` crashed`, of so many or as many on the mean of several runs.
pub(super) fn hosts(most: f64, fleet: &str, zone: Option<Zone>, effect: OnHosts) -> String {
    let what = if most > 1.0 { done(effect) } else { done_by_one(effect) };
    let in_some = if most > 0.0 && most < 1.0 - 1e-6 { " in some runs" } else { "" };
    format!("{} of `{fleet}`{} {what}{in_some}", things(most.ceil(), "instance"), in_zone(zone))
}

/// ``bank``, `the writer of `shop``, `shard 2 of `catalog``.
pub(super) fn member(name: &str, member: Member) -> String {
    match member {
        Member::All => format!("`{name}`"),
        Member::Writer => format!("the writer of `{name}`"),
        Member::Replica => format!("a replica of `{name}`"),
        Member::Shard(shard) => format!("shard {shard} of `{name}`"),
    }
}

/// `the name of `public` leads 30 % of its callers to nothing`.
pub(super) fn name(of: &str, part: f64, effect: OnName) -> String {
    let to = match effect {
        OnName::Unreachable => "nothing",
        OnName::Refuses => "where nobody listens",
    };
    format!("the name of `{of}` leads {} of its callers to {to}", share(part))
}

/// ``bank` takes 5 times as long`.
pub(super) fn requests(name: &str, of: Member, effect: OnRequests) -> String {
    let name = member(name, of);
    match effect {
        OnRequests::Slow(factor) => {
            // Rounded to 1 it would say that nothing changes.
            let times = Some(number(factor)).filter(|it| it != "1" || factor == 1.0);
            format!("{name} takes {} times as long", times.unwrap_or_else(|| factor.to_string()))
        }
        OnRequests::Fails(part) => format!("{name} fails {} of its requests", share(part)),
        OnRequests::Refuses(part) => format!("{name} refuses {} of its requests", share(part)),
        OnRequests::Hangs => format!("{name} hangs"),
        OnRequests::Dies => format!("{name} died"),
        OnRequests::Crashes => match of {
            Member::All => format!("the writer of {name} crashed"),
            _ => format!("{name} crashed"),
        },
        OnRequests::FailsOver => format!("{name} is told to fail over"),
        OnRequests::Promotes => format!("a copy of {name} is promoted"),
        OnRequests::SwitchesOver => format!("{name} is told to switch to its second Region"),
        OnRequests::Corrupts(part) => format!("{} of the rows of {name} are wrong", share(part)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_agree_with_how_many_there_are() {
        let cut_off = |struck, all| hosts_begin(struck, all, "web", None, OnHosts::Unreachable);
        assert_eq!(cut_off(1, 1), "1 of 1 instance of `web` lost its network");
        assert_eq!(cut_off(2, 6), "2 of 6 instances of `web` lost their network");
        let nothing = hosts_begin(0, 0, "web", Some(Zone(1)), OnHosts::Dies);
        assert_eq!(nothing, "strikes nothing: no instance of `web` in service in zone b");
        assert_eq!(hosts_end(1, "web"), "over for 1 instance of `web`");
        let slow = |most| hosts(most, "web", None, OnHosts::Slow(0.2));
        assert_eq!(slow(0.4), "1 instance of `web` slowed to 20 % of its speed in some runs");
        assert_eq!(slow(1.5), "2 instances of `web` slowed to 20 % of their speed");
        assert_eq!(
            requests("bank", Member::All, OnRequests::Fails(0.3)),
            "`bank` fails 30 % of its requests"
        );
        assert_eq!(
            name("public", 0.3, OnName::Refuses),
            "the name of `public` leads 30 % of its callers to where nobody listens"
        );
        let slower = |factor| requests("bank", Member::All, OnRequests::Slow(factor));
        assert_eq!(slower(5.0), "`bank` takes 5 times as long");
        assert_eq!(slower(1.0001), "`bank` takes 1.0001 times as long");
        let second = requests("store", Member::Shard(2), OnRequests::Hangs);
        assert_eq!(second, "shard 2 of `store` hangs");
        assert_eq!(requests("shop", Member::Writer, OnRequests::Dies), "the writer of `shop` died");
    }
}
