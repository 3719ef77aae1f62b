//! The model to a small depth, so that `cargo test` has it; `tests/run model` explores all of it.

use std::path::Path;

use vidbuf_model::{Choice, Small, explore, mutants};

#[test]
fn claims_hold_to_a_small_depth() {
    let outcome = explore(Small::default(), 11, None);
    assert!(outcome.counterexamples.is_empty(), "{:?}", outcome.counterexamples);
    assert!(outcome.states > 1000, "{} states", outcome.states);
}

#[test]
fn driver_that_writes_what_it_gave_away_is_caught() {
    let written = "a frame in hand is never written";
    let outcome = explore(Small { scribbles: true, ..Small::default() }, 7, Some(written));
    let [(claim, path)] = &outcome.counterexamples[..] else { panic!("{outcome:?}") };
    assert_eq!(*claim, written);
    assert!(matches!(path.last(), Some(Choice::Scribble(_))), "{path:?}");
}

#[test]
fn mutants_follow_the_library() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    assert_eq!(mutants::stale(&root).expect("readable files"), Vec::<std::path::PathBuf>::new());
}
