//! Wants what the package does not have.

#[test]
fn number_is_the_helpers() {
    assert_eq!(wrong::first(&helper::numbers()), 2);
}
