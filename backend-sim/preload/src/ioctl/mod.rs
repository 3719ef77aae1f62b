//! ioctls: which number is which call. One file for each kind of them.

mod buffers;
mod capability;
mod control;
mod event;
mod export;
mod formats;
mod rate;
mod sizes;

use core::ffi::c_void;

use vidbuf_sim::kernel::File;

use crate::abi::*;
use crate::device::Device;
use crate::errno::Errno;
use crate::lock::Guard;
use crate::table::Open;
use crate::world::World;

/// One call.
pub struct Call<'a> {
    /// Everything.
    pub world: &'a mut Guard<World>,
    /// The node.
    pub device: usize,
    /// The open file.
    pub file: File,
    /// Where the program's structure is.
    pub argument: *mut c_void,
}

type Answer = Result<i32, Errno>;

/// The kernel knows a call by its whole number: direction, size and all.
const fn number<T>(direction: u32, nr: u32) -> u32 {
    direction << 30 | (size_of::<T>() as u32) << 16 | 0x56 << 8 | nr
}

const fn reads<T>(nr: u32) -> u32 {
    number::<T>(2, nr)
}

const fn writes<T>(nr: u32) -> u32 {
    number::<T>(1, nr)
}

const fn both<T>(nr: u32) -> u32 {
    number::<T>(3, nr)
}

/// Calls that a node of this kind has, one line each.
macro_rules! table {
    ($call:ident, $request:ident; $($direction:ident::<$type:ty>($nr:literal) => $function:path,)*) => {
        $({
            const NUMBER: u32 = $direction::<$type>($nr);
            if $request == NUMBER {
                return $function(&mut $call);
            }
        })*
    };
}

/// `ioctl` on a node.
pub fn ioctl(world: &mut Guard<World>, open: Open, request: u32, argument: *mut c_void) -> Answer {
    let mut call = Call { world, device: open.device, file: open.file, argument };
    // Open, and not unplugged: so begins every call.
    call.device().node.priority(open.file)?;
    table! { call, request;
        both::<v4l2_buffer>(15) => buffers::queue,
        both::<v4l2_buffer>(17) => buffers::dequeue,
        reads::<v4l2_capability>(0) => capability::query,
        both::<v4l2_fmtdesc>(2) => formats::enumerate,
        both::<v4l2_format>(4) => formats::get,
        both::<v4l2_format>(5) => formats::set,
        both::<v4l2_requestbuffers>(8) => buffers::request,
        both::<v4l2_buffer>(9) => buffers::query,
        both::<v4l2_exportbuffer>(16) => export::export,
        writes::<i32>(18) => buffers::stream_on,
        writes::<i32>(19) => buffers::stream_off,
        both::<v4l2_streamparm>(21) => rate::get,
        both::<v4l2_streamparm>(22) => rate::set,
        both::<v4l2_input>(26) => capability::enumerate_input,
        both::<v4l2_control>(27) => control::get,
        both::<v4l2_control>(28) => control::set,
        both::<v4l2_queryctrl>(36) => control::query,
        both::<v4l2_querymenu>(37) => control::query_menu,
        reads::<u32>(38) => capability::get_input,
        both::<u32>(39) => capability::set_input,
        reads::<u32>(46) => capability::get_output,
        both::<u32>(47) => capability::set_output,
        both::<v4l2_output>(48) => capability::enumerate_output,
        both::<v4l2_format>(64) => formats::try_,
        reads::<u32>(67) => capability::get_priority,
        writes::<u32>(68) => capability::set_priority,
        both::<v4l2_ext_controls>(71) => control::get_all,
        both::<v4l2_ext_controls>(72) => control::set_all,
        both::<v4l2_ext_controls>(73) => control::try_all,
        both::<v4l2_frmsizeenum>(74) => sizes::enumerate,
        both::<v4l2_frmivalenum>(75) => rate::enumerate,
        reads::<v4l2_event>(89) => event::dequeue,
        writes::<v4l2_event_subscription>(90) => event::subscribe,
        writes::<v4l2_event_subscription>(91) => event::unsubscribe,
        both::<v4l2_create_buffers>(92) => buffers::create,
        both::<v4l2_buffer>(93) => buffers::prepare,
        both::<v4l2_query_ext_ctrl>(103) => control::query_extended,
        both::<v4l2_remove_buffers>(104) => buffers::remove,
    }
    // VIDIOC_LOG_STATUS has no argument; there is nobody to tell.
    if request == 0x5646 { Ok(0) } else { Err(Errno(libc::ENOTTY)) }
}

impl Call<'_> {
    /// The node.
    fn device(&mut self) -> &mut Device {
        self.world.device(self.device)
    }

    /// Something about the node changed.
    fn changed(&mut self) {
        let device = self.device;
        self.world.changed(device);
    }

    /// Reads the program's structure.
    fn read<T: Plain>(&self) -> Result<T, Errno> {
        read_user(self.argument as u64)
    }

    /// Writes the program's structure.
    fn write<T: Plain>(&self, value: &T) -> Answer {
        write_user(self.argument as u64, value)?;
        Ok(0)
    }
}

/// The first page is never mapped. Any other wrong address ends the program, as it would without this library between it
/// and memory.
fn check_address(address: u64) -> Result<(), Errno> {
    if address < 4096 { Err(Errno(libc::EFAULT)) } else { Ok(()) }
}

/// Reads a structure at an address of the program's.
fn read_user<T: Plain>(address: u64) -> Result<T, Errno> {
    check_address(address)?;
    // SAFETY: the program says that its structure is there; any bytes are a value of a `Plain` type.
    Ok(unsafe { (address as *const T).read_unaligned() })
}

/// Writes a structure at an address of the program's.
fn write_user<T: Plain>(address: u64, value: &T) -> Result<(), Errno> {
    check_address(address)?;
    // SAFETY: the program says that it has room for the structure there.
    unsafe { (address as *mut T).write_unaligned(*value) };
    Ok(())
}
