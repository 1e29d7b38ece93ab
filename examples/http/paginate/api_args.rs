//! What is known of an API, as the command line says it.

use clap::ArgMatches;
use headwater::pages::{NextLink, NextUrl, Numbered};
use url::Url;

use crate::api::{Api, Paging};
use crate::json::Pointer;
use crate::url_param;

/// Reads what is known of the API at a URL.
///
/// # Errors
///
/// What makes no sense.
pub(crate) fn read(matches: &mut ArgMatches, style: &str, url: &Url) -> Result<Api, String> {
    if url.scheme() != "http" {
        return Err(format!("{url}: only http:// is spoken here"));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err("a password in a URL would be in messages: send it by --header".to_owned());
    }
    let [items, mut next, total] =
        ["items", "next", "total"].map(|name| matches.remove_one::<Pointer>(name));
    let [param, size_param] =
        ["param", "size-param"].map(|name| matches.remove_one::<String>(name));
    let is_next_guessed = style == "token" && next.is_none();
    if is_next_guessed {
        next = Some(Pointer::parse("/next_page_token")?);
    }
    let size_param = size_param.unwrap_or_else(|| {
        match style {
            "token" => "page_size",
            "offset" => "limit",
            _ => "per_page",
        }
        .to_owned()
    });
    let mut first = url.to_string();
    if let Some(size) = matches.get_one::<u64>("page-size") {
        first = url_param::set(&first, &size_param, &size.to_string());
    }
    let origins = matches.remove_many::<Url>("allow-origin").into_iter().flatten();
    let paging = match style {
        "token" => {
            let pointer = next.as_ref().map_or_else(String::new, Pointer::to_string);
            let name = pointer.rsplit('/').next().unwrap_or_default();
            Paging::Token { param: param.unwrap_or_else(|| url_param::of_token(name)) }
        }
        "page" => {
            let param = param.unwrap_or_else(|| "page".to_owned());
            let number = url_param::number(&first, &param).unwrap_or(1);
            first = url_param::set(&first, &param, &number.to_string());
            // Servers count their pages from 1, or from 0, wherever the URL begins.
            Paging::Page { param, style: Numbered::from(number.min(1)) }
        }
        "offset" => {
            let param = param.unwrap_or_else(|| "offset".to_owned());
            let number = url_param::number(&first, &param).unwrap_or(0);
            first = url_param::set(&first, &param, &number.to_string());
            Paging::Offset { param }
        }
        _ if next.is_some() => {
            let style = NextUrl::from(&first);
            Paging::Url(origins.fold(style, |style, url| style.allow_origin(url.as_str())))
        }
        _ => {
            let style = NextLink::from(&first);
            Paging::Link(origins.fold(style, |style, url| style.allow_origin(url.as_str())))
        }
    };
    Ok(Api { first, paging, items, next, is_next_guessed, total })
}
