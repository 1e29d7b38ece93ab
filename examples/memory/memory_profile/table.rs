use std::io::{self, Write};

use crate::pipeline::Profile;

/// Writes what each form used.
pub(crate) fn write(out: &mut impl Write, profiles: &[(&str, &Profile)]) -> io::Result<()> {
    writeln!(out, "{:<6} {:>12} {:>12} {:>14}", "form", "peak heap", "allocations", "allocated")?;
    for (form, profile) in profiles {
        let usage = profile.usage;
        let (peak, all) = (kib(usage.peak()), kib(usage.allocated_bytes()));
        writeln!(out, "{form:<6} {peak:>12} {:>12} {all:>14}", usage.allocations())?;
    }
    Ok(())
}

fn kib(bytes: u64) -> String {
    format!("{}.{} KiB", bytes >> 10, ((bytes & 1023) * 10) >> 10)
}
