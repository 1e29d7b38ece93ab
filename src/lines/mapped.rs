use std::fs;
use std::io;
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use memmap2::Mmap;

use crate::error::Error;
#[cfg(feature = "parallel")]
use crate::lines::division::Shareable;
use crate::lines::file::open_regular;
use crate::lines::iter::Lines;
use crate::lines::memory::Bytes;
use crate::lines::pool::Pool;
use crate::lines::ranged::Ranged;
use crate::lines::read_at::ReadAt;
use crate::lines::store::{Fetched, Open, Store, len_of};
use crate::lines::window::Window;

/// Opens a file to give its lines out of a memory map, from either end.
///
/// Lines are the same as those of [`lines`](crate::lines()), but are not copied: they point into
/// the map. That pays where lines are kept or the file is in memory already; reading is as fast
/// else, and safe.
///
/// # Safety
///
/// While the source or a line of it is there, nobody may shorten or change the file, in this
/// process or in another: reading what was cut off ends the process with `SIGBUS`, and bytes that
/// change under a reference are undefined behaviour. Logs that are rotated by truncation
/// (`copytruncate`) are such files. The same holds of any file that is at that path when it is opened
/// again, after [`resume_at`](crate::Source::resume_at) or [`from`](Lines::from).
///
/// # Errors
///
/// As for [`lines`](crate::lines()); and [`ErrorKind::Read`](crate::ErrorKind::Read) at the first
/// pull if the file can't be mapped, as those of `/proc` can't.
///
/// # Resources
///
/// The map: the file's length in address space, and in memory what the system keeps of it. It ends
/// with the last of the source and its lines. At most 4 KiB of heap.
///
/// # Examples
///
/// ```
/// // SAFETY: nobody writes to the fixtures.
/// let log = unsafe { headwater::lines::mapped("fixtures/apache_access.log")? };
/// assert_eq!(log.count(), 10_000);
/// # Ok::<(), headwater::Error>(())
/// ```
#[expect(unsafe_code, reason = "a map is sound only if the file stays as it is")]
pub unsafe fn mapped(path: impl AsRef<Path>) -> Result<Lines<Mapped>, Error> {
    let mut open = ByMap(Arc::from(path.as_ref()));
    let map = open.open()?;
    Ok(Lines::new(Ranged::new(open, Some(map))))
}

/// A mapped file as an origin of lines.
pub type Mapped = Ranged<ByMap>;

/// Maps a file by its path. Only [`mapped`] makes one.
#[derive(Clone, Debug)]
pub struct ByMap(Arc<Path>);

/// A file, which is mapped at the first pull.
#[derive(Clone, Debug)]
pub struct Map {
    file: Arc<fs::File>,
    map: Option<Arc<Mmap>>,
}

impl Open for ByMap {
    type Store = Map;

    fn open(&mut self) -> Result<Map, Error> {
        Ok(Map { file: Arc::new(open_regular(&self.0)?), map: None })
    }

    fn path(&self) -> Option<&Arc<Path>> {
        Some(&self.0)
    }
}

impl Store for Map {
    /// Maps the file, as long as it is then.
    #[expect(unsafe_code, reason = "the one seam of mapping")]
    fn size(&mut self) -> io::Result<u64> {
        if self.map.is_none() {
            // SAFETY: the caller of `mapped` has promised that the file stays as it is while the
            // source and its lines are there, and nothing else holds the map.
            let map = unsafe { Mmap::map(&*self.file)? };
            if map.is_empty() && self.file.read_at(&mut [0], 0)? > 0 {
                return Err(io::ErrorKind::Unsupported.into());
            }
            self.map = Some(Arc::new(map));
        }
        Ok(self.map.as_ref().map_or(0, |map| map.len() as u64))
    }

    fn file(&self) -> &impl ReadAt {
        &*self.file
    }

    fn fetch(&self, range: Range<u64>, _pool: &mut Pool) -> Fetched {
        let Some(map) = &self.map else { return Fetched::none() };
        let start = usize::try_from(range.start).map_or(map.len(), |start| start.min(map.len()));
        let range = start..map.len().min(start + len_of(&range));
        let (len, map) = (range.len(), Arc::clone(map));
        Fetched { bytes: Bytes::Mapped(Window::new(map, range)), len, result: Ok(()) }
    }
}

#[cfg(feature = "parallel")]
impl Shareable for Map {
    type Shared = Self;

    fn share(self) -> Self {
        self
    }
}
