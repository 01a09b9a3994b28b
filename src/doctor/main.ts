import { readArguments, usage } from './arguments.ts';
import { type StartBrowser, startBrowser as startOwnBrowser } from './browser.ts';
import { BrowserError, diagnose } from './diagnose.ts';
import { nameOf, UnreadableError } from './fetchPage.ts';
import { makeHarmless, makeLineHarmless, writeJson, writeText } from './show.ts';

/** What the doctor is given by the process that it runs in. */
export interface Surroundings {
  env: Readonly<Record<string, string | undefined>>;
  /** The report. */
  say(text: string): void;
  /** What takes long, and what is wrong with the command. */
  tell(text: string): void;
  isTerminal: boolean;
  /** Where docs/ stands, as it is shown to people; programs are told its path in the package. */
  docsFolder?: string;
  startBrowser?: StartBrowser;
}

/** Runs the command and resolves to its exit code. */
export async function runDoctor(args: readonly string[], surroundings: Surroundings): Promise<number> {
  const { env, say, isTerminal, docsFolder = 'docs', startBrowser = startOwnBrowser } = surroundings;
  const harmless = (text: string) => makeHarmless(text, env.ONRAMP_SECRET);
  const harmlessLine = (text: string) => makeLineHarmless(text, env.ONRAMP_SECRET);
  const tell = (text: string) => surroundings.tell(harmless(text));
  const order = readArguments(args, env);
  if (order === 'help') {
    say(usage);
    return 0;
  }
  if ('mistake' in order) {
    // Also where the rest could not be read: a program that asked for an object gets one.
    if (args.includes('--json')) say(writeJson({ error: harmless(order.mistake) }));
    tell(`error: ${order.mistake}\n${usage}`);
    return 2;
  }
  try {
    const report = await diagnose(order, { env, tell, startBrowser });
    const findings = report.findings.map((finding) => ({
      ...finding,
      sentence: harmlessLine(finding.sentence),
      ...(finding.change && { change: harmless(finding.change) }),
    }));
    const reported = report.reported?.map((fields) =>
      Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, harmlessLine(value)])),
    );
    const told = { ...report, ...(reported && { reported }), findings };
    say(order.isJson ? writeJson(told) : writeText(told, docsFolder, isTerminal && !env.NO_COLOR));
    return told.ok ? 0 : 1;
  } catch (error) {
    if (!(error instanceof BrowserError || error instanceof UnreadableError)) throw error;
    const message = harmless(error.message);
    if (order.isJson) say(writeJson({ page: nameOf(order.page), error: message }));
    tell(`error: ${message}`);
    return error instanceof BrowserError ? 2 : 3;
  }
}
