//! The twins of what must not compile: each differs from it by a line, compiles, and runs to its end.

macro_rules! twins {
    ($($name:ident)*) => {
        $(
            mod $name {
                include!(concat!("compile/twin/", stringify!($name), ".rs"));

                #[test]
                fn compiles_and_runs() {
                    main();
                }
            }
        )*

        const NAMES: &[&str] = &[$(stringify!($name)),*];
    };
}

twins! {
    backend_changed_while_buffers_are_allocated
    backend_taken_out_while_streaming
    buffers_changed_between_query_and_map
    bytes_kept_beyond_the_frame
    bytes_used_after_requeue
    capture_call_on_an_output_queue
    dequeue_before_streaming
    drop_of_the_queue_while_a_frame_lives
    format_set_while_buffers_are_allocated
    frame_cloned
    frame_requeued_twice
    map_before_query
    output_buffer_enqueued_twice
    output_bytes_used_after_enqueue
    output_call_on_a_capture_queue
    own_state
    parked_frame_taken_up_twice
    query_before_request
    release_while_mapped
    requeue_while_the_bytes_are_in_a_thread
    second_queue_on_an_owned_device
    slice_of_a_mapping_that_the_driver_owns
    slice_of_a_parked_frame
    stop_while_a_frame_lives
    stream_off_while_a_frame_lives
    stream_off_while_an_output_buffer_lives
    stream_on_twice
    unmap_while_an_output_buffer_lives
    unmap_while_streaming
    writing_a_captured_frame
}

#[test]
fn every_misuse_has_a_twin() {
    let names = |folder: &str| {
        let mut names: Vec<_> = std::fs::read_dir(format!("{}/tests/compile/{folder}", env!("CARGO_MANIFEST_DIR")))
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .filter_map(|name| name.strip_suffix(".rs").map(str::to_owned))
            .collect();
        names.sort();
        names
    };
    let (misuse, twin) = (names("misuse"), names("twin"));
    assert_eq!(misuse, twin);
    assert_eq!(twin, NAMES, "the list in this file");
    println!("{} misuse cases", misuse.len());
}
