//! What measurements and tests share: a text of any length that no guard settles, and the memory in
//! use.

/// So many common words in no order, the same ones for the same seed: guards settle what repeats
/// itself. Each is one token of an English tokenizer.
pub fn prose(words: usize, seed: u32) -> String {
    const WORDS: [&str; 32] = [
        "the", "river", "of", "house", "and", "small", "window", "old", "in", "garden", "with", "morning", "a",
        "letter", "from", "road", "under", "light", "to", "winter", "on", "green", "table", "for", "music", "at",
        "night", "by", "water", "stone", "white", "bread",
    ];
    let mut state = seed;
    let next = |_| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        WORDS[(state >> 27) as usize]
    };
    (0..words).map(next).collect::<Vec<_>>().join(" ")
}

/// Resident memory in MiB, where the system tells.
pub fn resident_memory() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmRSS:"))?;
    let kib: u64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kib / 1024)
}
