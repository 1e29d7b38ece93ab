//! Runs a pipeline over a log, lazily and eagerly, and shows what each holds: as a table, and as a
//! picture of memory over progress.
//!
//! `cargo run -p headwater-memory-examples --example memory_profile -- FILE`

mod args;
mod chart;
mod curve;
mod pipeline;
mod table;

use std::alloc::System;
use std::fs;
use std::io::{self, Write as _};
use std::process::ExitCode;

use anyhow::{Context as _, Result, ensure};
use headwater::measure::Peak;

use crate::args::Args;
use crate::curve::Curve;
use crate::pipeline::Profile;

#[global_allocator]
static HEAP: Peak = Peak::new(System);

fn main() -> ExitCode {
    match run(&Args::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("memory_profile: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(args: &Args) -> Result<()> {
    let path = args.file.display().to_string();
    let len = fs::metadata(&args.file).with_context(|| path.clone())?.len();
    let profile = |form: fn(&Args, &mut Curve) -> Result<String>| {
        Profile::of(Curve::over(len), |curve| form(args, curve)).with_context(|| path.clone())
    };
    let lazy = profile(pipeline::lazy)?;
    let eager = profile(pipeline::eager)?;
    ensure!(lazy.answer == eager.answer, "{path} has changed meanwhile");

    let title = format!("{} of {}", args.pipeline.title(), args.name());
    let (svg, png) = (args.out.join("memory_profile.svg"), args.out.join("memory_profile.png"));
    chart::draw(&svg, &png, &title, len, &[("lazy", &lazy), ("eager", &eager)])
        .with_context(|| args.out.display().to_string())?;

    let mut out = io::stdout().lock();
    writeln!(out, "{title}: {}\n", lazy.answer)?;
    table::write(&mut out, &[("lazy", &lazy), ("eager", &eager)])?;
    writeln!(out, "\n{}\n{}", svg.display(), png.display())?;
    Ok(())
}
