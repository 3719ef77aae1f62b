//! Controls: listed by `info`, set by `--set`. The same on a real camera and on a simulated one.

use std::fmt::{Display, Write as _};

use vidbuf::Errno;
use vidbuf::node::{Control, ControlFlags, ControlType, Controls};

use crate::arguments::Setting;

/// What a control's flags are called.
const FLAGS: [(ControlFlags, &str); 13] = [
    (ControlFlags::DISABLED, "disabled"),
    (ControlFlags::GRABBED, "grabbed"),
    (ControlFlags::READ_ONLY, "read-only"),
    (ControlFlags::UPDATE, "update"),
    (ControlFlags::INACTIVE, "inactive"),
    (ControlFlags::SLIDER, "slider"),
    (ControlFlags::WRITE_ONLY, "write-only"),
    (ControlFlags::VOLATILE, "volatile"),
    (ControlFlags::HAS_PAYLOAD, "has-payload"),
    (ControlFlags::EXECUTE_ON_WRITE, "execute-on-write"),
    (ControlFlags::MODIFY_LAYOUT, "modify-layout"),
    (ControlFlags::DYNAMIC_ARRAY, "dynamic-array"),
    (ControlFlags::HAS_WHICH_MIN_MAX, "has-min-max"),
];

/// Adds every control with its limits and its value, and the items of menus. A node without controls adds nothing.
pub fn list(camera: &impl Controls, to: &mut String) -> Result<(), String> {
    for control in camera.controls() {
        let control = match control {
            Ok(control) => control,
            Err(Errno::ENOTTY) => return Ok(()),
            Err(error) => return Err(format!("VIDIOC_QUERY_EXT_CTRL: {error}")),
        };
        // A `String` has room.
        let _ = if control.control_type == ControlType::CTRL_CLASS {
            writeln!(to, "{}", control.name)
        } else {
            writeln!(to, "         {}", line(camera, &control))
        };
        for item in camera.menu(&control) {
            let item = item.map_err(|error| format!("VIDIOC_QUERYMENU: {error}"))?;
            let _ = writeln!(to, "             {}: {}", item.index, item.label);
        }
    }
    Ok(())
}

/// `brightness (int): 0 to 255 in steps of 1, default 128, value 128 [slider]`
fn line(camera: &impl Controls, control: &Control) -> String {
    let kind = control.control_type.name().map_or_else(|| format!("type {:#x}", control.control_type.0), Into::into);
    let mut parts = limits(control);
    if !control.has_payload() && control.control_type != ControlType::BUTTON {
        parts.push(format!("default {}", number(control, control.default)));
    }
    if control.is_readable() {
        match value(camera, control) {
            Ok(value) => parts.extend(value),
            // Some cameras refuse to report one of theirs; the others are still of interest.
            Err(error) => parts.push(format!("no value ({error})")),
        }
    }
    let flags: Vec<_> = FLAGS.iter().filter(|(flag, _)| control.flags.contains(*flag)).map(|(_, name)| *name).collect();
    let flags = if flags.is_empty() { String::new() } else { format!(" [{}]", flags.join(" ")) };
    let colon = if parts.is_empty() { "" } else { ": " };
    format!("{} ({kind}){colon}{}{flags}", control.spelling(), parts.join(", "))
}

/// What it can be set to.
fn limits(control: &Control) -> Vec<String> {
    let (minimum, maximum) = (control.minimum, control.maximum);
    match control.control_type {
        ControlType::BUTTON => Vec::new(),
        _ if control.is_array() || control.control_type.is_compound() => {
            // Structures have no limits.
            let each = if minimum < maximum { format!(", each {minimum} to {maximum}") } else { String::new() };
            vec![format!("{} x {} bytes{each}", control.elems, control.elem_size)]
        }
        ControlType::STRING => vec![format!("text of {minimum} to {maximum} bytes")],
        ControlType::BITMASK => vec![format!("bits of {maximum:#x}")],
        ControlType::BOOLEAN | ControlType::MENU | ControlType::INTEGER_MENU => vec![format!("{minimum} to {maximum}")],
        _ => vec![format!("{minimum} to {maximum} in steps of {}", control.step.max(1))],
    }
}

