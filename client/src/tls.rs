//! Encrypted connections: which cryptography they use.

/// Chooses the process's cryptography, unless it was chosen before.
pub(crate) fn set_up() {
    let _ = rustls::crypto::ring::default_provider().install_default();
}
