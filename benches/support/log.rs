//! An access log that looks like a real one and is the same on every machine.
//!
//! Hosts, paths and agents follow Zipf's law, a host keeps its agent, the load follows the hour of
//! the day, and now and then somebody speaks TLS to the wrong port. All of it is integer
//! arithmetic on one seeded generator: no float, so no platform rounds it otherwise.

use std::io::{self, Write};

use rand::distr::Distribution;
use rand::distr::weighted::WeightedIndex;
use rand::seq::IndexedRandom;
use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg64Mcg;

/// The version of the generator: other bytes, other version.
///
/// It is in the names of the files that are kept from run to run.
pub const VERSION: u32 = 1;

/// The days that a log covers, whatever its size.
const DAYS: u64 = 7;

/// The mean length of a line, in bytes with its newline, from which the pace is reckoned.
const MEAN_LINE: u64 = 142;

/// The bytes that are left to the last line, which makes the size exact.
const LAST_LINE: u64 = 1024;

const HOSTS: u64 = 20_000;
const PATHS: u64 = 12_000;

const SECOND: u64 = 1_000_000; // microseconds
const HOUR: u64 = 3600 * SECOND;
const DAY: u64 = 24 * HOUR;

/// The load in each hour of the day; the mean is 100.
const LOAD: [u64; 24] = [
    55, 42, 34, 30, 30, 36, 52, 78, 104, 128, 142, 148, 144, 146, 150, 148, 142, 138, 136, 134,
    130, 118, 80, 55,
];

/// Status codes and how many of 10,000 requests end so: about 1 line in 250 has ` 500 `.
const STATUSES: [(u16, u32); 10] = [
    (200, 9060),
    (304, 430),
    (404, 205),
    (301, 160),
    (206, 60),
    (500, 40),
    (403, 20),
    (503, 15),
    (502, 8),
    (416, 2),
];

const METHODS: [(&str, u32); 4] = [("GET", 930), ("POST", 55), ("HEAD", 12), ("OPTIONS", 3)];

/// From the commonest to the rarest.
const AGENTS: [&str; 20] = [
    "okhttp/4.12.0",
    "curl/8.5.0",
    "python-requests/2.32.3",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0",
    "Shop/7.4.1 (iPhone; iOS 18.5)",
    "Prometheus/3.4.1",
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/138.0.0.0 \
     Safari/537.36",
    "Go-http-client/2.0",
    "Shop/7.4.0 (Android 15)",
    "ELB-HealthChecker/2.0",
    "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
    "-",
    "FreshRSS/1.26.3 (Linux; https://freshrss.org)",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) \
     Version/18.5 Safari/605.1.15",
    "Wget/1.24.5",
    "Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)",
    "axios/1.10.0",
    "Mozilla/5.0 (compatible; AhrefsBot/7.0; +http://ahrefs.com/robot/)",
    "UniversalFeedParser/4.2-pre-314-svn +http://feedparser.org/",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like \
     Gecko) Version/18.5 Mobile/15E148 Safari/604.1",
];

const WORDS: [&str; 40] = [
    "amber", "anchor", "basin", "beacon", "birch", "canal", "cedar", "cloud", "copper", "delta",
    "ember", "fern", "field", "flint", "garnet", "harbor", "hazel", "island", "ivory", "juniper",
    "lagoon", "lantern", "maple", "meadow", "mill", "moss", "north", "oak", "pebble", "pine",
    "quartz", "reed", "river", "sage", "slate", "spring", "stone", "tide", "valley", "willow",
];

/// Writes a log of exactly `bytes` bytes, in the combined format of Apache.
///
/// # Errors
///
/// That of the writer; and `InvalidInput` below 2 KiB, which hold no whole line beside the last.
pub fn write_log(mut out: impl Write, bytes: u64) -> io::Result<()> {
    if bytes < 2 * LAST_LINE {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "a log has at least 2 KiB"));
    }
    let mut site = Site::new(bytes);
    let mut left = bytes;
    let mut line = Vec::with_capacity(512);
    loop {
        line.clear();
        site.write_line(&mut line)?;
        // Widening: a line is far shorter than 4 GiB.
        let len = line.len() as u64;
        if left < len + LAST_LINE {
            break;
        }
        out.write_all(&line)?;
        left -= len;
    }
    line.clear();
    site.write_last(&mut line, left)?;
    out.write_all(&line)?;
    out.flush()
}

/// A host that asks, always by the same agent.
struct Host {
    address: String,
    agent: &'static str,
}

/// Something that is asked for.
struct Resource {
    path: String,
    /// The bytes of a whole answer.
    len: u32,
}

/// A web site, its visitors, and its clock.
struct Site {
    random: Pcg64Mcg,
    hosts: Vec<Host>,
    by_host: WeightedIndex<u64>,
    resources: Vec<Resource>,
    by_resource: WeightedIndex<u64>,
    by_status: WeightedIndex<u32>,
    by_method: WeightedIndex<u32>,
    /// Since the first midnight, in microseconds.
    now: u64,
    /// From one request to the next at mean load, in microseconds.
    pace: u64,
}

impl Site {
    fn new(bytes: u64) -> Self {
        let mut random = Pcg64Mcg::seed_from_u64(0x68_6561_6477_6174);
        let by_agent = zipf(AGENTS.len() as u64);
        let hosts = (0..HOSTS)
            .map(|_| Host {
                address: address(&mut random),
                agent: AGENTS[by_agent.sample(&mut random)],
            })
            .collect();
        let resources = (0..PATHS).map(|_| resource(&mut random)).collect();
        Self {
            random,
            hosts,
            by_host: zipf(HOSTS),
            resources,
            by_resource: zipf(PATHS),
            by_status: weights(STATUSES.map(|(_, weight)| weight)),
            by_method: weights(METHODS.map(|(_, weight)| weight)),
            now: 0,
            pace: DAYS * DAY * MEAN_LINE / bytes,
        }
    }

