//! How both sides begin: with the same format, rate and controls.

use super::*;

impl Pair {
    /// Opens both; the real node's driver is held still.
    pub fn new(mut real: Real, mut simulated: Simulated, first: &v4l2_format) -> Result<Self, String> {
        let failed = |what: &str, error: i32| format!("{what}: errno {error}");
        real.set_buffer_type(first.type_);
        real.set_control(true).map_err(|error| failed("open", error))?;
        simulated.set_control(true).map_err(|error| failed("open on the simulator", error))?;
        let mut pair = Self { real, simulated, timing: Timing::default(), flags_next: false, sleeper: None };
        pair.hold(true).map_err(|error| failed("holding the driver", error))?;
        if !matches!(first.type_, 2 | 10) {
            pair.set_up_inputs().map_err(|error| failed("setting the inputs up", error))?;
        }
        // How hue is counted outlives a sequence, too; a format without any encoding sets it.
        let [mut left, mut right] = [format(first.type_, (640, 360), *b"RGB3"); 2];
        pair.real.set_up(VIDIOC_S_FMT, &mut left).map_err(|error| failed("S_FMT of RGB", error))?;
        pair.simulated.set_format(&mut right).map_err(|error| failed("S_FMT of RGB", error))?;
        let (mut left, mut right) = (*first, *first);
        pair.real.set_up(VIDIOC_S_FMT, &mut left).map_err(|error| failed("S_FMT", error))?;
        if !matches!(first.type_, 2 | 10) {
            let timeperframe = v4l2_fract { numerator: 1, denominator: 60 };
            let capture = v4l2_captureparm { timeperframe, ..Default::default() };
            let parm = v4l2_streamparm_parm::of_capture(capture);
            pair.real
                .set_up(VIDIOC_S_PARM, &mut v4l2_streamparm { type_: first.type_, parm })
                .map_err(|error| failed("S_PARM", error))?;
        }
        pair.simulated.set_format(&mut right).map_err(|error| failed("S_FMT", error))?;
        // Of an output its signal's, of a capture node what was set.
        let mut rate = v4l2_streamparm { type_: first.type_, ..Default::default() };
        pair.real.set_up(VIDIOC_G_PARM, &mut rate).map_err(|error| failed("G_PARM", error))?;
        let v4l2_fract { numerator, denominator } = rate.parm.capture().timeperframe;
        pair.simulated.node.set_frame_interval(FrameInterval { numerator, denominator });
        pair.reset_controls().map_err(|error| failed("the controls' defaults", error))?;
        if left != right {
            let shown = |format: v4l2_format| Ioctl::new(0, VIDIOC_S_FMT, format);
            return Err(format!("the first format differs: kernel {:?}, simulator {:?}", shown(left), shown(right)));
        }
        Ok(pair)
    }

    /// Sets the real node's controls to what they are at first: they outlive a sequence.
    pub(super) fn reset_controls(&self) -> Result<(), i32> {
        for control in self.simulated.node.profile().controls {
            let version = self.simulated.node.kernel().version;
            let is_here = (control.kernels.0..control.kernels.1).contains(&version);
            let is_set = !control.flags.intersects(ControlFlags::READ_ONLY | ControlFlags::WRITE_ONLY);
            if !is_here || !is_set || !is_settled(control.id.0) {
                continue;
            }
            let mut element = v4l2_ext_control { id: control.id.0, size: 512, ..Default::default() };
            // Of an array whose length can be set, its first length; a smaller room than it has now is refused.
            let is_dynamic = control.flags.contains(ControlFlags::DYNAMIC_ARRAY);
            let mut value = element.value;
            let payload = control.control_type.is_compound() || !control.dims.is_empty();
            if payload || control.control_type == ControlType::STRING {
                value.set_ptr(POINTED as usize + 64);
                element.value = value;
            }
            let mut page = vec![0; POINTED_LENGTH];
            for (number, which) in [(VIDIOC_G_EXT_CTRLS, V4L2_CTRL_WHICH_DEF_VAL), (VIDIOC_S_EXT_CTRLS, 0)] {
                if is_dynamic && number == VIDIOC_S_EXT_CTRLS {
                    element.size = 4;
                }
                element.put(&mut page, 0);
                put_pointed(&page);
                let controls = POINTED as usize;
                let mut call = v4l2_ext_controls { which, count: 1, controls, ..Default::default() };
                self.real.set_up(number, &mut call)?;
                get_pointed(&mut page);
                element = v4l2_ext_control::get(&page, 0);
            }
        }
        Ok(())
    }
}
