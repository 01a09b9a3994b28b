import { readBody, readForm } from '../../../../src/marketplace/http/body.ts';
import type { Fields } from '../../../../src/marketplace/http/fields.ts';
import { type CheckedMessage, checkMessage } from '../../../../src/marketplace/tracking/message.ts';
import type { Beacon, Picture } from './page.ts';

/** What the service makes of a message that arrives now, by the code with which it reads what really comes. */
export function readAsService(carrier: Beacon | Picture): CheckedMessage {
  return checkMessage(fieldsOf(carrier), Date.now());
}

function fieldsOf(carrier: Beacon | Picture): Fields {
  if ('referrerPolicy' in carrier) return readForm(carrier.message);
  return readBody(Buffer.from(carrier.message), true);
}
