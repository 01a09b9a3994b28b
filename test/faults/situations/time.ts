import { onceWithoutReferral } from '../outcomes.ts';
import type { Theme } from '../situation.ts';
import { buy, goToNextPage, land } from '../steps.ts';

function aYearAhead(): void {
  const TrueDate = Date;
  const now = () => TrueDate.now() + 365 * 864e5;
  window.Date = class extends TrueDate {
    constructor(...given: ConstructorParameters<typeof Date> | []) {
      super(given.length ? given[0] : now());
    }
    static override now = now;
  } as DateConstructor;
}

function aYearBehind(): void {
  const TrueDate = Date;
  const now = () => TrueDate.now() - 365 * 864e5;
  window.Date = class extends TrueDate {
    constructor(...given: ConstructorParameters<typeof Date> | []) {
      super(given.length ? given[0] : now());
    }
    static override now = now;
  } as DateConstructor;
}

/** The landing was that long ago, by the clock of both pages. */
function landingWas31DaysAgo(): void {
  if (location.pathname !== '/checkout') return;
  const { now } = Date;
  Date.now = () => now() - 31 * 864e5;
}

export const time: Theme = {
  name: 'Time',
  situations: [
    { name: "the browser's clock is a year ahead", page: { before: aYearAhead } },
    { name: "the browser's clock is a year behind", page: { before: aYearBehind } },
    {
      name: 'the referral expired between landing and purchase',
      page: { before: landingWas31DaysAgo },
      steps: [land, goToNextPage, buy],
      outcome: onceWithoutReferral,
    },
  ],
};
