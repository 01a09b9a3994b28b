/**
 * The text as every part of the project can carry it. A lone surrogate cannot be written as UTF-8 (a form
 * sends U+FFFD for it) and PostgreSQL has no U+0000, so both become U+FFFD wherever a text enters: copies
 * of one purchase then have one key, whichever way each of them came.
 */
export function toStoredText(text: string): string {
  return text.toWellFormed().replaceAll('\0', '\uFFFD');
}

/**
 * The text as it is compared with others: `José` is one name, whether its last letter is one code point or two (Unicode's
 * normalization form C). What is shown is the text as it was sent.
 */
export function toComparedText(text: string): string {
  return toStoredText(text.trim()).normalize('NFC');
}

/** Length in Unicode code points, which is how the limits of the contract count. */
export function lengthOf(text: string): number {
  let length = 0;
  for (const _ of text) length++;
  return length;
}

/** The text's first code points, at most so many: a cut inside of one would leave half a character. */
export function cutText(text: string, maxLength: number): string {
  return Array.from(text).slice(0, maxLength).join('');
}

/**
 * What templates and scripts write where they had nothing to fill in: nothing at all, `undefined`, `null`, `NaN`,
 * `[object Object]`, `{{ user.id }}`, `<%= id %>`, `${id}`, `#{id}`. As the id of a customer or an order
 * it would make all of them one.
 */
export const templateLeftover = /<%|[{$#]{|\[obj|^(|undefined|null|NaN)$/;

/**
 * Whether the text is such a leftover, which no customer, order or service can be called. Python's `None` is told here
 * alone: in the pixel it would cost more bytes than are left, and what the pixel lets through the service refuses.
 */
export function isTemplateLeftover(text: string): boolean {
  return text === 'None' || templateLeftover.test(text);
}

/**
 * The text with characters that terminals obey, that turn the direction of writing or that nobody sees as numbers,
 * \u001b for example: they could hide or forge what stands beside them. Ends of lines stay.
 */
export function escapeControls(text: string): string {
  return text.replace(
    /(?!\n)[\p{Cc}\p{Bidi_Control}\u2028\u2029]/gu,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
