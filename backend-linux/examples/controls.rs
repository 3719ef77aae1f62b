//! Lists a camera's controls, and sets some: `controls [NODE] [NAME=VALUE]...`, `/dev/video0` if no node is named.
//!
//! A node is a path: a subdevice node, `/dev/v4l-subdev0`, has controls, too. A name is the control's own or as `v4l2-ctl` spells it
//! (`white_balance_automatic`); a value is a number, of a menu also the name of an item.

use vidbuf::node::{Control, ControlType, Controls};
use vidbuf::{Errno, Error};
use vidbuf_linux::Device;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let (settings, nodes): (Vec<_>, Vec<_>) = std::env::args().skip(1).partition(|word| word.contains('='));
    let camera = Device::open(nodes.first().map_or("/dev/video0", String::as_str))?;
    for setting in &settings {
        let (name, value) = setting.split_once('=').unwrap_or_default();
        let control = camera.find_control(name)?.ok_or_else(|| format!("{name}: no such control"))?;
        set(&camera, &control, value).map_err(|error| format!("{setting}: {error}"))?;
    }
    for control in camera.controls() {
        list(&camera, &control?)?;
    }
    Ok(())
}

/// Sets a control to a value in words.
pub fn set(camera: &impl Controls, control: &Control, value: &str) -> Result<(), Error> {
    if control.control_type == ControlType::STRING {
        return Ok(camera.set_text(control, value)?);
    }
    let mut items = camera.menu(control).filter_map(Result::ok);
    let number = match value.parse() {
        Ok(number) => number,
        Err(_) => items.find(|item| item.label.to_string() == value).ok_or(Errno::EINVAL)?.index.into(),
    };
    let now = camera.set_value(control, number)?;
    println!("{}: {number} is set as {now}", control.name);
    Ok(())
}

/// Prints a control, its value, and the items of a menu.
pub fn list(camera: &impl Controls, control: &Control) -> Result<(), Errno> {
    if control.control_type == ControlType::CTRL_CLASS {
        println!("\n{}", control.name);
        return Ok(());
    }
    let (kind, limits) = (control.control_type.name().unwrap_or("structure"), control.minimum..=control.maximum);
    print!("{} {} {kind} {limits:?} step {} default {}", control.id, control.spelling(), control.step, control.default);
    let mut room = [0; 1024];
    match camera.value(control) {
        Ok(value) => print!(" value {value}"),
        Err(_) if control.control_type == ControlType::STRING => {
            print!(" value {:?}", String::from_utf8_lossy(camera.bytes(control, &mut room)?));
        }
        Err(_) if control.has_payload() => print!(" {} x {} bytes", control.elems, control.elem_size),
        Err(_) => {}
    }
    println!(" {:?}", control.flags);
    for item in camera.menu(control) {
        let item = item?;
        println!("    {}: {}", item.index, item.label);
    }
    Ok(())
}
