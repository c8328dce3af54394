//! The views of `loop_ui` and the session of `loop_sdk` for any page. It knows neither custom elements nor promises: those are the
//! modules in `js/`, which call the functions here. Whatever goes in and out is text, most of it JSON.
//!
//! | module | what it holds |
//! |---|---|
//! | `views` (feature `views`) | what elements draw, by five functions |
//! | `session` (feature `session`) | the session of the page, and calls in the name of whoever is connected, by five functions |
//!
//! Nothing here may panic: in a release that is a trap, after which nothing of it can be used any more.

#[cfg(feature = "session")]
pub mod session;
#[cfg(feature = "views")]
pub mod views;
