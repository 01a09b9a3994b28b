import type { Theme } from '../situation.ts';
import { buy, goTo, type Step, untilVisited } from '../steps.ts';

/** Comes by a link that has this behind the page's path. */
const landBy = (ending: string): Step[] => [goTo(({ checkout }) => checkout + ending), untilVisited];

export const links: Theme = {
  name: 'Links',
  situations: [
    {
      name: 'a router takes the query off before the script runs',
      engineDecides: true,
      page: { before: () => history.replaceState(null, '', location.pathname) },
    },
    {
      name: 'a router has its pages in the fragment: /#/signup?onramp_ref=…',
      steps: [...landBy('#/signup?onramp_ref=r-1'), buy],
    },
    {
      name: 'the referral stands in the fragment: #onramp_ref=…',
      steps: [...landBy('#onramp_ref=r-1'), buy],
    },
    {
      name: 'the link was escaped as in HTML: ?a=1&amp;onramp_ref=…',
      steps: [...landBy('?a=1&amp;onramp_ref=r-1'), buy],
    },
    {
      name: 'another query was glued to the link: ?onramp_ref=…?utm=x',
      steps: [...landBy('?onramp_ref=r-1?utm=x'), buy],
    },
  ],
};
