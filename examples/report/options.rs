use clap::{Arg, ArgAction, value_parser};

/// The options of every report: `--json` and `--top`.
#[must_use]
pub fn options() -> [Arg; 2] {
    [
        Arg::new("json")
            .long("json")
            .action(ArgAction::SetTrue)
            .help("Print one JSON object instead of tables"),
        Arg::new("top")
            .long("top")
            .value_name("N")
            .value_parser(value_parser!(usize))
            .default_value("10")
            .help("How many paths, hosts, referrers and user agents to list; 0 lists all"),
    ]
}
