//! What is to be done, as the command line says it.

use std::ffi::OsString;
use std::num::{NonZeroU32, NonZeroU64};
use std::path::PathBuf;
use std::time::Duration;

use clap::error::ErrorKind;
use clap::{Arg, ArgAction, ArgMatches, Command, value_parser};
use headwater::pages::Throttle;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use url::Url;

use crate::api::Api;
use crate::api_args;
use crate::json::Pointer;

const ABOUT: &str = "\
Prints all items of a paginated API, one line of JSON each.

Without --url it starts a server of its own, which fails in all the ways that servers do, gets all
items of that, and proves that each came exactly once.

Styles, and the parameters of the URL that they need (--param; --size-param for --page-size):
  link    the header `Link: <…>; rel=\"next\"`, or with --next the URL that stands there in the body
          (-; per_page)
  token   what --next points to is sent back; none, or an empty one, is the end (the name that --next
          ends with, without `next`: page_token; page_size)
  page    the number of a page: 1, 2, … or from the one in URL on, up to as many as --total points to,
          or else to the first page without items (page; per_page)
  offset  how many items come before, up to as many as --total points to, or else to the first page
          without items (offset; limit)";

const DETAILS: &str = "\
Links to another scheme, host or port than that of URL are refused, unless --allow-origin allows it.
Redirects are followed at the same origin. Proxies are not used.

What is tried again: 408, 429, 5xx, and what is no whole reply. `Retry-After` is heeded. Each time is
told on the standard error; so is a progress bar, if that is a terminal.

With --checkpoint, a run that was interrupted is gone on with, from the next item on. A page is printed
when all of it is there, and saved at once. Only who kills the program between the two, by SIGKILL or by
the power switch, gets items of that page again; with --output not even then, since what was not saved
is cut off that file. What was written into a pipe counts as printed: to have only some items, say --take.

Exit status: 0 if all items were printed, or as many as were to be, or nobody reads them any more; 1 if
something failed (the items before it are printed, and saved); 2 if the arguments make no sense; 130 and
143 after SIGINT and SIGTERM.";

/// What to do.
pub(crate) struct Args {
    /// The API; `None` if it is that of the server within.
    pub(crate) api: Option<Api>,
    /// The style, for the server within.
    pub(crate) style: String,
    pub(crate) is_sync: bool,
    pub(crate) fetching: Fetching,
    pub(crate) checkpoint: Option<PathBuf>,
    pub(crate) output: Option<PathBuf>,
    pub(crate) take: Option<u64>,
}

/// How pages are fetched.
#[derive(Clone)]
pub(crate) struct Fetching {
    pub(crate) headers: HeaderMap,
    /// How long a reply may take.
    pub(crate) timeout: Duration,
    /// How often a page is tried.
    pub(crate) attempts: u32,
    /// How long a page is tried.
    pub(crate) patience: Duration,
    pub(crate) prefetch: usize,
    pub(crate) max_pages: u64,
    /// How often the server is asked.
    pub(crate) throttle: Option<Throttle>,
}

/// Reads a command line; says what is wrong with it and ends the program if it makes no sense.
pub(crate) fn parse(words: impl IntoIterator<Item = impl Into<OsString> + Clone>) -> Args {
    let mut command = command();
    let read = command.try_get_matches_from_mut(words).and_then(|mut matches| {
        let invalid = |message| command.error(ErrorKind::ValueValidation, message);
        read(&mut matches).map_err(invalid)
    });
    read.unwrap_or_else(|error| error.exit())
}

