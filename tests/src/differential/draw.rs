//! Draws steps at random: mostly what a program might do next, sometimes what none should.

mod buffer;
mod connector;
pub(super) mod control;
mod format;
mod node;

use fastrand::Rng;
use vidbuf_abi::buffer::{v4l2_create_buffers, v4l2_remove_buffers, v4l2_requestbuffers};
use vidbuf_abi::format::{V4L2_PIX_FMT_PRIV_MAGIC, v4l2_format};
use vidbuf_abi::ioctl::{
    VIDIOC_CREATE_BUFS, VIDIOC_DQBUF, VIDIOC_EXPBUF, VIDIOC_PREPARE_BUF, VIDIOC_QBUF, VIDIOC_QUERYBUF,
    VIDIOC_REMOVE_BUFS, VIDIOC_REQBUFS, VIDIOC_S_FMT, VIDIOC_STREAMOFF, VIDIOC_STREAMON,
};
use vidbuf_abi::layout::Layout;
use vidbuf_sim::kernel::{OpenMode, Protection, QueueId};

use super::operation::{DESCRIPTORS, Fault, Ioctl, Operation, PLACES, Wake};
use super::simulated::{BUFFERS, Simulated};
use super::system::{is_multiplanar, size};
use super::world::World;

/// What a kind of node and kernel can be asked.
#[derive(Clone, Debug)]
pub struct Choice {
    /// Pixel formats that may be asked for.
    pub formats: Vec<u32>,
    /// Sizes of pictures that may be asked for.
    pub sizes: Vec<(u32, u32)>,
    /// Memory kinds worth asking for, some more often.
    pub memories: Vec<u32>,
    /// Other devices' buffers that there are.
    pub dma_bufs: usize,
    /// The node is a camera of `vidbuf-sim run`.
    pub simulated: bool,
}

/// Draws the next step for a node in the state that the simulator says it is in.
pub struct Draw<'a> {
    /// Random numbers.
    pub rng: &'a mut Rng,
    /// The state.
    pub simulated: &'a Simulated,
    /// What may be asked.
    pub choice: &'a Choice,
}

/// `PROT_READ | PROT_WRITE`, and what else can be said.
const PROTECTIONS: [Protection; 6] = [
    Protection { read: true, write: true, shared: true },
    Protection { read: true, write: false, shared: true },
    Protection { read: false, write: true, shared: true },
    Protection { read: false, write: false, shared: true },
    Protection { read: true, write: true, shared: false },
    Protection { read: true, write: false, shared: false },
];

