//! Why a page could not be had, and whether it may be had the next time.

use std::error::Error;
use std::fmt;
use std::time::Duration;

use headwater::retry::RetryAfter;
use reqwest::StatusCode;

/// What failed, and where.
#[derive(Debug)]
pub(crate) struct Failure {
    /// What was asked for, which need not be what the page was asked for by: there are redirects.
    pub(crate) url: String,
    pub(crate) reason: Reason,
}

#[derive(Debug)]
pub(crate) enum Reason {
    /// The server says that it did not work.
    Status {
        status: StatusCode,
        /// The header `Retry-After`, as it came.
        retry_after: Option<String>,
        /// How the body begins.
        body: String,
    },
    /// There is no reply, or a part of one.
    Broken { cause: Box<dyn Error + Send + Sync>, is_transient: bool },
    /// The body is no JSON.
    NotJson { cause: serde_json::Error, body: String },
    /// The body is not what was said of it.
    Unexpected(String),
}

impl Failure {
    pub(crate) fn too_large(url: String) -> Self {
        Self { url, reason: Reason::Unexpected("the reply is too large".to_owned()) }
    }

    pub(crate) fn in_circles(url: String) -> Self {
        Self { url, reason: Reason::Unexpected("too many redirects".to_owned()) }
    }

    /// Tells whether it may work the next time.
    pub(crate) fn is_transient(&self) -> bool {
        match &self.reason {
            Reason::Status { status, .. } => {
                let is_wait =
                    [StatusCode::REQUEST_TIMEOUT, StatusCode::TOO_MANY_REQUESTS].contains(status);
                is_wait || status.is_server_error()
            }
            Reason::Broken { is_transient, .. } => *is_transient,
            // A connection that is closed early can be all that says that something is missing.
            Reason::NotJson { cause, .. } => cause.is_eof(),
            Reason::Unexpected(_) => false,
        }
    }

    /// How long the server asks to wait.
    pub(crate) fn hint(&self) -> Option<Duration> {
        match &self.reason {
            Reason::Status { retry_after, .. } => RetryAfter::hint(retry_after.as_deref()?),
            _ => None,
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.reason {
            Reason::Status { status, body, .. } => {
                write!(f, "{status}")?;
                if body.is_empty() { Ok(()) } else { write!(f, ": {body}") }
            }
            Reason::Broken { .. } => write!(f, "no reply"),
            Reason::NotJson { body, .. } => write!(f, "the reply is not JSON, but {body:?}"),
            Reason::Unexpected(what) => write!(f, "{what}"),
        }
    }
}

impl Error for Failure {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match &self.reason {
            Reason::Broken { cause, .. } => Some(&**cause),
            Reason::NotJson { cause, .. } => Some(cause),
            Reason::Status { .. } | Reason::Unexpected(_) => None,
        }
    }
}

/// How a body begins, on one line.
pub(crate) fn beginning(body: &[u8]) -> String {
    let shown = body.len().min(200);
    let text = String::from_utf8_lossy(&body[..shown]);
    let words: Vec<_> = text.split_whitespace().collect();
    let more = if shown < body.len() { "…" } else { "" };
    words.join(" ").replace(char::is_control, "\u{fffd}") + more
}
