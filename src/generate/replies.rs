use std::cell::Cell;

/// Who waits for a reply to which item, and the replies that were not taken yet.
///
/// What is sent answers the item that was given last. So it waits for whoever gave that one, however
/// late it is polled, and for nobody else.
pub(super) struct Replies<R> {
    /// The number of the item that was given last.
    last: Cell<Ticket>,
    /// Of those who wait, the one that gave its item last: most often the only one.
    newest: Cell<Option<Asked<R>>>,
    older: Cell<Vec<Asked<R>>>,
}

/// The number of an item, by which its reply is known.
pub(super) type Ticket = u64;

struct Asked<R> {
    ticket: Ticket,
    reply: Option<R>,
}

impl<R> Default for Replies<R> {
    fn default() -> Self {
        Self { last: Cell::default(), newest: Cell::default(), older: Cell::default() }
    }
}

impl<R> Replies<R> {
    /// Notes that an item was given just now by one who waits for its reply.
    pub(super) fn ask(&self) -> Ticket {
        let ticket = self.last.get() + 1;
        self.last.set(ticket);
        let newest = Asked { ticket, reply: None };
        if let Some(earlier) = self.newest.replace(Some(newest)) {
            let mut older = self.older.take();
            older.push(earlier);
            self.older.set(older);
        }
        ticket
    }

    /// Replies to the item that was given last, or gives the reply back: nobody waits for it.
    pub(super) fn answer(&self, reply: R) -> Option<R> {
        let ticket = self.last.get();
        let asked = self.remove(|asked| asked.ticket == ticket);
        if asked.is_none() {
            return Some(reply);
        }
        self.newest.set(Some(Asked { ticket, reply: Some(reply) }));
        None
    }

    /// Takes the reply to an item, once it is there.
    pub(super) fn take(&self, ticket: Ticket) -> Option<R> {
        self.remove(|asked| asked.ticket == ticket && asked.reply.is_some())?.reply
    }

    /// Forgets one who does not wait any more.
    pub(super) fn withdraw(&self, ticket: Ticket) -> Option<R> {
        self.remove(|asked| asked.ticket == ticket)?.reply
    }

    fn remove(&self, is_it: impl Fn(&Asked<R>) -> bool) -> Option<Asked<R>> {
        let newest = self.newest.take();
        if newest.as_ref().is_some_and(&is_it) {
            return newest;
        }
        self.newest.set(newest);
        let mut older = self.older.take();
        let removed = older.iter().position(is_it).map(|index| older.swap_remove(index));
        self.older.set(older);
        removed
    }
}
