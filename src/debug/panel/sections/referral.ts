import { timeOf } from '../../words.ts';
import { element } from '../element.ts';
import { createSection, type Section } from '../section.ts';

const sources: Record<string, string> = {
  param: 'a parameter of the landing page’s address',
  referrer: 'the page that the visitor came from',
};

/** The referral that counts, or why there is none. */
export function createReferral(): Section {
  return createSection({
    title: 'Referral',
    isOpen: false,
    hint: ({ referral: { live } }) => live?.id ?? 'none',
    data: ({ referral }) => referral,
    draw: ({ referral: { live, reasons } }) => [
      ...(live
        ? [
            element(
              'dl',
              {},
              ...row('Id', live.id),
              ...row('From', sources[live.source] ?? live.source),
              ...row('Landed', timeOf(live.landedAt)),
              ...row('Counts until', timeOf(live.until)),
              ...row('Kept in', live.keptIn === 'cookie' ? 'a cookie' : 'localStorage: cookies are refused'),
            ),
          ]
        : [element('p', {}, 'None counts in this browser now.')]),
      ...(reasons.length > 0
        ? [element('ul', { class: 'reasons' }, ...reasons.map((reason) => element('li', {}, reason)))]
        : []),
    ],
  });
}

export function row(name: string, value: string, extra?: Node): HTMLElement[] {
  return [element('dt', {}, name), element('dd', {}, value, extra)];
}
