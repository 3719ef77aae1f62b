//! The programs, as a table. A script is one of `sh`, in the folder `$OUT`, with our programs in `$BIN`, the compiled ones in `$MADE`.

/// A program.
pub struct Program {
    /// Its name.
    pub name: &'static str,
    /// What it does here.
    pub does: &'static str,
    /// Where its version is: a Debian package, `pip:` and a package, or `crate:` and a version.
    pub version: &'static str,
    /// The cameras.
    pub cameras: &'static [&'static str],
    /// What runs.
    pub script: &'static str,
    /// What is in the file `frames` afterwards: pixel format, size, how many.
    pub frames: Option<(&'static str, &'static str, u32)>,
    /// What must be in its output.
    pub shows: &'static str,
    /// What the preloaded library did, which was there before the runner: measured on 26 November 2026.
    pub before: &'static str,
}

const WEBCAM: &[&str] = &["/dev/video0=vivid-webcam"];
const FAST: &[&str] = &["/dev/video0=vivid,rate=60"];
const OUTPUT: &[&str] = &["/dev/video0=vivid-output,rate=60"];
const WRITTEN: &[&str] = &["/dev/video0=vivid-output,rate=60,read=on"];
const BOTH: &[&str] = &["/dev/video0=vivid,rate=60", "/dev/video1=vivid-output,rate=60"];
const SMALL: Option<(&str, &str, u32)> = Some(("YUYV", "320x240", 60));
const USUAL: Option<(&str, &str, u32)> = Some(("YUYV", "640x480", 60));

const fn program(name: &'static str, does: &'static str, version: &'static str, script: &'static str) -> Program {
    Program { name, does, version, cameras: WEBCAM, script, frames: None, shows: "", before: "" }
}

impl Program {
    const fn on(self, cameras: &'static [&'static str]) -> Self {
        Self { cameras, ..self }
    }

    const fn frames(self, frames: Option<(&'static str, &'static str, u32)>) -> Self {
        Self { frames, ..self }
    }

    const fn shows(self, shows: &'static str) -> Self {
        Self { shows, ..self }
    }

    const fn before(self, before: &'static str) -> Self {
        Self { before, ..self }
    }
}

