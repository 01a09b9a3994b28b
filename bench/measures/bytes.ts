import { brotliCompressSync, gzipSync } from 'node:zlib';
import type { Bytes } from '../results.ts';

/** What a server sends at its best: gzip at level 9, brotli at quality 11, which is Node's default. */
export function measureBytes(script: string): Bytes {
  const raw = Buffer.from(script);
  return {
    raw: raw.length,
    gzip: gzipSync(raw, { level: 9 }).length,
    brotli: brotliCompressSync(raw).length,
  };
}
