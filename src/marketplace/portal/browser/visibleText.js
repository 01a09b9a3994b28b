/**
 * What a stranger wrote, with the characters that nobody sees, or that turn what is around them, by their numbers.
 *
 * @param {string} text
 * @returns {string}
 */
export function visibleText(text) {
  return text.replace(
    /[\p{Cc}\p{Bidi_Control}\u2028\u2029]/gu,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
