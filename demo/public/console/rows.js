/**
 * Keeps a list on the page like its rows: puts what is new in its place and replaces what has changed. The function
 * that it returns says what was new or changed since the first time, to be announced.
 */
export function createRows(list, keyOf, createEntry) {
  /** By the row's key: the row, the same as text, to see a change, and its element. */
  const shown = new Map();
  let isFirst = true;

  function showRow(row, position) {
    const key = keyOf(row);
    const text = JSON.stringify(row);
    const before = shown.get(key);
    if (before?.text === text) return [];
    const element = createEntry(row);
    shown.set(key, { row, text, element });
    if (before) before.element.replaceWith(element);
    else list.insertBefore(element, list.children[position] ?? null);
    if (isFirst) return [];
    element.classList.add(before ? 'changed' : 'arrived');
    return [{ row, before: before?.row }];
  }

  return (rows) => {
    const changes = rows.flatMap(showRow);
    isFirst = false;
    return changes.reverse();
  };
}
