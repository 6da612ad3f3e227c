//! The scenario of some answers. In: the answers. Out: a file of the language, with a comment on each line that matters: what it is, and
//! where to read one's own number.

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
    // A name may have a line break, which would end the comment.
    let head = head(parts.hit_ratio.is_some(), &visible(file));
    let text = Text { answers, parts };
    [
        head,
        text.whole(),
        title("who comes"),
        text.traffic(),
        title("what a request does"),
        text.requests(),
        title("what it runs on"),
        text.resources(),
        title("what has to hold"),
        text.objectives(),
    ]
    .concat()
}

/// The parts of the file.
struct Text<'a> {
    answers: &'a Answers,
    parts: &'a Parts<'a>,
}

impl Text<'_> {
    fn whole(&self) -> String {
        let (_, at) = self.parts.at;
        let (_, hold) = self.parts.hold;
        let duration = Time(at.0.saturating_add(hold.0).saturating_add(AFTER.0));
        format!(
            "name = \"A shop of three tiers\"\n\
             # Where it runs, and whose prices count. Prices are known of us-east-1 and ap-northeast-2.\n\
             region = \"us-east-1\"\n\
             # From the quiet before the peak until it is over.\n\
             duration = {}\n",
            quoted(&duration.to_string())
        )
    }

    fn traffic(&self) -> String {
        let comments = [
            self.comment("peak", "`peak`: pages and orders a second at the top."),
            self.comment("normal", "`base`: how many at other times."),
            self.comment("spike", "`at` and `hold`: when the rise begins, and how long the top lasts."),
        ];
        format!(
            "[traffic.visitors]\n\
             {comments}\
             spike = {{ base = {base}, peak = {peak}, at = {at}, hold = {hold}, ramp = \"30s\", decay = \"10m\" }}\n\
             # Of a hundred requests two are orders: an assumption. Count both in the access log.\n\
             requests = {{ page = 98, order = 2 }}\n\n\
             [client]\n\
             # How long people wait before they try again, and how often they do: an assumption. Your app or CDN has both.\n\
             timeout = \"10s\"\n\
             retries = {{ max = 1, backoff = \"1s\" }}\n",
            comments = comments.concat(),
            base = quoted(self.parts.normal),
            peak = quoted(self.parts.peak),
            at = quoted(self.parts.at.0),
            hold = quoted(self.parts.hold.0),
        )
    }

    fn requests(&self) -> String {
        let (page, query) = (law(self.parts.page, "0.7"), law(self.parts.query, "1"));
        let read = format!("{{ read = \"shop\", demand = {query} }}");
        let demand = |when: &str| {
            self.comment("query", &format!("`demand`: CPU time of the query in the database{when}."))
        };
        let look_up = match self.parts.hit_ratio {
            Some(ratio) => format!(
                "{}{}  {{ cache = \"pages\", hit_ratio = {}, miss = {read} }},\n",
                indented(&self.comment("cache", "The part of look-ups that the cache answers.")),
                indented(&demand(", after a miss")),
                quoted(ratio)
            ),
            None => format!("{}  {read},\n", indented(&demand(""))),
        };
        let cpu =
            self.comment("page", "CPU time in the application; most pages take less, a few take much more.");
        format!(
            "[request.page]\nvia = \"public\"\nsteps = [\n\
             {cpu}\x20 {{ cpu = {page} }},\n\
             {look_up}\
             ]\n\n\
             [request.order]\nvia = \"public\"\n\
             # An order is taken to need as much as a page, and two statements in one transaction. Measure it by itself.\n\
             steps = [\n\
             \x20 {{ cpu = {page} }},\n\
             \x20 {{ transaction = \"shop\", steps = [{{ read = {query} }}, {{ write = {query} }}] }},\n\
             ]\n",
            cpu = indented(&cpu),
        )
    }

    fn resources(&self) -> String {
        let size = match self.parts.instances {
            (min, max) if min == max => format!("instances = {min}\n"),
            (min, max) => format!(
                "min = {min}\nmax = {max}\n\
                 # The policy of the group: 60 % CPU is an assumption, the console has yours.\n\
                 scaling = [{{ target_tracking = {{ metric = \"cpu\", target = 60 }} }}]\n"
            ),
        };
        let cache = match self.parts.hit_ratio {
            Some(_) => {
                "[cache.pages]\n\
                 # The node of the cache: an assumption, the console of ElastiCache has yours.\n\
                 node = \"cache.r6g.large\"\n\n"
            }
            None => "",
        };
        format!(
            "[balancer.public]\ntargets = \"app\"\n\n\
             [fleet.app]\n\
             {of_instance}instance = {instance}\n\
             {of_size}{size}\
             # Connections that each instance may open; times the largest size they have to fit into `max_connections`.\n\
             pools = {{ shop = {POOL} }}\n\n\
             {cache}\
             [database.shop]\n\
             {of_database}engine = {engine}\nwriter = {class}\n",
            of_instance = self.comment("instance", "The type of each instance."),
            instance = quoted(self.parts.instance),
            of_size = self.comment("instances", "The size of the group."),
            of_database = self.comment("database", "Engine, and class of the writer."),
            engine = quoted(self.parts.engine),
            class = quoted(self.parts.class),
        )
    }

    fn objectives(&self) -> String {
        format!(
            "[objectives]\n\
             {}latency = {}\n\
             # Latency is that of answers: what fails needs a bound of its own.\n\
             errors = \"< 0.1%\"\n",
            self.comment("latency", "The run exits with 99 if it is missed."),
            quoted(&format!("page p99 < {}", self.parts.latency))
        )
    }

    /// What a line is, where its number stands, and whether it is only the usual one.
    fn comment(&self, key: &'static str, what: &str) -> String {
        let (_, question) = find(key).expect("every comment is of a question");
        let usual = match self.answers.is_usual(key) {
            true => format!(" Usual: {}.", question.reason),
            false => String::new(),
        };
        wrapped(&format!("{what} Yours: {}.{usual}", question.measure))
    }
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

fn title(title: &str) -> String {
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

/// A time that varies as such times do; no time at all does not vary, and whoever gives a law means just that.
fn law(text: &str, cv: &str) -> String {
    match parse_time(text) {
        Ok(time) if time > Time::ZERO => quoted(&format!("lognormal {text} cv {cv}")),
        Ok(_) | Err(_) => quoted(text),
    }
}

/// A text as TOML has it.
fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}