    /// Writes the next request, with its newline, after letting some time pass.
    fn write_line(&mut self, line: &mut Vec<u8>) -> io::Result<()> {
        let hour = usize::try_from(self.now / HOUR % 24).unwrap_or(0);
        self.now += self.random.random_range(0..=2 * self.pace * 100 / LOAD[hour]);
        let host = &self.hosts[self.by_host.sample(&mut self.random)];
        line.extend_from_slice(host.address.as_bytes());
        line.extend_from_slice(b" - ");
        line.extend_from_slice(if self.random.random_ratio(1, 60) { b"frank" } else { b"-" });
        write_time(line, self.now)?;
        if self.random.random_ratio(1, 20_000) {
            line.extend_from_slice(b"\"\\x16\\x03\\x01\\x02\" 400 226 \"-\" \"-\"\n");
            return Ok(());
        }

        let resource = &self.resources[self.by_resource.sample(&mut self.random)];
        let (method, _) = METHODS[self.by_method.sample(&mut self.random)];
        let (status, _) = STATUSES[self.by_status.sample(&mut self.random)];
        write!(line, "\"{method} {} HTTP/1.1\" {status} ", resource.path)?;
        match status {
            304 => line.push(b'-'),
            200 => write!(line, "{}", resource.len)?,
            206 => write!(line, "{}", self.random.random_range(1..=resource.len))?,
            _ => write!(line, "{}", 196 + resource.path.len())?,
        }

        line.extend_from_slice(b" \"");
        match self.random.random_range(0..100_u32) {
            0..83 => line.push(b'-'),
            83..94 => {
                let from = &self.resources[self.by_resource.sample(&mut self.random)];
                write!(line, "https://www.example.org{}", from.path)?;
            }
            94..98 => line.extend_from_slice(b"https://www.google.com/"),
            _ => line.extend_from_slice(b"https://duckduckgo.com/"),
        }
        writeln!(line, "\" \"{}\"", host.agent)
    }

    /// Writes a request of exactly `len` bytes: somebody pasted a lot into the search.
    fn write_last(&mut self, line: &mut Vec<u8>, len: u64) -> io::Result<()> {
        const END: &[u8] = b" HTTP/1.1\" 200 512 \"-\" \"curl/8.5.0\"\n";
        line.extend_from_slice(self.hosts[0].address.as_bytes());
        line.extend_from_slice(b" - -");
        write_time(line, self.now)?;
        line.extend_from_slice(b"\"GET /search?q=");
        let pasted = usize::try_from(len).map_or(0, |len| len - END.len());
        line.resize(pasted, b'x');
        line.extend_from_slice(END);
        Ok(())
    }
}

/// Writes a time as Apache does; the first day is Monday, 4 May 2026.
fn write_time(line: &mut Vec<u8>, now: u64) -> io::Result<()> {
    let (day, second) = (4 + now / DAY, now % DAY / SECOND);
    let (hour, minute, second) = (second / 3600, second / 60 % 60, second % 60);
    write!(line, " [{day:02}/May/2026:{hour:02}:{minute:02}:{second:02} +0000] ")
}

/// Makes up an address; 1 in 16 is of version 6.
fn address(random: &mut Pcg64Mcg) -> String {
    let [a, b, c, d]: [u8; 4] = random.random();
    if random.random_ratio(1, 16) {
        format!("2001:db8:{:x}::{:x}", u16::from_be_bytes([a, b]), u16::from_be_bytes([c, d]))
    } else {
        format!("{}.{b}.{c}.{d}", 1 + a % 223)
    }
}

/// Makes up a path and the size of what is there.
fn resource(random: &mut Pcg64Mcg) -> Resource {
    let mut word = || WORDS.choose(random).copied().unwrap_or("index");
    let (a, b, c) = (word(), word(), word());
    let id = random.random_range(100..100_000_u32);
    let (path, sizes) = match random.random_range(0..100_u32) {
        0..25 => (format!("/images/{a}-{b}-{}.jpg", id % 1000), 8_000..400_000),
        25..45 => (format!("/api/v1/{a}/{id}"), 40..4_000),
        45..65 => (format!("/articles/{a}-{b}-{c}/"), 4_000..60_000),
        65..80 => (format!("/static/{a}.{id:08x}.js"), 900..250_000),
        80..92 => (format!("/products/{id}/{a}-{b}"), 6_000..30_000),
        92..98 => (format!("/search?q={a}+{b}&sort={c}&page={}", id % 40), 5_000..20_000),
        _ => (
            format!("/tags/{a}?utm_source={b}&utm_medium=feed&utm_campaign={c}%2F{id}"),
            5_000..20_000,
        ),
    };
    Resource { path, len: random.random_range(sizes) }
}

/// Draws ranks `0..n` by Zipf's law with exponent 1.
fn zipf(n: u64) -> WeightedIndex<u64> {
    weights((1..=n).map(|rank| 1_000_000_000 / rank))
}

fn weights<T>(weights: impl IntoIterator<Item = T>) -> WeightedIndex<T>
where
    T: rand::distr::uniform::SampleUniform + PartialOrd + rand::distr::weighted::Weight,
{
    WeightedIndex::new(weights).expect("the weights are positive, and so is their number")
}
