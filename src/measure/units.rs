use std::fmt;

/// A number of bytes, written as people do: with one digit behind the point, from 1 KiB on.
#[derive(Clone, Copy)]
pub(super) struct Bytes(pub(super) u64);

/// The units above bytes, and by how many bits each is a shift.
const UNITS: [(&str, u32); 4] = [("TiB", 40), ("GiB", 30), ("MiB", 20), ("KiB", 10)];

impl fmt::Display for Bytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let unit = UNITS.iter().find(|(_, shift)| self.0 >> shift > 0);
        let text = match unit {
            None => format!("{} B", self.0),
            Some((unit, shift)) => {
                // In tenths of the unit, rounded down: 1023.9 KiB are not yet 1 MiB.
                let tenths = (u128::from(self.0) * 10) >> shift;
                format!("{}.{} {unit}", tenths / 10, tenths % 10)
            }
        };
        f.pad(&text)
    }
}
