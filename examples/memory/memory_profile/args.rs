use std::ffi::OsString;
use std::path::{Path, PathBuf};

use clap::builder::PossibleValuesParser;
use clap::{Arg, Command, value_parser};

use crate::pipeline::Pipeline;

const ABOUT: &str = "\
Shows what a pipeline over the lines of FILE holds, written lazily and eagerly.

The lazy form takes one line after the other (`headwater::lines`); the eager one collects all of
them first, as `String`s would be. Both give the same answer. It prints what they used of the heap,
and draws the heap in use over the bytes read: memory_profile.svg and memory_profile.png.

Exit status: 0 if all went well, 1 if FILE could not be read or the pictures not be written, 2 if
the arguments make no sense.";

/// The log of the repository, from wherever it is run.
const FIXTURE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../fixtures/apache_access.log");

/// What to do.
#[derive(Debug)]
pub(crate) struct Args {
    pub(crate) file: PathBuf,
    pub(crate) pipeline: Pipeline,
    /// The folder for the pictures.
    pub(crate) out: PathBuf,
}

impl Args {
    pub(crate) fn parse() -> Self {
        let mut matches = command().get_matches();
        let mut path = |name| matches.remove_one::<OsString>(name).unwrap_or_default().into();
        let (file, out) = (path("FILE"), path("out"));
        let pipeline = matches.remove_one::<String>("pipeline").unwrap_or_default();
        Self { file, out, pipeline: Pipeline::named(&pipeline) }
    }

    /// The name of the file, without its folders.
    pub(crate) fn name(&self) -> String {
        let name = self.file.file_name().map_or(&*self.file, Path::new);
        name.display().to_string()
    }
}

fn command() -> Command {
    Command::new("memory_profile")
        .about(ABOUT)
        .arg(
            Arg::new("FILE")
                .value_parser(value_parser!(OsString))
                .default_value(FIXTURE)
                .hide_default_value(true)
                .help("The log; without one, that of the repository's fixtures"),
        )
        .arg(
            Arg::new("pipeline")
                .long("pipeline")
                .value_name("NAME")
                .value_parser(PossibleValuesParser::new(Pipeline::NAMES))
                .default_value(Pipeline::NAMES[0])
                .help("The pipeline: the longest line, the server's errors, or distinct hosts"),
        )
        .arg(
            Arg::new("out")
                .long("out")
                .value_name("DIR")
                .value_parser(value_parser!(OsString))
                .default_value(".")
                .help("The folder for the pictures"),
        )
}