/// The value, if it is a number or text.
fn value(camera: &impl Controls, control: &Control) -> Result<Option<String>, Errno> {
    if !control.has_payload() {
        return Ok(Some(format!("value {}", number(control, camera.value(control)?))));
    }
    if control.control_type != ControlType::STRING || control.is_array() {
        return Ok(None);
    }
    let mut room = vec![0; control.size().unwrap_or_default().min(1 << 16)];
    Ok(Some(format!("value {:?}", String::from_utf8_lossy(camera.bytes(control, &mut room)?))))
}

fn number(control: &Control, value: i64) -> String {
    if control.control_type == ControlType::BITMASK { format!("{value:#x}") } else { value.to_string() }
}

/// Sets controls, one after the other, as the user ordered them: one may make another one settable.
pub fn set(camera: &impl Controls, settings: &[Setting]) -> Result<(), String> {
    settings.iter().try_for_each(|setting| set_one(camera, setting))
}

fn set_one(camera: &impl Controls, Setting { name, value }: &Setting) -> Result<(), String> {
    let control = match camera.find_control(name) {
        Ok(Some(control)) => control,
        Ok(None) => return Err(format!("there is no control {name}: `capture info` lists them")),
        Err(Errno::ENOTTY) => return Err(format!("there is no control {name}: the node has no controls")),
        Err(error) => return Err(format!("{name}: VIDIOC_QUERY_EXT_CTRL: {error}")),
    };
    let failed = |why: &dyn Display| format!("{}={value}: {why}; {}", control.spelling(), takes(camera, &control));
    if control.control_type == ControlType::STRING && !control.is_array() {
        let limits = control.minimum..=control.maximum;
        if !i64::try_from(value.len()).is_ok_and(|length| limits.contains(&length)) {
            return Err(failed(&format!("{} bytes are not possible", value.len())));
        }
        return camera.set_text(&control, value).map_err(|error| failed(&refused(&control, error)));
    }
    if control.has_payload() {
        return Err(failed(&"it is no number and no text"));
    }
    let number = parsed(camera, &control, value).ok_or_else(|| failed(&"not possible"))?;
    let set = camera.set_value(&control, number).map_err(|error| failed(&refused(&control, error)))?;
    if set != number && control.is_readable() {
        eprintln!("capture: {}: {set} instead of {number}", control.spelling());
    }
    Ok(())
}

/// The number that these words mean, if the control can have it. The driver would bring it into range without a word.
fn parsed(camera: &impl Controls, control: &Control, words: &str) -> Option<i64> {
    let plain = match words.strip_prefix("0x") {
        Some(digits) => i64::from_str_radix(digits, 16).ok(),
        None => words.parse().ok(),
    };
    let in_range = plain.filter(|number| (control.minimum..=control.maximum).contains(number));
    match (control.control_type, words) {
        (ControlType::BUTTON, _) => Some(plain.unwrap_or(1)),
        (ControlType::BOOLEAN, "true" | "on" | "yes") => Some(1),
        (ControlType::BOOLEAN, "false" | "off" | "no") => Some(0),
        (ControlType::BITMASK, _) => plain.filter(|bits| bits & !control.maximum == 0),
        (ControlType::MENU | ControlType::INTEGER_MENU, _) => {
            let items: Vec<_> = camera.menu(control).map_while(Result::ok).collect();
            let numbered = items.iter().find(|item| Some(i64::from(item.index)) == plain);
            let named = || items.iter().find(|item| item.label.to_string().eq_ignore_ascii_case(words));
            numbered.or_else(named).map(|item| item.index.into())
        }
        _ => in_range,
    }
}

/// What the control can be set to, as a part of a sentence.
fn takes(camera: &impl Controls, control: &Control) -> String {
    let name = control.spelling();
    if control.is_menu() {
        let items = camera.menu(control).map_while(Result::ok);
        let items: Vec<_> = items.map(|item| format!("{} ({})", item.index, item.label)).collect();
        return format!("{name} takes {}", items.join(", "));
    }
    let limits = limits(control).concat();
    if limits.is_empty() { format!("{name} is a button") } else { format!("{name} takes {limits}") }
}

/// Why a driver refuses a value that is in range.
fn refused(control: &Control, error: Errno) -> String {
    match error {
        Errno::EACCES if control.flags.contains(ControlFlags::READ_ONLY) => "it can only be read".into(),
        Errno::EACCES if control.flags.contains(ControlFlags::INACTIVE) => {
            "it is inactive: switch off the automatic mode that it belongs to first".into()
        }
        Errno::EBUSY => "the driver holds it now, or another program has priority".into(),
        error => error.to_string(),
    }
}
