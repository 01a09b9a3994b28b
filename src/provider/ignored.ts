import { kindOf } from './arguments.ts';

/** Of a call that is stored, though some of it was left out. */
export interface IgnoredContext {
  /** Its name: `trackPurchase`. */
  call: string;
  /** All that was sent, by the names of the wire. */
  sent: Readonly<Record<string, unknown>>;
}

/** Hears which fields the marketplace could not read and has left out. */
export type OnIgnored = (fields: readonly string[], context: IgnoredContext) => void;

export const warnOfIgnored: OnIgnored = (fields, { call, sent }) => {
  const list = fields.map((name) => `${name} (${kindOf(sent[name])})`).join(', ');
  console.warn(
    `onramp-pixel: ${call} is stored, but without ${list}: the marketplace could not read that. ` +
      'Send the call again with it mended, and it is added. docs/provider.md says what each field may be.',
  );
};

/** Says what an answer names as ignored; a listener that fails spoils no answer. */
export function tellIgnored(onIgnored: OnIgnored, ignored: unknown, context: IgnoredContext): void {
  const fields = Array.isArray(ignored) ? ignored.filter((name) => typeof name === 'string') : [];
  if (fields.length === 0) return;
  try {
    onIgnored(fields, context);
  } catch {}
}
