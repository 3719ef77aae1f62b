//! Ids and menu items of controls of stateful codecs.
//!
//! Not here: audio, VP8 to AV1, hierarchical coding, and stateless codecs with their structures.
//!
//! Kernel: `include/uapi/linux/v4l2-controls.h`, `Documentation/userspace-api/media/v4l/ext-ctrls-codec.rst`.

use crate::define::constants;

constants! { u32:
    V4L2_CID_CODEC_BASE = 0x99_0900, "Where the codec controls begin.";
    V4L2_CID_CODEC_CLASS = 0x99_0001, "The title of the codec controls.";
    V4L2_CID_CODEC_STATELESS_BASE = 0xa4_0900, "Where the controls of stateless codecs begin.";
    V4L2_CID_CODEC_STATELESS_CLASS = 0xa4_0001, "The title of the controls of stateless codecs.";

    V4L2_CID_MPEG_VIDEO_B_FRAMES = V4L2_CID_CODEC_BASE + 202, "B frames between others.";
    V4L2_CID_MPEG_VIDEO_GOP_SIZE = V4L2_CID_CODEC_BASE + 203, "Frames of a group of pictures.";
    V4L2_CID_MPEG_VIDEO_GOP_CLOSURE = V4L2_CID_CODEC_BASE + 204, "Groups of pictures are closed.";
    V4L2_CID_MPEG_VIDEO_BITRATE_MODE = V4L2_CID_CODEC_BASE + 206, "Constant or variable bit rate.";
    V4L2_CID_MPEG_VIDEO_BITRATE = V4L2_CID_CODEC_BASE + 207, "Bits a second.";
    V4L2_CID_MPEG_VIDEO_BITRATE_PEAK = V4L2_CID_CODEC_BASE + 208, "The most bits a second.";
    V4L2_CID_MPEG_VIDEO_DECODER_SLICE_INTERFACE = V4L2_CID_CODEC_BASE + 212, "Buffers may hold slices.";
    V4L2_CID_MPEG_VIDEO_FRAME_RC_ENABLE = V4L2_CID_CODEC_BASE + 215, "The bit rate is regulated, frame by frame.";
    V4L2_CID_MPEG_VIDEO_HEADER_MODE = V4L2_CID_CODEC_BASE + 216, "Headers alone or with the first frame.";
    V4L2_CID_MPEG_VIDEO_MAX_REF_PIC = V4L2_CID_CODEC_BASE + 217, "The most frames that are referred to.";
    V4L2_CID_MPEG_VIDEO_MB_RC_ENABLE = V4L2_CID_CODEC_BASE + 218, "The bit rate is regulated, block by block.";
    V4L2_CID_MPEG_VIDEO_MULTI_SLICE_MAX_BYTES = V4L2_CID_CODEC_BASE + 219, "The most bytes of a slice.";
    V4L2_CID_MPEG_VIDEO_MULTI_SLICE_MAX_MB = V4L2_CID_CODEC_BASE + 220, "The most macroblocks of a slice.";
    V4L2_CID_MPEG_VIDEO_MULTI_SLICE_MODE = V4L2_CID_CODEC_BASE + 221, "How slices are cut.";
    V4L2_CID_MPEG_VIDEO_VBV_SIZE = V4L2_CID_CODEC_BASE + 222, "Size of the decoder's buffer.";
    V4L2_CID_MPEG_VIDEO_REPEAT_SEQ_HEADER = V4L2_CID_CODEC_BASE + 226, "Headers before each key frame.";
    V4L2_CID_MPEG_VIDEO_FORCE_KEY_FRAME = V4L2_CID_CODEC_BASE + 229, "The next frame is a key frame.";
    V4L2_CID_MPEG_VIDEO_AU_DELIMITER = V4L2_CID_CODEC_BASE + 231, "Delimiters between frames.";
    V4L2_CID_MPEG_VIDEO_INTRA_REFRESH_PERIOD = V4L2_CID_CODEC_BASE + 236, "Frames until all blocks were refreshed.";
    V4L2_CID_MPEG_VIDEO_INTRA_REFRESH_PERIOD_TYPE = V4L2_CID_CODEC_BASE + 237, "In which order blocks are refreshed.";
    V4L2_CID_MPEG_VIDEO_MPEG2_LEVEL = V4L2_CID_CODEC_BASE + 270, "MPEG-2: level.";
    V4L2_CID_MPEG_VIDEO_MPEG2_PROFILE = V4L2_CID_CODEC_BASE + 271, "MPEG-2: profile.";
    V4L2_CID_FWHT_I_FRAME_QP = V4L2_CID_CODEC_BASE + 290, "FWHT: quantizer of I frames.";
    V4L2_CID_FWHT_P_FRAME_QP = V4L2_CID_CODEC_BASE + 291, "FWHT: quantizer of P frames.";
    V4L2_CID_MPEG_VIDEO_H264_I_FRAME_QP = V4L2_CID_CODEC_BASE + 350, "H.264: quantizer of I frames.";
    V4L2_CID_MPEG_VIDEO_H264_P_FRAME_QP = V4L2_CID_CODEC_BASE + 351, "H.264: quantizer of P frames.";
    V4L2_CID_MPEG_VIDEO_H264_B_FRAME_QP = V4L2_CID_CODEC_BASE + 352, "H.264: quantizer of B frames.";
    V4L2_CID_MPEG_VIDEO_H264_MIN_QP = V4L2_CID_CODEC_BASE + 353, "H.264: smallest quantizer.";
    V4L2_CID_MPEG_VIDEO_H264_MAX_QP = V4L2_CID_CODEC_BASE + 354, "H.264: largest quantizer.";
    V4L2_CID_MPEG_VIDEO_H264_8X8_TRANSFORM = V4L2_CID_CODEC_BASE + 355, "H.264: transform of 8x8.";
    V4L2_CID_MPEG_VIDEO_H264_CPB_SIZE = V4L2_CID_CODEC_BASE + 356, "H.264: size of the decoder's buffer.";
    V4L2_CID_MPEG_VIDEO_H264_ENTROPY_MODE = V4L2_CID_CODEC_BASE + 357, "H.264: CAVLC or CABAC.";
    V4L2_CID_MPEG_VIDEO_H264_I_PERIOD = V4L2_CID_CODEC_BASE + 358, "H.264: frames from one I frame to the next.";
    V4L2_CID_MPEG_VIDEO_H264_LEVEL = V4L2_CID_CODEC_BASE + 359, "H.264: level.";
    V4L2_CID_MPEG_VIDEO_H264_LOOP_FILTER_MODE = V4L2_CID_CODEC_BASE + 362, "H.264: loop filter.";
    V4L2_CID_MPEG_VIDEO_H264_PROFILE = V4L2_CID_CODEC_BASE + 363, "H.264: profile.";
    V4L2_CID_MPEG_VIDEO_H264_I_FRAME_MIN_QP = V4L2_CID_CODEC_BASE + 385, "H.264: smallest quantizer of I frames.";
    V4L2_CID_MPEG_VIDEO_H264_I_FRAME_MAX_QP = V4L2_CID_CODEC_BASE + 386, "H.264: largest quantizer of I frames.";
    V4L2_CID_MPEG_VIDEO_MPEG4_LEVEL = V4L2_CID_CODEC_BASE + 405, "MPEG-4: level.";
    V4L2_CID_MPEG_VIDEO_MPEG4_PROFILE = V4L2_CID_CODEC_BASE + 406, "MPEG-4: profile.";

    V4L2_MPEG_VIDEO_BITRATE_MODE_VBR = 0, "Variable.";
    V4L2_MPEG_VIDEO_BITRATE_MODE_CBR = 1, "Constant.";
    V4L2_MPEG_VIDEO_BITRATE_MODE_CQ = 2, "Constant quality.";
    V4L2_MPEG_VIDEO_HEADER_MODE_SEPARATE = 0, "Alone.";
    V4L2_MPEG_VIDEO_HEADER_MODE_JOINED_WITH_1ST_FRAME = 1, "With the first frame.";
    V4L2_MPEG_VIDEO_MULTI_SLICE_MODE_SINGLE = 0, "One slice a frame.";
    V4L2_MPEG_VIDEO_MULTI_SLICE_MODE_MAX_MB = 1, "By macroblocks.";
    V4L2_MPEG_VIDEO_MULTI_SLICE_MODE_MAX_BYTES = 2, "By bytes.";
    V4L2_MPEG_VIDEO_H264_ENTROPY_MODE_CAVLC = 0, "CAVLC.";
    V4L2_MPEG_VIDEO_H264_ENTROPY_MODE_CABAC = 1, "CABAC.";
    V4L2_MPEG_VIDEO_H264_LOOP_FILTER_MODE_ENABLED = 0, "On.";
    V4L2_MPEG_VIDEO_H264_LOOP_FILTER_MODE_DISABLED = 1, "Off.";
    V4L2_MPEG_VIDEO_H264_LOOP_FILTER_MODE_DISABLED_AT_SLICE_BOUNDARY = 2, "Off between slices.";
    V4L2_MPEG_VIDEO_H264_LEVEL_1_0 = 0, "1.0.";
    V4L2_MPEG_VIDEO_H264_LEVEL_1B = 1, "1b.";
    V4L2_MPEG_VIDEO_H264_LEVEL_1_1 = 2, "1.1.";
    V4L2_MPEG_VIDEO_H264_LEVEL_1_2 = 3, "1.2.";
    V4L2_MPEG_VIDEO_H264_LEVEL_1_3 = 4, "1.3.";
    V4L2_MPEG_VIDEO_H264_LEVEL_2_0 = 5, "2.0.";
    V4L2_MPEG_VIDEO_H264_LEVEL_2_1 = 6, "2.1.";
    V4L2_MPEG_VIDEO_H264_LEVEL_2_2 = 7, "2.2.";
    V4L2_MPEG_VIDEO_H264_LEVEL_3_0 = 8, "3.0.";
    V4L2_MPEG_VIDEO_H264_LEVEL_3_1 = 9, "3.1.";
    V4L2_MPEG_VIDEO_H264_LEVEL_3_2 = 10, "3.2.";
    V4L2_MPEG_VIDEO_H264_LEVEL_4_0 = 11, "4.0.";
    V4L2_MPEG_VIDEO_H264_LEVEL_4_1 = 12, "4.1.";
    V4L2_MPEG_VIDEO_H264_LEVEL_4_2 = 13, "4.2.";
    V4L2_MPEG_VIDEO_H264_LEVEL_5_0 = 14, "5.0.";
    V4L2_MPEG_VIDEO_H264_LEVEL_5_1 = 15, "5.1.";
    V4L2_MPEG_VIDEO_H264_LEVEL_5_2 = 16, "5.2.";
    V4L2_MPEG_VIDEO_H264_PROFILE_BASELINE = 0, "Baseline.";
    V4L2_MPEG_VIDEO_H264_PROFILE_CONSTRAINED_BASELINE = 1, "Constrained baseline.";
    V4L2_MPEG_VIDEO_H264_PROFILE_MAIN = 2, "Main.";
    V4L2_MPEG_VIDEO_H264_PROFILE_EXTENDED = 3, "Extended.";
    V4L2_MPEG_VIDEO_H264_PROFILE_HIGH = 4, "High.";
    V4L2_MPEG_VIDEO_H264_PROFILE_HIGH_10 = 5, "High 10.";
    V4L2_MPEG_VIDEO_H264_PROFILE_HIGH_422 = 6, "High 4:2:2.";
}
