//! The server: what it says of itself, and what it does with each request. In: requests. Out: answers.

use std::path::PathBuf;

use rmcp::model::{
    CallToolRequestParams, CallToolResponse, CallToolResult, ErrorCode, GetPromptRequestParams,
    GetPromptResponse, GetPromptResult, Implementation, ListPromptsResult, ListResourceTemplatesResult,
    ListResourcesResult, ListToolsResult, PaginatedRequestParams, Prompt, PromptArgument, PromptMessage,
    ReadResourceRequestParams, ReadResourceResponse, ReadResourceResult, ResourceContents, Role,
    ServerCapabilities, ServerConfig, Tool as Described,
};
use rmcp::service::RequestContext;
use rmcp::{ErrorData, RoleServer, ServerHandler};
use serde_json::{Map, Value, json};
use simcap::{report, scenario};

use super::answer::Answer;
use super::arguments::SchemaOf;
use super::calls::Calls;
use super::child::Limits;
use super::place::Place;
use super::tools::{self, Asked};
use super::{arguments, found, looked_up, resources};
use crate::cli::{MaxMemory, Mcp};
use crate::exit::NotExplained;

/// How to go about it, for an assistant.
const GUIDE: &str = include_str!("guide.md");
/// The name of the prompt.
const PRE_SCALE: &str = "pre-scale";

/// The server of one client.
pub struct Server {
    place: Place,
    calls: Calls,
    /// Longest answer, in bytes.
    most: usize,
}

impl Server {
    pub fn new(root: PathBuf, args: &Mcp) -> anyhow::Result<Server> {
        let memory = match args.max_memory {
            MaxMemory::Bytes(bytes) => Some(bytes),
            MaxMemory::Unlimited => None,
        };
        let (place, limits) = (Place::new(root), Limits { time: args.max_time, memory });
        let calls = Calls::new(place.clone(), limits, args.at_once.into());
        Ok(Server { place, calls, most: usize::try_from(args.max_output.0)? })
    }

    /// What a tool answers.
    async fn answer(&self, asked: Asked, context: &RequestContext<RoleServer>) -> Answer {
        let done = match asked {
            Asked::Job(job) => return self.calls.job(*job, context).await,
            Asked::Files(asked) => self.files(asked).await,
            Asked::Reference(asked) => looked_up::looked_up(asked.word.as_deref()).map(|page| Answer {
                page,
                result: Map::new(),
                is_error: false,
            }),
            Asked::Outcome(asked) => self.outcome(asked).await,
            Asked::Explain(asked) => explain(asked).await,
            Asked::Schema(asked) => schema(asked).await,
        };
        done.unwrap_or_else(|why| Answer::refused(&why))
    }

    async fn files(&self, asked: arguments::Files) -> Result<Answer, String> {
        let folder = self.place.path(asked.folder.as_deref().unwrap_or("."))?;
        let place = self.place.clone();
        let found = off(move || found::found(&place, &folder))
            .await?
            .map_err(|error| format!("cannot list it: {error}"))?;
        let mut page: String = found
            .scenarios
            .iter()
            .map(|it| format!("{}  {}\n", it.file, it.name.as_deref().unwrap_or("")))
            .collect();
        page.extend(found.results.iter().map(|it| format!("{it}\n")));
        if page.is_empty() {
            page = "there are no scenarios here: write one, and give it to `check` as `text`".into();
        }
        let result = json!({ "result": found, "root": self.place.root().display().to_string() });
        Ok(Answer { page, result: object(result), is_error: false })
    }

    async fn outcome(&self, asked: arguments::Outcome) -> Result<Answer, String> {
        let (place, path) = (self.place.clone(), self.place.path(&asked.file)?);
        let stored = path.display().to_string();
        let (at, from) = (asked.at.unwrap_or_default(), asked.from.unwrap_or(0));
        let page = format!("{stored} at `{at}/`, as structured content");
        let part = off(move || resources::part_of(&place, &path, &at, from)).await??;
        Ok(Answer {
            page,
            result: object(json!({ "stored": stored, "from": from, "result": part })),
            is_error: false,
        })
    }
}

/// What `simcap explain` says.
async fn explain(asked: arguments::Explain) -> Result<Answer, String> {
    let page = off(move || match asked.word {
        None => Ok(report::explained_subjects()),
        Some(what) => report::explain(&what).map_err(|near| {
            let unknown = NotExplained { what: super::cut::short(&what, 100), near };
            format!("{unknown}: {}", unknown.hint())
        }),
    });
    page.await?.map(|page| Answer { page, result: Map::new(), is_error: false })
}

/// A part of what `simcap schema` prints.
async fn schema(asked: arguments::Schema) -> Result<Answer, String> {
    let (of, at) = (asked.of.unwrap_or(SchemaOf::Scenario), asked.at.unwrap_or_default());
    let part = off(move || {
        let whole = match of {
            SchemaOf::Scenario => scenario::schema::schema(),
            SchemaOf::Outcome => report::outcome_schema(),
            SchemaOf::Check => report::check_schema(),
        };
        resources::part_at(&whole, &at, 0).map(|part| (at, part))
    });
    let (at, part) = part.await??;
    let page = format!("the schema at `{at}/`, as structured content");
    Ok(Answer { page, result: object(json!({ "at": at, "result": part })), is_error: false })
}

