//! What is known of an API: where its items are, and what says where the next page is.

use headwater::pages::{
    ErrorKind, Links, NextLink, NextUrl, Numbered, Offset, Reply, Style, Token,
};
use serde_json::value::RawValue;

use crate::failure::beginning;
use crate::json::{self, Pointer};
use crate::url_param;

/// A paginated API. It is a [`Style`], whose pages are told apart by their URLs.
///
/// The styles of the library decide, and here it is told what a server says, in whatever shape,
/// and how it wants to be asked.
#[derive(Clone, Debug)]
pub(crate) struct Api {
    /// The URL of the first page.
    pub(crate) first: String,
    pub(crate) paging: Paging,
    /// Where the items are; if that is not said, in the only array that there is.
    pub(crate) items: Option<Pointer>,
    /// Where it says what the next page is.
    pub(crate) next: Option<Pointer>,
    /// Whether nobody has said that it does.
    pub(crate) is_next_guessed: bool,
    /// Where it says how many pages there are, or how many items.
    pub(crate) total: Option<Pointer>,
}

/// How a server wants to be asked for the next page.
#[derive(Clone, Debug)]
pub(crate) enum Paging {
    /// By the link in a header.
    Link(NextLink),
    /// By the link in the body.
    Url(NextUrl),
    /// By a token, in this parameter.
    Token { param: String },
    /// By the number of a page, in this parameter.
    Page { param: String, style: Numbered },
    /// By how many items come before, in this parameter.
    Offset { param: String },
}

/// What a server says of going on.
#[derive(Debug)]
pub(crate) struct Said {
    links: Links,
    next: Option<String>,
    pub(crate) total: Option<u64>,
    /// What may be a mistake, though nothing is wrong with it.
    pub(crate) doubt: Option<String>,
}

impl Style<String> for Api {
    type Cursor = String;
    type Said = Said;

    fn first(&self) -> String {
        self.first.clone()
    }

    fn next(&self, at: &String, items: &[String], said: Said) -> Result<Option<String>, ErrorKind> {
        let number = |param: &str| url_param::number(at, param).ok_or(ErrorKind::BadCursor);
        match &self.paging {
            Paging::Link(style) => style.next(at, items, said.links),
            Paging::Url(style) => style.next(at, items, said.next),
            Paging::Token { param } => {
                let token = Token.next(&None, items, said.next)?.flatten();
                Ok(token.map(|token| url_param::set(at, param, &token)))
            }
            Paging::Page { param, style } => {
                let next = style.next(&number(param)?, items, said.total)?;
                Ok(next.map(|page| url_param::set(at, param, &page.to_string())))
            }
            Paging::Offset { param } => {
                let next = Offset::new().next(&number(param)?, items, said.total)?;
                Ok(next.map(|offset| url_param::set(at, param, &offset.to_string())))
            }
        }
    }
}

impl Api {
    /// Says what it is a checkpoint of: with another first page or other items, a position is of no use.
    pub(crate) fn label(&self) -> String {
        let items = self.items.as_ref().map_or_else(String::new, Pointer::to_string);
        format!("items {items} of {}", self.first)
    }

    /// Tells whether the total is of items, and not of pages.
    pub(crate) fn counts_items(&self) -> bool {
        matches!(self.paging, Paging::Offset { .. })
    }

    /// Reads a page.
    ///
    /// Servers leave out what is empty. On the first page, that may be a mistake in what was said of
    /// the API, which would look like the end. On a later one, all of it may be an error that comes
    /// with a good status: it has no items, and nothing leads on from it.
    ///
    /// # Errors
    ///
    /// What is not as expected.
    pub(crate) fn read(
        &self,
        at: &str,
        json: &RawValue,
        links: Links,
    ) -> Result<Reply<String, Said>, String> {
        let is_first = at == self.first;
        let total = self.read_total(json)?;
        let next = self.next.as_ref().map(|pointer| pointer.find(json));
        let leads_on = total.is_some() || next.flatten().is_some() || links.rel("next").is_some();
        // No content is an empty array; a page of which all is empty may be an empty object.
        let is_empty = json.get() == "[]" || json::compact(json) == "{}";
        let may_lack = !is_first && (leads_on || is_empty);
        let items = self.read_items(json, may_lack)?;
        let mut doubt = None;
        if let Some(None) = next
            && is_first
            && !items.is_empty()
        {
            let what = format!("nothing says where the next page is in {}", names(json));
            if self.is_next_guessed {
                return Err(format!("{what}: say by --next what does"));
            }
            doubt = Some(format!("{what}: the first page is taken for the last"));
        }
        let next = next.flatten().filter(|next| !matches!(next.get(), "null" | "false"));
        let next = next.map(|next| {
            let is_no_text = || {
                format!("{} is no text that leads on", beginning(json::compact(next).as_bytes()))
            };
            json::text(next).ok_or_else(is_no_text)
        });
        let said = Said { links, next: next.transpose()?, total, doubt };
        Ok(Reply::new(items, said))
    }

    fn read_items(&self, json: &RawValue, may_lack: bool) -> Result<Vec<String>, String> {
        let array = match &self.items {
            None => only_array(json)?,
            Some(pointer) => match pointer.find(json) {
                None if may_lack => Vec::new(),
                None => return Err(format!("the items are not in {}", names(json))),
                Some(found) if found.get() == "null" => Vec::new(),
                Some(found) => json::elements(found)
                    .ok_or_else(|| format!("the items are no array in {}", names(json)))?,
            },
        };
        Ok(array.into_iter().map(json::compact).collect())
    }

    fn read_total(&self, json: &RawValue) -> Result<Option<u64>, String> {
        let Some(pointer) = &self.total else { return Ok(None) };
        let found = pointer.find(json).and_then(json::text);
        let total = found.and_then(|total| total.parse().ok());
        let is_missing = || format!("nothing says how many there are in {}", names(json));
        total.map(Some).ok_or_else(is_missing)
    }
}

/// A document that is an array, or the array in one that has one.
fn only_array(json: &RawValue) -> Result<Vec<&RawValue>, String> {
    if let Some(elements) = json::elements(json) {
        return Ok(elements);
    }
    let members = json::members(json);
    let mut arrays = members.values().filter_map(|member| json::elements(member));
    match (arrays.next(), arrays.next()) {
        (Some(array), None) => Ok(array),
        _ => Err(format!("say by --items where the items are in {}", names(json))),
    }
}

/// What there is to be pointed to, for messages.
fn names(json: &RawValue) -> String {
    let members = json::members(json);
    if members.is_empty() {
        return format!("{:?}", beginning(json.get().as_bytes()));
    }
    let names: Vec<_> = members.into_keys().map(|name| format!("/{name}")).collect();
    format!("a reply that has {}", beginning(names.join(", ").as_bytes()))
}
