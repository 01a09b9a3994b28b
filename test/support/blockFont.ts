/**
 * A font in which every letter is the same block, as a TrueType file: with it a page is as wide, as high and as black on
 * every machine, whatever fonts that has, and a picture of it can be compared with one that was made elsewhere.
 */
export function createBlockFont(): Buffer {
  const glyphs = [block(), block(), Buffer.alloc(0)];
  const tables: Record<string, Buffer> = {
    'OS/2': metrics(),
    cmap: characters(),
    glyf: Buffer.concat(glyphs),
    head: head(),
    hhea: horizontalHead(glyphs.length),
    hmtx: words(...glyphs.flatMap(() => [advance, 0])),
    loca: words(...offsetsOf(glyphs)),
    maxp: Buffer.concat([longs(0x10000), words(glyphs.length, 4, 1, 0, 0, 2, ...zeros(8))]),
    name: words(0, 0, 6),
    post: Buffer.concat([longs(0x30000, 0), words(-100, 50), longs(0, 0, 0, 0, 0)]),
  };
  return assemble(tables);
}

const unitsPerEm = 1_000;
const advance = 560;
const [ascent, descent] = [800, -200];
const [blockIndex, blankIndex] = [1, 2];

/** All characters that our pages show; what lies between is in other fonts, which nobody has alike. */
const ranges: readonly (readonly [first: number, last: number])[] = [
  [0x20, 0x20],
  [0x21, 0x17f],
  [0x2010, 0x205e],
  [0x20a0, 0x20bf],
  [0x2190, 0x2212],
  [0x25a0, 0x25ff],
];

/** Big-endian, of 16 and of 32 bits. */
function words(...values: number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 2);
  values.forEach((value, index) => void bytes.writeUInt16BE(value & 0xffff, index * 2));
  return bytes;
}

function longs(...values: number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 4);
  values.forEach((value, index) => void bytes.writeUInt32BE(value >>> 0, index * 4));
  return bytes;
}

const zeros = (count: number): number[] => Array.from({ length: count }, () => 0);

/** A rectangle on the line, as high as an x. */
function block(): Buffer {
  const [left, right, top] = [40, advance - 40, 500];
  const outline = [words(1, left, 0, right, top, 3, 0), Buffer.from([1, 1, 1, 1])];
  const corners = words(left, 0, right - left, 0, 0, top, 0, -top);
  return pad(Buffer.concat([...outline, corners]));
}

/** In words, as the short format of the table has it. */
function offsetsOf(glyphs: readonly Buffer[]): number[] {
  const lengths = glyphs.map(({ length }) => length / 2);
  return [0, ...lengths.map((_, index) => lengths.slice(0, index + 1).reduce((sum, length) => sum + length))];
}

/** Format 4: of each range, and of the one that ends the table, a list of the characters' glyphs. */
function characters(): Buffer {
  const segments = [...ranges, [0xffff, 0xffff] as const];
  const count = segments.length;
  let listed = 0;
  const rangeOffsets = segments.map(([first, last], index) => {
    if (first === 0xffff) return 0;
    const offset = (count - index + listed) * 2;
    listed += last - first + 1;
    return offset;
  });
  const glyphList = ranges.flatMap(([first, last]) =>
    Array.from({ length: last - first + 1 }, (_, index) =>
      first + index === 0x20 ? blankIndex : blockIndex,
    ),
  );
  const searched = 2 ** Math.floor(Math.log2(count)) * 2;
  const body = words(
    ...[0, count * 2, searched, Math.log2(searched / 2), count * 2 - searched],
    ...segments.map(([, last]) => last),
    0,
    ...segments.map(([first]) => first),
    ...segments.map(([first]) => (first === 0xffff ? 1 : 0)),
    ...rangeOffsets,
    ...glyphList,
  );
  const subtable = Buffer.concat([words(4, body.length + 4), body]);
  return Buffer.concat([words(0, 1, 3, 1), longs(12), subtable]);
}

function head(): Buffer {
  const dates = longs(0, 0, 0, 0);
  return Buffer.concat([
    longs(0x10000, 0x10000, 0, 0x5f0f3cf5),
    words(0x000b, unitsPerEm),
    dates,
    words(0, descent, advance, ascent, 0, 8, 2, 0, 0),
  ]);
}

function horizontalHead(glyphCount: number): Buffer {
  const extents = [advance, 0, 0, advance];
  return Buffer.concat([
    longs(0x10000),
    words(ascent, descent, 0, ...extents, 1, 0, 0, ...zeros(5), glyphCount),
  ]);
}

/** OS/2, version 3. */
function metrics(): Buffer {
  const scripts = [650, 600, 0, 75, 650, 600, 0, 350];
  return Buffer.concat([
    words(3, advance, 400, 5, 0, ...scripts, 50, 250, 0),
    Buffer.alloc(10),
    longs(0, 0, 0, 0),
    Buffer.from('TEST'),
    words(0x0040, 0x20, 0xffff, ascent, descent, 0, ascent, -descent),
    longs(1, 0),
    words(500, 700, 0, 0x20, 1),
  ]);
}

function pad(bytes: Buffer): Buffer {
  return Buffer.concat([bytes, Buffer.alloc((4 - (bytes.length % 4)) % 4)]);
}

function checksum(bytes: Buffer): number {
  let sum = 0;
  for (let at = 0; at < bytes.length; at += 4) sum = (sum + bytes.readUInt32BE(at)) >>> 0;
  return sum;
}

function assemble(tables: Readonly<Record<string, Buffer>>): Buffer {
  const names = Object.keys(tables).sort();
  const power = Math.floor(Math.log2(names.length));
  const searched = 2 ** power * 16;
  const start = Buffer.concat([
    longs(0x10000),
    words(names.length, searched, power, names.length * 16 - searched),
  ]);
  let offset = 12 + names.length * 16;
  const directory: Buffer[] = [];
  const contents: Buffer[] = [];
  for (const name of names) {
    const bytes = tables[name] ?? Buffer.alloc(0);
    const padded = pad(bytes);
    directory.push(Buffer.concat([Buffer.from(name), longs(checksum(padded), offset, bytes.length)]));
    contents.push(padded);
    offset += padded.length;
  }
  return Buffer.concat([start, ...directory, ...contents]);
}
