//! The clients of both services against strict services, on the simulated environment. `desk.rs` has the services and every
//! call there is; the other rooms say what holds for all calls, for lists, for writes, for what is given on as text.

mod calls;
mod desk;
mod lists;
mod texts;
mod writes;
