//! Lines of each format, with any text in any field. In: fields. Out: a line.

/// A line of an Application Load Balancer: time, client, spans, statuses, method and address, agent.
pub fn alb(second: u32, client: &str, spans: &str, statuses: &str, request: &str, agent: &str) -> String {
    let time = format!("2030-01-15T12:{:02}:{:02}", second / 60, second % 60);
    format!(
        "https {time}.900000Z app/web/0 {client}:54321 10.0.0.1:80 {spans} {statuses} 256 1024 \"{request} HTTP/1.1\" \"{agent}\" \
         ECDHE TLSv1.2 arn:aws:x \"Root=1-1\" \"www.example.com\" \"arn:aws:y\" 0 {time}.000000Z \"forward\" \"-\" \"-\" \
         \"10.0.0.1:80\" \"200\" \"-\" \"-\"\n"
    )
}

/// A line of the combined format, with what comes after the agent.
pub fn combined(
    second: u32,
    client: &str,
    request: &str,
    status: u32,
    referrer: &str,
    agent: &str,
    tail: &str,
) -> String {
    let time = format!("15/Jan/2030:12:{:02}:{:02} +0000", second / 60, second % 60);
    format!("{client} - - [{time}] \"{request} HTTP/1.1\" {status} 512 \"{referrer}\" \"{agent}\"{tail}\n")
}

/// The first lines of a log of CloudFront.
pub const CLOUDFRONT: &str = "#Version: 1.0\n#Fields: date time x-edge-location sc-bytes c-ip cs-method cs(Host) cs-uri-stem sc-status \
cs(Referer) cs(User-Agent) cs-uri-query cs(Cookie) x-edge-result-type x-edge-request-id x-host-header cs-protocol cs-bytes \
time-taken x-forwarded-for ssl-protocol ssl-cipher x-edge-response-result-type cs-protocol-version\n";

/// A line of CloudFront.
pub fn cloudfront(
    second: u32,
    client: &str,
    path: &str,
    status: &str,
    secret: &str,
    result: &str,
    taken: &str,
) -> String {
    let time = format!("12:{:02}:{:02}", second / 60, second % 60);
    [
        "2030-01-15",
        &time,
        "FRA2",
        "182",
        client,
        "GET",
        "d1.example",
        path,
        status,
        secret,
        secret,
        secret,
        secret,
        result,
        "id==",
        secret,
        "https",
        "-",
        taken,
        secret,
        "-",
        "-",
        result,
        "HTTP/2.0",
    ]
    .join("\t")
        + "\n"
}

/// The first line of a CSV of k6.
pub const K6: &str = "metric_name,timestamp,metric_value,check,error,error_code,expected_response,group,method,name,proto,scenario,service,status,subproto,tls_version,url,extra_tags,metadata\n";

/// The rows of a request in a CSV of k6.
pub fn k6(second: u32, name: &str, status: u32, millis: f64, secret: &str) -> String {
    let at = 1_894_708_800 + second;
    let row = |metric: &str, value: f64| {
        format!(
            "{metric},{at},{value:.6},,{secret},,true,::{secret},GET,{name},HTTP/1.1,default,,{status},,,{name}?{secret},{secret},\n"
        )
    };
    row("http_reqs", 1.0)
        + &row("http_req_duration", millis)
        + &row("http_req_waiting", millis - 1.0)
        + &row("data_sent", 70.0)
}

/// The first line of a history of Locust.
pub const LOCUST: &str = "Timestamp,User Count,Type,Name,Requests/s,Failures/s,50%,66%,75%,80%,90%,95%,98%,99%,99.9%,99.99%,100%,Total Request Count,Total Failure Count,Total Median Response Time,Total Average Response Time,Total Min Response Time,Total Max Response Time,Total Average Content Size\n";

/// A row of a history of Locust: totals so far.
pub fn locust(second: u32, name: &str, requests: u32, failures: u32, average: f64) -> String {
    let (kind, at) = (if name == "Aggregated" { "" } else { "GET" }, 1_894_708_800 + second);
    format!(
        "{at},10,{kind},{name},5.0,0.1,40,45,50,55,60,70,80,90,95,99,100,{requests},{failures},40,{average},1,100,512.0\n"
    )
}
