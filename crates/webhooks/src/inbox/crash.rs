//! Points at which a trial lets a receiver stand still and kills it. A build for production has none.

#[cfg(not(debug_assertions))]
pub(crate) const fn point(_name: &'static str) {}

/// Stands still for good when `LOOP_CRASH_AT` is `name:N` and this is the `N`th time.
#[cfg(debug_assertions)]
#[expect(clippy::print_stderr, reason = "the trial waits for this line")]
pub(crate) fn point(name: &'static str) {
    use std::sync::OnceLock;
    use std::sync::atomic::{AtomicU64, Ordering};

    static WANTED: OnceLock<Option<(String, AtomicU64)>> = OnceLock::new();
    let read = || {
        let wanted = std::env::var("LOOP_CRASH_AT").ok()?;
        let (name, times) = wanted.split_once(':')?;
        Some((name.to_owned(), AtomicU64::new(times.parse().ok()?)))
    };
    let wanted = WANTED.get_or_init(read).as_ref();
    let Some((_, left)) = wanted.filter(|(wanted, _)| wanted == name) else {
        return;
    };
    if left.fetch_sub(1, Ordering::Relaxed) == 1 {
        eprintln!("crash point {name}");
        loop {
            std::thread::park();
        }
    }
}
