//! A small HTTP server that has items, and gives them page by page, in four styles.

mod data;
mod faults;
mod handlers;

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::thread::{self, JoinHandle};

use axum::Router;
use axum::routing::get;
use axum::serve::ListenerExt as _;
use tokio::net::TcpListener;
use tokio::runtime::Builder;
use tokio::sync::oneshot;

pub(crate) use data::items;
pub(crate) use faults::{Fault, Faults};
use handlers::Shop;

/// A server that runs until it is dropped, on a thread of its own.
pub(crate) struct Server {
    address: SocketAddr,
    shop: Arc<Shop>,
    /// Ends the server when it is dropped.
    end: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Server {
    /// Starts a server at a port of this machine, 0 for any that is free.
    ///
    /// # Errors
    ///
    /// If the port, or a thread, is not to be had.
    pub(crate) fn start(port: u16, items: Arc<[String]>, faults: Faults) -> io::Result<Self> {
        let runtime = Builder::new_current_thread().enable_all().build()?;
        let listener = runtime.block_on(TcpListener::bind((Ipv4Addr::LOCALHOST, port)))?;
        let address = listener.local_addr()?;
        // A connection that is dropped is reset, as by a server that dies.
        let listener = listener.tap_io(|connection| drop(connection.set_zero_linger()));
        let shop = Arc::new(Shop::new(items, faults));
        let router = Router::new()
            .route("/link", get(handlers::link))
            .route("/token", get(handlers::token))
            .route("/page", get(handlers::page))
            .route("/offset", get(handlers::offset))
            .with_state(Arc::clone(&shop));
        let (end, ended) = oneshot::channel::<()>();
        let thread = thread::Builder::new().name("server".to_owned()).spawn(move || {
            runtime.spawn(async { axum::serve(listener, router).await });
            // It ends with all that it does.
            drop(runtime.block_on(ended));
        })?;
        Ok(Self { address, shop, end: Some(end), thread: Some(thread) })
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// How many requests there were.
    pub(crate) fn requests(&self) -> u64 {
        self.shop.requests()
    }

    /// What it did wrong, and how often.
    pub(crate) fn faults(&self) -> Vec<(Fault, u64)> {
        self.shop.faults()
    }
}

/// The port is free again when this is done.
impl Drop for Server {
    fn drop(&mut self) {
        drop(self.end.take());
        if let Some(thread) = self.thread.take() {
            drop(thread.join());
        }
    }
}
