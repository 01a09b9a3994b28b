/**
 * How long a Retry-After header asks to wait, in milliseconds: seconds or an HTTP date (RFC 9110, section 10.2.3).
 * Undefined for none and for what is neither.
 */
export function retryAfterMs(header: string | null, now: number): number | undefined {
  if (header === null) return undefined;
  if (/^\s*\d{1,9}\s*$/.test(header)) return Number(header) * 1000;
  // Only the form with a weekday: Date.parse would take much else, and in the machine's own zone.
  const time = /^\s*[A-Za-z]{3,9},? .*GMT\s*$/.test(header) ? Date.parse(header) : Number.NaN;
  return Number.isNaN(time) ? undefined : Math.max(0, time - now);
}
