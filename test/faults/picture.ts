import { type EngineName, engineNames } from '../engines/engine.ts';
import { once } from './outcomes.ts';
import type { Situation, Theme } from './situation.ts';

const titles: Record<EngineName, string> = { chromium: 'Chromium', firefox: 'Firefox', webkit: 'WebKitGTK' };

const introduction = `# What a purchase survives

Each row is played in Chromium by \`npm test\` (where there is one, in its headless shell, unless the page has to live
on when it is left), and in Firefox and WebKitGTK where its outcome is for the engine to say; the others, in brackets,
are played there by \`npm run soak\`. That is: the built script on a page of another origin than the service, the real
service, and between the two a proxy that makes the faults of the network. After every row the page has to be as it
was served, without an error, a rejection or another global than \`onrampTrack\`, and nothing may be stored but what
has a reason to be.

**Once** means: exactly this purchase is in the ledger, exactly once, with the visitor's referral, the time at
which it was made, and level \`origin\`.

This page is made from the table in \`test/faults\` by \`npx node test/faults/draw.ts\`; a test fails when it is
stale. Prerendering has a test of its own, \`test/browser/prerender.spec.ts\`: of the three only Chromium does it, and
only where no driver holds it.
`;

/** The table for people: situation by engine. */
export function drawPicture(table: Theme[]): string {
  return [introduction, ...table.map(drawTheme)].join('\n');
}

function drawTheme({ name, situations, engineDecides }: Theme): string {
  const heads = ['', 'comes to', ...engineNames.map((engine) => titles[engine])];
  const rule = heads.map((_, column) => (column < 2 ? '---' : ':-:'));
  const rows = [heads, rule, ...situations.map((situation) => drawSituation(situation, engineDecides))];
  return `## ${name}\n\n${rows.map((cells) => `| ${cells.join(' | ')} |\n`).join('')}`;
}

function drawSituation(situation: Situation, engineDecides?: true): string[] {
  const { name, outcome = once, cannot = {} } = situation;
  const inOthers = engineDecides || situation.engineDecides ? '✓' : '(✓)';
  const signs = { chromium: '✓', firefox: inOthers, webkit: inOthers };
  return [name, outcome.says, ...engineNames.map((engine) => cannot[engine] ?? signs[engine])];
}