fn command() -> Command {
    let option = |name: &'static str, value: &'static str, help: &'static str| {
        Arg::new(name).long(name).value_name(value).help(help)
    };
    let path = |name, value, help| option(name, value, help).value_parser(value_parser!(OsString));
    let number = |name, help| option(name, "N", help).value_parser(value_parser!(u64));
    let pointer = |name, help| option(name, "JSON_POINTER", help).value_parser(Pointer::parse);
    let seconds =
        |name, help| option(name, "SECONDS", help).value_parser(value_parser!(NonZeroU64));
    let about_api = [
        pointer("items", "Where the items are in the body [default: the only array there is]"),
        pointer("next", "What leads to the next page [default for token: /next_page_token]"),
        pointer("total", "How many pages (style page) or items (offset) there are"),
        option(
            "param",
            "NAME",
            "The parameter of the URL that leads to a page [default: see above]",
        ),
        number("page-size", "How many items to ask for at once [default: the server's]"),
        option("size-param", "NAME", "The parameter for that [default: see above]"),
        option("header", "NAME: VALUE", "A header to send along; may be given several times")
            .value_parser(header)
            .action(ArgAction::Append),
        option(
            "allow-origin",
            "URL",
            "Another origin that next links may lead to; each --header is sent there, too",
        )
        .value_parser(Url::parse)
        .action(ArgAction::Append),
    ];
    let about_items = [
        path("checkpoint", "FILE", "Where to keep how far it came, and to go on from"),
        path("output", "FILE", "Print to the end of this file instead").requires("checkpoint"),
        number("take", "Print so many items at the most"),
        number("max-pages", "Fail if there are more pages"),
    ];
    let about_fetching = [
        option("rate", "N", "Ask the server so many times a second at the most")
            .value_parser(value_parser!(NonZeroU32)),
        number("prefetch", "How many pages to fetch ahead").default_value("2"),
        number("attempts", "How often to try a page").default_value("10"),
        seconds("patience", "How long to try a page").default_value("120"),
        seconds("timeout", "How long a single reply may take").default_value("30"),
        Arg::new("sync")
            .long("sync")
            .action(ArgAction::SetTrue)
            .help("Use a client without async (ureq) instead of one with it (reqwest)"),
    ];
    Command::new("paginate")
        .about(ABOUT)
        .after_help(DETAILS)
        .args([
            option("url", "URL", "The first page").value_parser(Url::parse),
            option("style", "STYLE", "How the server says where the next page is")
                .value_parser(["link", "token", "page", "offset"])
                .hide_possible_values(true)
                .default_value("link"),
        ])
        .args(about_api.map(|arg| arg.requires("url")))
        .args(about_items.map(|arg| arg.requires("url")))
        .args(about_fetching)
}

fn header(text: &str) -> Result<(HeaderName, HeaderValue), String> {
    let (name, value) = text.split_once(':').ok_or("a header is `NAME: VALUE`")?;
    let name = name.parse().map_err(|error| format!("{name:?}: {error}"))?;
    let mut value: HeaderValue =
        value.trim().parse().map_err(|error| format!("the value: {error}"))?;
    value.set_sensitive(true);
    Ok((name, value))
}

fn read(matches: &mut ArgMatches) -> Result<Args, String> {
    let style: String = matches.remove_one("style").unwrap_or_default();
    let url: Option<Url> = matches.remove_one("url");
    let api = url.map(|url| api_args::read(matches, &style, &url)).transpose()?;
    let number = |name: &str| matches.get_one::<u64>(name).copied();
    let seconds = |name: &str| {
        let seconds = matches.get_one::<NonZeroU64>(name);
        Duration::from_secs(seconds.map_or(u64::MAX, |seconds| seconds.get()))
    };
    let rate = matches.get_one::<NonZeroU32>("rate").copied();
    let headers = matches.get_many("header").into_iter().flatten().cloned();
    let path = |name: &str| matches.get_one::<OsString>(name).map(PathBuf::from);
    Ok(Args {
        api,
        style,
        is_sync: matches.get_flag("sync"),
        fetching: Fetching {
            headers: headers.collect(),
            timeout: seconds("timeout"),
            attempts: number("attempts").and_then(|n| n.try_into().ok()).unwrap_or(u32::MAX),
            patience: seconds("patience"),
            prefetch: number("prefetch").and_then(|n| n.try_into().ok()).unwrap_or_default(),
            max_pages: number("max-pages").unwrap_or(u64::MAX),
            throttle: rate.map(|rate| Throttle::new(rate, Duration::from_secs(1))),
        },
        checkpoint: path("checkpoint"),
        output: path("output"),
        take: number("take"),
    })
}
