import { trackingPath } from '../../wire/paths.ts';
import { type Finding, problem } from '../finding.ts';
import type { Settings } from './options.ts';

/** Where the messages go. */
export function judgeEndpoint({ endpoint }: Settings, page: URL): Finding[] {
  const { value } = endpoint;
  const address = URL.parse(value);
  if (!value || !address || !/^https?:$/.test(address.protocol)) {
    return [
      problem(
        `data-endpoint="${value}" is no web address`,
        'Write the whole address of the marketplace, with https:// before it, or leave it out.',
      ),
    ];
  }
  if (address.search || address.hash || address.pathname.includes(trackingPath)) {
    return [
      problem(
        'data-endpoint says more than the base address',
        `Leave out ${trackingPath}, ? and #: the pixel adds its own path.`,
      ),
    ];
  }
  return isMixed(address, page)
    ? [
        problem(
          'This page is https, but the messages would go to http: browsers stop that',
          'Use https:// for data-endpoint and for the address of the script.',
        ),
      ]
    : [];
}

/** Browsers take the machine itself as safe. */
function isMixed({ protocol, hostname }: URL, page: URL): boolean {
  return (
    page.protocol === 'https:' &&
    protocol === 'http:' &&
    !/^(localhost|.*\.localhost|127\..*|\[::1\])$/.test(hostname)
  );
}
