import type { FastifyInstance } from 'fastify';
import type { Clock } from '../../wire/time.ts';
import type { Figure } from '../figures/figure.ts';
import { chartModule, chartStyles } from '../pages/chart.ts';
import { type Html, html } from '../pages/html.ts';
import { linkFrom } from '../pages/link.ts';
import { zoneOf } from '../pages/zone.ts';
import type { Lister } from '../reading/lister.ts';
import { sendAreaPage } from '../signin/areas.ts';
import type { Guard } from '../signin/guard.ts';
import { type Choices, controls } from '../views/figures/controls.ts';
import { coverageLegend, coverageWeeks, reportedOf } from '../views/figures/coverageWeeks.ts';
import { serveFigureFiles } from '../views/figures/files.ts';
import { type OverviewParts, overviewSections, periodLine, readOverview } from '../views/figures/overview.ts';
import { createFiguresReader } from '../views/figures/read.ts';
import { figuresQuery, readView, toViewQuery } from '../views/figures/view.ts';
import { scopeOf } from '../views/place.ts';

export interface FiguresRoutesOptions {
  guard: Guard;
  lister: Lister;
  clock: Clock;
}

/** What a provider breaks its figures down by. */
const choices: Choices = { by: ['service', 'listing', 'campaign'], providers: [] };

/** `/provider/figures`: the console's overview, of the provider alone; with `.csv` and `.json`. */
export async function figuresRoutes(app: FastifyInstance, options: FiguresRoutesOptions): Promise<void> {
  const { guard, lister, clock } = options;
  serveFigureFiles(app, 'provider/figures', {
    lister,
    clock,
    identify: async (request) => scopeOf(await guard.provider(request)),
  });

  app.get('/provider/figures', async (request, reply) => {
    const scope = scopeOf(await guard.provider(request));
    const { url } = request;
    const now = clock();
    const view = readView(toViewQuery(request.query), { zone: zoneOf(request), now, by: choices.by });
    const read = createFiguresReader(lister, scope);
    const [overview, weeks] = await Promise.all([
      readOverview(read, view),
      read(figuresQuery(view, view.period, ['week'])),
    ]);
    const content = figuresContent(url, weeks.items, {
      view,
      overview,
      choices,
      now,
      figuresLink: linkFrom(url, 'provider/figures'),
      purchasesLink: linkFrom(url, 'provider/purchases'),
    });
    return sendAreaPage(reply, {
      title: 'Figures',
      zone: view.zone,
      modules: [chartModule],
      styles: ['views/browser/figures.css', ...chartStyles],
      content,
    });
  });
}

function figuresContent(url: string, weeks: readonly Figure[], parts: OverviewParts): Html {
  const { view, overview } = parts;
  const { clicks, visits, purchases } = overview.now;
  return html`<h1>Figures</h1>
<p class="lead">${periodLine(view)}</p>
${view.problem !== undefined && html`<div class="notice bad" role="alert"><p>${view.problem} These are the last 30 days.</p></div>`}
${
  clicks + visits + purchases === 0 &&
  html`<div class="notice" role="status"><p>Nothing was counted in this time. <a href="${linkFrom(url, 'provider')}">Set up</a> says what has arrived, and
what is missing.</p></div>`
}
${controls(view, choices)}
${overviewSections(parts)}
${
  weeks.some((week) => reportedOf(week) > 0) &&
  html`<section class="card" aria-labelledby="weeks-title"><h2 id="weeks-title">Who reported them, week by week</h2>
<p class="muted">Known from your server only is what blockers and closed tabs have eaten; from a page only, your server could prove.</p>
${coverageLegend}${coverageWeeks('Purchases by week and who reported them', weeks)}</section>`
}`;
}
