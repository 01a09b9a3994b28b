/**
 * The text of an answer, whatever its charset and however many byte order marks it begins with. A mark counts first, then
 * the zeros of UTF-16; then UTF-8, where the bytes are that, since many servers declare another charset than they write;
 * then the declared charset, and at last Windows-1252, of which ISO 8859-1 is a part and in which all bytes mean
 * something.
 */
export function decodeText(bytes: Uint8Array, contentType = ''): string {
  const declared = /;\s*charset\s*=\s*"?([^\s";]+)/i.exec(contentType)?.[1];
  const charset = utf16Of(bytes);
  const text = charset
    ? decode(bytes, charset)
    : (decode(bytes, 'utf-8') ?? (declared && decode(bytes, declared)) ?? decode(bytes, 'windows-1252'));
  return (text ?? '').replace(/^\uFEFF+/, '').trim();
}

/** JSON begins with ASCII, so in UTF-16 every other of its first bytes is zero: RFC 4627, section 3. */
function utf16Of([first, second]: Uint8Array): string | undefined {
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  if (first === 0xfe && second === 0xff) return 'utf-16be';
  if (first === 0 && second !== 0) return 'utf-16be';
  return first !== undefined && second === 0 ? 'utf-16le' : undefined;
}

/** Undefined where the bytes aren't of that charset, or nobody knows it. */
function decode(bytes: Uint8Array, charset: string): string | undefined {
  try {
    return new TextDecoder(charset, { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
