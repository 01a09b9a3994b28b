import { type Order, readArguments, usage } from './arguments.ts';
import { examinePage, knownOf, type Page, readPage } from './examine.ts';
import { fetchText, nameOf, UnreadableError } from './fetchPage.ts';
import { type ReportedFinding, report, sortBySeverity } from './findings.ts';
import { createProbeId, judgeRedirects, withReferral } from './judgeReferral.ts';
import { makeHarmless, type Report, writeJson, writeText } from './show.ts';

/** What the doctor is given by the process that it runs in. */
export interface Surroundings {
  env: Readonly<Record<string, string | undefined>>;
  /** The report. */
  say(text: string): void;
  /** What takes long, and what is wrong with the command. */
  tell(text: string): void;
  isTerminal: boolean;
}

/** Runs the command and resolves to its exit code. */
export async function runDoctor(args: readonly string[], surroundings: Surroundings): Promise<number> {
  const { env, say, tell, isTerminal } = surroundings;
  const order = readArguments(args);
  if (order === 'help') {
    say(usage);
    return 0;
  }
  if ('mistake' in order) {
    tell(`error: ${order.mistake}\n${usage}`);
    return 2;
  }
  const harmless = (text: string) => makeHarmless(text, env.ONRAMP_SECRET);
  try {
    const found = await examine(order, surroundings);
    const isColoured = isTerminal && !env.NO_COLOR;
    const findings = found.findings.map((finding) => ({
      ...finding,
      sentence: harmless(finding.sentence),
      ...(finding.change && { change: harmless(finding.change) }),
    }));
    const told = { ...found, findings };
    say(order.isJson ? writeJson(told) : writeText(told, isColoured));
    return found.ok ? 0 : 1;
  } catch (error) {
    if (!(error instanceof UnreadableError)) throw error;
    const message = harmless(error.message);
    if (order.isJson) say(JSON.stringify({ page: nameOf(order.page), error: message }, null, 2));
    tell(`error: ${message}`);
    return 3;
  }
}

async function examine(order: Order, { env, tell }: Surroundings): Promise<Report> {
  tell(`Reading ${nameOf(order.page)}`);
  const page = await read(order.page);
  const thankYou = order.thankYou && (await read(order.thankYou));
  const pages = thankYou ? [page, thankYou] : [page];
  const known = knownOf(pages, env.ONRAMP_BASE_URL);
  const findings: ReportedFinding[] = [];
  // Only what stands in the address at the end can be found by the pixel.
  const id = createProbeId();
  const { hops } = await fetchText(withReferral(order.page, id), { accept: 'text/html' });
  findings.push(...report(nameOf(order.page), judgeRedirects(hops, id)));
  for (const one of pages) {
    const own = await examinePage(one, undefined, known);
    findings.push(...report(nameOf(one.fetched.hops[0] ?? one.fetched.url), own));
  }
  return {
    page: nameOf(order.page),
    ...(order.thankYou && { thankYou: nameOf(order.thankYou) }),
    browser: null,
    ok: !findings.some(({ severity }) => severity === 'error'),
    findings: sortBySeverity(findings),
  };
}

/** @throws UnreadableError also for an answer that is no page */
async function read(address: URL): Promise<Page> {
  const fetched = await fetchText(address, { accept: 'text/html' });
  const { status, headers, url } = fetched;
  if (status >= 400) {
    const login = status === 401 || status === 403 ? ' Name a page that visitors may see.' : '';
    throw new UnreadableError(`${nameOf(url)} cannot be read: it answers ${status}.${login}`);
  }
  const type = headers.get('content-type') ?? 'text/html';
  if (!/html/i.test(type)) {
    throw new UnreadableError(`${nameOf(url)} is no page: its content type is ${type}.`);
  }
  return readPage(fetched);
}
