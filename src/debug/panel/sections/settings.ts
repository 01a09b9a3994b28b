import { kebab, type Setting, shown } from '../../settings/options.ts';
import { element } from '../element.ts';
import { createSection, type Section } from '../section.ts';
import { row } from './referral.ts';

/** The tag's settings, those that someone has set first. */
export function createSettings(): Section {
  return createSection({
    title: 'Settings of the tag',
    isOpen: false,
    hint: ({ settings }) => `${settings.filter(isSet).length} set`,
    data: ({ settings }) => settings,
    draw: ({ settings }) => {
      const set = settings.filter(isSet);
      const byDefault = settings.filter(({ from }) => from === 'default');
      const names = settings
        .filter(({ from }) => from === 'not set')
        .map(({ name }) => `data-${kebab(name)}`);
      if (settings.length === 0) return [element('p', { class: 'hint' }, 'There is no tag to read.')];
      return [
        element('dl', {}, ...[...set, ...byDefault].flatMap(drawSetting)),
        element('p', { class: 'hint' }, `Not set: ${names.join(', ') || 'none'}.`),
      ];
    },
  });
}

function isSet({ from }: Setting): boolean {
  return from === 'attribute' || from === 'script address';
}

function drawSetting(setting: Setting): HTMLElement[] {
  const source = element('span', { class: 'hint' }, ` ${setting.from}`);
  return row(`data-${kebab(setting.name)}`, shown(setting), source);
}
