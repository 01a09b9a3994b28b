import type { PixelHandle } from '../pixel/types.ts';
import { type Source, scriptName, settingsOfModule, settingsOfTag } from '../settings/settings.ts';
import { attempt, scriptsOf } from './page.ts';

/** The tag whose settings count comes first: of those with the key that runs, the last one. */
export function findTags(page: Document, panelAddress: string): Source[] {
  const tags = scriptsOf(page).filter(mayBeOurs).map(readTag);
  const folder = folderOf(new URL(panelAddress));
  // A provider may have given the file another name; another vendor's script may have a partner key too.
  const ours = tags.filter(
    ({ address, settings }) =>
      !address ||
      scriptName.test(address.pathname) ||
      (settings.partnerKey.value && folderOf(address) === folder),
  );
  const key = ours.map(({ settings }) => settings.partnerKey.value).find((value) => value);
  const counting = ours.findLast(({ settings }) => settings.partnerKey.value === key) ?? ours[0];
  return counting ? [counting, ...ours.filter((tag) => tag !== counting)] : [];
}

function mayBeOurs({ src, dataset }: HTMLScriptElement): boolean {
  return dataset.partnerKey !== undefined || src.includes('partner-key') || /\/onramp[^/]*\.js/.test(src);
}

function folderOf({ origin, pathname }: URL): string {
  return origin + pathname.replace(/[^/]*$/, '');
}

export function readTag(script: HTMLScriptElement): Source {
  const address = attempt(() => new URL(script.src));
  return {
    by: 'tag',
    settings: settingsOfTag((name) => script.dataset[name], address),
    address,
    attributes: script.getAttributeNames(),
    parameters: [...(address?.searchParams.keys() ?? [])],
  };
}

export function readModule({ option }: PixelHandle): Source {
  const settings = settingsOfModule((name) => attempt(() => option(name)));
  return { by: 'module', settings, address: undefined, attributes: [], parameters: [] };
}
