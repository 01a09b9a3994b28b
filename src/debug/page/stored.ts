import { attempt } from '../attempt.ts';

/** What the pixel of this partner key has stored in this browser. The panel reads, and never writes. */
export interface Stored {
  /** The text of the cookie; undefined where there is none, or cookies are denied. */
  cookie: string | undefined;
  /** Where localStorage is denied. */
  denied: boolean;
  /** The keys of localStorage that are the pixel's, without the name they start with. */
  items: Record<string, string>;
}

export function readStored(partnerKey: string): Stored {
  const name = `onramp_${partnerKey}`;
  const cookies = attempt(() => document.cookie.split('; ')) ?? [];
  const storage = attempt(() => Object.entries(localStorage as unknown as Record<string, string>));
  const own = (storage ?? []).filter(([key]) => key === name || key.startsWith(`${name}.`));
  return {
    cookie: cookies.find((cookie) => cookie.startsWith(`${name}=`))?.slice(name.length + 1),
    denied: storage === undefined,
    items: Object.fromEntries(own.map(([key, text]) => [key.slice(name.length), text])),
  };
}
