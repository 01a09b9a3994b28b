import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';

/** What a template may do, as its permissions say. */
export interface Permissions {
  /** Patterns of addresses. */
  scripts: string[];
  globals: Record<string, { read: boolean; write: boolean; execute: boolean }>;
  consent: Record<string, { read: boolean; write: boolean }>;
}

export interface Template {
  info: Record<string, unknown>;
  parameters: Parameter[];
  code: string;
  permissions: Permissions;
  /** The template's own tests, and what they all begin with. */
  scenarios: { name: string; code: string }[];
  setup: string;
}

/** A field of the template's form. */
export interface Parameter {
  name: string;
  type: string;
  subParams?: Parameter[];
}

/** A value as Tag Manager writes it: a text (1), a list (2), a map (3), a boolean (8). */
interface Value {
  string?: string;
  boolean?: boolean;
  listItem?: Value[];
  mapKey?: Value[];
  mapValue?: Value[];
}

interface Permission {
  instance: { key: { publicId: string }; param: { key: string; value: Value }[] };
}

/** Reads the template as Tag Manager imports it: sections, each behind its name. */
export function readTemplate(): Template {
  const file = resolve(import.meta.dirname, '../../../src/tagmanager/onramp-pixel.tpl');
  const parts = readFileSync(file, 'utf8').split(/^___([A-Z_]+)___\n/m);
  const section = (name: string) => parts[parts.indexOf(name) + 1]?.trim() ?? '';
  const permissions: Permission[] = JSON.parse(section('WEB_PERMISSIONS'));

  function items(permission: string): Value[] {
    const found = permissions.find(({ instance }) => instance.key.publicId === permission);
    return found?.instance.param[0]?.value.listItem ?? [];
  }
  // The first of a map's values is what it is about, the others are what may be done with it.
  function rights<Right extends string>(permission: string): Record<string, Record<Right, boolean>> {
    return Object.fromEntries(
      items(permission).map(({ mapKey = [], mapValue = [] }) => [
        mapValue[0]?.string,
        Object.fromEntries(mapKey.slice(1).map((key, i) => [key.string, mapValue[i + 1]?.boolean])),
      ]),
    );
  }

  const [, scenarios = '', setup = ''] = /^scenarios:\n(.*)^setup: \|-\n(.*)/ms.exec(section('TESTS')) ?? [];
  return {
    info: JSON.parse(section('INFO')),
    parameters: JSON.parse(section('TEMPLATE_PARAMETERS')),
    code: section('SANDBOXED_JS_FOR_WEB_TEMPLATE'),
    permissions: {
      scripts: items('inject_script').map(({ string = '' }) => string),
      globals: rights('access_globals'),
      consent: rights('access_consent'),
    },
    scenarios: [...scenarios.matchAll(/^- name: (.*)\n {2}code: \|-\n((?: {4}.*\n|\n)*)/gm)].map(
      ([, name = '', code = '']) => ({ name, code }),
    ),
    setup,
  };
}
