//! The scenario of some answers. In: the answers. Out: a file of the language, with a comment on each line that matters: what it is, and
//! where to read one's own number.

use std::fmt::Write as _;

use super::answers::{Answers, Parts};
use super::question::find;
use crate::text::visible;
use crate::units::{Time, parse_time};

/// From the end of the peak until the end of the run. Three times the time constant of the fall: 95 % of it are over.
const AFTER: Time = Time(30 * 60 * 1_000_000_000);
/// Connections of each instance. Source: HikariCP, the pool of Spring Boot, has ten unless told otherwise.
const POOL: u32 = 10;
/// Columns of a comment.
const WIDTH: usize = 110;

/// The text of the file.
pub(super) fn scenario(answers: &Answers, parts: &Parts<'_>, file: &str) -> String {
    let comment = |key: &'static str, what: &str| comment(answers, key, what);
    // A name may have a line break, which would end the comment.
    let mut text = head(parts.hit_ratio.is_some(), &visible(file));
    // Writing into a text cannot fail.
    let mut line = |args: std::fmt::Arguments<'_>| {
        let _ = text.write_fmt(args);
    };
    let duration = Time(parts.at.1.0.saturating_add(parts.hold.1.0).saturating_add(AFTER.0));
    line(format_args!("name = \"A shop of three tiers\"\n"));
    line(format_args!(
        "# Where it runs, and whose prices count. Prices are known of us-east-1 and ap-northeast-2.\n"
    ));
    line(format_args!("region = \"us-east-1\"\n"));
    line(format_args!("# From the quiet before the peak until it is over.\n"));
    line(format_args!("duration = {}\n", quoted(&duration.to_string())));

    line(format_args!("{}", part("who comes")));
    line(format_args!("[traffic.visitors]\n"));
    line(format_args!("{}", comment("peak", "`peak`: pages and orders a second at the top.")));
    line(format_args!("{}", comment("normal", "`base`: how many at other times.")));
    line(format_args!(
        "{}",
        comment("spike", "`at` and `hold`: when the rise begins, and how long the top lasts.")
    ));
    line(format_args!(
        "spike = {{ base = {}, peak = {}, at = {}, hold = {}, ramp = \"30s\", decay = \"10m\" }}\n",
        quoted(parts.normal),
        quoted(parts.peak),
        quoted(parts.at.0),
        quoted(parts.hold.0)
    ));
    line(format_args!(
        "# Of a hundred requests two are orders: an assumption. Count both in the access log.\n"
    ));
    line(format_args!("requests = {{ page = 98, order = 2 }}\n\n"));
    line(format_args!("[client]\n"));
    line(format_args!(
        "# How long people wait before they try again, and how often they do: an assumption. Your app or CDN has both.\n"
    ));
    line(format_args!("timeout = \"10s\"\nretries = {{ max = 1, backoff = \"1s\" }}\n"));

    line(format_args!("{}", part("what a request does")));
    let (page, query) = (law(parts.page, "0.7"), law(parts.query, "1"));
    line(format_args!("[request.page]\nvia = \"public\"\nsteps = [\n"));
    line(format_args!(
        "{}",
        indented(&comment(
            "page",
            "CPU time in the application; most pages take less, a few take much more."
        ))
    ));
    line(format_args!("  {{ cpu = {page} }},\n"));
    let read = format!("{{ read = \"shop\", demand = {query} }}");
    match parts.hit_ratio {
        Some(ratio) => {
            line(format_args!(
                "{}",
                indented(&comment("cache", "The part of look-ups that the cache answers."))
            ));
            line(format_args!(
                "{}",
                indented(&comment("query", "`demand`: CPU time of the query in the database, after a miss."))
            ));
            line(format_args!("  {{ cache = \"pages\", hit_ratio = {}, miss = {read} }},\n", quoted(ratio)));
        }
        None => {
            line(format_args!(
                "{}",
                indented(&comment("query", "`demand`: CPU time of the query in the database."))
            ));
            line(format_args!("  {read},\n"));
        }
    }
    line(format_args!("]\n\n[request.order]\nvia = \"public\"\n"));
    line(format_args!(
        "# An order is taken to need as much as a page, and two statements in one transaction. Measure it by itself.\n"
    ));
    line(format_args!("steps = [\n  {{ cpu = {page} }},\n"));
    line(format_args!(
        "  {{ transaction = \"shop\", steps = [{{ read = {query} }}, {{ write = {query} }}] }},\n]\n"
    ));

    line(format_args!("{}", part("what it runs on")));
    line(format_args!("[balancer.public]\ntargets = \"app\"\n\n[fleet.app]\n"));
    line(format_args!(
        "{}instance = {}\n",
        comment("instance", "The type of each instance."),
        quoted(parts.instance)
    ));
    let (min, max) = parts.instances;
    line(format_args!("{}", comment("instances", "The size of the group.")));
    if min == max {
        line(format_args!("instances = {min}\n"));
    } else {
        line(format_args!("min = {min}\nmax = {max}\n"));
        line(format_args!("# The policy of the group: 60 % CPU is an assumption, the console has yours.\n"));
        line(format_args!("scaling = [{{ target_tracking = {{ metric = \"cpu\", target = 60 }} }}]\n"));
    }
    line(format_args!(
        "# Connections that each instance may open; times the largest size they have to fit into `max_connections`.\n"
    ));
    line(format_args!("pools = {{ shop = {POOL} }}\n"));
    if parts.hit_ratio.is_some() {
        line(format_args!(
            "\n[cache.pages]\n# The node of the cache: an assumption, the console of ElastiCache has yours.\nnode = \"cache.r6g.large\"\n"
        ));
    }
    line(format_args!("\n[database.shop]\n{}", comment("database", "Engine, and class of the writer.")));
    line(format_args!("engine = {}\nwriter = {}\n", quoted(parts.engine), quoted(parts.class)));

    line(format_args!("{}", part("what has to hold")));
    line(format_args!("[objectives]\n{}", comment("latency", "The run exits with 99 if it is missed.")));
    line(format_args!("latency = {}\n", quoted(&format!("page p99 < {}", parts.latency))));
    line(format_args!(
        "# Latency is that of answers: what fails needs a bound of its own.\nerrors = \"< 0.1%\"\n"
    ));
    text
}

