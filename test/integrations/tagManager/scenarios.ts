import { isDeepStrictEqual } from 'node:util';
import type { Template } from './template.ts';

type Api = (...args: unknown[]) => unknown;

/**
 * Plays the template's own tests as the template editor does: what a test doesn't mock does nothing, and the code it
 * runs is given the mocks. See https://developers.google.com/tag-platform/tag-manager/templates/tests
 */
export function runScenario({ code, setup }: Template, scenario: string): void {
  const mocks = new Map<string, Api>([['encodeUriComponent', (text) => encodeURIComponent(String(text))]]);
  const called = new Set<string>();
  const spy = (name: string): Api => {
    return (...args) => {
      called.add(name);
      return mocks.get(name)?.(...args);
    };
  };
  const must = (holds: boolean, what: string, subject: unknown) => {
    if (!holds) throw new Error(`${what}, but it is ${JSON.stringify(subject)}`);
  };
  const given = {
    mock: (name: string, api: Api) => mocks.set(name, api),
    runCode(data: Record<string, unknown>) {
      const outcomes = { gtmOnSuccess: spy('gtmOnSuccess'), gtmOnFailure: spy('gtmOnFailure') };
      new Function('require', 'data', code)(spy, { ...data, ...outcomes });
    },
    assertThat: (subject: unknown) => ({
      isEqualTo: (value: unknown) =>
        must(isDeepStrictEqual(subject, value), `to be ${JSON.stringify(value)}`, subject),
      isUndefined: () => must(subject === undefined, 'to be undefined', subject),
      isTrue: () => must(subject === true, 'to be true', subject),
    }),
    assertApi: (name: string) => ({
      wasCalled: () => must(called.has(name), `${name} to be called`, false),
      wasNotCalled: () => must(!called.has(name), `${name} not to be called`, true),
    }),
  };
  new Function(...Object.keys(given), `${setup}\n${scenario}`)(...Object.values(given));
}
