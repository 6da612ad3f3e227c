//! The frame of every page: head, contents, parts, scripts. In: titles and what stands below them. Out: one HTML file.

use super::charts::Values;
use super::escape::{Json, Text};

const UPLOT: &str = include_str!("uplot/uPlot.iife.min.js");
pub(super) const UPLOT_STYLE: &str = include_str!("uplot/uPlot.min.css");
const UPLOT_LICENCE: &str = include_str!("uplot/LICENSE");
/// The script, in the order in which its files need each other.
const SCRIPT: [&str; 3] =
    [include_str!("script/base.js"), include_str!("script/plots.js"), include_str!("script/tools.js")];
pub(super) const STYLE: &str = include_str!("script/report.css");

/// What the browser may load: nothing. What is in the file may run.
const POLICY: &str = "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:; \
                      base-uri 'none'; form-action 'none'";

/// What a page has.
pub(super) struct Page<'a> {
    pub name: &'a str,
    /// What was run, in a line.
    pub facts: String,
    /// Why this is not all that was asked for.
    pub partial: Option<String>,
    /// The version of simcap that made the numbers.
    pub simcap: &'a str,
    /// Titles, and what stands below each.
    pub parts: Vec<(String, String)>,
    /// What the charts among them show.
    pub values: Values,
}

impl Page<'_> {
    /// The file. The same content gives the same bytes.
    pub fn html(&self) -> String {
        let (name, simcap, facts) = (Text(self.name), Text(self.simcap), Text(&self.facts));
        let partial = self.partial.as_ref().map_or(String::new(), |words| {
            format!("<p class=\"warning\"><strong>Partial</strong> {}</p>\n", Text(words))
        });
        let (contents, main, script) = (self.contents(), self.main(), SCRIPT.concat());
        format!(
            "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta http-equiv=\"Content-Security-Policy\" content=\"{POLICY}\">\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
             <meta name=\"color-scheme\" content=\"light dark\">\n\
             <meta name=\"generator\" content=\"simcap {simcap}\">\n<title>{name} · simcap</title>\n\
             <link rel=\"icon\" href=\"data:,\">\n<style>{UPLOT_STYLE}</style>\n<style>\n{STYLE}</style>\n</head>\n\
             <body>\n<a class=\"skip\" href=\"#content\">To the content</a>\n\
             <header>\n<h1>{name}</h1>\n<p class=\"remark\">{facts}</p>\n\
             <button type=\"button\" id=\"theme\" hidden>Dark</button>\n{partial}\
             <nav aria-label=\"Contents\"><ul>{contents}</ul></nav>\n</header>\n<main id=\"content\">\n{main}</main>\n\
             <footer>\n<p>Made by simcap {simcap}; nothing is loaded to show it.</p>\n\
             <details><summary>Licence of uPlot, which draws the charts</summary><pre>{}</pre></details>\n</footer>\n\
             <script type=\"application/json\" id=\"values\">{}</script>\n<script>{UPLOT}</script>\n\
             <script>\n\"use strict\";\n(() => {{\n{script}}})();\n</script>\n</body>\n</html>\n",
            Text(UPLOT_LICENCE),
            Json(&self.values),
        )
    }

    fn contents(&self) -> String {
        let link = |(title, _): &(String, String)| {
            format!("<li><a href=\"#{}\">{}</a></li>", slug(title), Text(title))
        };
        self.parts.iter().map(link).collect()
    }

    fn main(&self) -> String {
        let part = |(title, body): &(String, String)| {
            let slug = slug(title);
            format!(
                "<section id=\"{slug}\" aria-labelledby=\"{slug}-title\">\n\
                 <h2 id=\"{slug}-title\">{}</h2>\n{body}</section>\n",
                Text(title)
            )
        };
        self.parts.iter().map(part).collect()
    }
}

/// A title as the name of a place: `Bottleneck by phase` becomes `bottleneck-by-phase`.
fn slug(title: &str) -> String {
    let words = title.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join("-").to_ascii_lowercase()
}
