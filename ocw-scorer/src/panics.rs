//! Turns panics into values, so that no input can end a worker or its host.

use std::{
    any::Any,
    panic::{catch_unwind, AssertUnwindSafe},
};

/// Runs `work`; a panic in it becomes an `Err` with the panic's message.
///
/// What `work` borrows must not matter after a panic, or be valid in every state.
pub(crate) fn caught<T>(work: impl FnOnce() -> T) -> Result<T, String> {
    catch_unwind(AssertUnwindSafe(work)).map_err(|payload| message(&*payload))
}

fn message(payload: &(dyn Any + Send)) -> String {
    payload
        .downcast_ref::<&str>()
        .map(ToString::to_string)
        .or_else(|| payload.downcast_ref::<String>().cloned())
        .unwrap_or_else(|| "no message".into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_the_message_of_a_panic() {
        assert_eq!(caught(|| -> u8 { panic!("at {}", "once") }), Err("at once".into()));
        assert_eq!(caught(|| -> u8 { panic!("plain") }), Err("plain".into()));
        assert_eq!(caught(|| 7), Ok(7));
    }
}
