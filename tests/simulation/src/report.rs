//! The report: what was found, each in a sentence with its figures, and the plots.

use crate::{
    cell::{aggregator_name, trust_name, Row},
    profile::Profile,
    single::Singles,
    strategy::Strategy,
    AGGREGATORS, COMMITTEES, PERCENTS, UPDATES,
};
use anyhow::Context;
use plotters::prelude::*;
use poq_mechanism::{rules::Rules, trust::Update};
use std::{fmt::Write, path::Path};

/// Looks up cells.
struct Table<'a> {
    rows: &'a [Row],
    aggregator: &'static str,
    trust: &'static str,
}

impl Table<'_> {
    fn find(
        &self,
        committee: usize,
        aggregator: &str,
        trust: &str,
        strategy: Strategy,
        percent: usize,
    ) -> Option<&Row> {
        // With nobody who follows it, one strategy is as good as another.
        let strategy = if percent == 0 { Strategy::OTHERS[0] } else { strategy };
        self.rows.iter().find(|row| {
            row.committee == committee
                && row.aggregator == aggregator
                && row.trust == trust
                && row.strategy == strategy.name()
                && row.percent == percent
        })
    }

    fn default(&self, committee: usize, strategy: Strategy, percent: usize) -> Option<&Row> {
        self.find(committee, self.aggregator, self.trust, strategy, percent)
    }
}

/// A promise and what became of it.
struct Bar {
    says: &'static str,
    found: String,
    holds: bool,
}

/// Writes `REPORT.md` and the plots.
pub fn write(out: &Path, profile: &Profile, rules: Rules, rows: &[Row], singles: &Singles) -> anyhow::Result<()> {
    let table = Table { rows, aggregator: aggregator_name(rules.aggregator), trust: trust_name(rules.trust.update) };
    consensus_plot(&out.join("consensus.svg"), &table)?;
    pay_plot(&out.join("pay.svg"), &table)?;
    size_plot(&out.join("committee.svg"), &table)?;
    let bars = bars(&table, singles);
    let mut text = String::new();
    writeln!(
        text,
        "# What the rules do\n\nWritten by `make simulate`; every figure is its output, from the rules in `mechanism/`, which are the chain's. The people and the judge are those of \
         the profile *{}* ({} evaluators, {} answers to a task, {} kinds of inference nodes). {} tasks that count for each of {} cells (`sweep.csv`), in {} networks with seeds of \
         their own, after {} tasks that do not count. Unless said otherwise: {}, {} trust.\n",
        profile.name,
        profile.evaluators,
        profile.responders,
        profile.nodes.len(),
        rows.first().map_or(0, |row| row.tasks),
        rows.len(),
        crate::cell::NETWORKS,
        crate::cell::WARM_UP,
        table.aggregator,
        table.trust,
    )?;
    writeln!(text, "## The promises\n\n| promise | found | kept |\n| --- | --- | --- |")?;
    for bar in &bars {
        writeln!(text, "| {} | {} | {} |", bar.says, bar.found, if bar.holds { "yes" } else { "**no**" })?;
    }
    writeln!(text, "\n## What evaluators earn\n\nThe net pay of a dishonest evaluator over all its seats, in that of an honest one beside it, at K = 7; negative where slashes exceed the pay.\n")?;
    strategies(&mut text, &table, |row| row.strategy_of_honest)?;
    writeln!(text, "\n![pay](pay.svg)\n\nThe seats that it gets, in those of an honest one:\n")?;
    strategies(&mut text, &table, |row| row.strategy_seats)?;
    writeln!(text, "\n## How far liars move the consensus\n\nThe mean distance of the consensus from what an honest judge says, at K = 7, by rule and share of *{}*:\n", Strategy::Colludes.name())?;
    consensus(&mut text, &table)?;
    writeln!(text, "\n![consensus](consensus.svg)\n\n## The size of the committee\n\nAll honest. The part of a seat shrinks with the committee, as the bounty is shared; the spread is the standard deviation of what evaluators earned, in the mean of it.\n\n| seats | pay of a seat, in bounties | spread of pay | error against the true quality | the user pays |\n| --- | --- | --- | --- | --- |")?;
    for committee in COMMITTEES {
        if let Some(row) = table.default(committee, Strategy::Noisy, 0) {
            writeln!(
                text,
                "| {committee} | {:.4} | {:.3} | {:.3} | {:.3} |",
                row.honest_pay, row.honest_spread, row.error, row.spent
            )?;
        }
    }
    writeln!(text, "\n![size](committee.svg)\n\n## What inference nodes earn\n\nPer answer, in parts of the most that an answer can earn, all evaluators honest:\n\n| node | earns |\n| --- | --- |")?;
    for (name, share) in &singles.nodes {
        writeln!(text, "| {name} | {share:.3} |")?;
    }
    writeln!(text, "\n## Newcomers\n\nWhat a new honest evaluator earns in its first, second, ... hundred tasks of the network, of what a veteran earns in the same: {}.\n", singles.newcomer.iter().map(|ratio| format!("{ratio:.2}")).collect::<Vec<_>>().join(", "))?;
    findings(&mut text, &table, singles)?;
    writeln!(text, "\n## The parameters\n\n```\n{rules:#?}\n```")?;
    let notes = out.join("NOTES.md");
    if notes.exists() {
        writeln!(text, "\n{}", std::fs::read_to_string(notes)?)?;
    }
    std::fs::write(out.join("REPORT.md"), text).context("cannot write the report")
}

