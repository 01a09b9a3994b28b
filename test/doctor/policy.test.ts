import { describe, expect, test } from 'vitest';
import { type Action, forbiddenBy, parsePolicies, withSource } from '../../src/doctor/policy.ts';
import { type Case, cases } from './support/policies.ts';

function actionOf({ kind, url = '', text = '', nonce, integrity, isInjected = false }: Case): Action {
  if (kind === 'inline') return { kind, text, ...(nonce && { nonce }) };
  if (kind !== 'script') return { kind, url: new URL(url) };
  return {
    kind,
    url: new URL(url),
    isParserInserted: !isInjected,
    ...(nonce && { nonce }),
    ...(integrity && { integrity }),
  };
}

describe('a policy', () => {
  test.each(
    cases.map(
      (one) => [one.policy, one.isAllowed ? 'allows' : 'forbids', one.kind, one.url ?? '', one] as const,
    ),
  )('%s %s the %s %s', (_policy, _verdict, _kind, _url, one) => {
    const action = actionOf(one);
    const forbidden = parsePolicies(one.policy).flatMap(
      (policy) => forbiddenBy(policy, action, new URL(one.page)) ?? [],
    );
    expect(forbidden.length === 0).toBe(one.isAllowed);
  });

  test.each([
    ["default-src 'self'", 'beacon', "default-src 'self'; connect-src 'self' https://m.example"],
    ["connect-src 'none'; img-src *", 'beacon', 'connect-src https://m.example; img-src *'],
    ["script-src-elem 'self'; ", 'script', "script-src-elem 'self' https://m.example"],
    ["default-src 'none';", 'image', "default-src 'none'; img-src https://m.example"],
  ] as const)('%s is mended for the %s', (text, kind, mended) => {
    expect(parsePolicies(text).map((policy) => withSource(policy, kind, 'https://m.example'))).toEqual([
      mended,
    ]);
  });
});
