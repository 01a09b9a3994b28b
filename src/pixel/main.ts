import { option, partnerKey, readFixedOptions, useOptions } from './options.ts';
import { start } from './start.ts';
import { onrampTrack } from './track.ts';
import type { OnrampTrack, Purchase } from './types.ts';
import { warn } from './warn.ts';

/** A call from before the script had loaded: its arguments, and in newer stubs what resolves its promise. */
type EarlyCall = unknown[];

interface Installed extends OnrampTrack {
  /** The partner key of the tag that runs. */
  k?: string;
  /** The stub's queue; later, what takes the calls of a page that has kept the stub in a variable. */
  q?: { push(call: EarlyCall): unknown };
}

try {
  const before = ((window as { onrampTrack?: unknown }).onrampTrack || 0) as Installed & { q?: EarlyCall[] };
  // currentScript is null in modules and behind loaders that run scripts later.
  const tag = (document.currentScript ||
    document.querySelector('[data-partner-key],[src*=partner-key]')) as HTMLScriptElement;
  const url = new URL(tag.src);
  // Tag managers strip attributes, so each may stand in the script's address instead.
  useOptions(
    (name) => tag.dataset[name] || url.searchParams.get(name.replace(/[A-Z]/g, '-$&').toLowerCase()) || '',
  );
  // The panel for providers, also where the next lines end the start. An import, since Trusted Types would stop
  // a script element.
  if (/onramp_debug/.test(location as unknown as string)) void import(url.origin + '/onramp_debug.js');
  readFixedOptions(option('endpoint') || url.origin);
  if (!partnerKey || before.k) throw (partnerKey ? 'duplicate' : 'no') + ' data-partner-key';
  ((window as { onrampTrack?: unknown }).onrampTrack = onrampTrack as Installed).k = partnerKey;
  start();
  // Older stubs push `arguments` alone; a second argument that can be called is the newer stub's resolver.
  const drain = (call: EarlyCall): unknown =>
    onrampTrack(...((((call[1] || 0) as () => void).call ? call[0] : call) as [Purchase])).then(
      call[1] as () => void,
    );
  (onrampTrack as Installed).q = { push: drain };
  (before.q || []).map(drain);
  if (option('track') == 'purchase') void onrampTrack();
} catch (error) {
  warn(error);
}
