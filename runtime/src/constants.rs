//! Time and money, in the units that the rest of the runtime counts in.

#![deny(missing_docs)]

/// Time: BABE counts slots. With secondary slots there is a block in every slot.
pub mod time {
    use crate::BlockNumber;

    /// The length of a slot in milliseconds. It cannot change once the chain has started.
    pub const SLOT_DURATION_MS: u64 = 2_000;
    /// Blocks in a minute.
    pub const MINUTES: BlockNumber = (60_000 / SLOT_DURATION_MS) as BlockNumber;
    /// Blocks in an hour.
    pub const HOURS: BlockNumber = MINUTES * 60;
    /// Blocks in a day.
    pub const DAYS: BlockNumber = HOURS * 24;
    /// The length of an epoch, and of a session, in slots. It cannot change once the chain has
    /// started.
    pub const EPOCH_SLOTS: u64 = (10 * MINUTES) as u64;
}

/// Money: the token has twelve decimals.
pub mod money {
    use crate::Balance;

    /// The token's decimals, for wallets.
    pub const DECIMALS: u8 = 12;
    /// The token's symbol, for wallets.
    pub const SYMBOL: &str = "POQ";
    /// One token.
    pub const UNIT: Balance = 1_000_000_000_000;
    /// A thousandth of a token.
    pub const MILLI_UNIT: Balance = UNIT / 1_000;
    /// A millionth of a token.
    pub const MICRO_UNIT: Balance = UNIT / 1_000_000;
    /// The existential deposit: accounts that hold less are removed.
    pub const EXISTENTIAL_DEPOSIT: Balance = MILLI_UNIT;
}

/// The address prefix of the chain. 42 is that of chains that have not registered their own.
pub const SS58_PREFIX: u16 = 42;
