import { option } from './options.ts';
import { sendPurchase } from './outbox.ts';
import { readReferral } from './referral.ts';
import { encode, sendOnce } from './send.ts';
import type { OnrampTrack, PixelOptions, Receipt, Referral } from './types.ts';
import { warn } from './warn.ts';

// The order matters: see what is done at the third and the fourth.
const purchaseFields = 'serviceName customerId orderId purchasedAt amount currency sig';

/** See OnrampTrack. The whole is one try: nothing that a page does or gives may reach it as an error. */
export const onrampTrack = (async (argument?: unknown): Promise<Receipt | Referral | null> => {
  let status: Receipt['status'] = 'invalid';
  let reason: string | undefined;
  try {
    // 'referral'; no other text is a purchase either.
    if (typeof argument == 'string') {
      const stored = readReferral();
      const id = stored.get('referral');
      return (id && {
        id,
        source: stored.get('referralSource'),
        landedAt: +(stored.get('landedAt') as string),
      }) as Referral | null;
    }
    const fields = new URLSearchParams();
    let identity = '';
    let ending = '&sent=';
    const wrong = (purchaseFields.split(' ') as (keyof PixelOptions)[]).filter((name, index) => {
      let value: unknown;
      try {
        value = (argument as Record<string, unknown>)[name];
        // Any frame's Date; for everything else this throws, and the value stays.
        value = (value as Date).getTime();
      } catch {}
      // Texts and numbers; as text, an object or NaN would make all customers the same one.
      const text = (/str|num/.test(typeof value) && value == value && '' + value) || option(name);
      // A longer one is too long for the service as well.
      if (text) fields.set(name, text.slice(0, 500));
      // What makes it this purchase: up to the order's id, or where there is none up to the time given.
      if (index == 2 ? text : index == 3) identity = identity || '' + fields;
      if (index == 3 && !text) {
        fields.set(name, Date.now() as unknown as string);
        ending = '&clock=';
      }
      return index < 2 ? !text : index == 3 && text && isNaN(new Date(+text || text) as unknown as number);
    });
    const message = encode(fields, readReferral(), ending);
    if (wrong[0]) {
      sendOnce(message);
      reason = 'no valid ' + wrong;
      warn(reason);
    } else status = await sendPurchase(identity, message);
  } catch (error) {
    reason = '' + error;
  }
  return { status, reason };
}) as OnrampTrack;
