//! What a server replied, whichever client has asked.

use headwater::pages::{Links, Reply};
use reqwest::StatusCode;
use reqwest::header::{HeaderMap, HeaderName, LINK, LOCATION, RETRY_AFTER};
use serde_json::value::RawValue;
use url::Url;

use crate::api::{Api, Said};
use crate::failure::{Failure, Reason, beginning};

/// No page has more bytes than this: its body is in memory.
pub(crate) const MAX_BODY: u64 = 64 * 1024 * 1024;

/// A redirect leads to one, and so on: not more often than this.
pub(crate) const MAX_REDIRECTS: usize = 10;

/// A reply of a server.
#[derive(Debug)]
pub(crate) struct Response {
    /// Where it came from.
    pub(crate) url: String,
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl Response {
    /// Returns where it is to be asked instead, which is at the same origin: what is sent along is
    /// for nobody else.
    pub(crate) fn redirect(&self) -> Result<Option<String>, Failure> {
        let Some(location) = self.header(&LOCATION).filter(|_| self.status.is_redirection()) else {
            return Ok(None);
        };
        let here = Url::parse(&self.url).ok();
        let there = here.as_ref().and_then(|here| here.join(&location).ok());
        let is_same = there.as_ref().map(Url::origin) == here.as_ref().map(Url::origin);
        match there {
            Some(there) if is_same => Ok(Some(there.into())),
            _ => {
                let location = beginning(location.as_bytes());
                Err(self.unexpected(format!("{}, to {location}: ask there", self.status)))
            }
        }
    }

    /// Reads the items, and what is said of going on.
    ///
    /// `at` is what the page was asked for by.
    pub(crate) fn read(self, api: &Api, at: &str) -> Result<Reply<String, Said>, Failure> {
        if !self.status.is_success() {
            let (status, body) = (self.status, beginning(&self.body));
            let retry_after = self.header(&RETRY_AFTER);
            return Err(self.failure(Reason::Status { status, retry_after, body }));
        }
        let body = if self.status == StatusCode::NO_CONTENT { b"[]" } else { &*self.body };
        let json: &RawValue = serde_json::from_slice(body).map_err(|cause| {
            let body = beginning(body);
            self.failure(Reason::NotJson { cause, body })
        })?;
        let links: Links = self.headers.get_all(LINK).into_iter().collect();
        let read = api.read(at, json, links).map_err(|what| self.unexpected(what))?;
        Ok(read.bytes(body.len() as u64))
    }

    fn header(&self, name: &HeaderName) -> Option<String> {
        let value = self.headers.get(name)?;
        Some(String::from_utf8_lossy(value.as_bytes()).into_owned())
    }

    fn unexpected(&self, what: String) -> Failure {
        self.failure(Reason::Unexpected(what))
    }

    fn failure(&self, reason: Reason) -> Failure {
        Failure { url: self.url.clone(), reason }
    }
}
