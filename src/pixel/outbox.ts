import { attempt } from './attempt.ts';
import { storageName } from './options.ts';
import { sendBeacon, sendImage } from './send.ts';
import { keys, storage, useCopy } from './storage.ts';
import type { Receipt } from './types.ts';

// Not the difference itself: after a clock was set back, a key may not stay for a year.
const ageMs = (key: string) => Math.abs(Date.now() - (key.split('.')[1] as unknown as number));

const prove = (key: string, done?: () => void) => storage[key] && sendImage(storage[key], key, done);

export const sendPurchase = async (identity: string, message: string): Promise<Receipt['status']> => {
  const ending = `.${[...identity].reduce((sum, character) => (sum * 257 + character.charCodeAt(0)) % 1e13, 0)}`;
  const key = storageName + '.' + Date.now() + ending;
  if (keys().some((other) => other.endsWith(ending) && ageMs(other) < 864e5)) return 'duplicate';
  const kept = attempt(
    () => keys().filter((other) => storage[other]).length < 20 && (localStorage[key] = message),
  );
  if (!kept) useCopy();
  storage[key] = message;
  const accepted = sendBeacon(message);
  [1, 4, 16, 60].map((seconds) => setTimeout(prove, seconds * 1e3, key));
  if (!accepted)
    await {
      then(done: () => void) {
        setTimeout(done, kept ? 0 : 2e3);
        prove(key, done);
      },
    };
  return kept || accepted || !storage[key] ? 'sent' : 'held';
};

export const proveAll = () =>
  keys().map((key) => {
    prove(key);
    if (ageMs(key) > (storage[key] ? 7 : 1) * 864e5) delete storage[key];
  });

export const sendLast = () => keys().map((key) => storage[key] && sendBeacon(storage[key]));