fn bars(table: &Table<'_>, singles: &Singles) -> Vec<Bar> {
    let mut bars = Vec::new();
    let worst = |strategies: &dyn Fn(Strategy) -> bool| {
        let cells = COMMITTEES.into_iter().filter(|committee| *committee >= 5).flat_map(|committee| {
            PERCENTS.into_iter().filter(|percent| (1..=30).contains(percent)).flat_map(move |percent| {
                Strategy::OTHERS.into_iter().map(move |strategy| (committee, strategy, percent))
            })
        });
        cells
            .filter(|(_, strategy, _)| strategies(*strategy))
            .filter_map(|(committee, strategy, percent)| {
                Some((table.default(committee, strategy, percent)?.strategy_of_honest, committee, strategy, percent))
            })
            .max_by(|a, b| a.0.total_cmp(&b.0))
    };
    let named = |found: Option<(f64, usize, Strategy, usize)>| {
        found.map_or("nothing".into(), |(ratio, committee, strategy, percent)| {
            format!("at most {:.1} % ({}, K = {committee}, {percent} %)", 100.0 * ratio, strategy.name())
        })
    };
    // What is dishonest but opens; a noisy judge is honest work of lower quality, and reported
    // beside.
    let opening = worst(&|strategy| strategy.opens() && strategy != Strategy::Noisy);
    bars.push(Bar {
        says: "lazy and dishonest evaluators that open earn at most 10 % of an honest one (K ≥ 5, up to 30 %)",
        found: named(opening),
        holds: opening.is_some_and(|found| found.0 <= 0.1),
    });
    let closed = worst(&|strategy| !strategy.opens());
    bars.push(Bar {
        says: "absent, withholding and unopenable evaluators lose money",
        found: named(closed),
        holds: closed.is_some_and(|found| found.0 < 0.0),
    });
    if let (Some(all_honest), Some(attacked)) =
        (table.default(7, Strategy::Colludes, 0), table.default(7, Strategy::Colludes, 30))
    {
        bars.push(Bar {
            says:
                "with 30 % colluding at K = 7 the error of the consensus stays within twice that of an honest network",
            found: format!(
                "{:.4} against {:.4}; moved by {:.4} from what an honest judge says",
                attacked.error, all_honest.error, attacked.moved
            ),
            holds: attacked.error <= 2.0 * all_honest.error,
        });
    }
    let (chilled, slashed, paid) = singles.long;
    bars.push(Bar {
        says: "honest evaluators are never chilled nor slashed in 10,000 tasks",
        found: format!("{chilled} chills, {slashed} bounties slashed, {:.0} % were paid", 100.0 * paid),
        holds: chilled == 0 && slashed == 0.0,
    });
    let second = singles.newcomer.get(1).copied().unwrap_or(0.0);
    bars.push(Bar {
        says: "a new honest evaluator earns 80 % of a veteran's pay within 200 tasks",
        found: format!("{:.0} % in its second hundred", 100.0 * second),
        holds: second >= 0.8,
    });
    let earns = |name: &str| singles.nodes.iter().find(|(node, _)| node == name).map_or(0.0, |(_, share)| *share);
    let cheap = earns("fair and cheap");
    let bad: Vec<(&str, f64)> =
        ["copies", "garbage", "late", "games the judge"].map(|name| (name, earns(name))).to_vec();
    bars.push(Bar {
        says:
            "inference nodes that copy, send garbage, game the judge or come late earn less than a fair and cheap one",
        found: bad.iter().map(|(name, share)| format!("{name} {share:.2}")).collect::<Vec<_>>().join(", ")
            + &format!(" against {cheap:.2}"),
        holds: bad.iter().all(|(_, share)| *share < cheap),
    });
    bars
}

