//! Runs `paginate` as its users do, against servers on this machine.

// Unit tests of `paginate`: cargo either builds an example for other tests to run, or runs the tests
// within it.
#[path = "../../paginate/json.rs"]
mod json;
#[path = "../../paginate/server/mod.rs"]
mod server;
#[path = "../../paginate/url_param.rs"]
mod url_param;
#[path = "../../paginate/whole_lines.rs"]
mod whole_lines;

mod demo;
mod failures;
mod killed;
mod replies;
mod resumed;
mod styles;
mod support;
