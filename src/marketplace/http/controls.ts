/**
 * The text with nothing in it that a terminal, a spreadsheet or a page would obey: texts of strangers stand in what is
 * shown, and a control character, or one that turns the direction of writing, could hide or forge what stands beside
 * them. As \\u001b it is harmless, and JSON means the same by it. Ends of lines stay.
 */
export function escapeControls(text: string): string {
  return text.replace(/(?!\n)[\p{Cc}\p{Bidi_Control}\u2028\u2029]/gu, escapeCharacter);
}

function escapeCharacter(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
