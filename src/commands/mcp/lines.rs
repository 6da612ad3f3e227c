//! The lines of a client. In: standard input and standard output. Out: a transport for the server. The library drops a line that is no JSON
//! or is too long; here it is answered, as JSON-RPC wants, with an error that has no id.

use rmcp::RoleServer;
use rmcp::model::{ErrorCode, ErrorData};
use rmcp::transport::async_rw::AsyncRwTransport;
use serde::de::IgnoredAny;
use serde_json::{Value, json};
use tokio::io::{
    AsyncBufRead, AsyncBufReadExt, AsyncReadExt, AsyncWrite, AsyncWriteExt, BufReader, DuplexStream, duplex,
    stdin, stdout,
};
use tokio::sync::mpsc::{Receiver, Sender, channel};
use tokio::task::JoinHandle;

/// Longest line that is taken: a scenario of its largest size, with every letter escaped, is half of it.
const LINE_MAX: usize = 16 << 20;
/// Bytes that wait between two tasks.
const BUFFER: usize = 64 << 10;
/// Errors that wait to be written; whoever sends more has to read them.
const ERRORS: usize = 16;
/// What JSON may begin with.
const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";
/// How an error begins whose request is not known. JSON-RPC 2.0 wants an id there, and that it is null.
const WITHOUT_ID: &[u8] = br#"{"jsonrpc":"2.0","error":"#;
const NULL_ID: &[u8] = br#"{"jsonrpc":"2.0","id":null,"error":"#;

pub type Transport = AsyncRwTransport<RoleServer, DuplexStream, DuplexStream>;

/// The transport of the process, and what ends when every answer is written.
pub fn of_process() -> (Transport, JoinHandle<()>) {
    let ((to_server, input), (output, from_server)) = (duplex(BUFFER), duplex(BUFFER));
    let (refused, errors) = channel(ERRORS);
    tokio::spawn(read(BufReader::new(stdin()), to_server, refused));
    let written = tokio::spawn(write(BufReader::new(from_server), errors, stdout()));
    // What is longer than a line may be has been answered before.
    (AsyncRwTransport::new_server(input, output).with_max_line_length(LINE_MAX + 1), written)
}

/// Hands on every line that is JSON, and answers the others.
async fn read(
    mut from: impl AsyncBufRead + Unpin,
    mut to: impl AsyncWrite + Unpin,
    refused: Sender<Vec<u8>>,
) {
    let mut line = Vec::new();
    loop {
        line.clear();
        match (&mut from).take(LINE_MAX as u64 + 1).read_until(b'\n', &mut line).await {
            Ok(0) | Err(_) => return,
            Ok(_) => {}
        }
        let why = if line.last() == Some(&b'\n') || line.len() <= LINE_MAX {
            // An empty line says nothing.
            if line.iter().all(u8::is_ascii_whitespace) {
                continue;
            }
            no_json(&line)
        } else {
            if skip_line(&mut from).await.is_err() {
                return;
            }
            Some(ErrorData::invalid_request(format!("a line has more than {LINE_MAX} bytes"), None))
        };
        let done = match why {
            Some(why) => refused.send(answer(&why)).await.is_ok(),
            None => {
                // The last line of an input may end without a line break.
                if line.last() != Some(&b'\n') {
                    line.push(b'\n');
                }
                to.write_all(&line).await.is_ok()
            }
        };
        if !done {
            return;
        }
    }
}

/// Reads until the next line begins, and keeps nothing.
async fn skip_line(from: &mut (impl AsyncBufRead + Unpin)) -> std::io::Result<()> {
    loop {
        let some = from.fill_buf().await?;
        let (length, end) = (some.len(), some.iter().position(|byte| *byte == b'\n'));
        from.consume(end.map_or(length, |at| at + 1));
        if end.is_some() || length == 0 {
            return Ok(());
        }
    }
}

/// Why a line is no JSON, if it is none.
fn no_json(line: &[u8]) -> Option<ErrorData> {
    let line = line.strip_prefix(BYTE_ORDER_MARK).unwrap_or(line);
    let error = serde_json::from_slice::<IgnoredAny>(line).err()?;
    Some(ErrorData::new(ErrorCode::PARSE_ERROR, format!("a line is no JSON: {error}"), None))
}

