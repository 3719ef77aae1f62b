//! One line for each ioctl: `NAME = DIRECTION NUMBER ARGUMENT, WHAT IT DOES`.

use super::{Direction, Ioctl};
use crate::buffer::{v4l2_buffer, v4l2_create_buffers, v4l2_exportbuffer, v4l2_remove_buffers, v4l2_requestbuffers};
use crate::capability::v4l2_capability;
use crate::codec::{v4l2_decoder_cmd, v4l2_enc_idx, v4l2_encoder_cmd, v4l2_jpegcompression};
use crate::control::{v4l2_control, v4l2_ext_controls, v4l2_query_ext_ctrl, v4l2_queryctrl, v4l2_querymenu};
use crate::debug::{v4l2_dbg_chip_info, v4l2_dbg_register};
use crate::dma_buf::{
    dma_buf_export_sync_file, dma_buf_import_sync_file, dma_buf_sync, dma_heap_allocation_data, sync_file_info,
    sync_merge_data, sync_set_deadline, udmabuf_create, udmabuf_create_list,
};
use crate::event::{v4l2_event, v4l2_event_subscription};
use crate::format::{v4l2_fmtdesc, v4l2_format};
use crate::frame::{v4l2_frmivalenum, v4l2_frmsizeenum, v4l2_streamparm};
use crate::input::{v4l2_audio, v4l2_audioout, v4l2_input, v4l2_output, v4l2_standard};
use crate::layout::Layout;
use crate::media::{media_device_info, media_entity_desc, media_link_desc, media_links_enum, media_v2_topology};
use crate::overlay::v4l2_framebuffer;
use crate::selection::{v4l2_crop, v4l2_cropcap, v4l2_selection};
use crate::subdev::{
    v4l2_subdev_capability, v4l2_subdev_client_capability, v4l2_subdev_crop, v4l2_subdev_format,
    v4l2_subdev_frame_interval, v4l2_subdev_frame_interval_enum, v4l2_subdev_frame_size_enum,
    v4l2_subdev_mbus_code_enum, v4l2_subdev_routing, v4l2_subdev_selection,
};
use crate::timings::{v4l2_dv_timings, v4l2_dv_timings_cap, v4l2_edid, v4l2_enum_dv_timings};
use crate::tuner::{v4l2_frequency, v4l2_frequency_band, v4l2_hw_freq_seek, v4l2_modulator, v4l2_tuner};
use crate::uvc::{uvc_xu_control_mapping, uvc_xu_control_query};
use crate::vbi::v4l2_sliced_vbi_cap;

macro_rules! direction {
    (none) => {
        Direction::None
    };
    (read) => {
        Direction::Read
    };
    (write) => {
        Direction::Write
    };
    (both) => {
        Direction::ReadWrite
    };
}

macro_rules! ioctls {
    ($($group:literal { $($name:ident = $direction:ident $index:literal $argument:ty, $doc:literal;)+ })+) => {
        $($(
            #[doc = $doc]
            pub const $name: u32 =
                Ioctl::new::<$argument>(stringify!($name), direction!($direction), $group, $index).number(Layout::TARGET);
        )+)+

        /// Every ioctl that this crate knows. No two have the same number in the same layout.
        pub const TABLE: &[Ioctl] =
            &[$($(Ioctl::new::<$argument>(stringify!($name), direction!($direction), $group, $index)),+),+];
    };
}

