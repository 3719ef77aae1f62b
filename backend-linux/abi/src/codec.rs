//! Codecs: ENCODER_CMD, DECODER_CMD and their TRY forms, G_ENC_INDEX, and the old JPEG parameters.
//!
//! Kernel: `include/uapi/linux/videodev2.h`,
//! `Documentation/userspace-api/media/v4l/{vidioc-encoder-cmd,vidioc-decoder-cmd,vidioc-g-enc-index}.rst`.

use crate::define::{constants, structures, unions};

structures! {
    /// Argument of ENCODER_CMD and TRY_ENCODER_CMD. Kernel: `vidioc-encoder-cmd.rst`.
    #[repr(C)]
    struct v4l2_encoder_cmd {
        cmd: u32, "`V4L2_ENC_CMD_*`.";
        flags: u32, "Of STOP: `V4L2_ENC_CMD_STOP_AT_GOP_END`.";
        raw: v4l2_encoder_cmd_raw, "Zero.";
    }

    /// `v4l2_encoder_cmd.raw`.
    #[repr(C)]
    part v4l2_encoder_cmd_raw {
        data: [u32; 8], "Zero.";
    }

    /// Argument of DECODER_CMD and TRY_DECODER_CMD. Kernel: `vidioc-decoder-cmd.rst`.
    #[repr(C)]
    struct v4l2_decoder_cmd {
        cmd: u32, "`V4L2_DEC_CMD_*`.";
        flags: u32, "`V4L2_DEC_CMD_*` with the command in their name.";
        parameters: v4l2_decoder_cmd_parameters, "What the command needs.";
    }

    /// `v4l2_decoder_cmd.stop`.
    #[repr(C)]
    part v4l2_decoder_cmd_stop {
        pts: u64, "Where to stop; 0 is at once.";
    }

    /// `v4l2_decoder_cmd.start`.
    #[repr(C)]
    part v4l2_decoder_cmd_start {
        speed: i32, "1000 is the usual speed, 0 too.";
        format: u32, "`V4L2_DEC_START_FMT_*`.";
    }

    /// `v4l2_decoder_cmd.raw`.
    #[repr(C)]
    part v4l2_decoder_cmd_raw {
        data: [u32; 16], "All of it.";
    }

    /// A frame in [`v4l2_enc_idx`]. Kernel: `vidioc-g-enc-index.rst`.
    #[repr(C)]
    struct v4l2_enc_idx_entry {
        offset: u64, "Where it begins in the stream.";
        pts: u64, "When it is shown.";
        length: u32, "Its bytes.";
        flags: u32, "`V4L2_ENC_IDX_FRAME_*`.";
        reserved: [u32; 2], "Zero.";
    }

    /// Argument of G_ENC_INDEX. Kernel: `vidioc-g-enc-index.rst`.
    #[repr(C)]
    struct v4l2_enc_idx {
        entries: u32, "How many there are.";
        entries_cap: u32, "How many the hardware can keep.";
        reserved: [u32; 4], "Zero.";
        entry: [v4l2_enc_idx_entry; V4L2_ENC_IDX_ENTRIES as usize], "The frames.";
    }

    /// Argument of G_JPEGCOMP and S_JPEGCOMP, which controls have replaced. Kernel: `vidioc-g-jpegcomp.rst`.
    #[repr(C)]
    struct v4l2_jpegcompression {
        quality: i32, "1 to 100.";
        APPn: i32, "Which APP segment is written.";
        APP_len: i32, "Its bytes.";
        APP_data: [u8; 60], "What is in it.";
        COM_len: i32, "Bytes of the comment.";
        COM_data: [u8; 60], "The comment.";
        jpeg_markers: u32, "`V4L2_JPEG_MARKER_*`.";
    }
}

unions! {
    /// The unnamed union in `v4l2_decoder_cmd`.
    anonymous v4l2_decoder_cmd_parameters(u64, 64) {
        stop set_stop of_stop: v4l2_decoder_cmd_stop, "Command STOP.";
        start set_start of_start: v4l2_decoder_cmd_start, "Command START.";
        raw set_raw of_raw: v4l2_decoder_cmd_raw, "All of it.";
    }
}

constants! { u32:
    V4L2_ENC_CMD_START = 0, "Begin, or go on after draining.";
    V4L2_ENC_CMD_STOP = 1, "Drain.";
    V4L2_ENC_CMD_PAUSE = 2, "Pause.";
    V4L2_ENC_CMD_RESUME = 3, "Go on after a pause.";
    V4L2_ENC_CMD_STOP_AT_GOP_END = 0x1, "Stop at the end of the group of pictures.";
    V4L2_DEC_CMD_START = 0, "Begin, or go on after draining.";
    V4L2_DEC_CMD_STOP = 1, "Drain.";
    V4L2_DEC_CMD_PAUSE = 2, "Pause.";
    V4L2_DEC_CMD_RESUME = 3, "Go on after a pause.";
    V4L2_DEC_CMD_FLUSH = 4, "Stateless decoders: finish held capture buffers.";
    V4L2_DEC_CMD_START_MUTE_AUDIO = 0x1, "Without sound.";
    V4L2_DEC_CMD_PAUSE_TO_BLACK = 0x1, "Show black.";
    V4L2_DEC_CMD_STOP_TO_BLACK = 0x1, "Show black.";
    V4L2_DEC_CMD_STOP_IMMEDIATELY = 0x2, "Throw away what is not shown yet.";
    V4L2_DEC_START_FMT_NONE = 0, "Any frames.";
    V4L2_DEC_START_FMT_GOP = 1, "Whole groups of pictures.";
    V4L2_ENC_IDX_FRAME_I = 0, "A frame that can be decoded alone.";
    V4L2_ENC_IDX_FRAME_P = 1, "A predicted frame.";
    V4L2_ENC_IDX_FRAME_B = 2, "A bidirectionally predicted frame.";
    V4L2_ENC_IDX_FRAME_MASK = 0xf, "The bits that name the kind.";
    V4L2_ENC_IDX_ENTRIES = 64, "The most frames of one call.";
    V4L2_JPEG_MARKER_DHT = 0x8, "Huffman tables.";
    V4L2_JPEG_MARKER_DQT = 0x10, "Quantization tables.";
    V4L2_JPEG_MARKER_DRI = 0x20, "Restart interval.";
    V4L2_JPEG_MARKER_COM = 0x40, "Comment.";
    V4L2_JPEG_MARKER_APP = 0x80, "APP segment.";
}
