//! What happens in a run, line by line, and a digest of it: two runs of one seed must tell the same.

/// The story of one seed.
#[derive(Debug, Default)]
pub(crate) struct Story {
    digest: u64,
    began: i64,
    lines: Option<Vec<String>>,
}

impl Story {
    /// `is_kept`: the lines are wanted, and not only their digest.
    pub(crate) fn new(began: i64, is_kept: bool) -> Self {
        Self { digest: 0xCBF2_9CE4_8422_2325, began, lines: is_kept.then(Vec::new) }
    }

    pub(crate) fn tell(&mut self, at: i64, what: &str) {
        let after = at - self.began;
        let line = format!("{:>6}.{:03} {what}", after / 1_000, after % 1_000);
        for byte in line.bytes() {
            self.digest = (self.digest ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01B3);
        }
        if let Some(lines) = &mut self.lines {
            lines.push(line);
        }
    }

    pub(crate) fn end(self) -> (u64, Vec<String>) {
        (self.digest, self.lines.unwrap_or_default())
    }
}
