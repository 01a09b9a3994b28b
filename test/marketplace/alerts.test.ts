import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { startService } from './support/service.ts';

const folder = resolve(import.meta.dirname, '../../docs');

test('each metric that a rule asks for is there, with the labels that it names', async () => {
  const { metrics } = await startService();
  const { text } = await metrics.read();
  const rules = await readFile(`${folder}/alerts.yml`, 'utf8');
  const expressions = [...rules.matchAll(/^\s*expr: (.*)$/gm)].map(([, expression = '']) => expression);
  expect(expressions.length).toBeGreaterThan(2);
  for (const expression of expressions) {
    const [, label = '', metric = ''] = /(?:by \((\w+)\) \()?(onramp_\w+)/.exec(expression) ?? [];
    expect(text).toMatch(new RegExp(`^${metric}${label && `\\{[^}]*${label}=`}`, 'm'));
  }
});

test('the rules fire when they should, as Prometheus has it', async ({ skip }) => {
  const promtool = promisify(execFile);
  const hasPromtool = await promtool('promtool', ['--version']).then(
    () => true,
    () => false,
  );
  if (!hasPromtool) skip('there is no promtool here (apt: prometheus)');
  const { stdout } = await promtool('promtool', ['test', 'rules', `${folder}/alerts.test.yml`]);
  expect(stdout).toContain('SUCCESS');
});
