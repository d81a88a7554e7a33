//! Lines of text as calls: `element=value` sets, anything else reads. The fold of what was accepted has
//! to be the live state.
#![no_main]

use libfuzzer_sys::fuzz_target;
use lyceum_cmi::{Edition, Inputs, Model, NoHost, Rules, Runtime};

fuzz_target!(|text: &str| {
    for edition in Edition::ALL {
        let mut runtime = Runtime::new(Rules::tolerant(edition), &Inputs::default(), Model::new(edition));
        let mut fold = runtime.model().clone();
        runtime.initialize("");
        for line in text.lines() {
            match line.split_once('=') {
                Some((element, value)) => {
                    if runtime.set_value(element, value).is_ok() {
                        fold.restore(element, value).expect("what was accepted can be folded");
                    }
                }
                None => {
                    runtime.get_value(line, &NoHost);
                }
            }
            assert!(runtime.diagnostic("").chars().count() < 255);
        }
        assert_eq!(fold.hash(), runtime.model().hash());
    }
});
