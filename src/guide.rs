//! The guide: a chapter for each thing to know before a pipeline meets a real log.
//!
//! - [`laziness`]: what happens when; head, tail, windows, groups, two passes.
//! - [`errors`]: an error is an item; what each adapter does with it; which to expect.
//! - [`memory`]: what a pipeline holds, what a line that is kept costs, and how to measure it.
//! - [`resources`]: what is opened and when it is closed; positions, rotated logs, workers, maps.
//! - [`retries`]: calls, loops and sources that are tried again; all of `tenacity`, in a table.
//! - [`pages`]: the items of a paginated API; styles of cursors; going on; what servers do.
//! - [`scale`]: many tasks, all cores, many machines: when, how, what it costs, what happens when something fails.
//! - [`coming_from_python`]: the lessons on generators, in Python and here; the protocol, in a table.
//! - [`coming_from_contextlib`]: those on context managers; all of `contextlib`, in a table.
//!
//! All examples are run by the tests. They read the logs in `fixtures/`.

#[doc = include_str!("../guide/laziness.md")]
pub mod laziness {}

#[doc = include_str!("../guide/errors.md")]
pub mod errors {}

#[doc = include_str!("../guide/memory.md")]
pub mod memory {}

#[doc = include_str!("../guide/resources.md")]
pub mod resources {}

#[doc = include_str!("../guide/retries.md")]
pub mod retries {}

#[doc = include_str!("../guide/pages.md")]
pub mod pages {}

// It links to what features bring, which is not there without them.
#[cfg_attr(
    not(all(feature = "async", feature = "parallel", feature = "timely", feature = "tokio")),
    allow(rustdoc::broken_intra_doc_links)
)]
#[doc = include_str!("../guide/scale.md")]
pub mod scale {}

#[doc = include_str!("../guide/coming_from_python.md")]
pub mod coming_from_python {}

#[doc = include_str!("../guide/coming_from_contextlib.md")]
pub mod coming_from_contextlib {}
