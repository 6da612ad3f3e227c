//! The way of a request through an API. In: what is behind, and what the request asks for. Out: an [`Enter`], and its ops.
//!
//! No file writes this step: a request that enters `via` an API has it, with the call of what is behind inside.

use super::language::cache::ANSWER_MAX;
use super::model::Op;
use crate::flow::attempt::NETWORK;
use crate::flow::number;
use crate::id::{ApiId, KeySpaceId, Kind, UNKNOWN};
use crate::kind::front::{Asked, Lead, Method, Objects};
use crate::kind::path::PathOwner;
use crate::kind::pattern::fits;
use crate::kind::step::{Compile, Needs, Scope, Step};
use crate::kind::{self, Settings};
use crate::language::reader::Reader;
use crate::language::shape::Shape;
use crate::measure::resource::Resource;
use crate::units::{Bytes, Time};

/// Pass an API.
#[derive(Clone, Debug)]
pub struct Enter {
    /// Which.
    pub api: ApiId,
    /// The place of its route, from 1 on; 0 where none of the file fits.
    pub route: u8,
    /// The path that is asked for.
    pub path: String,
    /// Whether a cache may have the answer.
    pub keeps: bool,
    /// The population of objects, if there are several.
    pub keys: Option<KeySpaceId>,
    /// Mean size of the request.
    pub request: Bytes,
    /// Mean size of its answer.
    pub response: Bytes,
}

/// HTTP APIs are metered in parts of 512 KB. Source: Amazon API Gateway pricing.
const METERED: u64 = 512 * 1_024;

impl Step<Settings, kind::Op> for Enter {
    const SHAPES: &'static [&'static Shape] = &[];
    const ENTERED: bool = true;

    fn read(_verb: &str, _reader: &Reader, _scope: &impl Scope<Settings>) -> Enter {
        // No verb stands for it.
        Enter {
            api: ApiId(UNKNOWN),
            route: 0,
            path: String::new(),
            keeps: false,
            keys: None,
            request: Bytes(0),
            response: Bytes(0),
        }
    }

    fn leads(index: usize, all: &Settings, asked: &Asked) -> Vec<Lead<Enter>> {
        let Some(api) = all.apis.get(index) else { return Vec::new() };
        let (path, _) = asked.look();
        let route = api.routes.iter().position(|route| fits(&route.path, path));
        let keeps = api.cache.is_some()
            && matches!(asked.method, Method::Get | Method::Head)
            && asked.response <= ANSWER_MAX;
        let step = Enter {
            api: ApiId(number(index)),
            route: route.map_or(0, |at| number(at + 1)),
            path: path.to_owned(),
            keeps,
            keys: if keeps { asked.objects() } else { None },
            request: asked.request,
            response: asked.response,
        };
        vec![Lead { step, to: api.to }]
    }

    fn is_way(&self) -> bool {
        true
    }

    fn answers_clients(&self) -> bool {
        true
    }

    /// What is behind works on for what nobody waits for any more.
    fn outlives_caller(&self) -> bool {
        true
    }

    fn keys(&self) -> Vec<(PathOwner, KeySpaceId)> {
        self.keys.map(|keys| ((Kind::Api, self.api.index()), keys)).into_iter().collect()
    }

    /// What may be kept counts as a hit.
    fn needs(&self, all: &Settings, to: &mut impl Needs) {
        let api = self.api.index();
        to.uses((Kind::Api, api));
        let of = kind::shared(all, Resource::ApiRate { api });
        to.works(of, 1.0 / all.apis[api].rate(&all.account).max(f64::MIN_POSITIVE));
        if self.route > 0 {
            to.waits(Resource::Routes { api });
        }
        if !all.apis[api].plans.is_empty() {
            to.waits(Resource::Keys { api });
        }
        to.passes(all.apis[api].latency.as_secs_f64(), 3.0);
        to.inside(if self.keeps { 0.0 } else { 1.0 });
    }

    fn compile(&self, all: &Settings, to: &mut impl Compile<Op = kind::Op>) {
        let index = self.api.index();
        let settings = &all.apis[index];
        let api = number(index);
        let table = (Kind::Api, index);
        let half = Time(settings.latency.0 / 2);
        let large = self.request > settings.payload_max();
        let most = self.request.0.max(self.response.0).max(1);
        let units = if settings.http { most.div_ceil(METERED).min(u8::MAX.into()) as u8 } else { 1 };
        to.hop(half);
        to.reaches(table);
        to.ask(Op::Enter { api, route: self.route, units, large }, NETWORK);
        let kept = self.keeps.then(|| {
            let slot = self.keys.map_or(0, |keys| to.key(keys, true));
            let set = to.objects(Objects {
                of: table,
                behaviour: 0,
                path: self.path.clone(),
                method: Method::Get,
                keys: self.keys.map(|keys| number(keys.index())),
                request: self.request,
                size: self.response,
            });
            (set, slot, to.label())
        });
        if let Some((set, slot, _)) = kept {
            to.ask(Op::Look { set, slot, past: 0 }, NETWORK);
        }
        // A function finds out by itself how long it is waited for: from when an environment is looked for.
        match settings.to {
            Some((Kind::Lambda, _)) => to.ask(Op::Wait { api }, NETWORK),
            _ => to.bounded_by(api),
        }
        to.inside();
        if let Some((set, slot, look)) = kept {
            to.label();
            to.ask(Op::Keep { set, slot }, NETWORK);
            let past = to.label();
            to.patch(look, Op::Look { set, slot, past });
        }
        to.answers(table);
        to.hop(Time(settings.latency.0 - half.0));
    }
}
