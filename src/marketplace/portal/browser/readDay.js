/**
 * The day that a date names, as YYYY-MM-DD; undefined where it names none. Of `03/04/2026` either may be the month.
 *
 * @param {string} text
 * @param {boolean} isDayFirst
 * @returns {string | undefined}
 */
export function readDay(text, isDayFirst) {
  const iso = /^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)/.exec(text);
  if (iso) return day(iso[1], iso[2], iso[3]);
  const parts = /^(\d{1,2})[-/.] ?(\d{1,2})[-/.] ?(\d{4})(?!\d)/.exec(text);
  if (!parts) return undefined;
  return isDayFirst ? day(parts[3], parts[2], parts[1]) : day(parts[3], parts[1], parts[2]);
}

/**
 * Whether the day stands before the month: as any date shows that has no such month, else by the sign between them,
 * since whoever writes slashes may well begin with the month.
 *
 * @param {readonly string[]} texts
 * @returns {boolean}
 */
export function guessDayFirst(texts) {
  for (const text of texts) {
    const [, first, second] = /^(\d{1,2})[-/.] ?(\d{1,2})[-/.] ?\d{4}/.exec(text) ?? [];
    if (Number(first) > 12) return true;
    if (Number(second) > 12) return false;
  }
  return !texts.some((text) => /^\d{1,2}\/\d{1,2}\/\d{4}/.test(text));
}

/**
 * @param {string | undefined} year
 * @param {string | undefined} month
 * @param {string | undefined} date
 * @returns {string | undefined}
 */
function day(year = '', month = '', date = '') {
  const text = `${year}-${month.padStart(2, '0')}-${date.padStart(2, '0')}`;
  const time = Date.parse(`${text}T00:00:00Z`);
  // 2026-02-30 is read as a day in March by some.
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text) ? text : undefined;
}
