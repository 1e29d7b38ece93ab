//! Items by an async client: reqwest.

use std::num::NonZeroUsize;
use std::sync::Arc;

use futures::{Stream, StreamExt as _};
use headwater::pages::{Error, Position, Throttle};
use headwater::retry::GaveUp;
use headwater::{Source, stream};

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
pub(crate) async fn print(
    api: Api,
    fetching: &Fetching,
    notes: &Notes,
    printer: &mut Printer,
) -> anyhow::Result<()> {
    let client = reqwest::Client::builder()
        .default_headers(fetching.headers.clone())
        .no_proxy()
        .redirect(reqwest::redirect::Policy::none())
        .timeout(fetching.timeout)
        .user_agent(policy::USER_AGENT)
        .build()?;
    let shared = Arc::new((client, api.clone(), notes.clone(), fetching.throttle.clone()));
    let fetch = move |at: String| {
        let shared = Arc::clone(&shared);
        async move {
            let (client, api, notes, throttle) = &*shared;
            let reply = follow(client, throttle.as_ref(), &at).await?.read(api, &at)?;
            notes.fetched(&reply);
            Ok(reply)
        }
    };
    let pages = stream::pages::by(api, fetch)
        .max_pages(fetching.max_pages)
        .retry(policy::retry(fetching, notes));
    match NonZeroUsize::new(fetching.prefetch) {
        Some(ahead) => print_all(pages.prefetch(ahead).items(), printer).await,
        None => print_all(pages.items(), printer).await,
    }
}

async fn print_all<S>(mut items: S, printer: &mut Printer) -> anyhow::Result<()>
where
    S: Stream<Item = Result<String, Error<String, GaveUp<Failure>>>>
        + Source<Position = Position<String>>
        + Unpin,
{
    items.resume_at(printer.begin(items.position())?);
    while let Some(item) = items.next().await {
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
async fn follow(
    client: &reqwest::Client,
    throttle: Option<&Throttle>,
    at: &str,
) -> Result<Response, Failure> {
    let mut url = at.to_owned();
    for _ in 0..=MAX_REDIRECTS {
        if let Some(throttle) = throttle {
            throttle.wait_async().await;
        }
        let broken = |error: reqwest::Error| broken(&url, error);
        let mut response = client.get(&url).send().await.map_err(broken)?;
        let (status, headers) = (response.status(), response.headers().clone());
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(broken)? {
            body.extend_from_slice(&chunk);
            if body.len() as u64 > MAX_BODY {
                return Err(Failure::too_large(url));
            }
        }
        let response = Response { url, status, headers, body };
        match response.redirect()? {
            Some(there) => url = there,
            None => return Ok(response),
        }
    }
    Err(Failure::in_circles(url))
}

fn broken(url: &str, error: reqwest::Error) -> Failure {
    let is_transient = !error.is_builder();
    let cause = error.without_url().into();
    Failure { url: url.to_owned(), reason: Reason::Broken { cause, is_transient } }
}
