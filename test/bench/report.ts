import { costs } from './costs.ts';
import { scenarios } from './measures/scenarios.ts';
import type { Delivery, Results, ScriptResult } from './results.ts';
import { renderTable } from './table.ts';

/** The measured part of docs/benchmark.md. */
export function renderTables(results: Results): string {
  const { takenOn, machine, runs, scripts } = results;
  return [
    `Measured on ${takenOn}: ${machine}. Medians of ${runs.speed} fresh pages for each script;` +
      ` ${runs.delivery} visits for each script and scenario.`,
    renderScripts(scripts),
    '### What it costs\n\nLess is better. The best of each column is bold.',
    renderCosts(scripts),
    renderAhead(scripts),
    '### What arrives',
    legend,
    renderDeliveries(scripts),
  ].join('\n\n');
}

const legend =
  'Shares of visits. **100 %**: it arrived while the visitor stayed, or left. **+ 100 % later**: it arrived only' +
  ' when the visitor came to another page with the script. **throws**: an error reached the page. **—**: the' +
  ' vendor ships no stub, so that the page can’t call before the script has loaded. The last row isn’t about' +
  ' arriving: it is the share of visits after which exactly one conversion was counted.';

function renderScripts(scripts: ScriptResult[]): string {
  return renderTable(
    ['script', 'version', 'what it is, and as what it was measured'],
    scripts.map(({ title, version, about }) => [title, version, about]),
  );
}

function renderCosts(scripts: ScriptResult[]): string {
  const rows = scripts.map((script) => [
    script.title,
    ...costs.map(({ of, show }) => {
      const value = of(script);
      if (value === undefined || !Number.isFinite(value)) return '—';
      const isBest = scripts.every((other) => value <= (of(other) ?? Number.POSITIVE_INFINITY));
      return isBest ? `**${show(value)}**` : show(value);
    }),
  ]);
  return renderTable(['', ...costs.map(({ title }) => title)], [...rows, renderRatios(scripts)], 'right');
}

/** Ours divided by the best of the others that can report a conversion. */
function renderRatios([ours, ...others]: ScriptResult[]): string[] {
  const rivals = others.filter(({ requests }) => requests);
  const ratios = costs.map(({ of }) => {
    const best = Math.min(...rivals.map((script) => of(script) ?? Number.POSITIVE_INFINITY));
    const ratio = ((ours && of(ours)) ?? Number.NaN) / best;
    return Number.isFinite(ratio) ? `${ratio.toFixed(2)} ×` : '—';
  });
  return ['*ours : best other that converts*', ...ratios];
}

/** Every figure in which another script is better than ours, said aloud. */
function renderAhead([ours, ...others]: ScriptResult[]): string {
  const lines = costs.flatMap(({ title, of, show }) => {
    const own = ours && of(ours);
    if (own === undefined) return [];
    const ahead = others.flatMap((script) => {
      const value = of(script);
      return value !== undefined && value < own ? [`${script.title} (${show(value)})`] : [];
    });
    return ahead.length ? [`- ${title}: ${ahead.join(', ')}; ours ${show(own)}`] : [];
  });
  return lines.length
    ? `Others are ahead in:\n\n${lines.join('\n')}`
    : 'No other script is ahead in any of these.';
}

function renderDeliveries(scripts: ScriptResult[]): string {
  const taking = scripts.filter(({ requests }) => requests);
  const rows = scenarios.map(({ id, title }) => [
    title,
    ...taking.map(({ deliveries }) => describeDelivery(deliveries[id])),
  ]);
  return renderTable(['', ...taking.map(({ title }) => title)], rows);
}

function describeDelivery(delivery: Delivery | undefined): string {
  if (!delivery) return '—';
  const { runs, onPage, atNextPage, once, threw } = delivery;
  const share = (count: number) => `${Math.round((count / runs) * 100)} %`;
  const arrived = atNextPage ? `${share(onPage)} + ${share(atNextPage)} later` : share(onPage);
  return (once === undefined ? arrived : share(once)) + (threw ? ', throws' : '');
}
