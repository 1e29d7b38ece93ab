use std::error::Error;
use std::path::Path;

use anyhow::{Result, anyhow};
use epaint_default_fonts::UBUNTU_LIGHT;
use plotters::coord::Shift;
use plotters::prelude::{
    AreaSeries, BitMapBackend, ChartBuilder, Color as _, DrawingArea, DrawingBackend,
    IntoDrawingArea as _, PathElement, RGBColor, SVGBackend, SeriesLabelPosition,
};
use plotters::style::{BLACK, FontStyle, WHITE, register_font};

use crate::pipeline::Profile;

/// Width and height, in pixels.
const SIZE: (u32, u32) = (720, 360);

const COLOURS: [RGBColor; 2] = [RGBColor(0, 110, 180), RGBColor(213, 94, 0)];

/// The name that texts are written in: a viewer of the SVG has some font for it.
const FONT: &str = "sans-serif";

type Profiles<'a> = [(&'a str, &'a Profile)];

/// Draws the curves of all forms into one picture, as SVG and as PNG.
pub(crate) fn draw(
    svg: &Path,
    png: &Path,
    title: &str,
    len: u64,
    profiles: &Profiles<'_>,
) -> Result<()> {
    register_font(FONT, FontStyle::Normal, UBUNTU_LIGHT)
        .map_err(|_| anyhow!("the font can't be read"))?;
    draw_on(&SVGBackend::new(svg, SIZE).into_drawing_area(), title, len, profiles)
        .map_err(|error| anyhow!("{error}"))?;
    draw_on(&BitMapBackend::new(png, SIZE).into_drawing_area(), title, len, profiles)
        .map_err(|error| anyhow!("{error}"))
}

fn draw_on<B: DrawingBackend>(
    area: &DrawingArea<B, Shift>,
    title: &str,
    len: u64,
    profiles: &Profiles<'_>,
) -> Result<(), Box<dyn Error + Send + Sync>>
where
    B::ErrorType: 'static,
{
    let most = profiles.iter().map(|(_, profile)| profile.usage.peak()).max().unwrap_or(0);
    area.fill(&WHITE)?;
    let mut chart = ChartBuilder::on(area)
        .caption(title, (FONT, 18))
        .margin(12)
        .x_label_area_size(36)
        .y_label_area_size(64)
        .build_cartesian_2d(0.0..mib(len), 0.0..mib(most) * 1.05)?;
    chart
        .configure_mesh()
        .disable_x_mesh()
        .max_light_lines(1)
        .x_desc("read, in MiB")
        .y_desc("heap in use, in MiB")
        .label_style((FONT, 13))
        .draw()?;
    for ((form, profile), colour) in profiles.iter().zip(COLOURS) {
        let points = profile.curve.points().iter();
        let points =
            points.map(|(read, live)| (mib(*read), mib(u64::try_from(*live).unwrap_or(0))));
        let peak = mib(profile.usage.peak());
        chart
            .draw_series(AreaSeries::new(points, 0.0, colour.mix(0.15)).border_style(colour))?
            .label(format!("{form}: at most {peak:.2} MiB"))
            .legend(move |(x, y)| PathElement::new([(x, y), (x + 18, y)], colour));
    }
    chart
        .configure_series_labels()
        .position(SeriesLabelPosition::UpperLeft)
        .label_font((FONT, 14))
        .border_style(BLACK.mix(0.3))
        .background_style(WHITE)
        .draw()?;
    area.present()?;
    Ok(())
}

#[expect(clippy::cast_precision_loss, reason = "a picture has less than a thousand pixels")]
fn mib(bytes: u64) -> f64 {
    bytes as f64 / f64::from(1 << 20)
}
