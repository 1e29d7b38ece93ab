//! Pages: fetched one after the other, ahead of the consumer, several at once, and at no cost; each
//! beside its peers.
//!
//! A server on this machine has 200 pages of 100 items, and takes 5 ms for each. The consumer, too,
//! takes 5 ms for each page: it blocks its thread, as work does, but sleeps, so that server and
//! client, which elsewhere are not on the same machine, are not slower for it. All ids of a group use
//! the same client and the same runtime, and a wrong sum of the items ends the run. What is compared:
//!
//! | group | each id does |
//! |---|---|
//! | `pages` | fetches page after page and works on each; `floor` only waits 5 ms and works |
//! | `pages_prefetch` | the same, with a fetch under way meanwhile; `floor` is the longer of fetching all and working on all |
//! | `pages_numbered` | the same, with 8 fetches under way, since pages have numbers and the first tells how many there are; `floor` fetches one, and works on all |
//! | `pages_free` | sums the items of 10,000 pages that cost nothing to fetch |

mod client;

use std::hint::black_box;
use std::io;
use std::num::NonZeroUsize;
use std::pin::pin;
use std::thread;
use std::time::Duration;

use criterion::measurement::WallTime;
use criterion::{BenchmarkGroup, Criterion, SamplingMode, Throughput};
use futures::{Stream, StreamExt, executor, stream};
use headwater::pages::Page;
use headwater::stream::pages::{Fetch, Pages};
use headwater_benches::server::{PAGE, Site};
use page_turner::{Limit, PageTurner, RequestAhead, TurnedPage, TurnedPageResult};
use tokio::runtime::{Builder, Runtime};

use crate::client::Client;

/// How long the server takes for a page, and how long the consumer does.
const PAUSE: Duration = Duration::from_millis(5);

/// How many fetches are under way where several are.
const AT_ONCE: usize = 8;

/// How many pages are fetched that cost nothing.
const FREE: u64 = 10_000;

fn main() {
    let pages = if headwater_benches::is_trial() { 10 } else { 200 };
    let site = Site { pages, delay: PAUSE };
    let client = Client::new(site.serve().expect("there is a socket to be had"));
    // One thread for the tasks; the consumer has its own.
    let runtime = Builder::new_multi_thread().worker_threads(1).enable_io().build();
    let runtime = runtime.expect("there is a thread to be had");

    let mut criterion = Criterion::default()
        .sample_size(10)
        .warm_up_time(Duration::from_secs(1))
        .measurement_time(Duration::from_secs(5))
        .configure_from_args();
    let job = Job { site, client, runtime };
    for bench in [one_by_one, prefetch, numbered] {
        bench(&mut criterion, &job);
    }
    free(&mut criterion);
    criterion.final_summary();
}

/// What all jobs work with.
struct Job {
    site: Site,
    client: Client,
    runtime: Runtime,
}

fn one_by_one(criterion: &mut Criterion, job: &Job) {
    let mut group = slow_group(criterion, "pages", job);
    measure(&mut group, "headwater", job, async || work_on(headwater(&job.client)).await);
    measure(&mut group, "page_turner", job, async || {
        work_on(job.client.pages(Request(1)).map(|page| page.unwrap())).await
    });
    measure(&mut group, "hand_loop", job, async || {
        let (mut sum, mut next) = (0, Some(1));
        while let Some(number) = next {
            let answer = job.client.get(number).await.unwrap();
            sum += work(&answer.items);
            next = answer.next;
        }
        sum
    });
    measure(&mut group, "floor", job, async || {
        let waited = (1..=job.site.pages).map(|number| {
            thread::sleep(PAUSE);
            work(&items(number))
        });
        waited.sum()
    });
    group.finish();
}

fn prefetch(criterion: &mut Criterion, job: &Job) {
    let mut group = slow_group(criterion, "pages_prefetch", job);
    measure(&mut group, "headwater", job, async || {
        let pages = headwater_pages(&job.client).prefetch(NonZeroUsize::MIN);
        work_on(pages.map(|page| page.unwrap().items)).await
    });
    // These guess the numbers of the pages: two are under way at first, one while there is work.
    measure(&mut group, "page_turner_ahead", job, async || {
        let limit = Limit::Pages(job.site.pages.try_into().unwrap());
        work_on(job.client.pages_ahead(2, limit, Request(1)).map(|page| page.unwrap())).await
    });
    measure(&mut group, "futures_buffered", job, async || {
        let fetches = stream::iter(1..=job.site.pages).map(|number| job.client.get(number));
        work_on(fetches.buffered(2).map(|answer| answer.unwrap().items)).await
    });
    // Fetching takes longer than working does.
    measure(&mut group, "floor", job, async || {
        let (mut sum, mut next) = (0, Some(1));
        while let Some(number) = next {
            let answer = job.client.get(number).await.unwrap();
            sum += answer.items.iter().sum::<u64>();
            next = answer.next;
        }
        sum
    });
    group.finish();
}

