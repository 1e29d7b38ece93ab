//! Items: the requests in the log of a web site.

use headwater::lines;
use serde_json::json;

const LOG: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../fixtures/apache_access.log");

/// Reads the log: an object for each line.
///
/// # Errors
///
/// If it cannot be read.
pub(crate) fn items() -> Result<Vec<String>, headwater::Error> {
    let numbered = lines(LOG)?.zip(1..);
    numbered.map(|(line, number)| Ok(item(number, &line?.to_string()))).collect()
}

/// `HOST - - [TIME] "REQUEST" STATUS BYTES "REFERRER" "AGENT`: what is missing is `null`.
fn item(number: u64, line: &str) -> String {
    let mut quoted = line.split('"');
    let (head, request) = (quoted.next().unwrap_or_default(), quoted.next());
    let answer = quoted.next().unwrap_or_default();
    let (referrer, agent) = (quoted.next(), quoted.nth(1));
    let time = head.split(['[', ']']).nth(1);
    let mut numbers = answer.split_whitespace().map(|word| word.parse::<u64>().ok());
    let (status, bytes) = (numbers.next().flatten(), numbers.next().flatten());
    let host = head.split(' ').next();
    json!({
        "line": number, "host": host, "time": time, "request": request, "status": status,
        "bytes": bytes, "referrer": referrer, "agent": agent,
    })
    .to_string()
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{item, items};

    #[test]
    fn each_line_is_an_item() {
        let items = items().unwrap();
        assert_eq!(items.len(), 10_000);
        let first: Value = serde_json::from_str(&items[0]).unwrap();
        assert_eq!((&first["line"], &first["status"]), (&json!(1), &json!(200)));
        assert_eq!(first["host"], "83.149.9.216");
        assert!(first["agent"].as_str().unwrap().starts_with("Mozilla/5.0"));
    }

    #[test]
    fn what_is_missing_is_null() {
        let broken: Value = serde_json::from_str(&item(7, "1.2.3.4 - -")).unwrap();
        assert_eq!((&broken["host"], &broken["agent"]), (&json!("1.2.3.4"), &Value::Null));
    }
}
