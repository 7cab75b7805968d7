//! Tells the off-chain worker where the scorer listens.
//!
//! The worker finds the scorer's URL in the node's off-chain storage. The node writes that entry,
//! or removes it, every time it starts, so the configuration of the current run always wins over
//! what an earlier run left behind.

use ocw_scorer::http::Bearer;
use pallet_proof_of_quality::{SCORER_TOKEN_KEY, SCORER_URL_KEY};
use sp_core::offchain::{OffchainStorage, STORAGE_PREFIX};

/// Where the worker finds the scorer's URL, and its token if it asks for one.
pub struct Announcement<S>(pub S);

impl<S: OffchainStorage> Announcement<S> {
    /// Names the scorer that the worker is to ask from now on.
    pub fn publish(&mut self, url: &str, token: Option<&Bearer>) {
        // First the token: no scorer may be asked with that of another run.
        match token {
            Some(token) => self.0.set(STORAGE_PREFIX, SCORER_TOKEN_KEY, token.secret().as_bytes()),
            None => self.0.remove(STORAGE_PREFIX, SCORER_TOKEN_KEY),
        }
        self.0.set(STORAGE_PREFIX, SCORER_URL_KEY, url.as_bytes());
    }

    /// Leaves the worker without a scorer.
    pub fn withdraw(&mut self) {
        self.0.remove(STORAGE_PREFIX, SCORER_URL_KEY);
        self.0.remove(STORAGE_PREFIX, SCORER_TOKEN_KEY);
    }
}

#[cfg(test)]
pub mod tests {
    use super::*;
    use sp_core::offchain::testing::TestPersistentOffchainDB;

    /// What a worker finds.
    pub fn announced(storage: &TestPersistentOffchainDB) -> Option<Vec<u8>> {
        OffchainStorage::get(storage, STORAGE_PREFIX, SCORER_URL_KEY)
    }

    #[test]
    fn the_announcement_is_where_workers_look() {
        let storage = TestPersistentOffchainDB::new();
        let mut announcement = Announcement(storage);
        let token =
            |storage: &TestPersistentOffchainDB| OffchainStorage::get(storage, STORAGE_PREFIX, SCORER_TOKEN_KEY);
        let secret = Bearer::new("0123456789abcdef").expect("it is long enough");
        announcement.publish("http://127.0.0.1:1", Some(&secret));
        assert_eq!(announced(&announcement.0), Some(b"http://127.0.0.1:1".to_vec()));
        assert_eq!(token(&announcement.0), Some(b"0123456789abcdef".to_vec()));
        // Another scorer does not get to see it.
        announcement.publish("http://127.0.0.1:2", None);
        assert_eq!(token(&announcement.0), None);
        announcement.publish("http://127.0.0.1:1", Some(&secret));
        announcement.withdraw();
        assert_eq!((announced(&announcement.0), token(&announcement.0)), (None, None));
    }
}
