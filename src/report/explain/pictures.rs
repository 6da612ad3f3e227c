//! The words on pictures: titles of panels, and what a legend has. In: the words that pictures declare, and the charts of the kinds. Out: an
//! explanation of each.

use super::super::picture;
use super::words::shown_in;
use crate::kind::{self, record::EachChart};
use crate::measure::chart::{Chart, Form};
use crate::measure::figure::Totals;
use crate::scenario::explain::Explained;

/// Stands in what each of them is.
pub(super) const PICTURE: &str = " picture";

/// Every word.
pub(super) fn words() -> Vec<Explained> {
    let fixed = picture::WORDS.iter().map(|word| Explained {
        path: vec![word.text.to_owned()],
        is: "a word on pictures of runs and studies".to_owned(),
        about: word.about.to_owned(),
        facts: Vec::new(),
    });
    let mut of_kinds = OfKinds(Vec::new());
    // No resource is needed: what a chart shows is written down.
    kind::charts(&kind::Series::default(), &kind::Outcomes::default(), &mut of_kinds);
    fixed.chain(of_kinds.0).collect()
}

struct OfKinds(Vec<Explained>);

impl EachChart for OfKinds {
    fn visit<T: Totals>(&mut self, chart: &Chart<T::Series, T::Told>, _: &[T::Series], _: &[T::Told]) {
        for panel in chart.panels {
            let facts: Vec<_> = shown_in(panel.unit, "").map(|unit| ("unit", unit)).into_iter().collect();
            let names: Vec<&str> =
                panel.layers.iter().map(|it| it.name).filter(|it| !it.is_empty()).collect();
            let legend = if names.is_empty() { String::new() } else { format!(": {}", names.join(", ")) };
            let row = "row by row over the time of the event";
            self.0.push(Explained {
                path: vec![panel.title.to_owned()],
                is: format!("a panel of the picture `{}`, {}", chart.file, chart.title),
                about: format!("What is drawn there of each resource, {row}{legend}."),
                facts: facts.clone(),
            });
            for layer in panel.layers.iter().filter(|it| !it.name.is_empty()) {
                let form = match layer.form {
                    Form::Line(_) => "A line",
                    Form::Area(_) => "An area above zero",
                    Form::Stacked(_) => "An area on others",
                    Form::Level(_) => "A dashed line at one height",
                };
                self.0.push(Explained {
                    path: vec![layer.name.to_owned()],
                    is: format!("a word on the picture `{}`, {}", chart.file, chart.title),
                    about: format!(
                        "{form} of the panel `{}`: `{}` of each resource, {row}.",
                        panel.title, layer.name
                    ),
                    facts: facts.clone(),
                });
            }
        }
    }
}