/// All of them.
pub const ALL: &[Program] = &[
    program(
        "v4l2-ctl",
        "every list option, `-w` too",
        "v4l-utils",
        "for w in --all --info --list-formats-ext --list-ctrls-menus --list-inputs --get-parm --get-fmt-video --get-input \
         --get-priority --log-status '--list-framesizes YUYV' '--list-frameintervals width=640,height=480,pixelformat=YUYV' \
         '--set-ctrl brightness=9 --get-ctrl brightness' '-w --get-fmt-video'; do v4l2-ctl -d /dev/video0 $w || exit 1; done; \
         v4l2-ctl --list-devices",
    )
    .shows("/dev/video0").before("fails with `-w`: no such file"),
    program("v4l2-ctl", "MMAP", "v4l-utils", "v4l2-ctl -d0 --stream-mmap --stream-count=60 --stream-to=frames")
        .on(FAST)
        .frames(SMALL).before("works"),
    program("v4l2-ctl", "USERPTR", "v4l-utils", "v4l2-ctl -d0 --stream-user --stream-count=60 --stream-to=frames")
        .on(FAST)
        .frames(SMALL).before("works"),
    program(
        "v4l2-ctl",
        "DMABUF of an output",
        "v4l-utils",
        "v4l2-ctl -d0 --stream-dmabuf --export-device /dev/video1 --stream-count=60 --stream-to=frames",
    )
    .on(BOTH)
    .frames(SMALL).before("works"),
    program("v4l2-ctl", "output", "v4l-utils", "v4l2-ctl -d0 --stream-out-mmap --stream-count=60").on(OUTPUT).before("works"),
    program("v4l2-ctl", "libv4l2 (`-w`)", "v4l-utils", "v4l2-ctl -w -d0 --stream-mmap --stream-count=60 --stream-to=frames")
        .on(FAST)
        .frames(SMALL).before("fails: no such file"),
    program("yavta", "MMAP", "yavta", "yavta -c60 -n4 -f YUYV -s 320x240 -Fframes /dev/video0").on(FAST).frames(SMALL).before("works"),
    program("yavta", "USERPTR", "yavta", "yavta -c60 -n4 -u -f YUYV -s 320x240 -Fframes /dev/video0").on(FAST).frames(SMALL).before("works"),
    program("yavta", "output", "yavta", "yavta -c60 -n4 --requeue-last -f YUYV -s 320x240 /dev/video0")
        .on(OUTPUT)
        .shows("Captured 60 frames").before("works"),
    program(
        "FFmpeg",
        "capture",
        "ffmpeg",
        "ffmpeg -loglevel error -f v4l2 -input_format yuyv422 -video_size 640x480 -i /dev/video0 -frames:v 60 -f rawvideo \
         -pix_fmt yuyv422 -fps_mode passthrough frames",
    )
    .frames(USUAL).before("works"),
    program(
        "FFmpeg",
        "output, by write()",
        "ffmpeg",
        "ffmpeg -loglevel error -f lavfi -i testsrc=size=320x240:rate=60 -pix_fmt yuyv422 -frames:v 60 -f v4l2 /dev/video0",
    )
    .on(WRITTEN).before("fails: EINVAL, as on vivid"),
    program(
        "ffplay",
        "three seconds, no screen",
        "ffmpeg",
        "SDL_VIDEODRIVER=dummy timeout 5 ffplay -loglevel verbose -f v4l2 -video_size 640x480 /dev/video0 2>&1 | tr '\\r' '\\n' | \
         tail -2; true",
    )
    .shows("M-V:").before("works"),
    program("mpv", "60 frames, no screen", "mpv", "mpv --no-config --vo=null --ao=null --frames=60 av://v4l2:/dev/video0")
        .shows("Exiting... (End of file)").before("works"),
    program(
        "VLC",
        "five seconds, no screen",
        "vlc-bin",
        "as=; test $(id -u) = 0 && as='setpriv --reuid=65534 --regid=65534 --clear-groups'; HOME=/tmp timeout 8 $as vlc -I dummy \
         -vv --no-audio --vout dummy v4l2:///dev/video0 2>&1 | grep -E 'YUY2|video output' | tail -20; true",
    )
    .shows("YUY2").before("fails: no picture"),
    program(
        "GStreamer",
        "v4l2src, io-mode auto",
        "gstreamer1.0-plugins-good",
        "gst-launch-1.0 -q v4l2src device=/dev/video0 num-buffers=60 ! video/x-raw,format=YUY2,width=320,height=240 ! \
         filesink location=frames",
    )
    .on(FAST)
    .frames(SMALL).before("works"),
    program(
        "GStreamer",
        "io-mode=mmap",
        "gstreamer1.0-plugins-good",
        "gst-launch-1.0 -q v4l2src io-mode=mmap device=/dev/video0 num-buffers=60 ! video/x-raw,format=YUY2,width=320,height=240 \
         ! filesink location=frames",
    )
    .on(FAST)
    .frames(SMALL).before("works"),
    program(
        "GStreamer",
        "io-mode=dmabuf",
        "gstreamer1.0-plugins-good",
        "gst-launch-1.0 -q v4l2src io-mode=dmabuf device=/dev/video0 num-buffers=60 ! \
         video/x-raw,format=YUY2,width=320,height=240 ! filesink location=frames",
    )
    .on(FAST)
    .frames(SMALL).before("works"),
    program(
        "GStreamer",
        "io-mode=rw",
        "gstreamer1.0-plugins-good",
        "gst-launch-1.0 -q v4l2src io-mode=rw device=/dev/video0 num-buffers=60 ! video/x-raw,format=YUY2,width=320,height=240 ! \
         filesink location=frames",
    )
    .on(FAST)
    .frames(SMALL).before("works"),
    program(
        "GStreamer",
        "v4l2sink",
        "gstreamer1.0-plugins-good",
        "gst-launch-1.0 -q videotestsrc num-buffers=60 ! video/x-raw,format=YUY2,width=320,height=240 ! v4l2sink device=/dev/video0",
    )
    .on(OUTPUT).before("works"),
    program("OpenCV", "without conversion", "pip:opencv-python-headless", "$PYTHON $HERE/opencv.py frames 60 640 480").frames(USUAL).before("works"),
    program("PyAV", "packets", "pip:av", "$PYTHON $HERE/pyav.py frames").frames(USUAL).before("works"),
    program("linuxpy", "capture, controls", "pip:linuxpy", "$PYTHON $HERE/linuxpy_.py frames").frames(USUAL).before("works"),
    program("fswebcam", "a picture", "fswebcam", "fswebcam -q -d /dev/video0 -r 640x480 --png 9 -S 2 p.png; file p.png")
        .shows("PNG image data, 640 x 480").before("works"),
    program("motion", "eight seconds, pictures", "motion", "timeout 8 motion -n -c $HERE/motion.conf; ls pictures").shows(".jpg").before("works"),
    program("ustreamer", "a picture by HTTP", "ustreamer", "sh $HERE/ustreamer.sh").shows("JPEG image data").before("works"),
    program("streamer", "pictures", "streamer", "streamer -c /dev/video0 -s 640x480 -f jpeg -o p00.jpeg -t 3; file p0*.jpeg")
        .shows("p02.jpeg: JPEG image data").before("fails: no grabber device available"),
    program(
        "guvcview",
        "two pictures",
        "guvcview",
        "HOME=$OUT xvfb-run -a timeout 40 guvcview -d /dev/video0 -g none -r none -a none -x 640x480 -f YUYV -i $OUT/p.png -n 2 -t 1 -e; file p-*.png",
    )
    .shows("p-2.png: PNG image data, 640 x 480").before("fails: no video device found"),
    program("qv4l2", "its window, from a screenshot", "qv4l2", "xvfb-run -a sh $HERE/qv4l2.sh").shows("V4L2 Capture").before("fails: it sees no camera"),
    program("zbarcam", "eight seconds, in a window", "zbar-tools", "xvfb-run -a timeout 8 zbarcam -v /dev/video0 2>&1; true")
        .shows("using 4 buffers").before("fails: no such file"),
    program("Chromium", "getUserMedia, 60 frames", "chromium", "sh $HERE/chromium.sh").shows("done 60 frames 640x480").before("fails: requested device not found"),
    program("crate v4l", "MMAP", "crate:0.14.0", "$MADE/v4l /dev/video0 20 60").shows("nanoseconds").before("fails: it uses `syscall()`"),
    program("crate v4l2r", "MMAP", "crate:0.0.8", "$MADE/v4l2r /dev/video0 20 60").shows("nanoseconds").before("works"),
    program("crate linuxvideo", "MMAP", "crate:0.3.5", "$MADE/linuxvideo /dev/video0 20 60").shows("nanoseconds").before("works"),
    program("crate nokhwa", "capture", "crate:0.10", "$MADE/nokhwa frames").frames(USUAL).before("fails: by the crate v4l"),
    program("a static C program", "22 cases of descriptors, signals, processes", "gcc", "$MADE/descriptors")
        .on(&["/dev/video0=vivid,rate=120"])
        .shows("22 passed, 0 failed").before("fails: a static program preloads nothing"),
    program("the same with ThreadSanitizer", "22 cases", "gcc", "$MADE/descriptors-tsan")
        .on(&["/dev/video0=vivid,rate=120"])
        .shows(" passed, 0 failed").before("fails: a panic in the library"),
    program("Go without cgo", "60 frames", "golang-go", "$MADE/go-capture frames").frames(USUAL).before("fails: no C library"),
    program("vidbuf's `firmware`", "no C library", "", "$MADE/firmware /dev/video0 60").on(FAST).before("fails: no C library"),
    program("vidbuf's `capture`", "with its own system calls", "", "$BIN/examples/capture --device /dev/video0 --frames 60").on(FAST).before("fails: its system calls are its own"),
    program(
        "valgrind",
        "v4l2-ctl under memcheck",
        "valgrind",
        "valgrind -q --undef-value-errors=no --error-exitcode=9 v4l2-ctl -d0 --stream-mmap --stream-count=20 --stream-to=frames",
    )
    .on(&["/dev/video0=vivid,rate=10"])
    .frames(Some(("YUYV", "320x240", 20))).before("works"),
    program("head", "from `/dev/video0`, by read()", "coreutils", "head -c 9216000 </dev/video0 >frames").on(FAST).frames(SMALL).before("fails: nothing is read"),
    program("head", "to `/dev/video0`, by write()", "coreutils", "head -c 9216000 /dev/zero >/dev/video0").on(WRITTEN).before("status 0; not looked at further"),
];
