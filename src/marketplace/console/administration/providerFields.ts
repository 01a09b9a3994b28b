import { type Level, levels } from '../../../wire/fields.ts';
import { readLevel, readName, readOrigin, readProvisionUrl } from '../../administration/values.ts';
import { checkField, choiceField, type FieldErrors, textField } from '../../pages/fields.ts';
import { type Html, html } from '../../pages/html.ts';
import type { Provider } from '../../store/providers.ts';
import type { Entered } from './entered.ts';

const levelTexts: Readonly<Record<Level, string>> = {
  unsigned: 'Everything, also what proves nothing (unsigned)',
  origin: 'What comes from pages of its origins, or better (origin)',
  signed: 'What is signed with its secret, or better (signed)',
  server: 'Only what its server sends with its secret (server)',
};

/** What the form of a provider shows, as texts. */
export interface ProviderTexts {
  name: string;
  /** One a line. */
  origins: string;
  minimumLevel: string;
  provisionUrl: string;
  isIdempotent: boolean;
  isDisabled: boolean;
}

/** What stands in the form of a provider to be changed. */
export function textsOf(provider: Provider): ProviderTexts {
  return {
    name: provider.name,
    origins: provider.origins.join('\n'),
    minimumLevel: provider.minimumLevel,
    provisionUrl: provider.provisionUrl ?? '',
    isIdempotent: provider.idempotent,
    isDisabled: provider.disabled,
  };
}

/** What was typed into it. */
export function textsEntered(entered: Entered): ProviderTexts {
  return {
    name: entered.text('name'),
    origins: entered.text('origins'),
    minimumLevel: entered.text('minimumLevel'),
    provisionUrl: entered.text('provisionUrl'),
    isIdempotent: entered.isChecked('idempotent'),
    isDisabled: entered.isChecked('disabled'),
  };
}

/** The settings that were entered, as the store takes them; undefined where something is wrong. */
export function readSettings(entered: Entered) {
  const name = entered.read('name', readName);
  const origins = entered.readLines('origins', readOrigin);
  const minimumLevel = entered.read('minimumLevel', readLevel);
  const provisionUrl = entered.readOptional('provisionUrl', readProvisionUrl);
  const idempotent = entered.isChecked('idempotent');
  const disabled = entered.isChecked('disabled');
  if (name === undefined || !origins || !minimumLevel || !entered.isRight) return undefined;
  return { name, origins, minimumLevel, provisionUrl: provisionUrl ?? null, idempotent, disabled };
}

/** The fields that every provider has. */
export function basicFields({ name, origins, minimumLevel }: ProviderTexts, errors: FieldErrors): Html {
  return html`${textField({
    name: 'name',
    label: 'Name',
    hint: 'What people know it by.',
    value: name,
    required: true,
    autocomplete: 'off',
    error: errors.name,
  })}${textField({
    name: 'origins',
    label: 'Origins of its pages',
    hint: html`One a line, for example <code>https://acme.example</code>; <code>https://*.acme.example</code> for all its subdomains.`,
    value: origins,
    lines: 3,
    isCode: true,
    error: errors.origins,
  })}${choiceField({
    name: 'minimumLevel',
    label: 'What is taken of its purchases and signups',
    hint: 'What is believed less is refused, and can be replayed.',
    value: minimumLevel,
    choices: levels.map((level) => ({ value: level, text: levelTexts[level] })),
    error: errors.minimumLevel,
  })}`;
}

/** The fields that a provider gets later. */
export function furtherFields(
  { provisionUrl, isIdempotent, isDisabled }: ProviderTexts,
  errors: FieldErrors,
): Html {
  return html`${textField({
    name: 'provisionUrl',
    label: 'Where orders of accounts are posted to',
    hint: 'Its endpoint, an https address. Empty while it takes none.',
    value: provisionUrl,
    isCode: true,
    type: 'url',
    error: errors.provisionUrl,
  })}${checkField({
    name: 'idempotent',
    label: 'The same order sent twice makes one account there',
    hint: 'Then an order in doubt is sent again by itself; otherwise a person decides.',
    isChecked: isIdempotent,
  })}${checkField({
    name: 'disabled',
    label: 'Disabled: nothing more is taken from it',
    hint: 'It still reads what is its own.',
    isChecked: isDisabled,
  })}`;
}
