/**
 * The text of a file that a shop or a spreadsheet has written: by its byte order mark, else by its zeros (Excel's
 * "Unicode text"), else UTF-8, and where it is none, what Windows writes in the west.
 *
 * @param {Uint8Array<ArrayBuffer>} bytes
 * @returns {string}
 */
export function decodeText(bytes) {
  const encoding = wideEncoding(bytes);
  if (encoding) return new TextDecoder(encoding).decode(bytes);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('windows-1252').decode(bytes);
  }
}

/** Bytes that tell of UTF-16 without a mark. */
const sampleLength = 256;

/**
 * @param {Uint8Array} bytes
 * @returns {string | undefined}
 */
function wideEncoding(bytes) {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be';
  const sample = [...bytes.subarray(0, sampleLength)];
  // Digits and separators have a zero beside them, before them or behind them; no other text has any.
  const zeros = sample.flatMap((byte, index) => (byte === 0 ? [index % 2] : []));
  if (zeros.length * 4 < sample.length || zeros.length === 0) return undefined;
  const odd = zeros.filter((place) => place === 1).length;
  return odd * 2 >= zeros.length ? 'utf-16le' : 'utf-16be';
}
