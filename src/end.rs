/// Lets go of what it borrows when it is dropped: at an end, an early return and a panic alike.
///
/// To keep it after all, forget this.
pub(crate) struct End<'a, T>(pub(crate) &'a mut Option<T>);

impl<T> Drop for End<'_, T> {
    #[cold]
    fn drop(&mut self) {
        *self.0 = None;
    }
}