// Kernel: `include/uapi/linux/{videodev2,v4l2-subdev,media,dma-buf,dma-heap,udmabuf,sync_file,uvcvideo}.h`. Each is described
// in `Documentation/userspace-api/media/{v4l,mediactl}/NAME.rst`, with `-` for `_`, all small.
ioctls! {
    b'V' {
        VIDIOC_QUERYCAP = read 0 v4l2_capability, "Driver, card, and what the node can do.";
        VIDIOC_ENUM_FMT = both 2 v4l2_fmtdesc, "The formats of a buffer type, by index.";
        VIDIOC_G_FMT = both 4 v4l2_format, "The format of a buffer type.";
        VIDIOC_S_FMT = both 5 v4l2_format, "Sets the format; the driver adjusts it.";
        VIDIOC_REQBUFS = both 8 v4l2_requestbuffers, "Allocates the buffers of a queue, or frees them with a count of 0.";
        VIDIOC_QUERYBUF = both 9 v4l2_buffer, "Size, mmap offset and state of a buffer.";
        VIDIOC_G_FBUF = read 10 v4l2_framebuffer, "The frame buffer of an overlay.";
        VIDIOC_S_FBUF = write 11 v4l2_framebuffer, "Sets the frame buffer of an overlay.";
        VIDIOC_OVERLAY = write 14 i32, "Starts or stops an overlay.";
        VIDIOC_QBUF = both 15 v4l2_buffer, "Enqueues a buffer with the driver.";
        VIDIOC_EXPBUF = both 16 v4l2_exportbuffer, "Exports a plane as a dma-buf.";
        VIDIOC_DQBUF = both 17 v4l2_buffer, "Takes a finished buffer from the driver.";
        VIDIOC_STREAMON = write 18 i32, "Starts a queue, named by its buffer type.";
        VIDIOC_STREAMOFF = write 19 i32, "Stops a queue; the driver returns every buffer.";
        VIDIOC_G_PARM = both 21 v4l2_streamparm, "Frame interval.";
        VIDIOC_S_PARM = both 22 v4l2_streamparm, "Sets the frame interval; the driver adjusts it.";
        VIDIOC_G_STD = read 23 u64, "The video standard.";
        VIDIOC_S_STD = write 24 u64, "Sets the video standard.";
        VIDIOC_ENUMSTD = both 25 v4l2_standard, "The video standards of the input, by index.";
        VIDIOC_ENUMINPUT = both 26 v4l2_input, "The inputs, by index.";
        VIDIOC_G_CTRL = both 27 v4l2_control, "The value of a 32-bit control.";
        VIDIOC_S_CTRL = both 28 v4l2_control, "Sets a 32-bit control; the driver adjusts the value.";
        VIDIOC_G_TUNER = both 29 v4l2_tuner, "A tuner, by index.";
        VIDIOC_S_TUNER = write 30 v4l2_tuner, "Sets a tuner's audio mode.";
        VIDIOC_G_AUDIO = read 33 v4l2_audio, "The audio input.";
        VIDIOC_S_AUDIO = write 34 v4l2_audio, "Sets the audio input.";
        VIDIOC_QUERYCTRL = both 36 v4l2_queryctrl, "Name, type and range of a 32-bit control.";
        VIDIOC_QUERYMENU = both 37 v4l2_querymenu, "An item of a menu control.";
        VIDIOC_G_INPUT = read 38 i32, "The input.";
        VIDIOC_S_INPUT = both 39 i32, "Selects the input.";
        VIDIOC_G_EDID = both 40 v4l2_edid, "The EDID blocks of a connector.";
        VIDIOC_S_EDID = both 41 v4l2_edid, "Sets the EDID blocks of a connector.";
        VIDIOC_G_OUTPUT = read 46 i32, "The output.";
        VIDIOC_S_OUTPUT = both 47 i32, "Selects the output.";
        VIDIOC_ENUMOUTPUT = both 48 v4l2_output, "The outputs, by index.";
        VIDIOC_G_AUDOUT = read 49 v4l2_audioout, "The audio output.";
        VIDIOC_S_AUDOUT = write 50 v4l2_audioout, "Sets the audio output.";
        VIDIOC_G_MODULATOR = both 54 v4l2_modulator, "A modulator, by index.";
        VIDIOC_S_MODULATOR = write 55 v4l2_modulator, "Sets a modulator's audio programme.";
        VIDIOC_G_FREQUENCY = both 56 v4l2_frequency, "The frequency of a tuner or modulator.";
        VIDIOC_S_FREQUENCY = write 57 v4l2_frequency, "Sets the frequency.";
        VIDIOC_CROPCAP = both 58 v4l2_cropcap, "Cropping limits and the shape of a pixel.";
        VIDIOC_G_CROP = both 59 v4l2_crop, "The cropping rectangle.";
        VIDIOC_S_CROP = write 60 v4l2_crop, "Sets the cropping rectangle.";
        VIDIOC_G_JPEGCOMP = read 61 v4l2_jpegcompression, "JPEG parameters (deprecated: there are controls).";
        VIDIOC_S_JPEGCOMP = write 62 v4l2_jpegcompression, "Sets JPEG parameters (deprecated: there are controls).";
        VIDIOC_QUERYSTD = read 63 u64, "The video standards that the signal may have.";
        VIDIOC_TRY_FMT = both 64 v4l2_format, "As S_FMT, without setting anything.";
        VIDIOC_ENUMAUDIO = both 65 v4l2_audio, "The audio inputs, by index.";
        VIDIOC_ENUMAUDOUT = both 66 v4l2_audioout, "The audio outputs, by index.";
        VIDIOC_G_PRIORITY = read 67 u32, "The highest priority among the open files.";
        VIDIOC_S_PRIORITY = write 68 u32, "Sets the priority of this open file.";
        VIDIOC_G_SLICED_VBI_CAP = both 69 v4l2_sliced_vbi_cap, "The sliced VBI services.";
        VIDIOC_LOG_STATUS = none 70 (), "Writes the driver's state to the kernel log.";
        VIDIOC_G_EXT_CTRLS = both 71 v4l2_ext_controls, "The values of several controls.";
        VIDIOC_S_EXT_CTRLS = both 72 v4l2_ext_controls, "Sets several controls at once.";
        VIDIOC_TRY_EXT_CTRLS = both 73 v4l2_ext_controls, "As S_EXT_CTRLS, without setting anything.";
        VIDIOC_ENUM_FRAMESIZES = both 74 v4l2_frmsizeenum, "The frame sizes of a pixel format, by index.";
        VIDIOC_ENUM_FRAMEINTERVALS = both 75 v4l2_frmivalenum, "The frame intervals of a format and size, by index.";
        VIDIOC_G_ENC_INDEX = read 76 v4l2_enc_idx, "Where compressed frames begin in the stream.";
        VIDIOC_ENCODER_CMD = both 77 v4l2_encoder_cmd, "Starts, stops or drains an encoder.";
        VIDIOC_TRY_ENCODER_CMD = both 78 v4l2_encoder_cmd, "Whether the encoder accepts a command.";
        VIDIOC_DBG_S_REGISTER = write 79 v4l2_dbg_register, "Writes a register of the hardware.";
        VIDIOC_DBG_G_REGISTER = both 80 v4l2_dbg_register, "Reads a register of the hardware.";
        VIDIOC_S_HW_FREQ_SEEK = write 82 v4l2_hw_freq_seek, "Seeks the next station.";
        VIDIOC_S_DV_TIMINGS = both 87 v4l2_dv_timings, "Sets the timings of a digital input or output.";
        VIDIOC_G_DV_TIMINGS = both 88 v4l2_dv_timings, "The timings of a digital input or output.";
        VIDIOC_DQEVENT = read 89 v4l2_event, "Takes the oldest event.";
        VIDIOC_SUBSCRIBE_EVENT = write 90 v4l2_event_subscription, "Asks for events of a type.";
        VIDIOC_UNSUBSCRIBE_EVENT = write 91 v4l2_event_subscription, "Ends events of a type.";
        VIDIOC_CREATE_BUFS = both 92 v4l2_create_buffers, "Adds buffers to a queue.";
        VIDIOC_PREPARE_BUF = both 93 v4l2_buffer, "Prepares a buffer without enqueueing it.";
        VIDIOC_G_SELECTION = both 94 v4l2_selection, "A crop or compose rectangle.";
        VIDIOC_S_SELECTION = both 95 v4l2_selection, "Sets a crop or compose rectangle; the driver adjusts it.";
        VIDIOC_DECODER_CMD = both 96 v4l2_decoder_cmd, "Starts, stops or drains a decoder.";
        VIDIOC_TRY_DECODER_CMD = both 97 v4l2_decoder_cmd, "Whether the decoder accepts a command.";
        VIDIOC_ENUM_DV_TIMINGS = both 98 v4l2_enum_dv_timings, "The timings that are supported, by index.";
        VIDIOC_QUERY_DV_TIMINGS = read 99 v4l2_dv_timings, "The timings of the signal.";
        VIDIOC_DV_TIMINGS_CAP = both 100 v4l2_dv_timings_cap, "The range of timings.";
        VIDIOC_ENUM_FREQ_BANDS = both 101 v4l2_frequency_band, "The bands of a tuner, by index.";
        VIDIOC_DBG_G_CHIP_INFO = both 102 v4l2_dbg_chip_info, "The chips of the device, by index.";
        VIDIOC_QUERY_EXT_CTRL = both 103 v4l2_query_ext_ctrl, "Name, type and range of any control.";
        VIDIOC_REMOVE_BUFS = both 104 v4l2_remove_buffers, "Removes buffers from a queue.";

        VIDIOC_SUBDEV_QUERYCAP = read 0 v4l2_subdev_capability, "What the subdevice node can do.";
        VIDIOC_SUBDEV_ENUM_MBUS_CODE = both 2 v4l2_subdev_mbus_code_enum, "The bus codes of a pad, by index.";
        VIDIOC_SUBDEV_G_FMT = both 4 v4l2_subdev_format, "The format of a pad.";
        VIDIOC_SUBDEV_S_FMT = both 5 v4l2_subdev_format, "Sets the format of a pad; the driver adjusts it.";
        VIDIOC_SUBDEV_G_FRAME_INTERVAL = both 21 v4l2_subdev_frame_interval, "The frame interval of a pad.";
        VIDIOC_SUBDEV_S_FRAME_INTERVAL = both 22 v4l2_subdev_frame_interval, "Sets the frame interval of a pad.";
        VIDIOC_SUBDEV_G_ROUTING = both 38 v4l2_subdev_routing, "The routes between the pads' streams.";
        VIDIOC_SUBDEV_S_ROUTING = both 39 v4l2_subdev_routing, "Sets the routes between the pads' streams.";
        VIDIOC_SUBDEV_G_CROP = both 59 v4l2_subdev_crop, "The cropping rectangle of a pad (old).";
        VIDIOC_SUBDEV_S_CROP = both 60 v4l2_subdev_crop, "Sets the cropping rectangle of a pad (old).";
        VIDIOC_SUBDEV_G_SELECTION = both 61 v4l2_subdev_selection, "A crop or compose rectangle of a pad.";
        VIDIOC_SUBDEV_S_SELECTION = both 62 v4l2_subdev_selection, "Sets a crop or compose rectangle of a pad.";
        VIDIOC_SUBDEV_ENUM_FRAME_SIZE = both 74 v4l2_subdev_frame_size_enum, "The sizes of a bus code, by index.";
        VIDIOC_SUBDEV_ENUM_FRAME_INTERVAL = both 75 v4l2_subdev_frame_interval_enum, "The intervals of a size, by index.";
        VIDIOC_SUBDEV_G_CLIENT_CAP = read 101 v4l2_subdev_client_capability, "What this open file has announced.";
        VIDIOC_SUBDEV_S_CLIENT_CAP = both 102 v4l2_subdev_client_capability, "Announces what the program understands.";
    }
    b'|' {
        MEDIA_IOC_DEVICE_INFO = both 0 media_device_info, "Driver, model and version of a media device.";
        MEDIA_IOC_ENUM_ENTITIES = both 1 media_entity_desc, "An entity, by id or as the next one.";
        MEDIA_IOC_ENUM_LINKS = both 2 media_links_enum, "The pads and links of an entity.";
        MEDIA_IOC_SETUP_LINK = both 3 media_link_desc, "Enables or disables a link.";
        MEDIA_IOC_G_TOPOLOGY = both 4 media_v2_topology, "All entities, interfaces, pads and links.";
        MEDIA_IOC_REQUEST_ALLOC = read 5 i32, "Makes a request; returns its descriptor.";
        MEDIA_REQUEST_IOC_QUEUE = none 0x80 (), "On a request's descriptor: queues the request.";
        MEDIA_REQUEST_IOC_REINIT = none 0x81 (), "On a request's descriptor: empties it for the next use.";
    }
    b'b' {
        DMA_BUF_IOCTL_SYNC = write 0 dma_buf_sync, "Begins or ends an access of the CPU.";
        DMA_BUF_SET_NAME_A = write 1 u32, "Names the buffer; the number that 32-bit programs use. The argument is the text.";
        DMA_BUF_SET_NAME_B = write 1 u64, "Names the buffer; the number that 64-bit programs use. The argument is the text.";
        DMA_BUF_IOCTL_EXPORT_SYNC_FILE = both 2 dma_buf_export_sync_file, "The fences of the buffer, as a sync file.";
        DMA_BUF_IOCTL_IMPORT_SYNC_FILE = write 3 dma_buf_import_sync_file, "Adds the fence of a sync file to the buffer.";
    }
    b'H' {
        DMA_HEAP_IOCTL_ALLOC = both 0 dma_heap_allocation_data, "Allocates a dma-buf.";
    }
    b'u' {
        UVCIOC_CTRL_MAP = both 0x20 uvc_xu_control_mapping, "Makes a control of a camera's extension unit.";
        UVCIOC_CTRL_QUERY = both 0x21 uvc_xu_control_query, "Reads or writes a control of a camera's extension unit.";
        UDMABUF_CREATE = write 0x42 udmabuf_create, "Makes a dma-buf of a memfd; returns its descriptor.";
        UDMABUF_CREATE_LIST = write 0x43 udmabuf_create_list, "Makes a dma-buf of several memfds; returns its descriptor.";
    }
    b'>' {
        SYNC_IOC_MERGE = both 3 sync_merge_data, "Makes one sync file of two.";
        SYNC_IOC_FILE_INFO = both 4 sync_file_info, "The state of a sync file's fences.";
        SYNC_IOC_SET_DEADLINE = write 5 sync_set_deadline, "When the fences are needed at the latest.";
    }
}

