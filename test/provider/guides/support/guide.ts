import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';

const docs = resolve(import.meta.dirname, '../../../../docs');
/** A file in a guide: its path, a comma, what it is, a colon, and its text in a fence. */
const fileInGuide = /^`([^`\n]+)`, [^`]+:\n\n```(?!sh\n)\w+\n([\s\S]*?)```$/gm;
/** The table of what will stand in the ledger. */
const ledgerTable = /^\| event \|.*\n\|[-|]+\n((?:\|.*\n)+)/m;

export interface Guide {
  /** The files by their paths. */
  files: ReadonlyMap<string, string>;
  /** The commands to type, line by line. */
  commands: readonly string[];
  /** The rows that the guide promises, by the names of their fields; what it leaves empty is undefined. */
  promised: readonly PromisedRow[];
}

export type PromisedRow = Record<string, string | undefined> & { event: string };

/** The code of a guide, as it stands in that page of docs/. */
export async function readGuide(page: string): Promise<Guide> {
  const text = await readFile(resolve(docs, `${page}.md`), 'utf8');
  const files = new Map([...text.matchAll(fileInGuide)].map(([, path = '', code = '']) => [path, code]));
  const commands = [...text.matchAll(/^```sh\n([\s\S]*?)```$/gm)].flatMap(([, lines = '']) =>
    lines.trim().split('\n'),
  );
  return { files, commands, promised: readPromised(text) };
}

function readPromised(text: string): PromisedRow[] {
  const [table = '', body = ''] = ledgerTable.exec(text) ?? [];
  const names = cellsOf(table.split('\n', 1)[0] ?? '');
  return body
    .trim()
    .split('\n')
    .filter((line) => line)
    .map((line) => {
      const cells = cellsOf(line);
      const row = Object.fromEntries(names.map((name, index) => [name, cells[index] || undefined]));
      const [amount, currency] = row.amount?.split(' ') ?? [];
      return { ...row, event: row.event ?? '', ...('amount' in row && { amount, currency }) };
    });
}

const cellsOf = (line: string): string[] =>
  line
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim());

/** Writes the guide's files into a folder, each as it stands or with one text in it replaced by another. */
export async function writeGuide(
  { files }: Pick<Guide, 'files'>,
  folder: string,
  [text, replacement]: [text: string, replacement: string] = ['', ''],
): Promise<void> {
  if (![...files.values()].some((code) => code.includes(text))) throw new Error(`the guide lacks: ${text}`);
  for (const [path, code] of files) {
    const file = resolve(folder, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(
      file,
      code.replace(text, () => replacement),
    );
  }
  await writeFile(resolve(folder, 'package.json'), '{ "private": true, "type": "module" }\n');
}