fn head(cache: bool, file: &str) -> String {
    let cache = if cache { ", with a cache before the database" } else { "" };
    format!(
        "# A shop of three tiers: load balancer, application and database{cache}.\n\
         #\n\
         # `simcap init` wrote it from ten answers. Each comment says what a line is, and where your own number stands; what is\n\
         # marked as usual nobody has measured. Then ask:\n\
         #\n\
         #   simcap run {file}        will it hold, what will people feel, what does it cost, what breaks first?\n\
         #   simcap headroom {file}   how much more can it take?\n\
         #\n\
         # `simcap run {file} --set fleet.app.instance=m6i.xlarge` tries a change without an editor; `simcap reference` has every key.\n\n",
    )
}

/// What a line is, where its number stands, and whether it is only the usual one.
fn comment(answers: &Answers, key: &'static str, what: &str) -> String {
    let (_, question) = find(key).expect("every comment is of a question");
    let usual = match answers.is_usual(key) {
        true => format!(" Usual: {}.", question.reason),
        false => String::new(),
    };
    wrapped(&format!("{what} Yours: {}.{usual}", question.measure))
}

fn part(title: &str) -> String {
    format!("\n# ---- {title} {}\n\n", "-".repeat(WIDTH - 8 - title.len()))
}

/// A comment of several lines.
fn wrapped(text: &str) -> String {
    let mut lines = vec!["#".to_owned()];
    for word in text.split(' ') {
        if lines.last().is_some_and(|line| line.chars().count() + 1 + word.chars().count() > WIDTH) {
            lines.push("#".to_owned());
        }
        if let Some(line) = lines.last_mut() {
            line.push(' ');
            line.push_str(word);
        }
    }
    lines.join("\n") + "\n"
}

fn indented(lines: &str) -> String {
    lines.lines().map(|line| format!("  {line}\n")).collect()
}

/// A time that varies as such times do; whoever gives a law means just that.
fn law(text: &str, cv: &str) -> String {
    match parse_time(text) {
        Ok(_) => quoted(&format!("lognormal {text} cv {cv}")),
        Err(_) => quoted(text),
    }
}

/// A text as TOML has it.
fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}
