//! A folder with a server in it, and a client that asks. In: files, flags, tools with arguments. Out: answers as JSON.

use std::fs;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use rmcp::model::{
    CallToolRequestParams, ClientConfig, ProgressNotificationParam, ReadResourceRequestParams,
};
use rmcp::service::{NotificationContext, RoleClient, RunningService};
use rmcp::transport::TokioChildProcess;
use rmcp::{ClientHandler, ServiceExt};
use serde_json::{Value, json};
use tokio::process::Command;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

/// Longer than any call here takes, on a busy machine.
pub const PATIENCE: Duration = Duration::from_secs(120);

/// A shop whose fleet is too small for its traffic; three instances are enough.
pub const SHOP: &str = r#"
name = "Shop"
duration = "20s"
runs = 2
traffic.all.rate = "160/s"
client.timeout = "3s"
request.page = { via = "front", steps = [{ cpu = "exponential 20ms" }] }
balancer.front = { kind = "alb", targets = "web" }
fleet.web = { instance = "m5.large", min = 1, max = 12 }
objectives = { latency = "p99 < 300ms", errors = "< 0.1%" }
allow = ["scaling-without-room", "demand-above-capacity"]
"#;

/// Days of heavy traffic, which nobody waits for.
pub const LONG: &str = r#"
duration = "100d"
traffic.all.rate = "5000/s"
request.page.steps = [{ service = "desk" }]
service.desk = { servers = 200, time = "exponential 20ms" }
"#;

/// Hears of progress.
pub struct Listener(UnboundedSender<ProgressNotificationParam>);

impl ClientHandler for Listener {
    fn get_info(&self) -> ClientConfig {
        ClientConfig::default()
    }

    async fn on_progress(&self, note: ProgressNotificationParam, _: NotificationContext<RoleClient>) {
        // A test that is over does not listen.
        let _ = self.0.send(note);
    }
}

/// A client with its server.
pub struct Talk {
    pub client: RunningService<RoleClient, Listener>,
    pub progress: UnboundedReceiver<ProgressNotificationParam>,
}

impl Talk {
    /// Starts a server in a folder.
    pub async fn begin(folder: &Path, flags: &[&str]) -> Talk {
        let mut command = Command::new(env!("CARGO_BIN_EXE_simcap"));
        command.arg("mcp").arg("--root").arg(folder).args(flags);
        let (child, _) = TokioChildProcess::builder(command).stderr(Stdio::null()).spawn().unwrap();
        let (send, progress) = unbounded_channel();
        Talk { client: Listener(send).serve(child).await.unwrap(), progress }
    }

    /// Asks a tool, and returns the whole answer.
    pub async fn ask(&self, tool: &'static str, arguments: Value) -> Value {
        let asked = CallToolRequestParams::new(tool).with_arguments(arguments.as_object().unwrap().clone());
        let answer =
            tokio::time::timeout(PATIENCE, self.client.call_tool(asked)).await.expect("it takes too long");
        serde_json::to_value(answer.unwrap()).unwrap()
    }

    /// Asks a tool that does what it is asked, and returns its result.
    pub async fn result(&self, tool: &'static str, arguments: Value) -> Value {
        let answer = self.ask(tool, arguments).await;
        assert_eq!(answer["isError"], json!(false), "{answer:#}");
        answer["structuredContent"].clone()
    }

    /// Asks a tool that refuses, and returns what it says.
    pub async fn refused(&self, tool: &'static str, arguments: Value) -> String {
        let answer = self.ask(tool, arguments).await;
        assert_eq!(answer["isError"], json!(true), "{answer:#}");
        answer["content"][0]["text"].as_str().unwrap().to_owned()
    }

    /// The text of a resource, or why there is none.
    pub async fn read(&self, address: &str) -> Result<String, String> {
        let read = self.client.read_resource(ReadResourceRequestParams::new(address)).await;
        let read = serde_json::to_value(read.map_err(|error| error.to_string())?).unwrap();
        Ok(read["contents"][0]["text"].as_str().unwrap().to_owned())
    }

    /// Asks a tool, hears that it has begun, cancels it, and does not wait for its answer.
    pub async fn cancelled(&mut self, tool: &'static str, arguments: Value) {
        use rmcp::model::{CallToolRequest, ClientRequest};
        let asked = CallToolRequestParams::new(tool).with_arguments(arguments.as_object().unwrap().clone());
        let request = ClientRequest::CallToolRequest(CallToolRequest::new(asked));
        let options = rmcp::service::PeerRequestOptions::no_options();
        let handle = self.client.send_cancellable_request(request, options).await.unwrap();
        tokio::time::timeout(PATIENCE, self.progress.recv()).await.expect("it tells how far it is").unwrap();
        handle.cancel(Some("the user has changed their mind".into())).await.unwrap();
    }
}

/// A folder with these files.
pub fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    folder
}

/// Runs a talk.
pub fn talk(talk: impl Future<Output = ()>) {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(talk);
}
