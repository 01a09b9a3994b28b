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

export const heading = 'font-size="20" font-weight="600"';
export const aside = `font-size="12" fill="${colours.none.text}"`;
const fonts = "system-ui, 'Segoe UI', Roboto, 'DejaVu Sans', sans-serif";

/** A picture as a file of its own: parts on white, and in words what they show. */
export function frame(title: string, description: string, height: number, parts: readonly string[]): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-labelledby="title description" font-family="${fonts}" font-size="14" fill="#10222f">
<title id="title">${title}</title>
<desc id="description">${description}</desc>
<rect width="${width}" height="${height}" fill="#ffffff"/>
${parts.join('\n')}
</svg>
`;
}
