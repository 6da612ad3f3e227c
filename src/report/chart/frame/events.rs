//! Events in the panels of a picture. In: markers, and a plot. Out: numbered tags above it, and lines down at their begin and end.

use super::super::canvas::Rect;
use super::super::error::ChartError;
use super::super::legend::{TAG, tag_colour, tags, tags_width};
use super::super::marker::Marker;
use super::super::panel::Plot;

/// Numbered tags above the plot: each with a bar for the duration of the event and a line down at its start. Events of one
/// instant have one line, and one tag with all of their numbers.
pub(super) fn event_strip(
    plot: &Plot<'_, '_>,
    events: &[Marker],
    is_tagged: impl Fn(f64) -> bool,
) -> Result<(), ChartError> {
    let Rect { top, bottom, right, .. } = plot.room;
    let mut free = f64::NEG_INFINITY;
    let mut number = 0;
    for group in at_once(events, |marker| plot.at_x(marker.at)) {
        let from = plot.at_x(group[0].at);
        number += group.len();
        if !is_tagged(group[0].at) {
            if plot.x.meets(group[0].at, group[0].at) {
                plot.sheet.dashes((from, top), (from, bottom), 2.0, tag_colour(&group[0]))?;
            }
            continue;
        }
        // The longest bar first, so that it does not hide the others.
        let mut bars: Vec<&Marker> = group.iter().filter(|it| plot.at_x(it.until) - from > 1.0).collect();
        bars.sort_by(|a, b| b.until.total_cmp(&a.until));
        for marker in bars {
            let bar = Rect { left: from, top: top - 9.0, right: plot.at_x(marker.until), bottom: top - 2.0 };
            plot.sheet.fill(bar, tag_colour(marker))?;
        }
        plot.sheet.dashes((from, top - 12.0), (from, bottom), 2.0, tag_colour(&group[0]))?;
        let numbered: Vec<_> = (number + 1 - group.len()..).zip(group.iter().map(tag_colour)).collect();
        let half = tags_width(numbered.len()) / 2.0;
        let x = from.max(free + half).min(right);
        tags(plot.sheet, (x, top - 12.0 - TAG), &numbered)?;
        free = x + half + 3.0;
    }
    Ok(())
}

/// What of an event has a line.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Edge {
    Begin,
    End,
}

/// Lines down a panel where faults and deployments begin or end.
pub(super) fn event_lines(plot: &Plot<'_, '_>, events: &[Marker], what: Edge) -> Result<(), ChartError> {
    let Rect { top, bottom, .. } = plot.room;
    for marker in events.iter().filter(|it| it.kind.has_end()) {
        let (from, until) = (plot.at_x(marker.at), plot.at_x(marker.until));
        match what {
            Edge::Begin if plot.x.meets(marker.at, marker.at) => {
                plot.sheet.dashes((from, top), (from, bottom), 2.0, tag_colour(marker))?;
            }
            Edge::End
                if plot.x.meets(marker.until, marker.until)
                    && until - from > 2.0
                    && until < plot.room.right - 1.0 =>
            {
                plot.sheet.dashes((until, top), (until, bottom), 1.0, tag_colour(marker))?;
            }
            Edge::Begin | Edge::End => {}
        }
    }
    Ok(())
}

/// Markers that stand at one place, in groups: those of one instant, or of one pixel.
fn at_once(markers: &[Marker], place: impl Fn(&Marker) -> f64) -> impl Iterator<Item = &[Marker]> {
    markers.chunk_by(move |one, next| (place(next) - place(one)).abs() < 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::chart::marker::Kind;

    #[test]
    fn events_of_one_instant_have_one_tag() {
        let marker = |at| Marker {
            at,
            until: at,
            kind: Kind::Incident,
            text: String::new(),
            when: String::new(),
            others: Vec::new(),
        };
        let markers = [10.0, 10.0, 10.0004, 30.0, 31.0].map(marker);
        // A thousand seconds on a thousand pixels.
        let groups: Vec<usize> = at_once(&markers, |marker| marker.at).map(<[Marker]>::len).collect();
        assert_eq!(groups, [3, 1, 1]);
        let (one, three) = (tags_width(1), tags_width(3));
        assert!(one == 2.0 * TAG && three > one + 2.0 * TAG, "room for three numbers");
    }
}
