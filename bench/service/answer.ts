/**
 * Reads the answers of one connection from its text in Latin-1, of which each was asked for after the one before it was
 * read. Each needs a Content-Length, or has no content, as all that is asked here.
 *
 * @returns what takes the next part of the text, and returns the status of the answer that it completes
 */
export function createAnswerReader(): (chunk: string) => number | undefined {
  let text = '';
  return (chunk) => {
    text += chunk;
    const headEnd = text.indexOf('\r\n\r\n');
    if (headEnd < 0) return undefined;
    const length = Number(/\r\ncontent-length: *(\d+)/i.exec(text.slice(0, headEnd + 2))?.[1] ?? 0);
    if (text.length < headEnd + 4 + length) return undefined;
    // After "HTTP/1.1 ".
    const status = Number(text.slice(9, 12));
    text = '';
    return status;
  };
}
