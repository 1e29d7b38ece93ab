//! The report as one JSON object.

use std::io::{self, Write};

use serde::ser::{Serialize, SerializeMap, SerializeStruct, Serializer};

use crate::places::Place;
use crate::report::{Counts, Report};

/// Writes one object, and a line end.
///
/// # Errors
///
/// Those of `out`.
pub fn write(mut out: impl Write, report: &Report) -> io::Result<()> {
    serde_json::to_writer(&mut out, report)?;
    writeln!(out)
}

impl Serialize for Report {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut object = serializer.serialize_map(None)?;
        object.serialize_entry("lines", &self.lines)?;
        object.serialize_entry("parsed", &self.parsed)?;
        object.serialize_entry("unparsed", &self.unparsed)?;
        object.serialize_entry("unparsed_first", &self.unparsed_first)?;
        object.serialize_entry("bytes", &self.bytes)?;
        object.serialize_entry("first", &self.first)?;
        object.serialize_entry("last", &self.last)?;
        object.serialize_entry("days", &Object(&self.days))?;
        object.serialize_entry("hours", &Object(&self.hours))?;
        object.serialize_entry("status", &Object(&self.status))?;
        object.serialize_entry("paths", &self.paths.top)?;
        object.serialize_entry("hosts", &self.hosts.top)?;
        object.serialize_entry("referrers", &self.referrers.top)?;
        object.serialize_entry("agents", &self.agents.top)?;
        object.end()
    }
}

impl Serialize for Place {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut object = serializer.serialize_struct("Place", 2)?;
        object.serialize_field("file", &self.file)?;
        object.serialize_field("offset", &self.offset)?;
        object.end()
    }
}

/// Pairs as an object, in their order.
struct Object<'counts>(&'counts Counts);

impl Serialize for Object<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(text, count)| (text, count)))
    }
}
