import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { brotliCompressSync, gzipSync } from 'node:zlib';

/** A script for pages, compressed once, in the forms in which it is sent. */
export interface Script {
  /** First 12 hex digits of its SHA-256: the name of this very version. */
  version: string;
  /** By Content-Encoding. */
  encoded: Readonly<Record<ScriptEncoding, Buffer>>;
}
export const scriptEncodings = ['br', 'gzip', 'identity'] as const;
export type ScriptEncoding = (typeof scriptEncodings)[number];

/** @throws Error that says what to do when there is no such file */
export async function loadScript(path: string): Promise<Script> {
  const source = await readFile(path).catch((cause: unknown) => {
    throw new Error(`The script for pages cannot be read from ${path}. Build it with: npm run build`, {
      cause,
    });
  });
  return encodeScript(source);
}

export function encodeScript(source: Buffer): Script {
  return {
    version: createHash('sha256').update(source).digest('hex').slice(0, 12),
    encoded: { br: brotliCompressSync(source), gzip: gzipSync(source, { level: 9 }), identity: source },
  };
}
