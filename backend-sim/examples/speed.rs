//! How fast the simulator is: `speed [KIND CYCLES]`. A cycle is what a frame costs: enqueue, complete, dequeue.
//!
//! Without arguments every kind is run and timed; with them one kind, so that two run lengths can be compared under a tool that
//! counts instructions (`tests/run simulator_speed`).

use std::hint::black_box;
use std::process::ExitCode;
use std::time::Instant;

use vidbuf::Request;
use vidbuf::queue::CaptureQueue;
use vidbuf_sim::kernel::abi::buffer::{
    V4L2_BUF_TYPE_VIDEO_CAPTURE, V4L2_MEMORY_MMAP, v4l2_buffer, v4l2_requestbuffers,
};
use vidbuf_sim::kernel::abi::ioctl::{VIDIOC_DQBUF, VIDIOC_QBUF, VIDIOC_REQBUFS, VIDIOC_STREAMON};
use vidbuf_sim::kernel::{NoForeign, Node, OpenMode, QueueId, Returned};
use vidbuf_sim::{Errno, Kernel, Profile, Sim};

type Run = fn(&mut [u8], u32) -> Result<u64, Errno>;

/// What is run, and how often for a timing.
const KINDS: [(&str, &str, Run, u32); 3] = [
    ("node", "the node alone, at the level of ioctls", node, 2_000_000),
    ("queue", "a queue over the simulator, neither pictures nor poison", queue, 2_000_000),
    ("picture", "the same with pictures of 320x240 YUYV, poisoned when enqueued", picture, 20_000),
];

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let mut memory = vec![0; 1 << 20];
    match arguments.as_slice() {
        [] => {
            for (name, words, run, cycles) in KINDS {
                let began = Instant::now();
                let outcome = run(&mut memory, cycles);
                let per_second = f64::from(cycles) / began.elapsed().as_secs_f64();
                assert_eq!(outcome, Ok(u64::from(cycles)), "{name}");
                println!("{name:8} {per_second:>10.0} cycles/s   {words}");
            }
            println!("speed: {} kinds, every cycle gave a frame", KINDS.len());
            ExitCode::SUCCESS
        }
        [name, cycles] => {
            let kind = KINDS.iter().find(|(kind, ..)| kind == name);
            match (kind, cycles.parse()) {
                (Some((.., run, _)), Ok(cycles)) if run(&mut memory, cycles) == Ok(u64::from(cycles)) => {
                    ExitCode::SUCCESS
                }
                _ => ExitCode::FAILURE,
            }
        }
        _ => {
            eprintln!("usage: speed [node|queue|picture CYCLES]");
            ExitCode::FAILURE
        }
    }
}

/// `VIDIOC_QBUF`, the driver's next frame, `VIDIOC_DQBUF`, with three more buffers queued.
fn node(_: &mut [u8], cycles: u32) -> Result<u64, Errno> {
    let mut node = Node::<4>::new(Profile::VIVID, Kernel::V6_12, 4096, 1 << 20);
    let file = node.open(OpenMode::READ_WRITE)?;
    let (mut type_, memory) = (V4L2_BUF_TYPE_VIDEO_CAPTURE, V4L2_MEMORY_MMAP);
    let mut request = v4l2_requestbuffers { count: 4, type_, memory, ..Default::default() };
    node.call(file, VIDIOC_REQBUFS, &mut request, &mut [])?;
    for index in 1..4 {
        let mut buffer = v4l2_buffer { index, type_, memory, ..Default::default() };
        node.call(file, VIDIOC_QBUF, &mut buffer, &mut [])?;
    }
    node.call(file, VIDIOC_STREAMON, &mut type_, &mut [])?;
    let (mut frames, mut index) = (0, 0);
    for _ in 0..cycles {
        let mut buffer = v4l2_buffer { index, type_, memory, ..Default::default() };
        node.buffer_ioctl(file, VIDIOC_QBUF, black_box(&mut buffer), &mut [], &mut NoForeign)?;
        node.tick(QueueId::FIRST);
        let returned = node.buffer_ioctl(file, VIDIOC_DQBUF, black_box(&mut buffer), &mut [], &mut NoForeign)?;
        frames += u64::from(returned == Returned::Done);
        index = buffer.index;
    }
    Ok(frames)
}

fn queue(memory: &mut [u8], cycles: u32) -> Result<u64, Errno> {
    stream(&Sim::new(Profile::VIVID, memory).without_pictures().without_poison(), cycles)
}

fn picture(memory: &mut [u8], cycles: u32) -> Result<u64, Errno> {
    stream(&Sim::new(Profile::VIVID, memory), cycles)
}

fn stream(sim: &Sim<'_>, cycles: u32) -> Result<u64, Errno> {
    // What a refusal here would be called does not matter: there is none.
    let queue = CaptureQueue::<_>::new(sim.open()?).start(Request::exactly(4)).map_err(|_| Errno::EINVAL)?;
    let mut frames = 0;
    for _ in 0..cycles {
        let Ok(Some(frame)) = queue.dequeue() else { break };
        frames += u64::from(black_box(&frame).bytes().is_ok());
        frame.requeue().map_err(|_| Errno::EINVAL)?;
    }
    Ok(frames)
}
