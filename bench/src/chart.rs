//! The chart: what a frame costs, and how that grows.

use std::error::Error;
use std::path::Path;

use plotters::prelude::*;

use crate::figures::Figures;
use crate::table::{CURVES, PROGRAMS};
use crate::verdict::curve;

const SIZE: (u32, u32) = (1000, 460);
const TEXT: (&str, i32) = ("sans-serif", 13);
const TITLE: (&str, i32) = ("sans-serif", 17);

/// Draws it.
///
/// # Errors
///
/// The file cannot be written.
pub fn draw(figures: &Figures, path: &Path) -> Result<(), Box<dyn Error>> {
    let root = SVGBackend::new(path, SIZE).into_drawing_area();
    root.fill(&WHITE)?;
    let (left, right) = root.split_horizontally(500);
    bars(figures, &left)?;
    lines(figures, &right)?;
    root.present()?;
    Ok(())
}

type Area<'p> = DrawingArea<SVGBackend<'p>, plotters::coord::Shift>;

/// User instructions of a frame, side by side, at both opt-levels.
fn bars(figures: &Figures, area: &Area<'_>) -> Result<(), Box<dyn Error>> {
    let at = |opt: &str, program: &str| figures.number(&format!("kernel.{opt}.{program}.instructions"));
    let rows: Vec<_> =
        PROGRAMS.into_iter().filter_map(|(program, _)| Some((program, at("3", program)?, at("z", program)?))).collect();
    // One peer costs ten times the rest: its bar ends at the edge, with its number.
    let most = rows.iter().filter(|row| row.0 != "v4l2r").fold(0.0, |most: f64, row| most.max(row.1).max(row.2)) * 1.25;
    let mut chart = ChartBuilder::on(area)
        .caption("user instructions a frame, vivid", TITLE)
        .margin(12)
        .x_label_area_size(24)
        .y_label_area_size(110)
        .build_cartesian_2d(0.0..most, 0.0..rows.len() as f64)?;
    chart
        .configure_mesh()
        .disable_y_mesh()
        .disable_y_axis()
        .x_labels(6)
        .x_label_formatter(&|x| format!("{x:.0}"))
        .label_style(TEXT)
        .draw()?;
    for (row, (program, three, z)) in rows.iter().rev().enumerate() {
        let row = row as f64;
        for (number, from, colour) in [(*three, 0.5, BLUE), (*z, 0.12, CYAN)] {
            let bar = [(0.0, row + from), (number.min(most), row + from + 0.36)];
            let strong = if program.starts_with("vidbuf") { 1.0 } else { 0.45 };
            chart.draw_series([Rectangle::new(bar, colour.mix(strong).filled())])?;
            let place = (number.min(most * 0.9), row + from + 0.33);
            chart.draw_series([Text::new(format!(" {number:.0}"), place, TEXT)])?;
        }
        let place = chart.backend_coord(&(0.0, row + 0.75));
        area.draw(&Text::new(
            program.to_string(),
            (place.0 - area.get_base_pixel().0 - 108, place.1 - area.get_base_pixel().1),
            TEXT,
        ))?;
    }
    let (x, y) = (most * 0.62, rows.len() as f64);
    chart.draw_series([Text::new("dark: opt-level 3, light: z", (x, y), TEXT)])?;
    Ok(())
}

/// User instructions of a frame against the number of buffers, frames held, cameras.
fn lines(figures: &Figures, area: &Area<'_>) -> Result<(), Box<dyn Error>> {
    let curves: Vec<_> = CURVES
        .into_iter()
        .map(|(family, name)| (name, curve(figures, &format!("{family}.instructions"))))
        .filter(|(_, points)| points.len() > 1)
        .collect();
    let most = curves.iter().flat_map(|(_, points)| points).fold(0.0, |most: f64, point| most.max(point.1)) * 1.6;
    let mut chart = ChartBuilder::on(area)
        .caption("user instructions a frame, as it grows", TITLE)
        .margin(12)
        .x_label_area_size(24)
        .y_label_area_size(46)
        .build_cartesian_2d(0.0..64.0, 0.0..most)?;
    chart
        .configure_mesh()
        .label_style(TEXT)
        .x_label_formatter(&|x| format!("{x:.0}"))
        .y_label_formatter(&|y| format!("{y:.0}"))
        .light_line_style(WHITE)
        .draw()?;
    for (number, (name, points)) in curves.into_iter().enumerate() {
        let colour = Palette99::pick(number).to_rgba();
        let points: Vec<(f64, f64)> = points.into_iter().map(|(size, number)| (f64::from(size), number)).collect();
        chart
            .draw_series(LineSeries::new(points, colour.stroke_width(2)).point_size(3))?
            .label(name)
            .legend(move |(x, y)| PathElement::new([(x, y), (x + 18, y)], colour.stroke_width(2)));
    }
    chart
        .configure_series_labels()
        .label_font(TEXT)
        .background_style(WHITE.mix(0.8))
        .position(SeriesLabelPosition::UpperRight)
        .draw()?;
    Ok(())
}
