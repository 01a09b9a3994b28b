import { escapeControls } from '../wire/text.ts';
import { type ReportedFinding, type Severity, severities } from './findings.ts';

/** What is told of the whole: one object for programs, whose names don't change. */
export interface Report {
  /** Without queries and credentials. */
  page: string;
  thankYou?: string;
  /** Its name and version; null: there was none. */
  browser: string | null;
  /** What the thank-you page reports; never a signature. */
  reported?: readonly Reported[];
  /** Whether nothing of severity error was found. */
  ok: boolean;
  findings: readonly ReportedFinding[];
}

/** A purchase or signup, by the fields that the page named. */
export type Reported = Readonly<Record<string, string>>;

/** Takes secrets out, and what terminals obey: pages are strangers' texts. */
export function makeHarmless(text: string, secret: string | undefined): string {
  const hidden = secret ? text.replaceAll(secret, '(secret)') : text;
  return escapeControls(hidden.replace(/\bos_[A-Za-z0-9]+_[\w-]+|\bwhsec_[\w+/=-]+/g, '(secret)'));
}

/** The same for a text of one line, in which a line of the page's own could pose as the doctor's. */
export function makeLineHarmless(text: string, secret: string | undefined): string {
  return makeHarmless(text, secret).replaceAll('\n', '\\n');
}

/** The report, or why there is none, as JSON for programs. */
export function writeJson(report: Report | { page?: string; error: string }): string {
  return JSON.stringify(report, null, 2);
}

const marks = { error: '✗', warning: '!', note: '·' } as const satisfies Record<Severity, string>;
const colours = { error: 31, warning: 33, note: 36 } as const satisfies Record<Severity, number>;
const width = 80;

/** The report as people read it. */
export function writeText(
  { page, thankYou, browser, findings, reported = [] }: Report,
  docsFolder: string,
  isColoured: boolean,
): string {
  const paint = (text: string, ...styles: number[]) =>
    isColoured ? `\u001b[${styles.join(';')}m${text}\u001b[0m` : text;
  const pages = new Set([page, ...(thankYou === undefined ? [] : [thankYou])]);
  const blocks = [...pages].flatMap((name) => {
    const own = findings.filter((finding) => finding.page === name);
    const lines = own.map((finding) =>
      writeFinding({ ...finding, docs: finding.docs.replace('docs', docsFolder) }, paint),
    );
    const shown = name === thankYou ? reported.map(writeReported) : [];
    return [
      paint(name, 1),
      ...shown,
      ...(own.length > 0 ? lines : [`  ${paint('✓', 32)} Nothing wrong found.`]),
    ];
  });
  const looked = browser ? `Looked at the HTML and, with ${browser}, at the page.` : noBrowser;
  const summary = `${paint(countAll(findings), 1)} ${looked} Nothing was recorded at the marketplace.`;
  return [...blocks, fold(summary, '')].join('\n\n');
}

const noBrowser = 'Looked at the HTML alone: with Chromium, Chrome or Edge (--browser) more can be told.';

function writeReported({ event = 'purchase', ...fields }: Reported): string {
  const told = Object.entries(fields).map(([name, value]) => `${name} ${value}`);
  return fold(`It reports a ${event}: ${told.join(', ')}.`, '  ');
}

function writeFinding(
  { severity, code, sentence, change, docs }: ReportedFinding,
  paint: (text: string, ...styles: number[]) => string,
): string {
  const heading = `  ${paint(marks[severity], colours[severity], 1)} ${paint(code, colours[severity])}`;
  const lines = [heading, fold(sentence, '    ')];
  if (change) lines.push('', ...change.split('\n').map((line) => `      ${paint(line, 1)}`), '');
  lines.push(`    ${paint(docs, 2)}`);
  return lines.join('\n');
}

function countAll(findings: readonly ReportedFinding[]): string {
  const counts = severities.map((severity) => {
    const number = findings.filter((finding) => finding.severity === severity).length;
    return { number, text: `${number} ${severity}${number === 1 ? '' : 's'}` };
  });
  const told = counts.filter(({ number }) => number > 0).map(({ text }) => text);
  return told.length > 0 ? `${told.join(', ')}.` : 'Nothing wrong found.';
}

/** Breaks a sentence between its words. */
function fold(text: string, indent: string): string {
  const lines = [''];
  for (const word of text.split(' ')) {
    const last = lines.at(-1) ?? '';
    if (last !== '' && indent.length + last.length + word.length >= width) lines.push(word);
    else lines[lines.length - 1] = last === '' ? word : `${last} ${word}`;
  }
  return lines.map((line) => indent + line).join('\n');
}
