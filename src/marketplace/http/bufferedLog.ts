/**
 * Returns what takes lines and hands those of one turn of the event loop on together: under load, writing each by
 * itself costs as much as all that the line is about. `flush` hands on what is left at once, for the process's end.
 */
export function bufferLog(stream: { write(text: string): unknown }) {
  let lines = '';

  function flush(): void {
    const text = lines;
    lines = '';
    if (text !== '') stream.write(text);
  }

  return {
    flush,
    write(line: string): void {
      if (lines === '') setImmediate(flush);
      lines += line;
    },
  };
}