fn findings(text: &mut String, table: &Table<'_>, singles: &Singles) -> anyhow::Result<()> {
    writeln!(text, "## What was published, and what is found here\n")?;
    let error = |rule: &str| table.find(7, rule, table.trust, Strategy::Boost, 30).map_or(f64::NAN, |row| row.moved);
    let (mean, median) = (error("mean"), error("median"));
    writeln!(text, "- *Robust aggregation beats the mean* (arXiv 2601.21189): with 30 % boosting at K = 7 the mean moves by {mean:.3}, the median by {median:.3}, the trimmed mean by {:.3}, the median by trust by {:.3}: {}.", error("trimmed mean"), error("median by trust"), if median < mean { "so here" } else { "not so here" })?;
    if let (Some(small), Some(large)) = (table.default(3, Strategy::Noisy, 0), table.default(11, Strategy::Noisy, 0)) {
        writeln!(
            text,
            "- *Larger committees pay each evaluator less, with more variance*: from K = 3 to K = 11 the pay of a seat goes from {:.4} to {:.4} of a bounty, the spread of what evaluators earned from {:.3} to {:.3}: less pay, {}.",
            small.honest_pay,
            large.honest_pay,
            small.honest_spread,
            large.honest_spread,
            if large.honest_spread > small.honest_spread { "more variance, so here" } else { "and not more variance, as more seats even out luck" },
        )?;
    }
    writeln!(text, "- *Eq. 21 saturates*: after 1,000 tasks with a third of the evaluators noisy, {:.0} % of all evaluators are at the highest trust under the published rule, {:.0} % under ours.", 100.0 * singles.saturated[0], 100.0 * singles.saturated[1])?;
    let earns = |name: &str| singles.nodes.iter().find(|(node, _)| node == name).map_or(0.0, |(_, share)| *share);
    writeln!(text, "- *Good cheap models earn more than slow poor ones* (arXiv 2512.16317): {:.3} against {:.3} of an answer's part.", earns("good and cheap"), earns("poor and slow"))?;
    Ok(())
}

fn strategies(text: &mut String, table: &Table<'_>, figure: impl Fn(&Row) -> f64) -> anyhow::Result<()> {
    let percents: Vec<usize> = PERCENTS.into_iter().filter(|percent| *percent > 0).collect();
    writeln!(
        text,
        "| strategy |{} |\n| --- |{}",
        percents.iter().map(|percent| format!(" {percent} %")).collect::<Vec<_>>().join(" |"),
        " --- |".repeat(percents.len())
    )?;
    for strategy in Strategy::OTHERS {
        let cells = percents
            .iter()
            .filter_map(|percent| table.default(7, strategy, *percent))
            // Where honest evaluators earn nothing there is no ratio.
            .map(&figure)
            .map(|figure| if figure.is_finite() { format!(" {figure:.3}") } else { " –".into() });
        writeln!(text, "| {} |{} |", strategy.name(), cells.collect::<Vec<_>>().join(" |"))?;
    }
    Ok(())
}

fn consensus(text: &mut String, table: &Table<'_>) -> anyhow::Result<()> {
    writeln!(
        text,
        "| rule | trust |{} |\n| --- | --- |{}",
        PERCENTS.map(|percent| format!(" {percent} %")).join(" |"),
        " --- |".repeat(PERCENTS.len())
    )?;
    for aggregator in AGGREGATORS {
        for update in UPDATES {
            let cells = PERCENTS.map(|percent| {
                let row = table.find(7, aggregator_name(aggregator), trust_name(update), Strategy::Colludes, percent);
                row.map_or(" –".into(), |row| format!(" {:.3}", row.moved))
            });
            writeln!(text, "| {} | {} |{} |", aggregator_name(aggregator), trust_name(update), cells.join(" |"))?;
        }
    }
    Ok(())
}

