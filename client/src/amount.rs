//! Amounts of the chain's currency: written in whole tokens, counted in the smallest unit.

/// The currency, as the chain describes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// Its name.
    pub symbol: String,
    /// How many decimal places one token has.
    pub decimals: u8,
}

impl Default for Token {
    fn default() -> Self {
        Self { symbol: "POQ".into(), decimals: 12 }
    }
}

/// Why a text is not an amount.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AmountError {
    /// Not a number.
    #[error("{0:?} is not an amount; write digits, and a point before decimals, such as 10 or 2.5")]
    NotANumber(String),
    /// Finer than the smallest unit.
    #[error("{text:?} has more than {decimals} decimal places; the currency cannot be divided further")]
    TooFine {
        /// What was given.
        text: String,
        /// The places that exist.
        decimals: u8,
    },
    /// More than can be counted.
    #[error("{0:?} is more than there can be")]
    TooLarge(String),
}

impl Token {
    /// Reads an amount such as `10`, `2.5` or `1_000`.
    pub fn parse(&self, text: &str) -> Result<u128, AmountError> {
        let not_a_number = || AmountError::NotANumber(text.into());
        let too_large = || AmountError::TooLarge(text.into());
        let trimmed = text.trim();
        let number = trimmed.strip_suffix(self.symbol.as_str()).unwrap_or(trimmed).trim_end().replace('_', "");
        let (whole, fraction) = number.split_once('.').unwrap_or((&number, ""));
        let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        if (whole.is_empty() && fraction.is_empty()) || !digits(whole) || !digits(fraction) {
            return Err(not_a_number());
        }
        let decimals = usize::from(self.decimals);
        let fraction = fraction.trim_end_matches('0');
        if fraction.len() > decimals {
            return Err(AmountError::TooFine { text: text.into(), decimals: self.decimals });
        }
        // Whole and padded fraction together are the number of smallest units.
        let units = format!("{whole}{fraction:0<decimals$}");
        units.trim_start_matches('0').parse().or_else(|_| match units.bytes().all(|byte| byte == b'0') {
            true => Ok(0),
            false => Err(too_large()),
        })
    }

    /// Writes an amount without its symbol, without superfluous zeros.
    pub fn number(&self, amount: u128) -> String {
        let decimals = usize::from(self.decimals);
        let digits = format!("{amount:0>width$}", width = decimals.saturating_add(1));
        let (whole, fraction) = digits.split_at(digits.len().saturating_sub(decimals));
        match fraction.trim_end_matches('0') {
            "" => whole.to_owned(),
            fraction => format!("{whole}.{fraction}"),
        }
    }

    /// Writes an amount with its symbol.
    pub fn format(&self, amount: u128) -> String {
        format!("{} {}", self.number(amount), self.symbol)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const UNIT: u128 = 1_000_000_000_000;

    fn parse(text: &str) -> Result<u128, AmountError> {
        Token::default().parse(text)
    }

    #[test]
    fn reads_whole_and_decimal_amounts() {
        assert_eq!(parse("10"), Ok(10 * UNIT));
        assert_eq!(parse("2.5"), Ok(5 * UNIT / 2));
        assert_eq!(parse(".5"), Ok(UNIT / 2));
        assert_eq!(parse("1."), Ok(UNIT));
        assert_eq!(parse(" 1_000 POQ "), Ok(1_000 * UNIT));
        assert_eq!(parse("0"), Ok(0));
        assert_eq!(parse("0.000000000001"), Ok(1));
        assert_eq!(parse("0001.0000000000000000000"), Ok(UNIT));
    }

    #[test]
    fn refuses_what_is_not_a_number() {
        for text in ["", ".", "-1", "+1", "1e3", "1,5", "1.2.3", "ten", "1 0", "0x10", "١"] {
            assert_eq!(parse(text), Err(AmountError::NotANumber(text.into())), "{text:?}");
        }
    }

    #[test]
    fn refuses_what_is_too_fine_or_too_large() {
        assert!(matches!(parse("0.0000000000001"), Err(AmountError::TooFine { decimals: 12, .. })));
        assert_eq!(parse("340282366920938463463374607.431768211455"), Ok(u128::MAX));
        assert!(matches!(parse("340282366920938463463374607.431768211456"), Err(AmountError::TooLarge(_))));
        assert!(matches!(parse(&"9".repeat(1_000)), Err(AmountError::TooLarge(_))));
    }

    #[test]
    fn writes_what_it_reads() {
        let token = Token::default();
        for amount in [0, 1, 999, UNIT - 1, UNIT, UNIT + 1, 12_345 * UNIT + 678, u128::MAX] {
            assert_eq!(token.parse(&token.number(amount)), Ok(amount));
        }
        assert_eq!(token.format(5 * UNIT / 2), "2.5 POQ");
        let whole = Token { symbol: "X".into(), decimals: 0 };
        assert_eq!((whole.number(7), whole.parse("7")), ("7".into(), Ok(7)));
    }
}
