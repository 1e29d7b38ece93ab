//! Items by a client without async: ureq.

use std::num::NonZeroUsize;

use headwater::Source;
use headwater::pages::{self, Error, Position, Throttle};
use headwater::retry::GaveUp;
use ureq::Agent;
use ureq::http::HeaderMap;

use crate::api::Api;
use crate::args::Fetching;
use crate::failure::{Failure, Reason};
use crate::notes::Notes;
use crate::policy;
use crate::printer::{Flow, Printer};
use crate::response::{MAX_BODY, MAX_REDIRECTS, Response};

/// Prints all items of an API.
///
/// # Errors
///
/// Of the API, once the items before it are printed; of the printer.
pub(crate) fn print(
    api: Api,
    fetching: &Fetching,
    notes: &Notes,
    printer: &mut Printer,
) -> anyhow::Result<()> {
    let config = Agent::config_builder()
        .http_status_as_error(false)
        .proxy(None)
        .max_redirects(0)
        .max_redirects_will_error(false)
        .timeout_global(Some(fetching.timeout))
        .user_agent(policy::USER_AGENT);
    let (agent, headers) = (config.build().new_agent(), fetching.headers.clone());
    let (style, told, throttle) = (api.clone(), notes.clone(), fetching.throttle.clone());
    let fetch = move |at: String| {
        let reply = follow(&agent, &headers, throttle.as_ref(), &at)?.read(&api, &at)?;
        told.fetched(&reply);
        Ok(reply)
    };
    let pages =
        pages::by(style, fetch).max_pages(fetching.max_pages).retry(policy::retry(fetching, notes));
    match NonZeroUsize::new(fetching.prefetch) {
        Some(ahead) => print_all(pages.prefetch(ahead).items(), printer),
        None => print_all(pages.items(), printer),
    }
}

fn print_all<S>(mut items: S, printer: &mut Printer) -> anyhow::Result<()>
where
    S: Iterator<Item = Result<String, Error<String, GaveUp<Failure>>>>
        + Source<Position = Position<String>>,
{
    items.resume_at(printer.begin(items.position())?);
    while let Some(item) = items.next() {
        match item {
            Ok(item) => match printer.print(&item, items.position())? {
                Flow::Continue => {}
                Flow::Stop => return Ok(()),
            },
            Err(error) => {
                printer.commit(items.position())?;
                return Err(error.into());
            }
        }
    }
    printer.commit(items.position())
}

/// Asks for a page, and again where the server says it is.
fn follow(
    agent: &Agent,
    headers: &HeaderMap,
    throttle: Option<&Throttle>,
    at: &str,
) -> Result<Response, Failure> {
    let mut url = at.to_owned();
    for _ in 0..=MAX_REDIRECTS {
        if let Some(throttle) = throttle {
            throttle.wait();
        }
        let broken = |error: ureq::Error| broken(&url, error);
        let mut request = agent.get(&url);
        if let Some(all) = request.headers_mut() {
            all.extend(headers.clone());
        }
        let (head, mut body) = request.call().map_err(broken)?.into_parts();
        let body = match body.with_config().limit(MAX_BODY).read_to_vec() {
            Err(ureq::Error::BodyExceedsLimit(_)) => return Err(Failure::too_large(url)),
            body => body.map_err(broken)?,
        };
        let response = Response { url, status: head.status, headers: head.headers, body };
        match response.redirect()? {
            Some(there) => url = there,
            None => return Ok(response),
        }
    }
    Err(Failure::in_circles(url))
}

fn broken(url: &str, error: ureq::Error) -> Failure {
    let is_transient = matches!(
        error,
        ureq::Error::Io(_)
            | ureq::Error::Timeout(_)
            | ureq::Error::Protocol(_)
            | ureq::Error::HostNotFound
            | ureq::Error::ConnectionFailed
    );
    Failure { url: url.to_owned(), reason: Reason::Broken { cause: error.into(), is_transient } }
}
