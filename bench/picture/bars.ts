import type { ScriptResult } from '../results.ts';
import { box, colours, type Drawn, margin, rowHeight, text, width } from './draw.ts';

/** Bars of larger scripts are cut here, and say so: at full length the small ones could not be seen. */
const longestBar = 6_000;
const names = 130;
const figures = 90;

/** The scripts from the smallest to the largest; ours is the first that was measured. */
export function drawBars(scripts: ScriptResult[], top: number): Drawn {
  const left = margin + names;
  const scale = (width - left - margin - figures) / longestBar;
  const bars = scripts
    .toSorted((one, other) => one.bytes.brotli - other.bytes.brotli)
    .map((script, index) => {
      const { title, bytes, requests } = script;
      const y = top + index * rowHeight;
      const length = Math.min(bytes.brotli, longestBar) * scale;
      const isOurs = script === scripts[0];
      const { fill } = isOurs ? colours.ours : colours.other;
      const weight = isOurs ? 'font-weight="700"' : '';
      const figure = bytes.brotli.toLocaleString('en-US') + (requests ? '' : ' (page views only)');
      return [
        text(left - 10, y + 19, title, `text-anchor="end" ${weight}`),
        box(left, y + 3, length, rowHeight - 6, fill),
        bytes.brotli > longestBar ? drawCut(left + length - 40, y) : '',
        text(left + length + 8, y + 19, figure, weight),
      ].join('');
    });
  return { svg: bars.join('\n'), bottom: top + scripts.length * rowHeight };
}

/** Two slanted lines through a bar that goes on. */
function drawCut(x: number, y: number): string {
  const line = (from: number) => `M${from} ${y + rowHeight} l10 -${rowHeight}`;
  return `<path d="${line(x)} ${line(x + 9)}" stroke="#ffffff" stroke-width="4" fill="none"/>`;
}