fn numbered(criterion: &mut Criterion, job: &Job) {
    let mut group = slow_group(criterion, "pages_numbered", job);
    measure(&mut group, "headwater", job, async || {
        let at_once = NonZeroUsize::new(AT_ONCE).unwrap();
        let pages = headwater_pages(&job.client);
        let pages = pages.concurrent(at_once, |number, page| number + 1..=page.meta);
        work_on(pages.map(|page| page.unwrap().items)).await
    });
    measure(&mut group, "page_turner_ahead", job, async || {
        let limit = Limit::Pages(job.site.pages.try_into().unwrap());
        work_on(job.client.pages_ahead(AT_ONCE, limit, Request(1)).map(|page| page.unwrap())).await
    });
    // Working takes longer than fetching so many at once does, once the first is there.
    measure(&mut group, "floor", job, async || {
        let first = job.client.get(1).await.unwrap();
        work(&first.items) + (2..=job.site.pages).map(|number| work(&items(number))).sum::<u64>()
    });
    group.finish();
}

fn free(criterion: &mut Criterion) {
    let site = Site { pages: FREE, delay: Duration::ZERO };
    let mut group = criterion.benchmark_group("pages_free");
    group.throughput(Throughput::Elements(FREE * PAGE));
    let mut measure = |id: &str, sum: &dyn Fn() -> u64| {
        group.bench_function(id, |bencher| {
            bencher.iter(|| assert_eq!(sum(), site.sum(), "{id} is wrong"));
        });
    };
    let fetch = |number| {
        let next = (number < FREE).then_some(number + 1);
        Ok::<_, io::Error>(Page::new(items(number)).next(next))
    };
    measure("headwater", &|| {
        let mut sum = 0;
        for item in headwater::pages(1, fetch).items() {
            sum += black_box(item.unwrap());
        }
        sum
    });
    measure("headwater_stream", &|| {
        let fetch = |number| std::future::ready(fetch(number));
        executor::block_on(async {
            let (mut sum, mut items) = (0, headwater::stream::pages(1, fetch).items());
            while let Some(item) = items.next().await {
                sum += black_box(item.unwrap());
            }
            sum
        })
    });
    measure("hand_loop", &|| {
        let (mut sum, mut next) = (0, Some(1));
        while let Some(number) = next {
            let page = fetch(number).unwrap();
            for item in page.items {
                sum += black_box(item);
            }
            next = page.next;
        }
        sum
    });
    group.finish();
}

/// The items of a page, without a server.
fn items(number: u64) -> Vec<u64> {
    ((number - 1) * PAGE..number * PAGE).collect()
}

/// What the consumer does with a page.
fn work(items: &[u64]) -> u64 {
    thread::sleep(PAUSE);
    items.iter().sum()
}

async fn work_on(pages: impl Stream<Item = Vec<u64>>) -> u64 {
    let (mut sum, mut pages) = (0, pin!(pages));
    while let Some(items) = pages.next().await {
        sum += work(&items);
    }
    sum
}

fn headwater(client: &Client) -> impl Stream<Item = Vec<u64>> {
    headwater_pages(client).map(|page| page.unwrap().items)
}

/// Pages by the cursor that each has for the next, and how many there are.
fn headwater_pages(
    client: &Client,
) -> Pages<u64, impl Fetch<u64, Fetched = io::Result<Page<u64, u64, u64>>> + Send + use<>> {
    let client = client.clone();
    headwater::stream::pages(1, move |number| {
        let client = client.clone();
        async move {
            let answer = client.get(number).await?;
            Ok(Page::new(answer.items).next(answer.next).meta(answer.total))
        }
    })
}

/// The number of a page: the cursor of `page_turner`.
struct Request(u64);

impl PageTurner<Request> for Client {
    type PageItems = Vec<u64>;
    type PageError = io::Error;

    async fn turn_page(&self, Request(number): Request) -> TurnedPageResult<Self, Request> {
        let answer = self.get(number).await?;
        Ok(TurnedPage::new(answer.items, answer.next.map(Request)))
    }
}

impl RequestAhead for Request {
    fn next_request(&self) -> Self {
        Self(self.0 + 1)
    }
}

type Group<'a> = BenchmarkGroup<'a, WallTime>;

/// A group of jobs that wait for most of their time: each iteration is a sample.
fn slow_group<'a>(criterion: &'a mut Criterion, name: &str, job: &Job) -> Group<'a> {
    let mut group = criterion.benchmark_group(name);
    group.sampling_mode(SamplingMode::Flat);
    group.throughput(Throughput::Elements(job.site.pages * PAGE));
    group
}

/// Measures `sum`, which has to be right each time.
fn measure(group: &mut Group<'_>, id: &str, job: &Job, sum: impl AsyncFn() -> u64) {
    group.bench_function(id, |bencher| {
        bencher.iter(|| assert_eq!(job.runtime.block_on(sum()), job.site.sum(), "{id} is wrong"));
    });
}
