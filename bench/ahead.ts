import { burdenedCalls, burdenedStarts, type Cost, costs, showSpread } from './costs.ts';
import { scenarios } from './measures/scenarios.ts';
import { isBelow, isTie } from './measures/spread.ts';
import type { ScriptResult } from './results.ts';

const figures = [...costs, ...burdenedStarts, ...burdenedCalls];

/** Every figure in which another script is better than ours beyond doubt, said aloud, and what that costs elsewhere. */
export function renderAhead([ours, ...others]: ScriptResult[]): string {
  if (!ours) return '';
  const lines = figures.flatMap((cost) => aheadIn(cost, ours, others));
  const winners = others.filter((script) => figures.some((cost) => isAhead(cost, script, ours)));
  return [
    lines.length
      ? `Others are ahead in:\n\n${lines.join('\n')}`
      : 'No other script is ahead in any of these.',
    renderTies(ours, others),
    renderPrice(ours, winners),
  ]
    .filter((part) => part)
    .join('\n\n');
}

function aheadIn(cost: Cost, ours: ScriptResult, others: ScriptResult[]): string[] {
  const own = cost.of(ours);
  const ahead = others.flatMap((script) => {
    const value = cost.of(script);
    if (!value || !isAhead(cost, script, ours)) return [];
    return [`${script.title} (${[showSpread(cost, value), ...restrictions(script)].join('; ')})`];
  });
  return own && ahead.length ? [`- ${cost.title}: ${ahead.join(', ')}; ours ${showSpread(cost, own)}`] : [];
}

function isAhead({ of }: Cost, script: ScriptResult, ours: ScriptResult): boolean {
  const [value, own] = [of(script), of(ours)];
  return Boolean(value && own && isBelow(value, own));
}

/** What a smaller figure is bought with. */
function restrictions({ requests, storesUnsent }: ScriptResult): string[] {
  if (!requests) return ['page views only'];
  return storesUnsent ? [] : ['stores nothing'];
}

function renderTies(ours: ScriptResult, others: ScriptResult[]): string {
  const ties = figures.flatMap(({ title, of }) => {
    const own = of(ours);
    const tied = others.filter((script) => {
      const value = of(script);
      return own && value && isTie(own, value);
    });
    return tied.length ? [`- ${title}: ${tied.map(({ title: name }) => name).join(', ')}`] : [];
  });
  return ties.length
    ? `Ties with ours, since the spreads overlap or are the same:\n\n${ties.join('\n')}`
    : '';
}

/** Who stores nothing has less to do; its users pay with conversions. */
function renderPrice(ours: ScriptResult, winners: ScriptResult[]): string {
  const lines = winners
    .filter(({ requests, storesUnsent }) => requests && !storesUnsent)
    .map((script) => `- ${script.title}: ${describeLost(script)}`);
  if (!lines.length) return '';
  return (
    'What those of them that store nothing cost their users: a conversion that can’t be sent at once, or again while' +
    ' the page lives, is gone. Shares of visits whose conversion never arrived, by what went wrong' +
    ` (ours: ${describeLost(ours)}):\n\n${lines.join('\n')}`
  );
}

function describeLost({ deliveries }: ScriptResult): string {
  const lost = scenarios.flatMap(({ id, title }) => {
    const delivery = deliveries[id];
    if (!delivery || delivery.once !== undefined) return [];
    const { runs, onPage, atNextPage } = delivery;
    const count = runs - onPage - atNextPage;
    return count ? [`${title} ${Math.round((count / runs) * 100)} %`] : [];
  });
  return lost.join(', ') || 'none';
}
