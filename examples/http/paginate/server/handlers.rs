//! What the server answers.

use std::collections::HashMap;
use std::io;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use axum::body::Body;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE, LINK, RETRY_AFTER};
use axum::response::{IntoResponse as _, Response};
use futures::{StreamExt as _, stream};
use tokio::time::sleep;

use crate::server::faults::{Fault, Faults};

type Parameters = Query<HashMap<String, String>>;

/// What there is to give, and what there was of trouble.
pub(crate) struct Shop {
    items: Arc<[String]>,
    requests: AtomicU64,
    trouble: Mutex<Trouble>,
}

struct Trouble {
    planned: Faults,
    seen: Vec<(Fault, u64)>,
}

impl Shop {
    pub(crate) fn new(items: Arc<[String]>, planned: Faults) -> Self {
        let trouble = Mutex::new(Trouble { planned, seen: Vec::new() });
        Self { items, requests: AtomicU64::new(0), trouble }
    }

    pub(crate) fn requests(&self) -> u64 {
        self.requests.load(Ordering::Relaxed)
    }

    pub(crate) fn faults(&self) -> Vec<(Fault, u64)> {
        self.trouble.lock().unwrap_or_else(PoisonError::into_inner).seen.clone()
    }

    /// Counts a request, and takes the fault that is planned for it.
    fn fault(&self, page: usize) -> Option<Fault> {
        self.requests.fetch_add(1, Ordering::Relaxed);
        let mut trouble = self.trouble.lock().unwrap_or_else(PoisonError::into_inner);
        let fault = trouble.planned.take(page)?;
        match trouble.seen.iter_mut().find(|seen| seen.0 == fault) {
            Some((_, times)) => *times += 1,
            None => trouble.seen.push((fault, 1)),
        }
        Some(fault)
    }
}

/// Which items a request asks for.
struct Part {
    first: usize,
    size: usize,
    /// How many items there are, in all.
    total: usize,
    items: String,
}

impl Part {
    fn of(shop: &Shop, first: usize, size: usize) -> Self {
        let (size, total) = (size.clamp(1, 1000), shop.items.len());
        let first = first.min(total);
        let items = shop.items[first..total.min(first + size)].join(",");
        Self { first, size, total, items: format!("[{items}]") }
    }

    /// Where the next one begins, unless this is the last.
    fn next(&self) -> Option<usize> {
        Some(self.first + self.size).filter(|&next| next < self.total)
    }
}

fn number(parameters: &Parameters, name: &str, default: usize) -> usize {
    parameters.get(name).and_then(|value| value.parse().ok()).unwrap_or(default)
}

/// An array, and where the next is in a header: relative, and not the first link in it.
pub(crate) async fn link(State(shop): State<Arc<Shop>>, parameters: Parameters) -> Response {
    let (after, size) = (number(&parameters, "after", 0), number(&parameters, "size", 100));
    let part = Part::of(&shop, after, size);
    let next = part.next().map(|next| format!(", <?after={next}&size={size}>; rel=\"next\""));
    let links = format!("</link>; rel=\"first\"{}", next.unwrap_or_default());
    let mut response = answer(&shop, &part, part.items.clone()).await;
    if let Ok(links) = links.parse() {
        response.headers_mut().insert(LINK, links);
    }
    response
}

/// An object with a token, which says nothing to whom it is given to. An empty one is the end.
pub(crate) async fn token(State(shop): State<Arc<Shop>>, parameters: Parameters) -> Response {
    let after = match parameters.get("page_token") {
        Some(token) => token.strip_suffix("==").and_then(|hex| usize::from_str_radix(hex, 16).ok()),
        None => Some(0),
    };
    let Some(after) = after else {
        return (StatusCode::BAD_REQUEST, "{\"error\":\"unknown token\"}").into_response();
    };
    let part = Part::of(&shop, after, number(&parameters, "page_size", 100));
    let token = part.next().map(|next| format!("{next:x}=="));
    let (items, token) = (&part.items, token.unwrap_or_default());
    answer(&shop, &part, format!(r#"{{"entries":{items},"next_page_token":"{token}"}}"#)).await
}

/// An object that says how many pages there are.
pub(crate) async fn page(State(shop): State<Arc<Shop>>, parameters: Parameters) -> Response {
    let size = number(&parameters, "per_page", 100);
    let first = number(&parameters, "page", 1).saturating_sub(1).saturating_mul(size);
    let part = Part::of(&shop, first, size);
    let (items, pages) = (&part.items, part.total.div_ceil(part.size));
    answer(&shop, &part, format!(r#"{{"data":{items},"meta":{{"pages":{pages}}}}}"#)).await
}

/// An object that says how many items there are.
pub(crate) async fn offset(State(shop): State<Arc<Shop>>, parameters: Parameters) -> Response {
    let part = Part::of(&shop, number(&parameters, "offset", 0), number(&parameters, "limit", 100));
    let (items, total) = (&part.items, part.total);
    answer(&shop, &part, format!(r#"{{"results":{items},"total":{total}}}"#)).await
}

/// Answers with a body, or with the fault that is planned.
async fn answer(shop: &Shop, part: &Part, body: String) -> Response {
    let json = [(CONTENT_TYPE, "application/json")];
    match shop.fault(part.first / part.size) {
        None => (json, body).into_response(),
        Some(Fault::Slow(delay)) => {
            sleep(delay).await;
            (json, body).into_response()
        }
        Some(Fault::BusyFor(seconds)) => busy(seconds.to_string()),
        Some(Fault::BusyUntil(seconds)) => {
            // A date has no parts of a second.
            let until = SystemTime::now() + Duration::from_secs(seconds + 1);
            busy(httpdate::fmt_http_date(until))
        }
        Some(Fault::Unavailable) => StatusCode::SERVICE_UNAVAILABLE.into_response(),
        Some(Fault::BadGateway) => {
            let html = "<html>\n<h1>502 Bad Gateway</h1>\n</html>";
            (StatusCode::BAD_GATEWAY, [(CONTENT_TYPE, "text/html")], html).into_response()
        }
        Some(Fault::Reset) => {
            let (length, half) = (body.len(), body.as_bytes()[..body.len() / 2].to_vec());
            let reset = async {
                // What is half is sent first.
                sleep(Duration::from_millis(20)).await;
                Err(io::Error::from(io::ErrorKind::ConnectionReset))
            };
            let parts = stream::iter([Ok(half)]).chain(stream::once(reset));
            (
                json,
                [(CONTENT_LENGTH, length)].map(|(name, length)| (name, length.to_string())),
                Body::from_stream(parts),
            )
                .into_response()
        }
    }
}

fn busy(retry_after: String) -> Response {
    let header = [(RETRY_AFTER, retry_after)];
    (StatusCode::TOO_MANY_REQUESTS, header, r#"{"error":"too many requests"}"#).into_response()
}
