import { Option } from 'commander';
import { orVariable, parseServiceUrl } from './arguments.ts';
import type { CommonOptions } from './command.ts';

/** Options of commands that print a link into the service. */
export interface LinkOptions extends CommonOptions {
  url: string;
}

export const urlOption = () => serviceUrlOption('for the link').default('http://127.0.0.1:4747');

export const serviceUrlOption = (purpose: string) =>
  orVariable(
    new Option('--url <address>', `where people reach the service, ${purpose}`).argParser(parseServiceUrl),
    'ONRAMP_BASE_URL',
  );

/** The address of a path of the service. */
export function toAddress(path: string, { url }: Pick<LinkOptions, 'url'>): string {
  return `${url.replace(/\/+$/, '')}/${path}`;
}
