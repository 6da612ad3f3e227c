//! Whether a change is surely beyond a width. In: a change, its interval, the width. Out: [`Judged`].

/// More runs than this are not asked for: a change that needs so many is the width itself.
const MOST_RUNS: f64 = 1_000.0;

/// Where an interval lies.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Judged {
    /// All of it is beyond the width.
    Beyond,
    /// All of it is within.
    Within,
    /// The width is inside of it.
    Open {
        /// About how many runs would tell.
        runs: Option<u64>,
    },
}

impl Judged {
    /// Of two directions: beyond in one of them is too far.
    pub(super) fn or(self, other: Judged) -> Judged {
        match (self, other) {
            (Judged::Beyond, _) | (_, Judged::Beyond) => Judged::Beyond,
            (Judged::Within, Judged::Within) => Judged::Within,
            (Judged::Open { runs: one }, Judged::Open { runs: other }) => {
                Judged::Open { runs: one.zip(other).map(|(one, other)| one.max(other)) }
            }
            (Judged::Open { runs }, _) | (_, Judged::Open { runs }) => Judged::Open { runs },
        }
    }
}

/// Judges a change upwards.
pub(super) fn judge(change: f64, (low, high): (f64, f64), width: f64, runs: usize) -> Judged {
    if low > width {
        return Judged::Beyond;
    }
    if high <= width {
        return Judged::Within;
    }
    // How far the end on the other side of the width has to come nearer to the change.
    let half = if change > width { change - low } else { high - change };
    let times = half / (change - width).abs();
    let needed = (runs as f64 * times * times).ceil();
    let runs = (needed <= MOST_RUNS).then_some(needed.max(runs as f64 + 1.0) as u64);
    Judged::Open { runs }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_interval_decides_if_all_of_it_is_on_one_side() {
        assert_eq!(judge(8.0, (6.0, 10.0), 5.0, 5), Judged::Beyond);
        assert_eq!(judge(2.0, (-1.0, 5.0), 5.0, 5), Judged::Within, "the width itself is allowed");
        // 3 above the width with 6 to its lower end: four times the runs halve that.
        assert_eq!(judge(8.0, (2.0, 14.0), 5.0, 5), Judged::Open { runs: Some(20) });
        assert_eq!(judge(4.0, (2.0, 6.0), 5.0, 5), Judged::Open { runs: Some(20) });
        assert_eq!(judge(4.0, (3.0, 5.1), 5.0, 5), Judged::Open { runs: Some(7) });
        assert_eq!(judge(5.0, (3.0, 7.0), 5.0, 5), Judged::Open { runs: None });
    }

    #[test]
    fn of_two_directions_one_beyond_is_enough() {
        let open = |runs| Judged::Open { runs };
        assert_eq!(Judged::Within.or(Judged::Beyond), Judged::Beyond);
        assert_eq!(open(Some(9)).or(Judged::Within), open(Some(9)));
        assert_eq!(open(Some(9)).or(open(Some(12))), open(Some(12)));
        assert_eq!(open(None).or(open(Some(12))), open(None));
    }
}
