//! Files that are not what one would wish: absent, special, changing; and what errors say of them.

mod changing;
mod messages;
mod ranges;
mod shares;
#[cfg(unix)]
mod special;
