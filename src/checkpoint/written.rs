use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use twox_hash::XxHash3_64;

use crate::checkpoint::error::Matter;

/// What every checkpoint begins with, of whichever version.
const HEAD: &[u8] = br#"{"headwater_checkpoint":"#;
/// How many bytes tell whether something is a checkpoint.
pub(super) const HEAD_LEN: usize = HEAD.len();

/// The version that is written, and the last that can be read.
const VERSION: u64 = 1;

/// What all versions have.
#[derive(Deserialize)]
struct Versioned {
    headwater_checkpoint: u64,
}

#[derive(Deserialize, Serialize)]
struct Written<'a> {
    headwater_checkpoint: u64,
    checksum: String,
    /// A [`Kept`], as the text that the checksum is of.
    #[serde(borrow)]
    kept: &'a RawValue,
}

#[derive(Deserialize, Serialize)]
struct Kept<T> {
    label: Option<String>,
    position: T,
}

/// Writes a position, and what it is the position of.
pub(super) fn write<P: Serialize>(label: Option<&str>, position: &P) -> serde_json::Result<String> {
    let kept = Kept { label: label.map(str::to_owned), position };
    let kept = serde_json::value::to_raw_value(&kept)?;
    let checksum = checksum(&kept);
    let written = Written { headwater_checkpoint: VERSION, checksum, kept: &kept };
    serde_json::to_string(&written).map(|text| text + "\n")
}

/// Tells what a file is that begins so, of which these are all bytes up to [`HEAD_LEN`].
pub(super) fn recognize(head: &[u8]) -> Result<(), Matter> {
    match head {
        HEAD => Ok(()),
        _ if HEAD.starts_with(head) => Err(Matter::Corrupt),
        _ => Err(Matter::NotOne),
    }
}

/// Reads the position of a file that was recognized, or says what is the matter with it.
pub(super) fn read<P: DeserializeOwned>(
    bytes: &[u8],
    label: Option<&str>,
) -> Result<P, (Matter, Option<serde_json::Error>)> {
    let corrupt = |error| (Matter::Corrupt, Some(error));
    let Versioned { headwater_checkpoint: version } =
        serde_json::from_slice(bytes).map_err(corrupt)?;
    match version {
        VERSION => {}
        0 => return Err((Matter::Corrupt, None)),
        _ => return Err((Matter::Version(version), None)),
    }
    let written: Written<'_> = serde_json::from_slice(bytes).map_err(corrupt)?;
    if written.checksum != checksum(written.kept) {
        return Err((Matter::Corrupt, None));
    }
    let kept: Kept<&RawValue> = serde_json::from_str(written.kept.get()).map_err(corrupt)?;
    if kept.label.as_deref() != label {
        return Err((Matter::Label(kept.label), None));
    }
    serde_json::from_str(kept.position.get()).map_err(|error| (Matter::Shape, Some(error)))
}

/// Of the text, not of what it means: what a parser forgives is a change, too.
fn checksum(kept: &RawValue) -> String {
    format!("{:016x}", XxHash3_64::oneshot(kept.get().as_bytes()))
}
