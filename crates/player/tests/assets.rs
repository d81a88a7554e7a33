//! The committed WebAssembly belongs to the present sources.

#[path = "../../xtask/src/wasm/sources.rs"]
#[allow(dead_code, reason = "the file of another crate, of which this test needs a part")]
mod sources;

use std::path::Path;

#[test]
fn the_engine_in_the_browser_is_that_of_the_sources() {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let workspace = here.ancestors().nth(2).expect("the crate lies two folders below the root");
    let record = std::fs::read_to_string(here.join("assets/SOURCES")).expect("the record is committed");
    let present = sources::fingerprint(workspace).expect("the sources can be read");
    assert_eq!(
        sources::recorded(&record),
        Some(present.as_str()),
        "crates/player/assets was built from other sources: run `cargo xtask wasm` and commit the result"
    );
}
