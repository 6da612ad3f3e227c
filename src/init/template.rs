//! Scenarios of whole architectures, to begin with. In: the files of `scenarios/`, as they are. Out: their texts, with the paths that they
//! have where they are written.

use std::path::{Path, PathBuf};

use super::InitError;
use crate::language::names::closest;
use crate::text::visible;

/// An architecture.
#[derive(Clone, Copy, Debug)]
pub struct Template {
    /// Its name.
    pub name: &'static str,
    /// The part of the book's list of systems (`src/book/effects.md`) that it belongs to.
    pub letter: char,
    /// What it is.
    pub about: &'static str,
    /// Its files: the path in `scenarios/`, and the text.
    files: &'static [(&'static str, &'static str)],
}

macro_rules! templates {
    ($($letter:literal $name:literal $about:literal [$($file:literal)*];)*) => {
        &[$(Template {
            name: $name,
            letter: $letter,
            about: $about,
            files: &[$(($file, include_str!(concat!("../../scenarios/", $file)))),*],
        }),*]
    };
}

/// All of them, by letter.
pub const TEMPLATES: &[Template] = templates! {
    'A' "black-friday" "CloudFront, balancer, WEB, WAS, Redis and Aurora, ready for a sale" ["black-friday.toml"];
    'A' "flash-sale" "everybody buys the same row of one database" ["flash-sale.toml"];
    'B' "growth-ladder" "a shop in nine rungs, from one instance to CloudFront" [
        "growth-ladder/1.toml" "growth-ladder/2.toml" "growth-ladder/3.toml" "growth-ladder/4.toml"
        "growth-ladder/5.toml" "growth-ladder/6.toml" "growth-ladder/7.toml" "growth-ladder/8.toml"
        "growth-ladder/9.toml"
    ];
    'C' "whatistime" "a page without a database, from one T instance to a group with Spot" ["whatistime.toml"];
    'D' "myclothes" "a shop that keeps its basket in an instance, in a cookie, in Redis or in DynamoDB" [
        "myclothes-stickiness.toml" "myclothes-cookies.toml" "myclothes-redis.toml" "myclothes-dynamodb.toml"
    ];
    'E' "mywordpress" "a magazine in two Regions, with copies of its database and its pictures" ["mywordpress.toml"];
    'E' "uploads" "what people upload, on EBS, EFS and S3" ["uploads.toml"];
    'F' "inspected-path" "network load balancer, inspection, WEB and WAS behind one another" ["inspected-path.toml"];
    'G' "asg-lab" "one Auto Scaling group, step by step" ["asg-lab.toml"];
    'H' "decoupled-orders" "orders in a queue, and the workers behind it" ["decoupled-orders.toml" "direct-orders.toml"];
    'I' "serverless" "API Gateway, Lambda and a database" ["serverless.toml"];
    'I' "serverless-table" "API Gateway, Lambda and DynamoDB" ["serverless-table.toml"];
    'I' "fargate" "tasks of ECS on Fargate behind a balancer" ["fargate.toml"];
    'J' "dr" "a Region is lost: backup, pilot light, warm standby, two sites" [
        "dr/warm-standby.toml" "dr/backup.toml" "dr/pilot-light.toml" "dr/multi-site.toml"
    ];
    'K' "money" "one shop twice: everything on demand, and with all that saves" ["money.toml"];
    'L' "deploy-under-load" "a new version at the evening peak, in six ways" ["deploy-under-load.toml"];
};

impl Template {
    /// The template with this name.
    ///
    /// # Errors
    /// There is none.
    pub fn find(name: &str) -> Result<&'static Template, InitError> {
        let named = TEMPLATES.iter().find(|template| template.name == name);
        named.ok_or_else(|| InitError::NoTemplate {
            name: name.to_owned(),
            close: closest(name, TEMPLATES.iter().map(|template| template.name)),
        })
    }

    /// Whether it is more than one file, and so a folder.
    pub fn is_folder(&self) -> bool {
        self.files.len() > 1
    }

    /// Its files at a place: that of the file, or the folder of several. What their comments say of a file of `scenarios/` that is
    /// written as well is said of the place where that is.
    pub fn at(&self, place: &Path) -> Vec<(PathBuf, String)> {
        let path = |file: &str| match (self.is_folder(), Path::new(file).file_name()) {
            (true, Some(name)) => place.join(name),
            _ => place.to_owned(),
        };
        let moved = |text: &str| {
            let mut text = text.to_owned();
            for (file, _) in self.files {
                // A name may have a line break, which would end the comment.
                text =
                    text.replace(&format!("scenarios/{file}"), &visible(&path(file).display().to_string()));
            }
            text
        };
        self.files.iter().map(|(file, text)| (path(file), moved(text))).collect()
    }
}