fn answer(why: &ErrorData) -> Vec<u8> {
    let error: Value = json!({ "code": why.code.0, "message": why.message });
    let text = json!({ "jsonrpc": "2.0", "id": null, "error": error }).to_string() + "\n";
    text.into_bytes()
}

/// Writes what the server answers and the errors of lines, each line as a whole.
async fn write(
    mut from: impl AsyncBufRead + Unpin,
    mut errors: Receiver<Vec<u8>>,
    mut to: impl AsyncWrite + Unpin,
) {
    let mut line = Vec::new();
    loop {
        let written = tokio::select! {
            // Not lost where an error comes first: what was read stays in the line.
            read = from.read_until(b'\n', &mut line) => match read {
                Ok(0) | Err(_) => break,
                Ok(_) => {
                    let written = send(&mut to, &line).await;
                    line.clear();
                    written
                }
            },
            Some(error) = errors.recv() => send(&mut to, &error).await,
        };
        if written.is_err() {
            return;
        }
    }
    while let Ok(error) = errors.try_recv() {
        if send(&mut to, &error).await.is_err() {
            return;
        }
    }
}

async fn send(to: &mut (impl AsyncWrite + Unpin), line: &[u8]) -> std::io::Result<()> {
    match line.strip_prefix(WITHOUT_ID) {
        Some(rest) => {
            to.write_all(NULL_ID).await?;
            to.write_all(rest).await?;
        }
        None => to.write_all(line).await?,
    }
    to.flush().await
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is handed on, and what is answered.
    async fn lines(input: &[u8]) -> (Vec<u8>, Vec<Value>) {
        let (refused, mut errors) = channel(ERRORS);
        let mut handed = Vec::new();
        read(input, &mut handed, refused).await;
        let mut answers = Vec::new();
        while let Some(error) = errors.recv().await {
            assert!(error.ends_with(b"}\n"));
            answers.push(serde_json::from_slice(&error).unwrap());
        }
        (handed, answers)
    }

    #[tokio::test]
    async fn only_lines_that_are_json_are_handed_on() {
        let (handed, answers) = lines(b"{}\nnot JSON\n\n \t\r\n\xEF\xBB\xBF[1]\r\n\xff\n{\"a\":\n7").await;
        assert_eq!(handed, b"{}\n\xEF\xBB\xBF[1]\r\n7\n");
        assert_eq!(answers.len(), 3, "{answers:?}");
        for answer in answers {
            assert_eq!((&answer["id"], &answer["error"]["code"]), (&Value::Null, &json!(-32700)), "{answer}");
        }
    }

    #[tokio::test]
    async fn a_line_that_is_too_long_is_answered_and_the_next_one_is_read() {
        let mut input = vec![b'9'; 2 * LINE_MAX];
        input.extend_from_slice(b"\n8\n");
        let (handed, answers) = lines(&input).await;
        assert_eq!(handed, b"8\n");
        assert_eq!(answers.len(), 1);
        assert_eq!((&answers[0]["id"], &answers[0]["error"]["code"]), (&Value::Null, &json!(-32600)));
        let (handed, answers) = lines(&input[LINE_MAX + 1..]).await;
        assert_eq!((handed.len(), answers.len()), (LINE_MAX + 2, 0));
    }

    #[tokio::test]
    async fn an_error_of_the_server_gets_an_id_that_is_null_and_nothing_else_changes() {
        let (sender, errors) = channel(1);
        drop(sender);
        let mut output = Vec::new();
        let answers: &[u8] = b"{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}\n{\"jsonrpc\":\"2.0\",\"error\":{\"code\":-32600}}\n";
        write(answers, errors, &mut output).await;
        let lines: Vec<Value> = output
            .split(|byte| *byte == b'\n')
            .filter(|it| !it.is_empty())
            .map(|it| serde_json::from_slice(it).unwrap())
            .collect();
        assert_eq!(lines[0], json!({ "jsonrpc": "2.0", "id": 1, "result": {} }));
        assert_eq!(lines[1], json!({ "jsonrpc": "2.0", "id": null, "error": { "code": -32600 } }));
        assert!(lines[1].as_object().unwrap().contains_key("id"));
    }
}
