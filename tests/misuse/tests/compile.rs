//! What must not compile. Its twins, which do and differ by a line, are in `twins.rs`: there they are built once, and run.

#[test]
fn misuse_does_not_compile() {
    trybuild::TestCases::new().compile_fail("tests/compile/misuse/*.rs");
}
