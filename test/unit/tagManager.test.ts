import { describe, expect, test } from 'vitest';
import { findBeyondSandbox } from '../integrations/tagManager/limits.ts';
import { runScenario } from '../integrations/tagManager/scenarios.ts';
import { type Parameter, readTemplate } from '../integrations/tagManager/template.ts';

const template = readTemplate();

describe('the template’s own tests', () => {
  test.each(template.scenarios)('$name', ({ code }) => runScenario(template, code));

  test('are all read', () => expect(template.scenarios).toHaveLength(7));
});

test('the code is within sandboxed JavaScript', () => {
  expect(findBeyondSandbox(template.code)).toEqual([]);
});

test.each([
  ['new Date()', ['NewExpression', 'Date']],
  ['window.x = 1', ['window']],
  ['const a = /x/', ['RegExp']],
  ['this.x', ['ThisExpression']],
  ['data.x.padStart(2)', ['.padStart()']],
  ['class A {}', ['ClassDeclaration', 'ClassBody', 'A']],
  // biome-ignore lint/suspicious/noTemplateCurlyInString: it is code
  ['data.x = `${data.y}`', ['TemplateLiteral', 'TemplateElement', 'TemplateElement']],
])('beyond it is: %s', (code, found) => expect(findBeyondSandbox(code)).toEqual(found));

test('each field that the code reads is in the form, and each in the form is read', () => {
  const names = (parameters: Parameter[]): string[] =>
    parameters.flatMap(({ name, type, subParams = [] }) => (type === 'GROUP' ? names(subParams) : [name]));
  const read = [...template.code.matchAll(/\bdata\.(\w+)/g)].map(([, name]) => name);
  expect([...new Set(read)].filter((name) => !name?.startsWith('gtmOn')).sort()).toEqual(
    names(template.parameters).sort(),
  );
});

test('it is a tag for web containers', () => {
  expect(template.info).toMatchObject({
    type: 'TAG',
    containerContexts: ['WEB'],
    displayName: 'onramp-pixel',
  });
});
