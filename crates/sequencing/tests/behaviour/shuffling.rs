//! Properties of selection and randomization (SR.1, SR.2).

use lyceum_sequencing::{
    Edition, Item, Ix, Request, Sequencer, State, Tree,
    definitions::{Definition, RandomizationControls, RandomizationTiming as Timing},
};
use proptest::prelude::*;
use std::{collections::BTreeSet, sync::Arc};

/// A root with that many leaves.
fn tree(leaves: u32, controls: RandomizationControls) -> Arc<Tree> {
    let item = |number: u32| {
        let mut definition = Definition::default();
        if number == 0 {
            definition.control.flow = true;
            definition.randomization = controls;
        }
        Item { id: format!("i{number}"), depth: u32::from(number > 0), visible: true, definition }
    };
    Arc::new(Tree::new(Edition::Fourth, true, (0..=leaves).map(item)).expect("a tree"))
}

/// The available children of the root, as the learner meets them.
fn children(sequencer: &mut Sequencer) -> Vec<usize> {
    let entries = sequencer.look_ahead(None, 0).entries;
    entries.iter().map(|entry| entry.activity).filter(|ix| *ix != Ix::ROOT).map(Ix::index).collect()
}

fn start(sequencer: &mut Sequencer) -> Vec<usize> {
    assert!(sequencer.navigate(&Request::Start, 0).delivered.is_some());
    children(sequencer)
}

fn timing() -> impl Strategy<Value = Timing> {
    prop_oneof![Just(Timing::Never), Just(Timing::Once), Just(Timing::OnEachNewAttempt)]
}

proptest! {
    #[test]
    fn a_selection_has_its_count_and_an_order_is_a_permutation(
        leaves in 2_u32..12, count in 1_u32..14, seed: u64, select in timing(), reorder in timing(), shuffle: bool,
    ) {
        let controls = RandomizationControls {
            selection_timing: select,
            select_count: Some(count),
            randomization_timing: reorder,
            reorder_children: shuffle,
        };
        let tree = tree(leaves, controls);
        let mut sequencer = Sequencer::new(tree.clone(), seed);
        let found = start(&mut sequencer);

        let wanted = if select == Timing::Never { leaves } else { count.min(leaves) };
        prop_assert_eq!(found.len(), wanted as usize);
        prop_assert_eq!(found.iter().collect::<BTreeSet<_>>().len(), found.len(), "each once");
        prop_assert!(found.iter().all(|child| (1..=leaves as usize).contains(child)));
        if reorder == Timing::Never || !shuffle {
            prop_assert!(found.is_sorted(), "the order of the manifest stays");
        }

        // The same within the attempt, whatever happens in it, and by a program that goes on with what was stored.
        for request in [Request::Retry, Request::SuspendAll, Request::ResumeAll] {
            sequencer.navigate(&request, 0);
            prop_assert_eq!(&children(&mut sequencer), &found);
            let state: State = serde_json::from_str(&serde_json::to_string(&sequencer.state()).unwrap()).unwrap();
            prop_assert_eq!(state.seed, seed, "the seed is recorded");
            sequencer = Sequencer::restore(tree.clone(), &state).unwrap();
            prop_assert_eq!(&children(&mut sequencer), &found);
        }

        // The same seed draws the same, also in later attempts.
        let mut again = Sequencer::new(tree, seed);
        prop_assert_eq!(&start(&mut again), &found);
        for sequencer in [&mut sequencer, &mut again] {
            sequencer.navigate(&Request::ExitAll, 0);
        }
        let second = start(&mut sequencer);
        prop_assert_eq!(&start(&mut again), &second);
        if select != Timing::OnEachNewAttempt && reorder != Timing::OnEachNewAttempt {
            prop_assert_eq!(second, found, "what is drawn once stays");
        }
    }
}

const SEEDS: u64 = 6_000;

/// Every child is equally likely in every place: within five standard deviations.
#[test]
fn orders_and_selections_are_even() {
    const LEAVES: u32 = 5;
    let controls = RandomizationControls {
        selection_timing: Timing::Once,
        select_count: Some(3),
        randomization_timing: Timing::Once,
        reorder_children: true,
    };
    let tree = tree(LEAVES, controls);
    let mut first = [0_u64; LEAVES as usize + 1];
    let mut selected = first;
    for seed in 0..SEEDS {
        let found = start(&mut Sequencer::new(tree.clone(), seed));
        first[found[0]] += 1;
        found.iter().for_each(|child| selected[*child] += 1);
    }
    for child in 1..=LEAVES as usize {
        assert!((1_045..=1_355).contains(&first[child]), "{child} came first {} times", first[child]);
        assert!((3_410..=3_790).contains(&selected[child]), "{child} was selected {} times", selected[child]);
    }
}

/// Another attempt draws anew, and each activity draws for itself.
#[test]
fn attempts_and_clusters_draw_independently() {
    let controls = RandomizationControls {
        randomization_timing: Timing::OnEachNewAttempt,
        reorder_children: true,
        ..RandomizationControls::default()
    };
    let tree = tree(8, controls);
    let same = (0..200).filter(|seed| {
        let mut sequencer = Sequencer::new(tree.clone(), *seed);
        let found = start(&mut sequencer);
        sequencer.navigate(&Request::ExitAll, 0);
        start(&mut sequencer) == found
    });
    assert!(same.count() < 3, "8 children have 40,320 orders");
}
