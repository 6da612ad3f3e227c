//! What a queue shows of a run: its backlog and the age of its oldest message. In: its rows. Out: a chart.
//!
//! Messages that wait are no request that waits: a queue is never what a request is held up by.

use super::Queues;
use crate::kind::All;
use crate::kind::view::View;
use crate::measure::chart::{Chart, Line, Panel};
use crate::measure::column::Series as _;

impl View<All> for Queues<'_> {
    const CHART: Option<Chart> = Some(Chart {
        file: "queues.png",
        title: "Messages",
        kind: super::record::Series::KIND,
        panels: &[
            Panel {
                title: "messages that wait, and in flight",
                lines: &[
                    Line { column: "backlog", name: "can be received", filled: true },
                    Line { column: "in_flight", name: "in flight", filled: false },
                ],
                log: false,
                weight: 1.0,
            },
            Panel {
                title: "age of the oldest message",
                lines: &[Line { column: "oldest_s", name: "age", filled: false }],
                log: false,
                weight: 0.8,
            },
            Panel {
                title: "messages a second",
                lines: &[
                    Line { column: "sent", name: "sent", filled: false },
                    Line { column: "deleted", name: "deleted", filled: false },
                ],
                log: false,
                weight: 0.8,
            },
        ],
    });
}
