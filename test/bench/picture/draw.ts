/** Lengths in the picture's own pixels. */
export const width = 1_080;
export const margin = 24;
export const rowHeight = 28;

/** Each with white or black text on it at a contrast of 4.5 or more; told apart without red and green, too. */
export const colours = {
  good: { fill: '#0b5fa5', text: '#ffffff' },
  later: { fill: '#a8cdea', text: '#10222f' },
  bad: { fill: '#a83c00', text: '#ffffff' },
  none: { fill: '#eceff1', text: '#455a64' },
  ours: { fill: '#0b5fa5', text: '#ffffff' },
  other: { fill: '#78909c', text: '#ffffff' },
};

/** A part of the picture, and where it ends. */
export interface Drawn {
  svg: string;
  bottom: number;
}

export function text(x: number, y: number, content: string, attributes = ''): string {
  const escaped = content.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  return `<text x="${x.toFixed(1)}" y="${y}" ${attributes}>${escaped}</text>`;
}

/** A rectangle with its upper left corner there. */
export function box(x: number, y: number, boxWidth: number, boxHeight: number, fill: string): string {
  return `<rect x="${x.toFixed(1)}" y="${y}" width="${boxWidth.toFixed(1)}" height="${boxHeight}" rx="3" fill="${fill}"/>`;
}