/// Ioctls of subdevice nodes that are those of video nodes, under a second name.
pub const ALIASES: &[(&str, &str)] = &[
    ("VIDIOC_SUBDEV_G_STD", "VIDIOC_G_STD"),
    ("VIDIOC_SUBDEV_S_STD", "VIDIOC_S_STD"),
    ("VIDIOC_SUBDEV_ENUMSTD", "VIDIOC_ENUMSTD"),
    ("VIDIOC_SUBDEV_QUERYSTD", "VIDIOC_QUERYSTD"),
    ("VIDIOC_SUBDEV_G_EDID", "VIDIOC_G_EDID"),
    ("VIDIOC_SUBDEV_S_EDID", "VIDIOC_S_EDID"),
    ("VIDIOC_SUBDEV_G_DV_TIMINGS", "VIDIOC_G_DV_TIMINGS"),
    ("VIDIOC_SUBDEV_S_DV_TIMINGS", "VIDIOC_S_DV_TIMINGS"),
    ("VIDIOC_SUBDEV_ENUM_DV_TIMINGS", "VIDIOC_ENUM_DV_TIMINGS"),
    ("VIDIOC_SUBDEV_QUERY_DV_TIMINGS", "VIDIOC_QUERY_DV_TIMINGS"),
    ("VIDIOC_SUBDEV_DV_TIMINGS_CAP", "VIDIOC_DV_TIMINGS_CAP"),
];
