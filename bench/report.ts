import { renderAhead } from './ahead.ts';
import { burdenedCalls, burdenedStarts, type Cost, costs, isBest, showSpread } from './costs.ts';
import { scenarios } from './measures/scenarios.ts';
import { isTie } from './measures/spread.ts';
import type { Delivery, Results, ScriptResult } from './results.ts';
import { renderTable } from './table.ts';

/** The measured part of docs/benchmark.md. */
export function renderTables(results: Results): string {
  const { takenOn, machine, runs, scripts } = results;
  return [
    `Measured on ${takenOn}: ${machine}. ${runs.speed} fresh pages for each script,` +
      ` ${runs.burdened} for each script and burdened site; ${runs.delivery} visits for each script and scenario.`,
    renderScripts(scripts),
    '### What it costs',
    costLegend,
    renderCosts(scripts),
    '### On a site that keeps much in the browser',
    burdenLegend,
    renderBurdened(scripts),
    '### Who is ahead',
    renderAhead(scripts),
    '### What arrives',
    legend,
    renderDeliveries(scripts),
  ].join('\n\n');
}

const costLegend =
  'Medians, with the quartiles in brackets: between them lies half of what was measured. Less is better. The best of' +
  ' each column is bold, and so is whoever ties with it: where the brackets overlap, nobody is ahead.';

const burdenLegend =
  '*start* of a page that tracks nothing, and the first *call* on it, in milliseconds, where the site has filled the' +
  ' browser’s storage for purposes of its own. The best of each row is bold, ties included.';

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
    ...costs.map((cost) => renderCost(cost, script, scripts)),
  ]);
  return renderTable(['', ...costs.map(({ title }) => title)], [...rows, renderRatios(scripts)], 'right');
}

function renderCost(cost: Cost, script: ScriptResult, all: ScriptResult[]): string {
  const value = cost.of(script);
  if (!value) return cost.instead?.(script) ?? '—';
  const shown = showSpread(cost, value);
  return isBest(cost, script, all) ? `**${shown}**` : shown;
}

/** Ours divided by the best of the others that can report a conversion. */
function renderRatios([ours, ...others]: ScriptResult[]): string[] {
  const ratios = costs.map(({ of }) => {
    const rivals = others.flatMap((script) => (script.requests && of(script)) ?? []);
    const [best] = rivals.toSorted((one, other) => one.median - other.median);
    const own = ours && of(ours);
    if (!own || !best) return '—';
    return `${(own.median / best.median).toFixed(2)} ×${isTie(own, best) ? ', a tie' : ''}`;
  });
  return ['*ours : best other that converts*', ...ratios];
}

function renderBurdened(scripts: ScriptResult[]): string {
  const taking = scripts.filter(({ burdened }) => burdened);
  const rows = [...burdenedStarts, ...burdenedCalls].map((cost) => [
    cost.title,
    ...taking.map((script) => renderCost(cost, script, taking)),
  ]);
  return renderTable(['', ...taking.map(({ title }) => title)], rows, 'right');
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