impl Draw<'_> {
    fn chance(&mut self, percent: u32) -> bool {
        self.rng.u32(0..100) < percent
    }

    fn one_of<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.rng.usize(0..of.len())]
    }

    fn usual<T: Copy>(&mut self, percent: u32, usual: T, others: &[T]) -> T {
        if self.chance(percent) { usual } else { self.one_of(others) }
    }

    /// The next step.
    pub fn operation(&mut self) -> Operation {
        let allocated = self.simulated.node.count(QueueId::FIRST) > 0;
        let descriptor = self.descriptor();
        if !self.simulated.descriptors().any(|open| open == descriptor) && self.chance(70) {
            return self.open(descriptor);
        }
        let streaming = self.simulated.node.is_streaming(QueueId::FIRST);
        // Frames are compared on the webcam only: those of other inputs come in fields, or are large.
        let webcam = u32::from(self.simulated.node.input() == 0);
        let connectors = match (webcam, allocated) {
            (0, _) => 60,
            (_, false) => 12,
            _ => 6,
        };
        let (buffers, starts) = match (allocated, streaming) {
            (false, _) => (2, 30),
            (true, false) => (22, 14),
            (true, true) => (30, 2),
        };
        let kinds: [(u32, fn(&mut Self, usize) -> Operation); 25] = [
            (if webcam == 0 { starts / 8 } else { starts }, Self::request),
            (3 + starts / 4, Self::create),
            (1 + buffers / 10, Self::remove),
            (buffers / 3, |draw, at| draw.buffer(at, VIDIOC_QUERYBUF)),
            (buffers, |draw, at| draw.buffer(at, VIDIOC_QBUF)),
            (buffers / 8, |draw, at| draw.buffer(at, VIDIOC_PREPARE_BUF)),
            (if streaming { buffers } else { 2 }, Self::dequeue),
            (webcam * if streaming { 1 } else { 1 + buffers / 4 }, |draw, at| draw.stream(at, true)),
            (1 + u32::from(streaming), |draw, at| draw.stream(at, false)),
            (buffers / 4, Self::map),
            (buffers / 5, |draw, _| Operation::Unmap { place: draw.place(Simulated::has_mapping, true) }),
            (webcam * if allocated { 6 } else { 1 }, Self::poll),
            (9, Self::node),
            (connectors, Self::connector),
            (webcam * 8, Self::control),
            (webcam * if streaming { 14 } else { 1 }, |_, _| Operation::OneFrame),
            (1, Self::fault),
            (2, |_, _| Operation::Audit),
            (1, |_, descriptor| Operation::Close { descriptor }),
            (1, |draw, from| Operation::Dup { from, to: draw.rng.usize(0..DESCRIPTORS) }),
            (1, |draw, descriptor| Operation::NonBlocking { descriptor, on: draw.rng.bool() }),
            (buffers / 12, Self::export),
            (webcam * u32::from(streaming), Self::sleep),
            (webcam, Self::transfer),
            (1, Self::no_call),
        ];
        let total: u32 = kinds.iter().map(|(weight, _)| weight).sum();
        let mut at = self.rng.u32(0..total);
        for (weight, draw) in kinds {
            if at < weight {
                return draw(self, descriptor);
            }
            at -= weight;
        }
        Operation::Audit
    }

    /// A place that is taken, or free, if there is one.
    fn place(&mut self, has: fn(&Simulated, usize) -> bool, taken: bool) -> usize {
        let first = self.rng.usize(0..PLACES);
        let mut places = (0..PLACES).map(|step| (first + step) % PLACES);
        places.find(|place| has(self.simulated, *place) == taken).unwrap_or(first)
    }

    fn descriptor(&mut self) -> usize {
        let any = self.rng.usize(0..DESCRIPTORS);
        self.usual(85, 0, &[any])
    }

    fn open(&mut self, descriptor: usize) -> Operation {
        let others = [OpenMode::READ_WRITE, OpenMode::READ_ONLY, OpenMode::WRITE_ONLY];
        Operation::Open { descriptor, mode: self.usual(75, OpenMode::NONBLOCKING, &others) }
    }

    fn buffer_type(&mut self) -> u32 {
        self.usual(96, self.simulated.buffer_type(), &[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 14, 0x80, u32::MAX])
    }

    fn memory(&mut self) -> u32 {
        let own = self.simulated.node.memory(QueueId::FIRST);
        let usual = if own == 0 { self.one_of(&self.choice.memories) } else { own };
        self.usual(93, usual, &[0, 1, 2, 3, 4, 5, u32::MAX])
    }

    fn index(&mut self) -> u32 {
        let highest = self.simulated.node.highest(QueueId::FIRST) as u32;
        let inside = self.rng.u32(0..highest.max(1));
        self.usual(92, inside, &[highest, highest + 1, 31, 32, 33, 63, 64, 65, 1000, u32::MAX])
    }

    fn count(&mut self) -> u32 {
        let few = self.rng.u32(1..6);
        self.usual(80, few, &[0, 0, 0, 1, 2, 8, 33, 70, u32::MAX])
    }

    fn request(&mut self, descriptor: usize) -> Operation {
        let flags = self.usual(90, 0, &[1, 2, 0xff]);
        let (count, type_, memory) = (self.count(), self.buffer_type(), self.memory());
        let reserved = self.noise();
        let capabilities = self.noise::<4>();
        let request = v4l2_requestbuffers {
            count,
            type_,
            memory,
            capabilities: u32::from_ne_bytes(capabilities),
            flags,
            reserved,
        };
        self.noisy(Ioctl::new(descriptor, VIDIOC_REQBUFS, request))
    }

    fn create(&mut self, descriptor: usize) -> Operation {
        let format = *self.simulated.node.format(QueueId::FIRST).unwrap_or_else(|| unreachable!("a node has a queue"));
        let mut sizes = [0; 8];
        for (size, plane) in sizes.iter_mut().zip(format.planes()) {
            let right = plane.sizeimage;
            *size = self.usual(88, right, &[0, right / 2, right - 1, right + 1, right + 4096, right + 70_000]);
        }
        if self.chance(3) {
            sizes[format.planes as usize % 8] = 4096;
        }
        let planes: u32 = self.usual(92, format.planes, &[0, 1, 2, 3, 8, 9, 255]);
        let mut given = v4l2_format { type_: self.buffer_type(), ..Default::default() };
        // Of the format the kernel reads the sizes alone.
        given.fmt.bytes = self.noise();
        let [colorspace, encoding, quantization, transfer] = self.colours();
        if is_multiplanar(given.type_) {
            let mut pix = given.fmt.pix_mp();
            pix.num_planes = planes as u8;
            pix.colorspace = colorspace;
            [pix.ycbcr_enc, pix.quantization, pix.xfer_func] =
                [encoding, quantization, transfer].map(|value| value as u8);
            for (plane, size) in pix.plane_fmt.iter_mut().zip(sizes) {
                plane.sizeimage = size;
            }
            given.fmt.set_pix_mp(pix);
        } else {
            let mut pix = given.fmt.pix();
            pix.sizeimage = sizes[0];
            pix.colorspace = colorspace;
            [pix.ycbcr_enc, pix.quantization, pix.xfer_func] = [encoding, quantization, transfer];
            pix.priv_ = self.one_of(&[0, V4L2_PIX_FMT_PRIV_MAGIC, pix.priv_]);
            given.fmt.set_pix(pix);
        }
        let create = v4l2_create_buffers {
            index: self.rng.u32(0..3),
            count: self.count().min(70),
            memory: self.memory(),
            format: given,
            capabilities: self.noise_word(),
            flags: self.usual(90, 0, &[1, 2, u32::MAX]),
            max_num_buffers: self.noise_word(),
            reserved: self.noise_words(),
        };
        self.noisy(Ioctl::new(descriptor, VIDIOC_CREATE_BUFS, create))
    }

    fn remove(&mut self, descriptor: usize) -> Operation {
        let count = self.usual(70, 1, &[0, 2, 3, 64, u32::MAX]);
        let (index, type_, reserved) = (self.index(), self.buffer_type(), self.noise_words());
        self.noisy(Ioctl::new(descriptor, VIDIOC_REMOVE_BUFS, v4l2_remove_buffers { index, count, type_, reserved }))
    }

    /// What passes through a node without a meaning: mostly zero.
    fn noise<const N: usize>(&mut self) -> [u8; N] {
        let mut bytes = [0; N];
        if self.chance(15) {
            self.rng.fill(&mut bytes);
        }
        bytes
    }

    fn noise_word(&mut self) -> u32 {
        u32::from_ne_bytes(self.noise())
    }

    fn noise_words<const N: usize>(&mut self) -> [u32; N] {
        if self.chance(15) { std::array::from_fn(|_| self.rng.u32(..)) } else { [0; N] }
    }

    /// The call, now and then with something in the bytes that are no field.
    fn noisy(&mut self, mut ioctl: Ioctl) -> Operation {
        if self.chance(5)
            && let Some(structure) =
                vidbuf_abi::ioctl::find(ioctl.number, Layout::TARGET).and_then(|known| known.structure())
        {
            let mut end = 0;
            for (index, field) in structure.fields.iter().enumerate() {
                let at = structure.offset(Layout::TARGET, index);
                self.rng.fill(&mut ioctl.argument[end..at]);
                end = at + field.size(Layout::TARGET);
            }
            self.rng.fill(&mut ioctl.argument[end..]);
        }
        Operation::Ioctl(ioctl)
    }

    /// A number that is no call: another size or direction, or one that V4L2 has not.
    fn no_call(&mut self, descriptor: usize) -> Operation {
        let some =
            self.one_of(&[VIDIOC_QBUF, VIDIOC_DQBUF, VIDIOC_REQBUFS, VIDIOC_S_FMT, VIDIOC_STREAMON, VIDIOC_EXPBUF]);
        let other = some & !0xff | (150 + self.rng.u32(0..64));
        let number = self.one_of(&[some ^ 0x4_0000, some ^ 0x4000_0000, other]);
        let mut argument = vec![0; size(number)];
        self.rng.fill(&mut argument);
        Operation::Ioctl(Ioctl {
            descriptor,
            number,
            argument,
            planes: Vec::new(),
            memory: Vec::new(),
            wake: Wake::BySignal,
        })
    }

    fn stream(&mut self, descriptor: usize, on: bool) -> Operation {
        let number = if on { VIDIOC_STREAMON } else { VIDIOC_STREAMOFF };
        Operation::Ioctl(Ioctl::new(descriptor, number, self.buffer_type()))
    }

    fn map(&mut self, descriptor: usize) -> Operation {
        let index = self.index();
        let plane = self.usual(70, 0, &[0, 1, 2, 3]);
        let page = self.simulated.node.page_size() as u64;
        let (cookie, whole) =
            self.simulated.node.cookie(QueueId::FIRST, index, plane).unwrap_or((u64::from(index) * 8 * page, 4096));
        let whole = u64::from(whole);
        let anywhere = page * self.rng.u64(0..1 << 18);
        let offset = self.usual(92, cookie, &[cookie + page, cookie + 1, cookie | 1 << 30, cookie | 1 << 31, anywhere]);
        let length =
            self.usual(88, whole, &[0, 1, page, whole.wrapping_sub(1), whole + 1, whole.next_multiple_of(page) + 1]);
        let protection = self.usual(88, PROTECTIONS[0], &PROTECTIONS);
        Operation::Map { descriptor, place: self.place(Simulated::has_mapping, false), offset, length, protection }
    }

    fn poll(&mut self, descriptor: usize) -> Operation {
        let events = self.usual(60, 0x1 | 0x4, &[0, 0x1, 0x2, 0x4, 0x8, 0x40, 0x100, 0x7, 0x3ff, 0xffff]);
        Operation::Poll { descriptor, events }
    }

    fn fault(&mut self, _descriptor: usize) -> Operation {
        let faults = [
            Fault::QueueSetup,
            Fault::BufferPrepare,
            Fault::Start,
            Fault::FlaggedFrame,
            Fault::FlaggedFrame,
            Fault::QueueError,
            Fault::QueueError,
        ];
        let fault = self.one_of(&faults);
        Operation::Inject { fault: self.usual(95, fault, &[Fault::Unplug]) }
    }
}

/// A sequence's length in steps.
pub const LENGTH: usize = 120;

const _: () = assert!(BUFFERS == 64, "indices around the limit are drawn by hand");
