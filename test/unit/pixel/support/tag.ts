import { vi } from 'vitest';
import type { Installed } from '../../../../src/pixel/globals.ts';
import type { OnrampTrack, TrackedCall } from '../../../../src/pixel/types.ts';
import * as pasted from '../../../support/tag.ts';
import { openWindow, type Setting, type Traffic } from './page.ts';

export interface TagSetting extends Setting {
  /** What happened in the window before the tag, such as a stub and calls of it. */
  before?: () => void;
  /** What document.currentScript is while the script runs; default: the last script of the HTML. */
  currentScript?: unknown;
}

/** Opens a page with that HTML, as a browser loads it: the script runs for its last script element. */
export async function openTag(html: string, { before, ...setting }: TagSetting = {}): Promise<Traffic> {
  const traffic = openWindow(setting);
  before?.();
  await addTag(html, setting);
  return traffic;
}

/** Adds the HTML to the open window, and runs the script anew for its last script element. */
export async function addTag(html: string, setting: TagSetting = {}): Promise<void> {
  document.body.insertAdjacentHTML('beforeend', html);
  const value = 'currentScript' in setting ? setting.currentScript : document.body.lastElementChild;
  Object.defineProperty(document, 'currentScript', { configurable: true, value });
  vi.resetModules();
  await import('../../../../src/pixel/main.ts');
  Reflect.deleteProperty(document, 'currentScript');
}

/** The page's function, of stub or script. */
export function pageTrack(): OnrampTrack {
  const { onrampTrack } = window;
  if (!onrampTrack) throw new Error('no onrampTrack');
  return onrampTrack;
}

/** The stubs as pages paste them. */
export const putStub = () => runPasted(pasted.stub);
export const putPlainStub = () => runPasted(pasted.plainStub);

/** What the panel is told of the page's calls. */
export function trackedCalls(): readonly TrackedCall[] {
  return (pageTrack() as Installed).calls ?? [];
}

function runPasted(html: string): void {
  new Function(html.replace(/<\/?script>/g, ''))();
}
