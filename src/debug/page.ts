import type { PixelHandle, TrackedCall } from '../pixel/types.ts';

/**
 * The call's result, or undefined when it throws: a browser throws where storage or cookies are denied, the page may
 * have broken any built-in, and a panel that is there to help may not add an error to a page in trouble.
 */
export function attempt<Result>(call: () => Result): Result | undefined {
  try {
    return call();
  } catch {
    return undefined;
  }
}

/** As the pixel finds them: HTML can put an image in the place of any property of the document. */
export function scriptsOf(page: Document): HTMLScriptElement[] {
  const scripts = [...Document.prototype.querySelectorAll.call(page, 'script')] as HTMLScriptElement[];
  // Those of SVG have no src.
  return scripts.filter(({ src }) => typeof src === 'string');
}

/** What the page around the pixel is like. */
export interface Surroundings {
  /** runs: it does. covered: something else stands at `onrampTrack`. stub: nobody takes the calls. absent: nothing. */
  pixel: 'runs' | 'covered' | 'stub' | 'absent';
  /** Whether a tag's pixel runs beside the module's. */
  isTagToo: boolean;
  /** The stub as it stands in the page's inline scripts. */
  stub: 'current' | 'older' | 'not seen';
  /** Whether a script element asks to track, which a module doesn't hear. */
  isTrackAttribute: boolean;
  privacyControl: boolean;
}

export function readSurroundings(module: PixelHandle | undefined): Surroundings {
  const track = installed();
  const runs = track !== undefined && attempt(() => typeof Reflect.get(track, 'run')) === 'function';
  const scripts = scriptsOf(document);
  const inline = scripts.filter(({ src }) => !src).map(({ textContent }) => textContent ?? '');
  const stub = inline.find((text) => isStub.test(text));
  return {
    pixel: module || runs ? 'runs' : !track ? 'absent' : isStub.test(sourceOf(track)) ? 'stub' : 'covered',
    isTagToo: module !== undefined && runs,
    stub: stub === undefined ? 'not seen' : stub.includes('Promise') ? 'current' : 'older',
    isTrackAttribute: scripts.some(({ dataset }) => dataset.track !== undefined),
    privacyControl: Reflect.get(navigator, 'globalPrivacyControl') === true,
  };
}

const isStub = /onrampTrack\.q\s*=\s*onrampTrack\.q\s*\|\|/;

function sourceOf(track: object): string {
  return attempt(() => Function.prototype.toString.call(track)) ?? '';
}

function installed(): object | undefined {
  const track: unknown = attempt(() => Reflect.get(window, 'onrampTrack'));
  return typeof track === 'function' ? track : undefined;
}

/** The calls that the tag's pixel keeps; undefined where none runs. */
export function callsOfTag(): readonly TrackedCall[] | undefined {
  const track = installed();
  const calls: unknown = track && attempt(() => Reflect.get(track, 'calls'));
  return Array.isArray(calls) ? calls : undefined;
}

/** The address that the page was opened with, which a router may have changed since. */
export function openedWith(): string {
  return attempt(() => performance.getEntries()[0]?.name) ?? '';
}
