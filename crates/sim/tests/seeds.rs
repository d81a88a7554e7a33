//! Seeds that are always run. `cargo xtask sim` runs as many as wanted, `cargo xtask ci` some thousands.

use lyceum_sim::{Counts, many, run};

/// What takes some seconds without optimisation.
const SEEDS: u64 = 60;

#[test]
fn nothing_is_lost_whatever_fails() {
    let tally = many(1, SEEDS, false);
    assert!(tally.failed.is_empty(), "{}", told(&tally.failed));
    // Everything that is to be survived has happened.
    let Counts {
        commits,
        lost,
        doubled,
        gaps,
        spooled,
        stops,
        outages,
        crashed_tabs,
        taken_over,
        lapsed,
        attacks,
        at_doors,
        turned_away,
        foreign,
        corrections,
        resets,
        further,
        rolled_back,
        perfect,
        overlapped,
        torn: _,
    } = tally.counts;
    let happened = [
        commits,
        lost,
        doubled,
        gaps,
        spooled,
        stops,
        outages,
        crashed_tabs,
        taken_over,
        lapsed,
        attacks,
        at_doors,
        turned_away,
        foreign,
        corrections,
        resets,
        further,
        rolled_back,
        overlapped,
    ];
    assert!(happened.iter().all(|count| *count > 0), "{:?}", tally.counts);
    assert!(perfect > overlapped, "most attempts can be compared with a perfect network: {:?}", tally.counts);
}

#[test]
fn a_seed_is_always_the_same_story() {
    for seed in [3, 17, 2_026] {
        let (first, second) = (run(seed, true), run(seed, true));
        let differs = first.story.iter().zip(&second.story).find(|(a, b)| a != b);
        assert_eq!(differs, None, "seed {seed}");
        assert_eq!((first.digest, first.story.len()), (second.digest, second.story.len()), "seed {seed}");
        assert!(first.story.len() > 50, "something happens in seed {seed}");
    }
}

fn told(runs: &[lyceum_sim::Run]) -> String {
    let lines = runs.iter().flat_map(|run| {
        run.violations.iter().map(|of| {
            let (seed, what) = (run.seed, &of.what);
            format!(
                "seed {seed}: {}: {what}\n  again: cargo xtask sim --first-seed {seed} --trace",
                of.invariant
            )
        })
    });
    lines.collect::<Vec<_>>().join("\n")
}
