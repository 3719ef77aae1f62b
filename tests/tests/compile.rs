//! What must not compile, beside a twin that does and differs by a line.

#[test]
fn misuse_does_not_compile_and_its_twin_does() {
    let cases = trybuild::TestCases::new();
    cases.pass("tests/compile/twin/*.rs");
    cases.compile_fail("tests/compile/misuse/*.rs");
}

#[test]
fn every_misuse_has_a_twin() {
    let names = |folder: &str| {
        let mut names: Vec<_> = std::fs::read_dir(format!("{}/tests/compile/{folder}", env!("CARGO_MANIFEST_DIR")))
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .filter(|name| name.ends_with(".rs"))
            .collect();
        names.sort();
        names
    };
    let (misuse, twin) = (names("misuse"), names("twin"));
    assert_eq!(misuse, twin);
    println!("{} misuse cases", misuse.len());
}