/// Reads files without holding other requests up.
async fn off<T: Send + 'static>(read: impl FnOnce() -> T + Send + 'static) -> Result<T, String> {
    tokio::task::spawn_blocking(read).await.map_err(|error| format!("it has failed: {error}"))
}

fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(map) => map,
        _ => Map::new(),
    }
}

impl ServerHandler for Server {
    fn get_info(&self) -> ServerConfig {
        let can = ServerCapabilities::builder().enable_tools().enable_resources().enable_prompts().build();
        let own = Implementation::new(env!("CARGO_PKG_NAME"), env!("CARGO_PKG_VERSION"));
        ServerConfig::new(can).with_server_info(own).with_instructions(GUIDE)
    }

    fn get_tool(&self, name: &str) -> Option<Described> {
        tools::named(name).map(tools::Tool::described)
    }

    async fn list_tools(
        &self,
        _: Option<PaginatedRequestParams>,
        _: RequestContext<RoleServer>,
    ) -> Result<ListToolsResult, ErrorData> {
        Ok(ListToolsResult::with_all_items(tools::ALL.iter().map(tools::Tool::described).collect()))
    }

    async fn call_tool(
        &self,
        request: CallToolRequestParams,
        context: RequestContext<RoleServer>,
    ) -> Result<CallToolResponse, ErrorData> {
        let Some(tool) = tools::named(&request.name) else {
            let names: Vec<&str> = tools::ALL.iter().map(|tool| tool.name).collect();
            let message = format!(
                "no tool is called `{}`: there are {}",
                super::cut::short(&request.name, 100),
                names.join(", ")
            );
            return Err(ErrorData::new(ErrorCode::INVALID_PARAMS, message, None));
        };
        let answer = match tool.asked(request.arguments.unwrap_or_default(), &self.place) {
            Ok(asked) => self.answer(asked, &context).await,
            Err(why) => Answer::refused(&why),
        };
        let answered: CallToolResult = answer.within(self.most);
        Ok(answered.into())
    }

    async fn list_resources(
        &self,
        _: Option<PaginatedRequestParams>,
        _: RequestContext<RoleServer>,
    ) -> Result<ListResourcesResult, ErrorData> {
        let place = self.place.clone();
        let found = off(move || found::found(&place, std::path::Path::new("."))).await;
        let failed = |why: String| ErrorData::internal_error(why, None);
        let found = found.map_err(failed)?.map_err(|error| failed(error.to_string()))?;
        Ok(ListResourcesResult::with_all_items(resources::listed(&found)))
    }

    async fn list_resource_templates(
        &self,
        _: Option<PaginatedRequestParams>,
        _: RequestContext<RoleServer>,
    ) -> Result<ListResourceTemplatesResult, ErrorData> {
        Ok(ListResourceTemplatesResult::with_all_items(resources::templates()))
    }

    async fn read_resource(
        &self,
        request: ReadResourceRequestParams,
        _: RequestContext<RoleServer>,
    ) -> Result<ReadResourceResponse, ErrorData> {
        let (place, address, most) = (self.place.clone(), request.uri.clone(), self.most);
        let read = off(move || resources::read(&place, &address, most)).await;
        let read = read.and_then(|it| it).map_err(|why| ErrorData::resource_not_found(why, None))?;
        let contents = ResourceContents::text(read.text, request.uri).with_mime_type(read.kind);
        Ok(ReadResourceResult::new(vec![contents]).into())
    }

    async fn list_prompts(
        &self,
        _: Option<PaginatedRequestParams>,
        _: RequestContext<RoleServer>,
    ) -> Result<ListPromptsResult, ErrorData> {
        let file = PromptArgument::new("file")
            .with_description("The scenario, such as shop.toml; else it is looked for");
        let fleet = PromptArgument::new("fleet")
            .with_description("The group of instances, such as web; else all are looked at");
        let about = "How many instances to pre-scale to before an event";
        Ok(ListPromptsResult::with_all_items(vec![Prompt::new(
            PRE_SCALE,
            Some(about),
            Some(vec![file, fleet]),
        )]))
    }

    async fn get_prompt(
        &self,
        request: GetPromptRequestParams,
        _: RequestContext<RoleServer>,
    ) -> Result<GetPromptResponse, ErrorData> {
        if request.name != PRE_SCALE {
            return Err(ErrorData::invalid_params(format!("there is one prompt: `{PRE_SCALE}`"), None));
        }
        let given = request.arguments.unwrap_or_default();
        let word = |key: &str| {
            given.get(key).map(|value| value.as_str().map_or_else(|| value.to_string(), str::to_owned))
        };
        let of = word("fleet").map_or_else(String::new, |fleet| format!(" of the fleet `{fleet}`"));
        let file = word("file").map_or_else(String::new, |file| format!(" The scenario is `{file}`."));
        let question = format!("How many instances{of} do I pre-scale to before the event?{file}\n\n{GUIDE}");
        Ok(GetPromptResult::new(vec![PromptMessage::new_text(Role::User, question)]).into())
    }
}
