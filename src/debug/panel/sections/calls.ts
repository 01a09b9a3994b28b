import type { Call } from '../../page/calls.ts';
import { meaningOf } from '../../page/receipts.ts';
import { timeOf } from '../../words.ts';
import { type BadgeKind, badge } from '../badge.ts';
import { element } from '../element.ts';
import { createSection, type Section } from '../section.ts';

const kinds: Record<string, BadgeKind> = { sent: 'ok', held: 'check', invalid: 'problem' };

/** The last calls of onrampTrack, with their receipts. */
export function createCalls(): Section {
  return createSection({
    title: 'Calls of onrampTrack',
    isOpen: false,
    hint: ({ calls: [last] }) => (last ? `last: ${last.status || 'under way'}` : 'none seen'),
    data: ({ calls }) => calls,
    draw: ({ calls }) =>
      calls.length > 0
        ? [element('ul', { class: 'rows' }, ...calls.map(drawCall))]
        : [
            element(
              'p',
              { class: 'hint' },
              'None since this panel loaded. Of earlier ones only the last receipt can be seen.',
            ),
          ],
  });
}

function drawCall(call: Call): HTMLElement {
  const { at, given, status, reason } = call;
  const said = [reason, meaningOf(call)].filter((text) => text !== '').join(': ');
  return element(
    'li',
    {},
    element('span', { class: 'name' }, given ?? 'A call that this panel did not see'),
    badge(kinds[status] ?? 'note', status || 'under way'),
    element('p', {}, [timeOf(at), said].filter((text) => text !== '').join('. ')),
  );
}