const SIZE: (u32, u32) = (760, 420);

fn consensus_plot(path: &Path, table: &Table<'_>) -> anyhow::Result<()> {
    let lines = AGGREGATORS.map(|aggregator| {
        let name = aggregator_name(aggregator);
        let points = PERCENTS.iter().filter_map(|percent| {
            let row = table.find(7, name, trust_name(Update::Centred), Strategy::Colludes, *percent)?;
            Some((*percent as f64, row.moved))
        });
        (name, points.collect::<Vec<_>>())
    });
    lines_plot(
        path,
        "Colluding evaluators move the consensus (K = 7)",
        "colluding, of 100",
        "mean distance from the honest consensus",
        &lines,
    )
}

fn pay_plot(path: &Path, table: &Table<'_>) -> anyhow::Result<()> {
    let shown = Strategy::OTHERS.into_iter().filter(|strategy| strategy.opens());
    let lines: Vec<_> = shown
        .map(|strategy| {
            let points = PERCENTS.iter().filter(|percent| **percent > 0).filter_map(|percent| {
                Some((*percent as f64, table.default(7, strategy, *percent)?.strategy_of_honest))
            });
            // Where honest evaluators earn nothing there is no ratio.
            (strategy.name(), points.filter(|(_, ratio)| ratio.is_finite()).collect::<Vec<_>>())
        })
        .collect();
    lines_plot(
        path,
        "What evaluators earn that open (K = 7)",
        "of 100 evaluators",
        "net pay, in an honest evaluator's",
        &lines,
    )
}

fn size_plot(path: &Path, table: &Table<'_>) -> anyhow::Result<()> {
    let points = |figure: &dyn Fn(&Row) -> f64| {
        COMMITTEES
            .iter()
            .filter_map(|committee| Some((*committee as f64, figure(table.default(*committee, Strategy::Noisy, 0)?))))
            .collect::<Vec<_>>()
    };
    let lines = [
        ("pay of a seat, in bounties", points(&|row| row.honest_pay)),
        ("spread of what evaluators earned", points(&|row| row.honest_spread)),
    ];
    lines_plot(path, "Larger committees (all honest)", "seats", "", &lines)
}

fn lines_plot(path: &Path, title: &str, x: &str, y: &str, lines: &[(&str, Vec<(f64, f64)>)]) -> anyhow::Result<()> {
    let points = || lines.iter().flat_map(|(_, points)| points);
    let most_x = points().map(|point| point.0).fold(1.0, f64::max);
    let (low, high) = points().fold((0f64, 0f64), |(low, high), point| (low.min(point.1), high.max(point.1)));
    let margin = 0.05 * (high - low).max(0.01);
    let root = SVGBackend::new(path, SIZE).into_drawing_area();
    let failed = |error: String| anyhow::anyhow!("cannot draw {}: {error}", path.display());
    root.fill(&WHITE).map_err(|error| failed(error.to_string()))?;
    let mut chart = ChartBuilder::on(&root)
        .caption(title, ("sans-serif", 18))
        .margin(10)
        .x_label_area_size(36)
        .y_label_area_size(56)
        .build_cartesian_2d(0.0..most_x * 1.02, low - margin..high + margin)
        .map_err(|error| failed(error.to_string()))?;
    chart
        .configure_mesh()
        .x_desc(x)
        .y_desc(y)
        .light_line_style(WHITE)
        .draw()
        .map_err(|error| failed(error.to_string()))?;
    for (index, (name, points)) in lines.iter().enumerate() {
        let colour = Palette99::pick(index).to_rgba();
        chart
            .draw_series(LineSeries::new(points.iter().copied(), colour.stroke_width(2)))
            .map_err(|error| failed(error.to_string()))?
            .label(*name)
            .legend(move |(x, y)| PathElement::new([(x, y), (x + 16, y)], colour.stroke_width(2)));
        chart
            .draw_series(points.iter().map(|point| Circle::new(*point, 3, colour.filled())))
            .map_err(|error| failed(error.to_string()))?;
    }
    chart
        .configure_series_labels()
        .position(SeriesLabelPosition::UpperLeft)
        .background_style(WHITE.mix(0.8))
        .border_style(BLACK.mix(0.3))
        .draw()
        .map_err(|error| failed(error.to_string()))?;
    root.present().map_err(|error| failed(error.to_string()))
}
