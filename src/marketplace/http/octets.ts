/** A text some of whose octets can't be read: U+FFFD stands for each of them, which is no reason to lose the others. */
export class BrokenText {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  toString(): string {
    return this.text;
  }
}

/** What octets say, and whether all of them could be read. */
export interface Decoded {
  text: string;
  isWhole: boolean;
}

const utf8 = 'utf-8';

/**
 * Decodes a body. What its octets show counts before what is declared: a byte order mark, and the zeros that UTF-16 has
 * beside ASCII. Without either it isn't UTF-16, whatever is declared; that, and a charset that isn't known, is UTF-8.
 *
 * @param charset a label of https://encoding.spec.whatwg.org/#names-and-labels
 */
export function decodeBody(octets: Uint8Array, charset = utf8): Decoded {
  return decode(octets, charsetShown(octets) ?? (isUtf16(charset) ? utf8 : charset));
}

/**
 * Decodes what a server answered: what its octets show, which is UTF-8 wherever they are that, since many servers declare
 * another charset than they write; then the declared one, and at last Windows-1252, of which ISO 8859-1 is a part and in
 * which all octets mean something.
 *
 * @returns the text without byte order marks and blanks around it
 */
export function decodeAnswer(octets: Uint8Array, contentType = ''): string {
  const charsets = [charsetShown(octets) ?? utf8, charsetDeclared(contentType) ?? utf8, 'windows-1252'];
  const decoded = charsets.map((charset) => decode(octets, charset)).find(({ isWhole }) => isWhole);
  return (decoded?.text ?? '').replace(/^\uFEFF+/, '').trim();
}

/** The charset that a Content-Type names. */
export function charsetDeclared(contentType: string): string | undefined {
  return /;\s*charset\s*=\s*["']?([\w.:-]+)/i.exec(contentType)?.[1];
}

function charsetShown(octets: Uint8Array): string | undefined {
  const [first, second, third] = octets;
  if (first === 0xef && second === 0xbb && third === 0xbf) return utf8;
  if ((first === 0xff && second === 0xfe) || (first !== 0 && second === 0)) return 'utf-16le';
  if ((first === 0xfe && second === 0xff) || (first === 0 && second !== 0)) return 'utf-16be';
  return undefined;
}

/** Decodes the percent-encoded octets of a part of a form, in which `+` is a blank. A percent sign that encodes nothing is one. */
export function decodePercents(part: string, charset = utf8): Decoded {
  let isWhole = true;
  // Of UTF-16, only the text around them is: what encodes octets has no other charset for them than UTF-8.
  const ofOctets = isUtf16(charset) ? utf8 : charset;
  const text = part.replaceAll('+', ' ').replace(/(?:%[0-9a-f]{2})+/gi, (percents) => {
    const decoded = decode(Buffer.from(percents.replaceAll('%', ''), 'hex'), ofOctets);
    isWhole &&= decoded.isWhole;
    return decoded.text;
  });
  return { text, isWhole };
}

function isUtf16(charset: string): boolean {
  return charset.toLowerCase().startsWith('utf-16');
}

function decode(octets: Uint8Array, charset: string): Decoded {
  try {
    return { text: decoderOf(charset, true).decode(octets), isWhole: true };
  } catch {
    return { text: decoderOf(charset, false).decode(octets), isWhole: false };
  }
}

/** Strict where a byte that can't be read is an error; else it would silently become another customer's name. */
const strictUtf8 = new TextDecoder(utf8, { fatal: true });

function decoderOf(charset: string, fatal: boolean) {
  if (charset === utf8 && fatal) return strictUtf8;
  try {
    return new TextDecoder(charset, { fatal });
  } catch {
    return new TextDecoder(utf8, { fatal });
  }
}
