//! Keeps the books from the outside: replays every event that moves money and compares the result
//! with what all accounts really own, to the last unit.

use crate::observer::Observer;
use anyhow::{bail, ensure, Context};
use poq_client::protocol::{AccountId, Balance, BlockNumber, Event, Ledger, Role, TaskId};
use std::collections::BTreeMap;

/// The account to which slashed bonds go: the one of the pallet identity `poq/slsh`.
pub fn slash_sink() -> AccountId {
    let mut account = [0; 32];
    account[..12].copy_from_slice(b"modlpoq/slsh");
    AccountId::from(account)
}

/// Sums for one account.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sums {
    /// What it put on hold for tasks.
    pub bounties: u128,
    /// What its tasks paid to others.
    pub spent: u128,
    /// What came back of its bounties.
    pub refunded: u128,
    /// What it was paid for answering.
    pub answering: u128,
    /// What it was paid for judging.
    pub judging: u128,
    /// What it was slashed.
    pub slashed: u128,
    /// Transaction fees it paid.
    pub fees: u128,
    /// Transaction fees it got as the author of blocks.
    pub authored: u128,
    /// Bonds it put up.
    pub bonds: u128,
    /// Bonds it took home.
    pub withdrawn: u128,
}

/// The books from genesis to a finalized block.
#[derive(Default)]
pub struct Books {
    accounts: BTreeMap<[u8; 32], Sums>,
    submitters: BTreeMap<TaskId, [u8; 32]>,
    until: BlockNumber,
}

impl Books {
    /// Reads all blocks from genesis to the last finalized one.
    pub async fn read(observer: &Observer) -> anyhow::Result<Self> {
        let mut books = Self { until: observer.finalized_number().await?, ..Self::default() };
        for number in 1..=books.until {
            for event in observer.state(number).await?.events().await? {
                books.book(event).with_context(|| format!("in block {number}"))?;
            }
            let block = observer.raw(number).await?;
            for (who, fee) in block.fees().await? {
                books.of_mut(&who).fees += fee;
                books.of_mut(&block.author().await?).authored += fee;
            }
        }
        Ok(books)
    }

    fn book(&mut self, event: Event) -> anyhow::Result<()> {
        match event {
            Event::TaskSubmitted { task, submitter, bounty, .. } => {
                self.submitters.insert(task, submitter.0);
                self.of_mut(&submitter).bounties += bounty;
            }
            Event::Paid { task, who, role, amount, .. } => {
                let submitter =
                    self.submitters.get(&task).with_context(|| format!("task {task} was never submitted"))?;
                self.accounts.entry(*submitter).or_default().spent += amount;
                match role {
                    Role::Inference => self.of_mut(&who).answering += amount,
                    Role::Evaluator => self.of_mut(&who).judging += amount,
                }
            }
            Event::Refunded { submitter, amount, .. } => self.of_mut(&submitter).refunded += amount,
            Event::Slashed { who, amount, .. } => self.of_mut(&who).slashed += amount,
            Event::Joined { who, bond: amount, .. } | Event::BondAdded { who, amount, .. } => {
                self.of_mut(&who).bonds += amount;
            }
            Event::BondWithdrawn { who, amount, .. } => self.of_mut(&who).withdrawn += amount,
            _ => {}
        }
        Ok(())
    }

    fn of_mut(&mut self, who: &AccountId) -> &mut Sums {
        self.accounts.entry(who.0).or_default()
    }

    /// The last block that was read.
    pub fn until(&self) -> BlockNumber {
        self.until
    }

    /// The sums of an account.
    pub fn of(&self, who: &AccountId) -> Sums {
        self.accounts.get(&who.0).copied().unwrap_or_default()
    }

    /// The same part of every account's sums, together.
    pub fn sum(&self, part: impl Fn(&Sums) -> u128) -> u128 {
        self.accounts.values().map(part).sum()
    }

    /// Proves that the events explain every balance at the last block that was read, or says what
    /// they do not explain. Tells how many accounts were compared.
    pub async fn check(&self, observer: &Observer) -> anyhow::Result<usize> {
        let before = observer.raw(0).await?.balances().await?;
        let after = observer.raw(self.until).await?.balances().await?;
        let mut accounts: Vec<_> = before.keys().chain(after.keys()).collect();
        accounts.sort();
        accounts.dedup();
        for who in &accounts {
            let was = before.get(*who).copied().unwrap_or_default();
            let is = after.get(*who).copied().unwrap_or_default();
            let account = AccountId::from(**who);
            let expected = self.expected(&account, was)?;
            ensure!(
                expected == is,
                "{account} should own {expected:?} by the events and owns {is:?}; at genesis {was:?}, since then {:?}",
                self.of(&account)
            );
        }
        self.check_issuance(observer, &after).await?;
        self.check_ledger(observer, &before, &after).await?;
        Ok(accounts.len())
    }

    /// What an account must own after what the events say.
    fn expected(&self, who: &AccountId, was: Balance) -> anyhow::Result<Balance> {
        let sums = self.of(who);
        let slashes = if *who == slash_sink() { self.sum(|sums| sums.slashed) } else { 0 };
        let gained =
            was.free + sums.refunded + sums.answering + sums.judging + sums.withdrawn + sums.authored + slashes;
        let free = gained.checked_sub(sums.fees + sums.bounties + sums.bonds);
        let held = was.held + sums.bounties + sums.bonds;
        let held = held.checked_sub(sums.spent + sums.refunded + sums.slashed + sums.withdrawn);
        match (free, held) {
            (Some(free), Some(held)) => Ok(Balance { free, held }),
            _ => bail!("by the events {who} gave more than it had: {was:?}, then {sums:?}"),
        }
    }

    /// Nothing may change how much there is: fees go to the authors of blocks, slashes to the pot.
    async fn check_issuance(&self, observer: &Observer, after: &BTreeMap<[u8; 32], Balance>) -> anyhow::Result<()> {
        let (was, is) = (observer.raw(0).await?.issuance().await?, observer.raw(self.until).await?.issuance().await?);
        let owned: u128 = after.values().map(|balance| balance.free + balance.held).sum();
        ensure!(owned == is, "all accounts together own {owned}, but {is} is issued");
        ensure!(was == is, "{was} was issued at genesis, but {is} is issued now");
        Ok(())
    }

    /// The pallet's own ledger must say what the events and the holds say.
    async fn check_ledger(
        &self,
        observer: &Observer,
        before: &BTreeMap<[u8; 32], Balance>,
        after: &BTreeMap<[u8; 32], Balance>,
    ) -> anyhow::Result<()> {
        let held = |balances: &BTreeMap<[u8; 32], Balance>| balances.values().map(|balance| balance.held).sum::<u128>();
        // Bonds of genesis have no event.
        let expected = Ledger {
            funded: held(before) + self.sum(|sums| sums.bounties + sums.bonds),
            paid: self.sum(|sums| sums.spent),
            refunded: self.sum(|sums| sums.refunded + sums.withdrawn),
            slashed: self.sum(|sums| sums.slashed),
        };
        let ledger = observer.state(self.until).await?.ledger().await?;
        ensure!(ledger == expected, "the pallet's ledger says {ledger:?}, the events say {expected:?}");
        let Ledger { funded, paid, refunded, slashed } = ledger;
        let held = held(after);
        ensure!(
            funded == held + paid + refunded + slashed,
            "the ledger does not add up: {funded} funded, {held} held, {paid} paid, {refunded} refunded, {slashed} slashed"
        );
        Ok(())
    }
}
